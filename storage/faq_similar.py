"""Which entries are like a question: looked for once, when it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain.faq import State
from storage.database import Transaction
from storage.tables import entries, helped, questions, similar
from storage.upsert import Upsert

_NOTE = Upsert(similar, ["question_id"])


def note(tx: Transaction, question_id: int, ids: Sequence[int], others: Sequence[int] = ()) -> bool:
    """Keep which entries, and which questions of others, were found for a question; says whether nobody had looked
    before."""
    row = {"question_id": question_id, "entries": list(ids), "at": tx.now, "others": list(others)}
    return _NOTE.run(tx, row) == 1


def noted(tx: Transaction, question_id: int) -> list[int]:
    """Those of the entries that were found like a question which can be read now, the most alike first."""
    query = select(similar.c.entries).where(similar.c.question_id == question_id)
    ids = tx.connection.execute(query).scalar_one_or_none() or []
    if not ids:
        return []
    e = entries.c
    mine = (e.workspace == tx.workspace, e.id.in_(ids), e.state == State.PUBLISHED.value)
    found = set(tx.connection.execute(select(e.id).where(*mine)).scalars())
    return [each for each in ids if each in found]


def others(tx: Transaction, question_id: int) -> list[int]:
    """The questions of others that were found like a question when it was asked."""
    query = select(similar.c.others).where(similar.c.question_id == question_id)
    return list(tx.connection.execute(query).scalar_one_or_none() or [])


def how_many(tx: Transaction, question_id: int) -> int:
    """How many of the entries that are like a question can be read now."""
    return len(noted(tx, question_id))


def for_asker(tx: Transaction, entry_id: int, user_id: str) -> bool:
    """Whether an entry was found like a question of somebody's, or solved one."""
    q, s, h = questions.c, similar.c, helped.c
    mine = (q.workspace == tx.workspace, q.asker == user_id)
    alike = select(s.entries).join(questions, q.id == s.question_id).where(*mine)
    solved = select(h.id).join(questions, q.id == h.question_id).where(*mine, h.entry_id == entry_id)
    if tx.connection.execute(solved.limit(1)).first() is not None:
        return True
    return any(entry_id in ids for ids in tx.connection.execute(alike).scalars())


def not_looked_for(tx: Transaction, since: datetime, *, among: int = 200) -> list[int]:
    """Those `among` the latest questions that were received since a moment, live, and nobody has looked for yet, oldest
    first."""
    q = questions.c
    latest = select(q.id, q.state, q.received_at).where(q.workspace == tx.workspace)
    last = latest.order_by(q.id.desc()).limit(among).subquery()
    looked = select(similar.c.question_id).where(similar.c.question_id == last.c.id).exists()
    mine = (last.c.state != "closed", last.c.received_at >= since, ~looked)
    return list(tx.connection.execute(select(last.c.id).where(*mine).order_by(last.c.id)).scalars())
