"""Which entries are like a question: looked for once, when it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, bindparam, select

from bot.domain.faq import State
from storage.database import Transaction
from storage.tables import entries, helped, questions, similar
from storage.upsert import Upsert

_Q, _S, _H, _E = questions.c, similar.c, helped.c, entries.c
_NOTE = Upsert(similar, ["question_id"])
_NOTED = select(_S.entries).where(_S.question_id == bindparam("q"))
_OTHERS = select(_S.others).where(_S.question_id == bindparam("q"))
_READABLE = select(_E.id).where(
    _E.workspace == bindparam("w"),
    _E.id.in_(bindparam("ids", expanding=True)),
    _E.state == State.PUBLISHED.value,
)


def note(tx: Transaction, question_id: int, ids: Sequence[int], others: Sequence[int] = ()) -> bool:
    """Keep which entries, and which questions of others, were found for a question; says whether nobody had looked
    before."""
    row = {"question_id": question_id, "entries": list(ids), "at": tx.now, "others": list(others)}
    return _NOTE.run(tx, row) == 1


def noted(tx: Transaction, question_id: int) -> list[int]:
    """Those of the entries that were found like a question which can be read now, the most alike first."""
    ids = tx.connection.execute(_NOTED, {"q": question_id}).scalar_one_or_none() or []
    if not ids:
        return []
    found = set(tx.connection.execute(_READABLE, {"w": tx.workspace, "ids": ids}).scalars())
    return [each for each in ids if each in found]


def others(tx: Transaction, question_id: int) -> list[int]:
    """The questions of others that were found like a question when it was asked."""
    return list(tx.connection.execute(_OTHERS, {"q": question_id}).scalar_one_or_none() or [])


def how_many(tx: Transaction, question_id: int) -> int:
    """How many of the entries that are like a question can be read now."""
    return len(noted(tx, question_id))


_ASKED_BY = (_Q.workspace == bindparam("w"), _Q.asker == bindparam("u"))
_ALIKE = select(_S.entries).join(questions, _Q.id == _S.question_id).where(*_ASKED_BY)
_SOLVED = (
    select(_H.id)
    .join(questions, _Q.id == _H.question_id)
    .where(*_ASKED_BY, _H.entry_id == bindparam("entry"))
    .limit(1)
)


def for_asker(tx: Transaction, entry_id: int, user_id: str) -> bool:
    """Whether an entry was found like a question of somebody's, or solved one."""
    given = {"w": tx.workspace, "u": user_id}
    if tx.connection.execute(_SOLVED, {**given, "entry": entry_id}).first() is not None:
        return True
    return any(entry_id in ids for ids in tx.connection.execute(_ALIKE, given).scalars())


_LATEST = (
    select(_Q.id, _Q.state, _Q.received_at)
    .where(_Q.workspace == bindparam("w"))
    .order_by(_Q.id.desc())
    .limit(bindparam("among", type_=Integer))
    .subquery()
)
_NOT_LOOKED_FOR = (
    select(_LATEST.c.id)
    .where(_LATEST.c.state != "closed", _LATEST.c.received_at >= bindparam("since"))
    .where(~select(_S.question_id).where(_S.question_id == _LATEST.c.id).exists())
    .order_by(_LATEST.c.id)
)


def not_looked_for(tx: Transaction, since: datetime, *, among: int = 200) -> list[int]:
    """Those `among` the latest questions that were received since a moment, live, and nobody has looked for yet, oldest
    first."""
    given = {"w": tx.workspace, "since": since, "among": among}
    return list(tx.connection.execute(_NOT_LOOKED_FOR, given).scalars())
