"""Entries as the search takes them in, in the order in which they were changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bot.domain.faq import State
from bot.domain.finding import Document
from storage.database import Transaction
from storage.search import Changes
from storage.tables import entries, phrasings, workspaces


def documents(tx: Transaction, since: int = 0, *, most: int = 1000) -> list[Document]:
    """Everything changed since change number `since`, in the order of the changes; ask again with the last one's number
    until nothing comes."""
    e = entries.c
    names = (e.id, e.question, e.answer, e.tags, e.field_id, e.kind, e.change, e.state)
    query = select(*names).where(e.workspace == tx.workspace, e.change > since).order_by(e.change).limit(most)
    rows = tx.connection.execute(query).all()
    asked = _asked(tx, [row.id for row in rows])
    return [
        Document(
            id=row.id,
            question=row.question,
            answer=row.answer,
            tags=tuple(row.tags),
            phrasings=tuple(asked.get(row.id, ())),
            field_id=row.field_id,
            kind=row.kind,
            change=row.change,
            live=row.state == State.PUBLISHED.value,
        )
        for row in rows
    ]


def newest_change(tx: Transaction) -> int:
    """The highest change number that was given out; 0 before the first."""
    mine = workspaces.c.workspace == tx.workspace
    return int(tx.connection.execute(select(workspaces.c.last_change).where(mine)).scalar_one_or_none() or 0)


def changes(tx: Transaction, since: int) -> Changes:
    """What the search has not taken in yet."""
    return Changes(documents(tx, since), newest_change(tx))


def any_published(tx: Transaction) -> bool:
    """Whether there is anything to be found."""
    mine = (entries.c.workspace == tx.workspace, entries.c.state == State.PUBLISHED.value)
    return tx.connection.execute(select(entries.c.id).where(*mine).limit(1)).first() is not None


def _asked(tx: Transaction, ids: Sequence[int]) -> Mapping[int, list[str]]:
    p = phrasings.c
    query = select(p.entry_id, p.words).where(p.entry_id.in_(ids), p.undone_at.is_(None))
    found: dict[int, list[str]] = {}
    for entry_id, words in tx.connection.execute(query.order_by(p.id.desc())):
        if words not in (
            known := found.setdefault(entry_id, [])
        ):  # several people's same words prove no more
            known.append(words)
    return found
