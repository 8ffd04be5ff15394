"""How the FAQ is used: how people ask for an entry, what they looked for, whom an entry helped."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, delete, func, insert, or_, select, update

from storage import after_restore, faq, workspace
from storage.database import Transaction
from storage.tables import entries, helped, members, phrasings, questions, searches
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


@dataclass(frozen=True, slots=True)
class Search:
    """What was looked for, how many entries were found and how many that only may be it; whether one was `opened`, and
    whether it `solved` it; never by whom."""

    id: int
    at: datetime
    words: str
    found: int
    near: int
    opened: bool
    solved: bool


_PHRASING = Upsert(phrasings, ["entry_id", "source"])
_HELPED = Upsert(helped, ["workspace", "source"])
_SOLVED = Upsert(helped, ["workspace", "source"], ["entry_id", "user_id", "at", "thanked_at", "thanked_to"])


def learn(
    tx: Transaction,
    entry_id: int,
    words: str,
    *,
    source: str,
    author: str | None,
    question_id: int | None = None,
) -> bool:
    """Remember how somebody asked for an entry, once for each source; says whether it is new. Of nobody's words (`author`
    None) only the day is kept: by the minute they would lead to whom the entry helped. What an editor took back is not
    learned again, whoever says it."""
    if _taken_back(tx, entry_id, words):
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
    p = phrasings.c
    by_editor = or_(p.author.is_(None), p.undone_by != p.author)
    mine = (p.entry_id == entry_id, p.words == words, p.undone_at.is_not(None), by_editor)
    return tx.connection.execute(select(p.id).where(*mine).limit(1)).first() is not None


def phrasings_of(tx: Transaction, entry_id: int) -> list[Phrasing]:
    """The phrasings of an entry, newest first, undone ones included."""
    p = phrasings.c
    names = [p[name] for name in Phrasing.__dataclass_fields__]
    query = select(*names).where(p.workspace == tx.workspace, p.entry_id == entry_id).order_by(p.id.desc())
    return [Phrasing(*row) for row in tx.connection.execute(query)]


def unlearn(tx: Transaction, phrasing_id: int, actor: str) -> int | None:
    """Take a phrasing back; returns its entry, None when there is nothing to take back."""
    p = phrasings.c
    mine = (p.workspace == tx.workspace, p.id == phrasing_id, p.undone_at.is_(None))
    query = update(phrasings).where(*mine).values(undone_at=tx.now, undone_by=actor).returning(p.entry_id)
    entry_id: int | None = tx.connection.execute(query).scalar_one_or_none()
    if entry_id is not None:
        faq.touch(tx, entry_id)
    return entry_id


def forget(tx: Transaction, question_id: int, author: str) -> None:
    """Whoever asked took their words back: no entry is found by them any more. The rows stay, or a list would bring the
    same words again."""
    p = phrasings.c
    mine = (p.workspace == tx.workspace, p.question_id == question_id, p.undone_at.is_(None))
    query = update(phrasings).where(*mine).values(undone_at=tx.now, undone_by=author).returning(p.entry_id)
    for entry_id in sorted(set(tx.connection.execute(query).scalars())):
        faq.touch(tx, entry_id)


def searched(tx: Transaction, words: str, found: int, near: int = 0) -> int:
    """Note what was looked for, and how much was found, or is near; returns the search's id."""
    known = after_restore.ids(tx, searches)
    row = {**known, "workspace": tx.workspace, "at": tx.now, "words": words, "found": found, "near": near}
    return int(tx.connection.execute(insert(searches).values(row).returning(searches.c.id)).scalar_one())


def search(tx: Transaction, search_id: int) -> Search | None:
    """A search by its id."""
    s = searches.c
    names = [s[name] for name in Search.__dataclass_fields__]
    row = tx.connection.execute(
        select(*names).where(s.workspace == tx.workspace, s.id == search_id)
    ).one_or_none()
    return None if row is None else Search(*row)


def found_after_all(tx: Transaction, search_id: int) -> None:
    """What was only near is what somebody looked for: it was not in vain."""
    s = searches.c
    mine = (s.workspace == tx.workspace, s.id == search_id, s.found == 0)
    tx.connection.execute(update(searches).where(*mine).values(found=1))


def found_nothing(tx: Transaction, since: datetime, *, most: int = 50) -> list[Search]:
    """What was looked for in vain since a moment, newest first."""
    s = searches.c
    names = [s[name] for name in Search.__dataclass_fields__]
    mine = (s.workspace == tx.workspace, s.found == 0, s.at >= since)
    query = select(*names).where(*mine).order_by(s.at.desc(), s.id.desc()).limit(most)
    return [Search(*row) for row in tx.connection.execute(query)]


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
    today. What closed a question is not counted."""

    of_person: int
    of_body: int
    of_day: int


def how_often_by(tx: Transaction, entry_id: int, user_id: str) -> Often:
    """How often somebody said that an entry helped."""
    h, m = helped.c, members.c
    mine = (h.workspace == tx.workspace, h.question_id.is_(None))
    body = select(m.municipality_code).where(m.workspace == tx.workspace, m.user_id == user_id)
    theirs = select(m.user_id).where(
        m.workspace == tx.workspace, m.municipality_code == body.scalar_subquery()
    )

    def count(*which: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(helped).where(*mine, *which)
        return int(tx.connection.execute(query).scalar_one())

    return Often(
        of_person=count(h.entry_id == entry_id, h.user_id == user_id),
        of_body=count(h.entry_id == entry_id, h.user_id.in_(theirs)),
        of_day=count(h.user_id == user_id, h.at >= workspace.day_began(tx)),
    )


def asked_after_all(tx: Transaction, source: str) -> None:
    """What was said to help in a dialog (`source`) did not: it was sent all the same. What its author was thanked for
    stays."""
    h, p, form = helped.c, phrasings.c, of_form(source, "helped")
    helps = (h.workspace == tx.workspace, h.source.like(f"{form}:%"), h.thanked_at.is_(None))
    tx.connection.execute(delete(helped).where(*helps))
    words = (p.workspace == tx.workspace, p.source == of_form(source, "words"))
    gone = delete(phrasings).where(*words).returning(p.entry_id)
    for entry_id in sorted(set(tx.connection.execute(gone).scalars())):
        faq.touch(tx, entry_id)


def solves(tx: Transaction, entry_id: int, user_id: str, question_id: int) -> None:
    """An entry solved a question, says `user_id`: one does, the last of which somebody said so. Who was thanked for this one
    is not thanked again."""
    if solved_by(tx, question_id) == (entry_id, user_id):
        return
    row = {"source": f"question:{question_id}", "entry_id": entry_id, "user_id": user_id}
    _SOLVED.run(tx, {**row, "question_id": question_id, "at": tx.now, "thanked_at": None, "thanked_to": None})


def solved_by(tx: Transaction, question_id: int) -> tuple[int, str] | None:
    """The entry that was last said to solve a question, and who said so."""
    h = helped.c
    mine = (h.workspace == tx.workspace, h.question_id == question_id)
    query = select(h.entry_id, h.user_id).where(*mine).order_by(h.id.desc()).limit(1)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else (int(row[0]), str(row[1]))


def _holds(h: Any, q: Any) -> ColumnElement[bool]:
    """A question counts while it is closed by what its own asker said of the entry."""
    return or_(h.question_id.is_(None), and_(q.close_reason == "faq", h.user_id == q.asker))


def _helps_of(owner: str, tx: Transaction) -> Select[Any]:
    """Helps by an owner's entries to others. One that closed a question counts as long as it is closed."""
    h, e, q = helped.c, entries.c, questions.c
    joined = helped.join(entries, e.id == h.entry_id).outerjoin(questions, q.id == h.question_id)
    names = [h[name] for name in Help.__dataclass_fields__]
    mine = (h.workspace == tx.workspace, e.owner == owner, h.user_id != owner, _holds(h, q))
    return select(*names).select_from(joined).where(*mine)


def to_thank(tx: Transaction, owner: str) -> list[Help]:
    """What an owner's entries did since they were thanked last, oldest first."""
    query = _helps_of(owner, tx).where(helped.c.thanked_at.is_(None)).order_by(helped.c.id)
    return [Help(*row) for row in tx.connection.execute(query)]


def thanked(tx: Transaction, helps: Sequence[Help], user_id: str) -> None:
    """Somebody is told of these."""
    ids = [each.id for each in helps]
    told = {"thanked_at": tx.now, "thanked_to": user_id}
    tx.connection.execute(update(helped).where(helped.c.id.in_(ids)).values(told))


def last_thanks(tx: Transaction, user_id: str) -> datetime | None:
    """When somebody was told last, whoever owns now what it was about."""
    h = helped.c
    query = select(func.max(h.thanked_at)).where(h.workspace == tx.workspace, h.thanked_to == user_id)
    found: datetime | None = tx.connection.execute(query).scalar_one_or_none()
    return found


def solved(tx: Transaction) -> int:
    """How often entries helped somebody else than their owner, in all; somebody without a question once each."""
    entry = cast(helped.c.entry_id, Text)
    return int(tx.connection.execute(counted(tx, _each(entry + ":" + _whom()))).scalar_one())


def how_often(tx: Transaction, entry_ids: Sequence[int]) -> dict[int, int]:
    """How often each of these entries helped somebody else than its owner: once a person, and once a question."""
    h = helped.c
    query = counted(tx, h.entry_id, _each(_whom())).where(h.entry_id.in_(entry_ids)).group_by(h.entry_id)
    return {entry_id: int(n) for entry_id, n in tx.connection.execute(query)}


def _each(what: ColumnElement[str]) -> ColumnElement[int]:
    return func.count(what.distinct())


def _whom() -> ColumnElement[str]:
    return func.coalesce(cast(helped.c.question_id, Text), helped.c.user_id)


def counted(tx: Transaction, *columns: ColumnElement[Any]) -> Select[Any]:
    """Something counted over all helps of entries to others than their owner, for a query."""
    h, e, q = helped.c, entries.c, questions.c
    joined = helped.join(entries, e.id == h.entry_id).outerjoin(questions, q.id == h.question_id)
    return (
        select(*columns)
        .select_from(joined)
        .where(h.workspace == tx.workspace, e.owner != h.user_id, _holds(h, q))
    )
