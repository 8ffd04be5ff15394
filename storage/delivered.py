"""What became of claimed rows, marked.

A lease's token fences off a worker that was too slow: its marks find no row and change nothing.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Update, bindparam, case, func, update

from storage.database import Transaction
from storage.outbox import Kind, Priority
from storage.sending import OURS, OutboxRow
from storage.tables import outbox

_DONE = {"lease": None, "leased_until": None, "unsure_since": None, "looks": 0, "error": None}


def _failed(error: str) -> dict[str, Any]:
    """What went wrong this time; the same again is counted on."""
    return {"error": error, "attempts": case((outbox.c.error == error, outbox.c.attempts), else_=1)}


@cache
def _marking(names: tuple[str, ...]) -> Update:
    new = {name: bindparam(f"new_{name}", type_=outbox.c[name].type) for name in names}
    return update(outbox).where(*OURS).values(new)


def _mark(tx: Transaction, row: OutboxRow, **values: Any) -> bool:
    computed = {name: value for name, value in values.items() if isinstance(value, ColumnElement)}
    given = {name: value for name, value in values.items() if name not in computed}
    query = _marking(tuple(given))
    if computed:
        query = query.values(computed)
    new = {f"new_{name}": value for name, value in given.items()}
    return tx.connection.execute(query, {"row": row.id, "token": row.lease, **new}).rowcount == 1


def extend(tx: Transaction, row: OutboxRow, until: datetime) -> bool:
    """What takes long is ours until then (real time). False when the lease was lost to somebody else."""
    return _mark(tx, row, leased_until=until)


def uploaded(tx: Transaction, row: OutboxRow, file_id: str) -> bool:
    """The copy of a file is on Slack, and nobody sees it yet: by this it will be found again."""
    return _mark(tx, row, posted_state=file_id)


def sent(
    tx: Transaction, row: OutboxRow, *, channel: str | None, ts: str | None, state: str | None = None
) -> bool:
    """The row's wanted version is on Slack. False when the lease was lost to somebody else."""
    where = {"posted_channel": channel, "posted_ts": ts} if ts is not None else {}
    return _mark(
        tx, row, **_DONE, attempts=0, sent=row.wanted, priority=Priority.CHANGED, posted_state=state, **where
    )


def found(tx: Transaction, row: OutboxRow, *, channel: str, ts: str, version: int) -> bool:
    """The history shows that it was posted after all, as this version."""
    return _mark(
        tx,
        row,
        **_DONE,
        attempts=0,
        sent=version,
        priority=Priority.CHANGED,
        posted_channel=channel,
        posted_ts=ts,
        due_at=tx.real_now,
    )


def put_off(tx: Transaction, row: OutboxRow, due_at: datetime, error: str) -> bool:
    """Slack surely did not take it: try again at `due_at` (real time)."""
    return _mark(tx, row, **{**_DONE, **_failed(error)}, due_at=due_at)


def unsure(tx: Transaction, row: OutboxRow, due_at: datetime, error: str) -> bool:
    """Nobody knows whether Slack took it: look in the history at `due_at`."""
    since = {"unsure_since": tx.real_now, "looks": 0}
    return _mark(tx, row, lease=None, leased_until=None, **since, **_failed(error), due_at=due_at)


def looked(tx: Transaction, row: OutboxRow, due_at: datetime) -> bool:
    """It was not in the history: look again at `due_at`, or post when it was looked for often enough."""
    since = func.coalesce(outbox.c.unsure_since, tx.real_now)
    return _mark(
        tx, row, lease=None, leased_until=None, unsure_since=since, looks=row.looks + 1, due_at=due_at
    )


def sure(tx: Transaction, row: OutboxRow) -> bool:
    """It was looked for often enough and is not there: post it now. What went wrong is not over by that."""
    return _mark(tx, row, **{**_DONE, "error": row.error}, due_at=tx.real_now)


def look_later(tx: Transaction, row: OutboxRow, due_at: datetime, error: str) -> bool:
    """Looking itself failed: it stays unsure, look again at `due_at`."""
    since = func.coalesce(outbox.c.unsure_since, tx.real_now)
    return _mark(tx, row, lease=None, leased_until=None, unsure_since=since, **_failed(error), due_at=due_at)


def message_gone(tx: Transaction, row: OutboxRow) -> bool:
    """The posted message was deleted: it will be posted anew."""
    return _mark(tx, row, **_DONE, posted_ts=None, posted_channel=None, posted_state=None, due_at=tx.real_now)


def give_up(tx: Transaction, row: OutboxRow, error: str, *, unsure: bool = False) -> bool:
    """A dead letter: it cannot be delivered as things are; somebody must be told. One that is `unsure` is looked for
    before it is posted, should it live again."""
    since = func.coalesce(outbox.c.unsure_since, tx.real_now) if unsure else None
    return _mark(tx, row, **{**_DONE, "error": error, "unsure_since": since}, dead_at=tx.real_now)


def hold_back(tx: Transaction, until: datetime, *, channel: str | None = None, updates: bool = False) -> None:
    """After a 429: let everything that would hit the same limit wait until then (real time)."""
    o = outbox.c
    query = update(outbox).where(
        o.workspace == tx.workspace, o.wanted > o.sent, o.dead_at.is_(None), o.due_at < until
    )
    if channel is not None:
        query = query.where(o.channel == channel, o.posted_ts.is_(None), o.kind != Kind.MARK)
    query = query.where(o.kind == Kind.CARD, o.posted_ts.is_not(None)) if updates else query
    tx.connection.execute(query.values(due_at=until))
