"""How the FAQ is used: how people ask for an entry, whom an entry helped."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    bindparam,
    cast,
    delete,
    func,
    select,
    update,
)

from storage import faq, workspace
from storage.database import Transaction
from storage.tables import entries, helped, members, phrasings, questions
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A way somebody asked for what an entry answers; `author` is whose words these are."""

    id: int
    entry_id: int
    words: str
    author: str | None
    question_id: int | None
    added_at: datetime
    undone_at: datetime | None
    undone_by: str | None


@dataclass(frozen=True, slots=True)
class Help:
    """An entry helped somebody."""

    id: int
    entry_id: int
    question_id: int | None
    user_id: str
    at: datetime


_P, _H, _M, _E, _Q = phrasings.c, helped.c, members.c, entries.c, questions.c
_OUR_WORDS, _OUR_HELP = _P.workspace == bindparam("w"), _H.workspace == bindparam("w")
_PHRASING = Upsert(phrasings, ["entry_id", "source"])
_HELPED = Upsert(helped, ["workspace", "source"])
_SOLVED = Upsert(helped, ["workspace", "source"], ["entry_id", "user_id", "at", "thanked_at", "thanked_to"])
_TAKEN_BACK = (
    select(_P.id)
    .where(_P.entry_id == bindparam("entry"), _P.words == bindparam("words"), _P.undone_at.is_not(None))
    .where(_P.author.is_(None) | (_P.undone_by != _P.author))
    .limit(1)
)
_PHRASINGS_OF = (
    select(*[_P[name] for name in Phrasing.__dataclass_fields__])
    .where(_OUR_WORDS, _P.entry_id == bindparam("entry"))
    .order_by(_P.id.desc())
)
_UNDO = update(phrasings).where(_OUR_WORDS, _P.undone_at.is_(None)).returning(_P.entry_id)
_UNLEARN = _UNDO.where(_P.id == bindparam("phrasing"))
_FORGET = _UNDO.where(_P.question_id == bindparam("question"))


def learn(
    tx: Transaction,
    entry_id: int,
    words: str,
    *,
    source: str,
    author: str | None,
    question_id: int | None = None,
    by_hand: bool = False,
) -> bool:
    """Remember how somebody asked for an entry, once for each source; says whether it is new. Of nobody's words (`author`
    None) only the day is kept: by the minute they would lead to whom the entry helped. What an editor took back is not
    learned again, whoever says it, but `by_hand`, when somebody who cares for the entry chooses these words for it."""
    if not by_hand and _taken_back(tx, entry_id, words):
        return False
    at = tx.now if author is not None else workspace.day_began(tx)
    row = {
        "entry_id": entry_id,
        "source": source,
        "words": words,
        "author": author,
        "question_id": question_id,
        "added_at": at,
    }
    new = _PHRASING.run(tx, row) == 1
    if new:
        faq.touch(tx, entry_id)
    return new


def _taken_back(tx: Transaction, entry_id: int, words: str) -> bool:
    return tx.connection.execute(_TAKEN_BACK, {"entry": entry_id, "words": words}).first() is not None


def phrasings_of(tx: Transaction, entry_id: int) -> list[Phrasing]:
    """The phrasings of an entry, newest first, undone ones included."""
    found = tx.connection.execute(_PHRASINGS_OF, {"w": tx.workspace, "entry": entry_id})
    return [Phrasing(*row) for row in found]


def unlearn(tx: Transaction, phrasing_id: int, actor: str) -> int | None:
    """Take a phrasing back; returns its entry, None when there is nothing to take back."""
    given = {"w": tx.workspace, "phrasing": phrasing_id, "undone_at": tx.now, "undone_by": actor}
    entry_id: int | None = tx.connection.execute(_UNLEARN, given).scalar_one_or_none()
    if entry_id is not None:
        faq.touch(tx, entry_id)
    return entry_id


def forget(tx: Transaction, question_id: int, author: str) -> None:
    """Whoever asked took their words back: no entry is found by them any more. The rows stay, or a list would bring the
    same words again."""
    given = {"w": tx.workspace, "question": question_id, "undone_at": tx.now, "undone_by": author}
    for entry_id in sorted(set(tx.connection.execute(_FORGET, given).scalars())):
        faq.touch(tx, entry_id)


def of_form(source: str, what: str) -> str:
    """The natural key of a dialog (`view:V0123`) as it may stand beside a person (`what`: "helped") or words ("words"): the
    two do not lead to each other, nor to what was asked in that dialog."""
    return f"form:{hashlib.sha256(f'{what}:{source}'.encode()).hexdigest()[:32]}"


def helps(
    tx: Transaction, entry_id: int, user_id: str, *, source: str, question_id: int | None = None
) -> bool:
    """Remember that an entry helped somebody, once for each source; says whether it is new. `source` must
    lead to no words: who looked for what is kept nowhere. For the same reason only the day is kept."""
    at = workspace.day_began(tx)
    row = {"entry_id": entry_id, "user_id": user_id, "source": source, "question_id": question_id, "at": at}
    return _HELPED.run(tx, row) == 1


@dataclass(frozen=True, slots=True)
class Often:
    """How often it was said that an entry helped: by somebody, and by the people of their body; and by them of any entry
    today. A question counts while it is closed by what its asker said of the entry."""

    of_person: int
    of_body: int
    of_day: int


_BODY = select(_M.municipality_code).where(_M.workspace == bindparam("w"), _M.user_id == bindparam("u"))
_OF_BODY = select(_M.user_id).where(
    _M.workspace == bindparam("w"), _M.municipality_code == _BODY.scalar_subquery()
)
_WHICH = helped.join(entries, _E.id == _H.entry_id).outerjoin(questions, _Q.id == _H.question_id)
_HOLDS = _H.question_id.is_(None) | ((_Q.close_reason == "faq") & (_H.user_id == _Q.asker))
"""A question counts while it is closed by what its own asker said of the entry."""
LAST: Final = 2**63 - 1
"""As the id of a help: whichever is the last."""
_HELPS = select(func.count()).select_from(_WHICH).where(_OUR_HELP, _HOLDS, _H.id <= bindparam("last"))
_HELPS_PERSON = _HELPS.where(_H.entry_id == bindparam("entry"), _H.user_id == bindparam("u"))
_HELPS_BODY = _HELPS.where(_H.entry_id == bindparam("entry"), _H.user_id.in_(_OF_BODY))
_HELPS_DAY = _HELPS.where(_H.user_id == bindparam("u"), _H.at >= bindparam("since"))


def how_often_by(tx: Transaction, entry_id: int, user_id: str, *, last: int = LAST) -> Often:
    """How often somebody said that an entry helped; `last` is the id of the help that is counted last."""
    since = workspace.day_began(tx)
    given = {"w": tx.workspace, "entry": entry_id, "u": user_id, "since": since, "last": last}
    person, body, day = (
        int(tx.connection.execute(query, given).scalar_one())
        for query in (_HELPS_PERSON, _HELPS_BODY, _HELPS_DAY)
    )
    return Often(person, body, day)


_HELPED_NOT = delete(helped).where(_OUR_HELP, _H.source.like(bindparam("like")), _H.thanked_at.is_(None))
_ASKED_NOT = delete(phrasings).where(_OUR_WORDS, _P.source == bindparam("source")).returning(_P.entry_id)


def asked_after_all(tx: Transaction, source: str) -> None:
    """What was said to help in a dialog (`source`) did not: it was sent all the same. What its author was thanked for
    stays."""
    tx.connection.execute(_HELPED_NOT, {"w": tx.workspace, "like": f"{of_form(source, 'helped')}:%"})
    words = {"w": tx.workspace, "source": of_form(source, "words")}
    for entry_id in sorted(set(tx.connection.execute(_ASKED_NOT, words).scalars())):
        faq.touch(tx, entry_id)


def solves(tx: Transaction, entry_id: int, user_id: str, question_id: int) -> None:
    """An entry solved a question, says `user_id`: one does, the last of which somebody said so. Who was thanked for this one
    is not thanked again."""
    before = solved_by(tx, question_id)
    if before is not None and (before.entry_id, before.user_id) == (entry_id, user_id):
        return
    row = {"source": f"question:{question_id}", "entry_id": entry_id, "user_id": user_id}
    _SOLVED.run(tx, {**row, "question_id": question_id, "at": tx.now, "thanked_at": None, "thanked_to": None})


_SOLVED_BY = (
    select(*[_H[name] for name in Help.__dataclass_fields__])
    .where(_OUR_HELP, _H.question_id == bindparam("q"))
    .order_by(_H.id.desc())
    .limit(1)
)


def solved_by(tx: Transaction, question_id: int) -> Help | None:
    """What was last said to solve a question: the entry, and who said so."""
    row = tx.connection.execute(_SOLVED_BY, {"w": tx.workspace, "q": question_id}).one_or_none()
    return None if row is None else Help(*row)


_TO_THANK = (
    select(*[_H[name] for name in Help.__dataclass_fields__])
    .select_from(_WHICH)
    .where(_OUR_HELP, _E.owner == bindparam("owner"))
    .where(_H.user_id != bindparam("owner"), _HOLDS, _H.thanked_at.is_(None))
    .order_by(_H.id)
)
_THANKED = update(helped).where(_H.id.in_(bindparam("ids", expanding=True)))
_LAST_THANKS = select(func.max(_H.thanked_at)).where(_OUR_HELP, _H.thanked_to == bindparam("u"))


def to_thank(tx: Transaction, owner: str) -> list[Help]:
    """What an owner's entries did since they were thanked last, oldest first."""
    return [Help(*row) for row in tx.connection.execute(_TO_THANK, {"w": tx.workspace, "owner": owner})]


def thanked(tx: Transaction, helps: Sequence[Help], user_id: str) -> None:
    """Somebody is told of these."""
    ids = [each.id for each in helps]
    tx.connection.execute(_THANKED, {"ids": ids, "thanked_at": tx.now, "thanked_to": user_id})


def last_thanks(tx: Transaction, user_id: str) -> datetime | None:
    """When somebody was told last, whoever owns now what it was about."""
    row = tx.connection.execute(_LAST_THANKS, {"w": tx.workspace, "u": user_id})
    found: datetime | None = row.scalar_one_or_none()
    return found


def counted(*columns: ColumnElement[Any]) -> Select[Any]:
    """Something counted over all helps of entries to others than their owner, for a query that is executed with the
    workspace as `w`."""
    mine = (_OUR_HELP, _E.owner != _H.user_id, _HOLDS)
    return select(*columns).select_from(_WHICH).where(*mine)


_WHOM = func.coalesce(cast(_H.question_id, Text), _H.user_id)
_ALL_SOLVED = counted(func.count((cast(_H.entry_id, Text) + ":" + _WHOM).distinct()))
_HOW_OFTEN = (
    counted(_H.entry_id, func.count(_WHOM.distinct()))
    .where(_H.entry_id.in_(bindparam("ids", expanding=True)))
    .group_by(_H.entry_id)
)


def solved(tx: Transaction) -> int:
    """How often entries helped somebody else than their owner, in all; somebody without a question once each."""
    return int(tx.connection.execute(_ALL_SOLVED, {"w": tx.workspace}).scalar_one())


def how_often(tx: Transaction, entry_ids: Sequence[int]) -> dict[int, int]:
    """How often each of these entries helped somebody else than its owner: once a person, and once a question."""
    rows = tx.connection.execute(_HOW_OFTEN, {"w": tx.workspace, "ids": entry_ids})
    return {entry_id: int(n) for entry_id, n in rows}
