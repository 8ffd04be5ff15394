"""Which questions changed in a way that the search must know of: what it finds of them follows (`handlers.faq.past`).

A change number is given out by a locked row, so that the order of the numbers is the order of the commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Integer, bindparam, select, update

from storage.database import Transaction
from storage.tables import messages, question_changes, workspaces
from storage.upsert import Upsert

WAKE = "questions"
"""Woken when one has changed, so that the search learns of it."""

_CHANGED = Upsert(question_changes, ["question_id"], ["change"])
_NEXT = (
    update(workspaces)
    .where(workspaces.c.workspace == bindparam("w"))
    .values(last_past=workspaces.c.last_past + 1)
    .returning(workspaces.c.last_past)
)


def note(tx: Transaction, question_id: int) -> None:
    """A question changed."""
    change = int(tx.connection.execute(_NEXT, {"w": tx.workspace}).scalar_one())
    _CHANGED.run(tx, {"question_id": question_id, "change": change})
    tx.wakes.add(WAKE)


def note_words(tx: Transaction, message_ids: Sequence[int]) -> None:
    """The words of messages changed: the questions they belong to did."""
    m = messages.c
    theirs = select(m.question_id).where(m.id.in_(message_ids), m.question_id.is_not(None)).distinct()
    _each(tx, tx.connection.execute(theirs).scalars())


def _each(tx: Transaction, ids: Iterable[int]) -> None:
    for question_id in sorted(ids):
        note(tx, question_id)


_C = question_changes.c
_SINCE = (
    select(_C.question_id, _C.change)
    .where(_C.workspace == bindparam("w"), _C.change > bindparam("seen"))
    .order_by(_C.change)
    .limit(bindparam("most", type_=Integer))
)
_NEWEST = select(workspaces.c.last_past).where(workspaces.c.workspace == bindparam("w"))
_TWO = select(_C.question_id).where(_C.workspace == bindparam("w")).limit(2)


def since(tx: Transaction, change: int, *, most: int) -> list[tuple[int, int]]:
    """Questions that changed after a change number, each with its own, in the order of the changes."""
    rows = tx.connection.execute(_SINCE, {"w": tx.workspace, "seen": change, "most": most})
    return [(int(row[0]), int(row[1])) for row in rows]


def newest(tx: Transaction) -> int:
    """The highest change number that was given out; 0 before the first."""
    return int(tx.connection.execute(_NEWEST, {"w": tx.workspace}).scalar_one_or_none() or 0)


def several(tx: Transaction) -> bool:
    """Whether one question may be like another."""
    return len(tx.connection.execute(_TWO, {"w": tx.workspace}).all()) > 1
