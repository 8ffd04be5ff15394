"""Due work: every future obligation is a row, one a record, moved when the record changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, or_, select, update

from bot.feature import DueWork
from storage.columns import UtcTime
from storage.database import Transaction
from storage.engines import Trouble, trouble
from storage.tables import due_work
from storage.upsert import Upsert

FIRST_RETRY = timedelta(seconds=30)
LAST_RETRY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A row that is due now."""

    id: int
    key: str
    work: DueWork
    attempts: int


class RowFailed(Exception):
    """An action failed; `row` says which, so that no other is made to wait for it."""

    def __init__(self, row: DueRow) -> None:
        super().__init__(row.key)
        self.row = row


_D = due_work.c
_IS_DUE = (
    _D.workspace == bindparam("w"),
    _D.kind.in_(bindparam("kinds", expanding=True)),
    _D.due_at <= bindparam("now", type_=UtcTime),
    or_(_D.retry_at.is_(None), _D.retry_at <= bindparam("real_now", type_=UtcTime)),
)
# Made once: each second asks, and building a statement costs several times what running it does.
_ANY = select(_D.id).where(*_IS_DUE).limit(1)
_EARLIEST = (
    select(_D.id, _D.key, _D.kind, _D.record_id, _D.due_at, _D.attempts)
    .where(*_IS_DUE)
    .order_by(_D.due_at, _D.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_DONE = delete(due_work).where(_D.id == bindparam("row"))
_CANCEL = delete(due_work).where(_D.workspace == bindparam("w"), _D.key == bindparam("k"))
_SCHEDULED = select(_D.id).where(_D.workspace == bindparam("w"), _D.key == bindparam("k"))
_SCHEDULE = Upsert(
    due_work, ["workspace", "key"], ["kind", "record_id", "due_at", "retry_at", "attempts", "error"]
)


def schedule(tx: Transaction, key: str, kind: str, record_id: int, due_at: datetime) -> None:
    """Let `kind` happen to the record at `due_at` (business clock); the same key is moved, not doubled."""
    row = {"key": key, "kind": kind, "record_id": record_id, "due_at": due_at}
    _SCHEDULE.run(tx, {**row, "retry_at": None, "attempts": 0, "error": None})


def schedule_all(tx: Transaction, kind: str, rows: Sequence[tuple[str, int, datetime]]) -> None:
    """The same for many records: their keys, ids and moments."""
    own = {"kind": kind, "retry_at": None, "attempts": 0, "error": None}
    _SCHEDULE.run(tx, [{**own, "key": key, "record_id": n, "due_at": at} for key, n, at in rows])


def cancel(tx: Transaction, key: str) -> None:
    """Nothing is due for this key any more."""
    tx.connection.execute(_CANCEL, {"w": tx.workspace, "k": key})


def is_scheduled(tx: Transaction, key: str) -> bool:
    """Whether something is due, now or later, for this key."""
    return tx.connection.execute(_SCHEDULED, {"w": tx.workspace, "k": key}).first() is not None


def run_next(tx: Transaction, actions: Mapping[str, Callable[[Transaction, DueWork], None]]) -> DueRow | None:
    """Run the earliest row that is due, in this very transaction, so that it happens once or not at all.

    The row is removed first; its action writes the next one. Returns None when nothing is due.

    Raises:
        RowFailed: the action failed; nothing was done.
    """
    row = _earliest(tx, list(actions))
    if row is None:
        return None
    tx.connection.execute(_DONE, {"row": row.id})
    try:
        actions[row.work.kind](tx, row.work)
    except Exception as error:
        if trouble(error) is not Trouble.OWN:  # the database's: the whole transaction is run again
            raise
        raise RowFailed(row) from error
    return row


def failed(tx: Transaction, row: DueRow, error: str) -> None:
    """A row failed: try it again later (30 s, doubling, at most hourly, real time), unless it was moved or done since."""
    wait = min(FIRST_RETRY * 2**row.attempts, LAST_RETRY)
    same = (
        due_work.c.id == row.id,
        due_work.c.key == row.key,  # SQLite gives the number of a row that is gone to another
        due_work.c.due_at == row.work.due_at,
        due_work.c.attempts == row.attempts,
    )
    tx.connection.execute(
        update(due_work)
        .where(*same)
        .values(attempts=row.attempts + 1, retry_at=tx.real_now + wait, error=error)
    )


def _earliest(tx: Transaction, kinds: list[str]) -> DueRow | None:
    row = tx.connection.execute(_EARLIEST, _these(tx, kinds)).one_or_none()
    return (
        None
        if row is None
        else DueRow(row.id, row.key, DueWork(row.kind, row.record_id, row.due_at), row.attempts)
    )


def _these(tx: Transaction, kinds: list[str]) -> dict[str, Any]:
    return {"w": tx.workspace, "kinds": kinds, "now": tx.now, "real_now": tx.real_now}


def next_after(tx: Transaction, moment: datetime) -> datetime | None:
    """The first moment later than this one at which anything is due; None: nothing is."""
    d = due_work.c
    first = select(func.min(d.due_at)).where(d.workspace == tx.workspace, d.due_at > moment)
    found: datetime | None = tx.connection.execute(first).scalar_one()
    return found


def failing(tx: Transaction) -> int:
    """How many due rows have failed at least once and wait for another try."""
    return int(
        tx.connection.execute(
            select(func.count()).where(due_work.c.workspace == tx.workspace, due_work.c.attempts > 0)
        ).scalar_one()
    )


def anything_due(tx: Transaction, kinds: list[str]) -> bool:
    """Whether a row of these kinds is due now."""
    return tx.connection.execute(_ANY, _these(tx, kinds)).first() is not None
