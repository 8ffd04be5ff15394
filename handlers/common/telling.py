"""Reaching one person and nobody else: after a card's first post every ring is a direct message.

A notice in a thread would ring everybody who follows it (docs/decisions/0006-rings.md). What need not ring now is held until
its reader works, or for their next morning (docs/decisions/0031-quiet-mornings.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.common.quiet import When, class_of, told_at
from storage import due, held, letters, outbox
from storage.database import Transaction
from storage.outbox import Kind

LETTERS = "letters.due"
"""Due for each person with letters that wait; the record is one of these."""


def tell(
    tx: Transaction,
    user_id: str,
    renderer: str,
    record_id: int,
    *,
    key: str,
    values: Mapping[str, Any] | None = None,
    series: str | None = None,
    late: bool = False,
    day: datetime | None = None,
    before: datetime | None = None,
) -> datetime:
    """Send somebody a direct message, once for this key, when they may be rung for it: returns when. The renderer sees in
    `values` whom it addresses (`user`). Messages of one `series` that have the same key say the same, whatever renders
    them: only the first is sent. `late`: it was due long ago, and goes with all else that was; `day`: it belongs to the
    morning of the day that began then; `before`: a morning's letter after that would be too late."""
    full = row_key(series or renderer, key)
    at = told_at(tx, user_id, renderer, late=late, day=day, before=before)
    said = {**(values or {}), "user": user_id, **({"late": True} if late else {})}
    if at <= tx.now:
        if not held.is_kept(tx, full):
            send(tx, user_id, full, renderer, record_id, said)
    elif not letters.was_wanted(tx, full):
        waits = class_of(tx, user_id, renderer) is When.MORNING
        held.hold(tx, user_id, full, renderer, record_id, values=said, due_at=at, waits=waits)
        schedule(tx, user_id)
    return at


def send(
    tx: Transaction, user_id: str, key: str, renderer: str, record_id: int, values: Mapping[str, Any]
) -> None:
    """Send a direct message now; `key` as `row_key` gives it."""
    short = key.removeprefix(f"{Kind.DIRECT}:")
    outbox.send(tx, Kind.DIRECT, short, renderer, record_id, user_id=user_id, values=values)


def schedule(tx: Transaction, user_id: str) -> None:
    """Let somebody's letters be told when the first of them is due."""
    first = held.next_of(tx, user_id)
    if first is not None:
        due.schedule(tx, f"{LETTERS}:{user_id}", LETTERS, *first)


def reached(tx: Transaction, renderer: str, key: str) -> bool:
    """Whether somebody has that direct message, or may have it any moment."""
    full = row_key(renderer, key)
    with_others = held.sent_as(tx, full)
    return letters.reached(tx, full) or (with_others is not None and letters.reached(tx, with_others))


def told(tx: Transaction, series: str, key: str) -> bool:
    """Whether that direct message was wanted once, whatever became of it; `series` or its renderer."""
    full = row_key(series, key)
    return letters.was_wanted(tx, full) or held.is_kept(tx, full)


def row_key(series: str, key: str) -> str:
    """The key under which that direct message is kept."""
    return f"{Kind.DIRECT}:{series}:{key}"
