"""Entries as the search takes them in, in the order in which they were changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Integer, bindparam, select

from bot.domain.faq import State
from bot.domain.finding import Document
from bot.domain.learning import MOST
from storage.database import Transaction
from storage.search import Changes
from storage.tables import entries, phrasings, workspaces

_E, _P = entries.c, phrasings.c
_DOCUMENTS = (
    select(_E.id, _E.question, _E.answer, _E.tags, _E.field_id, _E.kind, _E.change, _E.state)
    .where(_E.workspace == bindparam("w"), _E.change > bindparam("since"))
    .order_by(_E.change)
    .limit(bindparam("most", type_=Integer))
)
_ASKED = (
    select(_P.entry_id, _P.words)
    .where(_P.entry_id.in_(bindparam("ids", expanding=True)), _P.undone_at.is_(None))
    .order_by(_P.id.desc())
)
_NEWEST_CHANGE = select(workspaces.c.last_change).where(workspaces.c.workspace == bindparam("w"))
_ANY_PUBLISHED = (
    select(_E.id).where(_E.workspace == bindparam("w"), _E.state == State.PUBLISHED.value).limit(1)
)


def documents(tx: Transaction, since: int = 0, *, most: int = 1000) -> list[Document]:
    """Everything changed since change number `since`, in the order of the changes; ask again with the last one's number
    until nothing comes."""
    rows = tx.connection.execute(_DOCUMENTS, {"w": tx.workspace, "since": since, "most": most}).all()
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
    return int(tx.connection.execute(_NEWEST_CHANGE, {"w": tx.workspace}).scalar_one_or_none() or 0)


def changes(tx: Transaction, since: int) -> Changes:
    """What the search has not taken in yet."""
    return Changes(documents(tx, since), newest_change(tx))


def any_published(tx: Transaction) -> bool:
    """Whether there is anything to be found."""
    return tx.connection.execute(_ANY_PUBLISHED, {"w": tx.workspace}).first() is not None


def _asked(tx: Transaction, ids: Sequence[int]) -> Mapping[int, list[str]]:
    """The newest ways to ask, as many as editors read; several people's same words prove no more."""
    found: dict[int, list[str]] = {}
    for entry_id, words in tx.connection.execute(_ASKED, {"ids": ids}):
        known = found.setdefault(entry_id, [])
        if len(known) < MOST:
            known.append(words)
    return {entry_id: list(dict.fromkeys(known)) for entry_id, known in found.items()}
