"""Events that failed, things already handled, and the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from storage.database import Transaction
from storage.tables import audit, failed_events, handled
from storage.upsert import Upsert

MAX_REPLAYS = 5


@dataclass(frozen=True, slots=True)
class FailedEvent:
    """An event whose listener failed; `body` is the envelope without secrets."""

    id: int
    reference: str
    kind: str
    body: Mapping[str, Any]
    attempts: int


_H, _F = handled.c, failed_events.c
_HANDLED = Upsert(handled, ["workspace", "source"])
_WAS_HANDLED = select(_H.source).where(_H.workspace == bindparam("w"), _H.source == bindparam("source"))
_FORGET = delete(handled).where(_H.workspace == bindparam("w"), _H.at < bindparam("before"))
_KEEP = insert(failed_events)
_TO_REPLAY = (
    select(_F.id, _F.reference, _F.kind, _F.body, _F.attempts)
    .where(_F.workspace == bindparam("w"), _F.replayed_at.is_(None))
    .order_by(_F.id)
)
_FEW_TRIES = _TO_REPLAY.where(_F.attempts < MAX_REPLAYS)
_EVENT = update(failed_events).where(_F.id == bindparam("event"))
_CLAIM = _EVENT.where(_F.attempts == bindparam("tried"), _F.replayed_at.is_(None))
_AGAIN = update(failed_events).where(
    _F.workspace == bindparam("w"),
    _F.reference == bindparam("same"),
    _F.id > bindparam("event"),
    _F.replayed_at.is_(None),
)
_NOTE = insert(audit)


def first_time(tx: Transaction, source: str) -> bool:
    """Whether `source` (an action's natural key) is handled for the first time; remembers it."""
    return _HANDLED.run(tx, {"source": source, "at": tx.real_now}) == 1


def was_handled(tx: Transaction, source: str) -> bool:
    """Whether `source` was handled before."""
    return tx.connection.execute(_WAS_HANDLED, {"w": tx.workspace, "source": source}).first() is not None


def forget_handled(tx: Transaction, before: datetime) -> None:
    """Drop natural keys older than `before` (real time); Slack repeats nothing that old."""
    tx.connection.execute(_FORGET, {"w": tx.workspace, "before": before})


def keep_failed(tx: Transaction, *, reference: str, kind: str, body: Mapping[str, Any], error: str) -> None:
    """Store an event that failed, so that it can be replayed."""
    row = {"workspace": tx.workspace, "reference": reference, "kind": kind, "body": dict(body)}
    tx.connection.execute(_KEEP, {**row, "error": error, "failed_at": tx.real_now})


def to_replay(tx: Transaction, *, all_of_them: bool = False) -> list[FailedEvent]:
    """Failed events that wait for another try, oldest first; after five tries only when asked for all."""
    query = _TO_REPLAY if all_of_them else _FEW_TRIES
    return [FailedEvent(*row) for row in tx.connection.execute(query, {"w": tx.workspace})]


def claim(tx: Transaction, event: FailedEvent) -> bool:
    """Count a try before it is made; False when another replica was quicker. What dies on the way stays open."""
    given = {"event": event.id, "tried": event.attempts, "attempts": event.attempts + 1}
    return tx.connection.execute(_CLAIM, given).rowcount == 1


def replayed(tx: Transaction, event: FailedEvent) -> bool:
    """Close a row after its replay. True when the event went through; when it failed again, its new row (of the same
    reference) carries the count on."""
    tried = {"event": event.id, "attempts": event.attempts + 1}
    tx.connection.execute(_EVENT, {**tried, "replayed_at": tx.real_now})
    again = tx.connection.execute(_AGAIN, {**tried, "w": tx.workspace, "same": event.reference})
    return again.rowcount == 0


def note(tx: Transaction, what: str, *, actor: str | None = None, **detail: Any) -> None:
    """Write a line of the audit log: what an administrator may want to know later."""
    row = {"workspace": tx.workspace, "at": tx.now, "actor": actor, "what": what, "detail": detail}
    tx.connection.execute(_NOTE, row)
