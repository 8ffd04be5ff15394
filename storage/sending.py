"""Delivery's side of the outbox: claiming rows under a lease and marking what became of them.

A lease's token fences off a worker that was too slow: its marks find no row and change nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, or_, select, update

from storage.database import Transaction
from storage.outbox import Kind, Priority
from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A claimed row. `wanted` is the version to send; `posted_ts` is None until it has been posted; `attempts` counts
    since it last succeeded or its `error` changed."""

    id: int
    uid: str
    kind: Kind
    renderer: str
    record_id: int
    values: Mapping[str, Any]
    channel: str
    thread_ts: str | None
    user_id: str | None
    wanted: int
    sent: int
    posted_channel: str | None
    posted_ts: str | None
    posted_state: str | None
    created_at: datetime
    unsure: bool
    looks: int
    attempts: int
    error: str | None
    lease: str
    leased_until: datetime | None


def ready(
    tx: Transaction, *, limit: int, skip_channels: Collection[str] = (), skip_kinds: Collection[str] = ()
) -> list[OutboxRow]:
    """What is due, in the order it should go, at most one post a thread. It is not leased yet.

    `skip_channels` cannot take a new post now; `skip_kinds` are kinds of call whose budget is used up: "update"
    (a card that was posted before) and "mark".
    """
    o = outbox.c
    query = (
        select(outbox)
        .where(*_ready(tx))
        .order_by(case((o.posted_ts.is_(None) & (o.kind != Kind.MARK), 0), else_=o.priority), o.id)
        .limit(limit)
    )
    if skip_channels:
        fresh = and_(o.posted_ts.is_(None), o.kind.in_([Kind.CARD, Kind.NOTICE]))
        query = query.where(or_(~fresh, o.channel.not_in(skip_channels)))
    if "update" in skip_kinds:
        query = query.where(or_(o.kind != Kind.CARD, o.posted_ts.is_(None)))
    if "mark" in skip_kinds:
        query = query.where(o.kind != Kind.MARK)
    return [_row(row) for row in tx.connection.execute(query)]


def anything_ready(tx: Transaction) -> bool:
    """Whether anything could be claimed now, our own pacing apart."""
    return tx.connection.execute(select(outbox.c.id).where(*_ready(tx)).limit(1)).first() is not None


def _ready(tx: Transaction) -> list[ColumnElement[bool]]:
    """Due, leased by nobody, and not behind an earlier post of its thread."""
    o, e = outbox.c, outbox.alias("earlier").c
    in_thread = [Kind.CARD, Kind.NOTICE]
    blocked = exists().where(
        e.workspace == o.workspace,
        e.channel == o.channel,
        e.thread_ts == o.thread_ts,
        e.id < o.id,
        e.wanted > e.sent,
        e.dead_at.is_(None),
        e.posted_ts.is_(None),
        e.kind.in_(in_thread),
    )
    return [
        o.workspace == tx.workspace,
        o.wanted > o.sent,
        o.dead_at.is_(None),
        o.due_at <= tx.real_now,
        or_(o.leased_until.is_(None), o.leased_until <= tx.real_now),
        or_(o.posted_ts.is_not(None), o.kind.not_in(in_thread), ~blocked),
    ]


def lease(tx: Transaction, ids: Sequence[int], length: timedelta) -> list[OutboxRow]:
    """Lease those of these rows that are still ready; returns them as their new holder sees them, with the fencing token
    that later marks need."""
    query = select(outbox).where(outbox.c.id.in_(ids), *_ready(tx)).with_for_update(skip_locked=True)
    rows = sorted((_row(row) for row in tx.connection.execute(query)), key=lambda row: ids.index(row.id))
    token, until = uuid.uuid4().hex, tx.real_now + length
    tx.connection.execute(
        update(outbox)
        .where(outbox.c.id.in_([row.id for row in rows]))
        .values(lease=token, leased_until=until, attempts=outbox.c.attempts + 1)
    )
    return [replace(row, lease=token, leased_until=until, attempts=row.attempts + 1) for row in rows]


def still_held(tx: Transaction, row: OutboxRow) -> bool:
    """Whether the lease stands: a replica whose clock is ahead may have taken the row over early."""
    o = outbox.c
    return tx.connection.execute(select(o.id).where(o.id == row.id, o.lease == row.lease)).first() is not None


def _row(row: Row[Any]) -> OutboxRow:
    found = row._mapping
    crashed = found["leased_until"] is not None and found["posted_ts"] is None
    return OutboxRow(
        id=found["id"],
        uid=found["uid"],
        kind=Kind(found["kind"]),
        renderer=found["renderer"],
        record_id=found["record_id"],
        values=found["values"],
        channel=found["channel"],
        thread_ts=found["thread_ts"],
        user_id=found["user_id"],
        wanted=found["wanted"],
        sent=found["sent"],
        posted_channel=found["posted_channel"],
        posted_ts=found["posted_ts"],
        posted_state=found["posted_state"],
        created_at=found["created_at"],
        unsure=found["unsure_since"] is not None or crashed,
        looks=found["looks"],
        attempts=found["attempts"],
        error=found["error"],
        lease=found["lease"] or "",
        leased_until=found["leased_until"],
    )


_DONE = {"lease": None, "leased_until": None, "unsure_since": None, "looks": 0, "error": None}


def _failed(error: str) -> dict[str, Any]:
    """What went wrong this time; the same again is counted on."""
    return {"error": error, "attempts": case((outbox.c.error == error, outbox.c.attempts), else_=1)}


def _mark(tx: Transaction, row: OutboxRow, **values: Any) -> bool:
    result = tx.connection.execute(
        update(outbox).where(outbox.c.id == row.id, outbox.c.lease == row.lease).values(**values)
    )
    return result.rowcount == 1


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
