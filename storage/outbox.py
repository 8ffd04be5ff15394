"""The outbox: what Slack should show and has not shown yet.

A row is due while `wanted > sent` and it is not dead. A card, its mark and a notice are the same row with different
kinds; a change of a card only raises `wanted`, so that ten changes are one update. Delivery claims rows under a lease
whose token fences off a worker that was too slow. A leased row that was never marked (a crash) is *unsure*: it may have
been posted, and delivery must look before it posts again.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Update, bindparam, case, func, select, update

from storage import after_restore
from storage.columns import UtcTime
from storage.database import Transaction
from storage.tables import outbox
from storage.upsert import Upsert


class Kind(StrEnum):
    """What a row is: a card edited in place, its reaction, a message sent once, one sent by direct message,
    one that only a single person sees, a file that is carried to another conversation or made."""

    CARD = "card"
    MARK = "mark"
    NOTICE = "notice"
    DIRECT = "direct"
    EPHEMERAL = "ephemeral"
    FILE = "file"


class Priority:
    """First posts and just-clicked cards go first; reactions go last."""

    FIRST = 0
    CLICKED = 1
    CHANGED = 2
    MARK = 3


Row = dict[str, Any]
CROWD, NO_WAIT = timedelta(seconds=2), timedelta()
"""A crowd's card is edited once in so long: half of what Slack allows for all."""


def _changes(new: Any) -> dict[str, Any]:
    """A row that is asked for again: one version more, due at once unless it waits already, for its Retry-After or for what
    else changes. What is on its way waits for nothing, so the next version does. A dead letter lives again: what stood
    in its way may be gone."""
    dead = outbox.c.dead_at.is_not(None)
    unsent = (outbox.c.wanted > outbox.c.sent) & ~dead
    return {
        "wanted": outbox.c.wanted + 1,
        "dead_at": None,
        "attempts": case((dead, 0), else_=outbox.c.attempts),
        "looks": case((dead, 0), else_=outbox.c.looks),
        "priority": case(
            (unsent & (outbox.c.priority < new.priority), outbox.c.priority), else_=new.priority
        ),
        "due_at": case((unsent & outbox.c.lease.is_(None), outbox.c.due_at), else_=new.due_at),
    }


_O, _MINE = outbox.c, outbox.c.workspace == bindparam("w")
_WANT_AGAIN = (
    update(outbox).where(_MINE).values(wanted=_O.wanted + 1, due_at=bindparam("real_now", type_=UtcTime))
)
_THAT_AGAIN = _WANT_AGAIN.where(_O.key == bindparam("k"))
_THOSE_AGAIN = _WANT_AGAIN.where(_O.key >= bindparam("first"), _O.key < bindparam("beyond"))
_KEY = ["workspace", "key"]
_AGAIN, _ONCE = Upsert(outbox, _KEY, _changes), Upsert(outbox, _KEY)
_EMPTY: Row = {"values": {}, "channel": "", "thread_ts": None, "user_id": None}


def _put(tx: Transaction, upsert: Upsert, rows: Sequence[Row], wait: timedelta = NO_WAIT) -> None:
    for row in rows:
        row.update(after_restore.stamp(tx, row["kind"]), uid=uuid.uuid4().hex)
        row["due_at"] += wait
    upsert.run(tx, [{**_EMPTY, **row} for row in rows])
    tx.wakes.add("outbox")


def card(
    renderer: str,
    record_id: int,
    channel: str,
    thread_ts: str | None,
    *,
    user_id: str | None = None,
    clicked: bool = False,
    about: str = "",
    part: int = 0,
) -> Row:
    """The card of a record, for `want`; without a channel it stands in the direct message with `user_id`. `about`: the
    record's natural key (`storage.after_restore`); `part`: of one that takes several messages, counted from 0."""
    key = _card(renderer, record_id)
    return {
        "key": f"{key}:{part}" if part else key,
        "kind": Kind.CARD,
        "priority": Priority.CLICKED if clicked else Priority.CHANGED,
        "renderer": renderer,
        "record_id": record_id,
        "channel": channel,
        "thread_ts": thread_ts,
        "user_id": user_id,
        "values": {**({"about": about} if about else {}), **({"part": part} if part else {})},
    }


def _card(renderer: str, record_id: int) -> str:
    return f"card:{renderer}:{record_id}"


def mark(renderer: str, record_id: int, channel: str, ts: str) -> Row:
    """The reaction on message `ts` that shows a record's state, for `want`."""
    return {
        "key": f"mark:{renderer}:{record_id}",
        "kind": Kind.MARK,
        "priority": Priority.MARK,
        "renderer": renderer,
        "record_id": record_id,
        "channel": channel,
        "thread_ts": ts,
    }


def file(
    renderer: str, record_id: int, file_id: str, channel: str, thread_ts: str, *, reader: str = ""
) -> Row:
    """A file of a record, for `want`: it is shared below a message, and taken away when the record has it no more.
    `reader`: whom a copy of their own is for."""
    key = f"{_files(renderer, record_id)}{file_id}"
    return {
        "key": f"{key}:{reader}" if reader else key,
        "kind": Kind.FILE,
        "priority": Priority.CHANGED,
        "renderer": renderer,
        "record_id": record_id,
        "channel": channel,
        "thread_ts": thread_ts,
        "values": {"file": file_id, **({"user": reader} if reader else {})},
    }


def _files(renderer: str, record_id: int) -> str:
    return f"file:{renderer}:{record_id}:"


def files_changed(tx: Transaction, renderer: str, record_id: int) -> None:
    """A record may have other files than before: each that was carried is looked at once more."""
    _all_again(tx, _files(renderer, record_id))


def parts_changed(tx: Transaction, renderer: str, record_id: int) -> None:
    """A card may take fewer messages than before: those after the first are looked at once more."""
    _all_again(tx, f"{_card(renderer, record_id)}:")


def _all_again(tx: Transaction, prefix: str) -> None:
    _again(tx, _THOSE_AGAIN, first=prefix, beyond=prefix[:-1] + ";")  # ";" follows ":"


def changed(tx: Transaction, row: Row) -> None:
    """Let a card that was wanted before show its record's present state; one that never was stays unwanted."""
    _again(tx, _THAT_AGAIN, k=row["key"])


def _again(tx: Transaction, query: Update, **which: str) -> None:
    if tx.connection.execute(query, {"w": tx.workspace, "real_now": tx.real_now, **which}).rowcount:
        tx.wakes.add("outbox")


def want(tx: Transaction, *rows: Row, once: bool = False, wait: timedelta = NO_WAIT) -> None:
    """Let cards and marks show their record's present state: posted when new, changed in place after that; `once`: never;
    `wait`: what else changes meanwhile goes with it."""
    _put(tx, _ONCE if once else _AGAIN, rows, wait)


def send(
    tx: Transaction,
    kind: Kind,
    key: str,
    renderer: str,
    record_id: int,
    *,
    channel: str = "",
    thread_ts: str | None = None,
    user_id: str | None = None,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Send a notice, a direct message, an ephemeral or a file that is made once; the same key again does nothing."""
    row = {
        **{"key": f"{kind}:{key}", "kind": kind},
        "priority": Priority.FIRST,
        "renderer": renderer,
        "record_id": record_id,
        "channel": channel,
        "thread_ts": thread_ts,
        "user_id": user_id,
        "values": dict(values or {}),
    }
    _put(tx, _ONCE, [row])


def send_all(tx: Transaction, rows: Sequence[Row]) -> None:
    """Send messages, each once for its key."""
    _put(tx, _ONCE, rows)


STUCK = 20
"""Attempts in vain after which a change that keeps being put off counts as old."""


def sent_version(tx: Transaction, key: str) -> int:
    """The version of a row that was delivered last; 0 when none was, or there is no such row."""
    o = outbox.c
    found = select(o.sent).where(o.workspace == tx.workspace, o.key == key)
    return tx.connection.execute(found).scalar_one_or_none() or 0


@dataclass(frozen=True, slots=True)
class Backlog:
    """What still waits: rows (reactions apart), reactions, dead letters, and since when the oldest waits. Trying again
    makes nothing young: what was never posted waits since it was written."""

    waiting: int
    marks: int
    dead: int
    oldest: datetime | None


_UNSENT = (_O.wanted > _O.sent) & _O.dead_at.is_(None)
_SINCE = case((_O.posted_ts.is_(None) | (_O.attempts >= STUCK), _O.created_at), else_=_O.due_at)
_WAITING = select(func.count(), func.min(_SINCE)).where(_MINE, _UNSENT, _O.kind != Kind.MARK)
_MARKS = select(func.count()).where(_MINE, _UNSENT, _O.kind == Kind.MARK)
_DEAD = select(func.count()).where(_MINE, _O.dead_at.is_not(None))


def backlog(tx: Transaction) -> Backlog:
    """Count what has not reached Slack."""
    here = {"w": tx.workspace}
    waiting, oldest = tx.connection.execute(_WAITING, here).one()
    marks, dead = (tx.connection.execute(query, here).scalar_one() for query in (_MARKS, _DEAD))
    return Backlog(waiting, marks, dead, oldest)
