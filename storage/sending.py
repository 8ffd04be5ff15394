"""Delivery's side of the outbox: claiming rows under a lease. What became of them is marked in `storage.delivered`."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Integer,
    Row,
    bindparam,
    case,
    exists,
    or_,
    select,
    update,
)

from storage.columns import UtcTime
from storage.database import Transaction
from storage.outbox import Kind
from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A claimed row. `wanted` is the version to send; `posted_ts` is None until it has been posted; `attempts` counts
    since it last succeeded or its `error` changed."""

    id: int
    uid: str
    key: str
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


_O, _E = outbox.c, outbox.alias("earlier").c
_IN_THREAD = [Kind.CARD, Kind.NOTICE]
_BLOCKED = exists().where(
    _E.workspace == _O.workspace,
    _E.channel == _O.channel,
    _E.thread_ts == _O.thread_ts,
    _E.id < _O.id,
    _E.wanted > _E.sent,
    _E.dead_at.is_(None),
    _E.posted_ts.is_(None),
    _E.kind.in_(_IN_THREAD),
)
_NOW = bindparam("now", type_=UtcTime)
_IS_READY = (
    _O.workspace == bindparam("w"),
    _O.wanted > _O.sent,
    _O.dead_at.is_(None),
    _O.due_at <= _NOW,
    or_(_O.leased_until.is_(None), _O.leased_until <= _NOW),
    or_(_O.posted_ts.is_not(None), _O.kind.not_in([*_IN_THREAD, Kind.FILE]), ~_BLOCKED),
)
"""Due, leased by nobody, and not behind an earlier post of its thread."""

# Made once: delivery looks after every commit, and building a statement costs five times what running it does.
_ANY = select(_O.id).where(*_IS_READY).limit(1)
_READY = (
    select(outbox)
    .where(
        *_IS_READY,
        or_(
            _O.posted_ts.is_not(None),
            _O.kind.not_in(_IN_THREAD),
            _O.channel.not_in(bindparam("busy", expanding=True)),
        ),
        or_(_O.kind != Kind.CARD, _O.posted_ts.is_(None), bindparam("may_update", type_=Boolean)),
        or_(_O.kind != Kind.MARK, bindparam("may_mark", type_=Boolean)),
        or_(_O.kind != Kind.FILE, bindparam("may_carry", type_=Boolean)),
    )
    .order_by(case((_O.posted_ts.is_(None) & (_O.kind != Kind.MARK), 0), else_=_O.priority), _O.id)
    .limit(bindparam("at_most", type_=Integer))
)
_THESE = _O.id.in_(bindparam("ids", expanding=True))
_STILL_READY = select(outbox).where(_THESE, *_IS_READY).with_for_update(skip_locked=True)
_LEASE = (
    update(outbox)
    .where(_THESE)
    .values(
        lease=bindparam("token"),
        leased_until=bindparam("until", type_=UtcTime),
        attempts=outbox.c.attempts + 1,
    )
)

OURS = (_O.id == bindparam("row"), _O.lease == bindparam("token"))
"""The row, as long as its lease stands."""
_HELD = select(_O.id).where(*OURS)


def ready(
    tx: Transaction, *, limit: int, skip_channels: Collection[str] = (), skip_kinds: Collection[str] = ()
) -> list[OutboxRow]:
    """What is due, in the order it should go, at most one post a thread. It is not leased yet.

    `skip_channels` cannot take a new post now; `skip_kinds` are kinds of call whose budget is used up: "update"
    (a card that was posted before), "mark", and "file".
    """
    values = {
        **_here(tx),
        "busy": list(skip_channels),
        "may_update": "update" not in skip_kinds,
        "may_mark": "mark" not in skip_kinds,
        "may_carry": "file" not in skip_kinds,
        "at_most": limit,
    }
    return [_row(row) for row in tx.connection.execute(_READY, values)]


def anything_ready(tx: Transaction) -> bool:
    """Whether anything could be leased now, our own pacing apart."""
    return tx.connection.execute(_ANY, _here(tx)).first() is not None


def _here(tx: Transaction) -> dict[str, Any]:
    return {"w": tx.workspace, "now": tx.real_now}


def lease(tx: Transaction, ids: Sequence[int], length: timedelta) -> list[OutboxRow]:
    """Lease those of these rows that are still ready; returns them as their new holder sees them, with the fencing token
    that later marks need."""
    found = [_row(row) for row in tx.connection.execute(_STILL_READY, {**_here(tx), "ids": ids})]
    rows = sorted(found, key=lambda row: ids.index(row.id))
    token, until = uuid.uuid4().hex, tx.real_now + length
    mine = [row.id for row in rows]
    tx.connection.execute(_LEASE, {"ids": mine, "token": token, "until": until})
    return [replace(row, lease=token, leased_until=until, attempts=row.attempts + 1) for row in rows]


def still_held(tx: Transaction, row: OutboxRow) -> bool:
    """Whether the lease stands: a replica whose clock is ahead may have taken the row over early."""
    return tx.connection.execute(_HELD, {"row": row.id, "token": row.lease}).first() is not None


def about(row: OutboxRow) -> str:
    """A short name for what a row says, the same in a database that was restored from a backup: by this its message is found
    there. It tells a reader of the message nothing."""
    said = row.values.get("about")
    key = f"{row.kind}:{row.renderer}:{said}" if said else row.key
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _row(row: Row[Any]) -> OutboxRow:
    found = row._mapping
    crashed = found["leased_until"] is not None and found["posted_ts"] is None
    return OutboxRow(
        id=found["id"],
        uid=found["uid"],
        key=found["key"],
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
