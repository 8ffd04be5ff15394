"""Reaching one person and nobody else: after a card's first post every ring is a direct message.

A notice in a thread would ring everybody who follows it (docs/decisions/0006-rings.md). What need not ring now is held until
its reader works, or for their next morning (docs/decisions/0031-quiet-mornings.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.common.quiet import When, class_of, told_at
from handlers.common.working import reachable
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
    until: datetime | None = None,
) -> datetime:
    """Send somebody a direct message, once for this key, when they may be rung for it: returns when. The renderer sees in
    `values` whom it addresses (`user`). Messages of one `series` that have the same key say the same, whatever renders
    them: only the first is sent. `late`: it was due long ago, and goes with all else that was; `day`: it belongs to the
    morning of the day that began then; `before`: a morning's letter after that would be too late; `until`: after that any
    letter would be (`told_at`)."""
    full = row_key(series or renderer, key)
    at = told_at(tx, user_id, renderer, late=late, day=day, before=before, until=until)
    said = {**(values or {}), "user": user_id, **({"late": True} if late else {})}
    if at <= tx.now:
        if not held.is_kept(tx, full):
            send(tx, user_id, full, renderer, record_id, said)
    elif not letters.was_wanted(tx, full):
        waits = class_of(tx, user_id, renderer) is When.MORNING
        letter = held.row(user_id, full, renderer, record_id, values=said, due_at=at, waits=waits)
        held.hold_all(tx, [letter])
        schedule(tx, user_id)
    return at


@dataclass(frozen=True, slots=True)
class Letter:
    """A direct message of a record, to somebody, with its key and values as `tell` takes them."""

    user_id: str
    record_id: int
    key: str
    values: Mapping[str, Any]
    before: datetime | None = None


def tell_all(tx: Transaction, renderer: str, found: Sequence[Letter]) -> None:
    """`tell` for many people at once: so many statements for all as one letter needs alone."""
    now, later = list[tuple[Letter, datetime]](), list[tuple[Letter, datetime]]()
    for each in found:
        at = told_at(tx, each.user_id, renderer, before=each.before)
        (now if at <= tx.now else later).append((each, at))
    kept = held.kept(tx, [row_key(renderer, each.key) for each, _ in now])
    wanted = letters.wanted(tx, [row_key(renderer, each.key) for each, _ in later])
    outbox.send_all(
        tx,
        [
            letters.direct(row_key(renderer, each.key), renderer, each.record_id, each.user_id, _said(each))
            for each, _ in now
            if row_key(renderer, each.key) not in kept
        ],
    )
    rows = [(each, at) for each, at in later if row_key(renderer, each.key) not in wanted]
    _hold_all(tx, renderer, rows)


def _said(found: Letter) -> dict[str, Any]:
    return {**found.values, "user": found.user_id}


def _hold_all(tx: Transaction, renderer: str, rows: Sequence[tuple[Letter, datetime]]) -> None:
    held.hold_all(
        tx,
        [
            held.row(
                each.user_id,
                row_key(renderer, each.key),
                renderer,
                each.record_id,
                values=_said(each),
                due_at=at,
                waits=class_of(tx, each.user_id, renderer) is When.MORNING,
            )
            for each, at in rows
        ],
    )
    first = held.next_of_each(tx, [each.user_id for each, _ in rows])
    due.schedule_all(tx, LETTERS, [(f"{LETTERS}:{user}", *which) for user, which in first.items()])


def send(
    tx: Transaction, user_id: str, key: str, renderer: str, record_id: int, values: Mapping[str, Any]
) -> None:
    """Send a direct message now; `key` as `row_key` gives it."""
    outbox.send_all(tx, [letters.direct(key, renderer, record_id, user_id, values)])


def schedule(tx: Transaction, user_id: str) -> None:
    """Let somebody's letters be told when the first of them is due."""
    first = held.next_of(tx, user_id)
    if first is not None:
        due.schedule(tx, f"{LETTERS}:{user_id}", LETTERS, *first)


def put_off(tx: Transaction, user_id: str, since: datetime, until: datetime) -> None:
    """Somebody is away between these: what would ring them meanwhile waits until they are back."""
    for each in held.all_waiting(tx, user_id):
        if since <= each.due_at < until and class_of(tx, user_id, each.renderer) is not When.ANY_HOUR:
            held.move(tx, each.id, reachable(tx, user_id, each.due_at))
    schedule(tx, user_id)


def bring_forward(tx: Transaction, user_id: str, until: datetime) -> None:
    """Somebody is back who was thought to be away until then: what waited for it comes as if it were wanted now."""
    for each in held.all_waiting(tx, user_id):
        if each.due_at >= until:
            held.move(tx, each.id, min(each.due_at, told_at(tx, user_id, each.renderer)))
    schedule(tx, user_id)


def reached(tx: Transaction, renderer: str, key: str) -> bool:
    """Whether somebody has that direct message, or may have it any moment."""
    full = row_key(renderer, key)
    with_others = held.sent_as(tx, full)
    return letters.reached(tx, full) or (with_others is not None and letters.reached(tx, with_others))


def reached_of(tx: Transaction, series: str, keys: Sequence[str]) -> frozenset[str]:
    """Those of many keys that `reached` is true of."""
    full = {row_key(series, key): key for key in keys}
    with_others = held.all_sent_as(tx, list(full))
    there = letters.all_reached(tx, [*full, *with_others.values()])
    return frozenset(key for row, key in full.items() if row in there or with_others.get(row) in there)


def told(tx: Transaction, series: str, key: str) -> bool:
    """Whether that direct message was wanted once, whatever became of it; `series` or its renderer."""
    full = row_key(series, key)
    return letters.was_wanted(tx, full) or held.is_kept(tx, full)


def told_of(tx: Transaction, series: str, keys: Sequence[str]) -> frozenset[str]:
    """Those of many keys that `told` is true of."""
    full = {row_key(series, key): key for key in keys}
    known = letters.wanted(tx, list(full)) | held.kept(tx, list(full))
    return frozenset(full[each] for each in known)


def row_key(series: str, key: str) -> str:
    """The key under which that direct message is kept."""
    return f"{Kind.DIRECT}:{series}:{key}"
