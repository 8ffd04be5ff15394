"""Events that failed, things already handled, and the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

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


_HANDLED = Upsert(handled, ["workspace", "source"])


def first_time(tx: Transaction, source: str) -> bool:
    """Whether `source` (an action's natural key) is handled for the first time; remembers it."""
    return _HANDLED.run(tx, {"source": source, "at": tx.real_now}) == 1


def was_handled(tx: Transaction, source: str) -> bool:
    """Whether `source` was handled before."""
    mine = (handled.c.workspace == tx.workspace, handled.c.source == source)
    return tx.connection.execute(select(handled.c.source).where(*mine)).first() is not None


def forget_handled(tx: Transaction, before: datetime) -> None:
    """Drop natural keys older than `before` (real time); Slack repeats nothing that old."""
    tx.connection.execute(delete(handled).where(handled.c.workspace == tx.workspace, handled.c.at < before))


def keep_failed(tx: Transaction, *, reference: str, kind: str, body: Mapping[str, Any], error: str) -> None:
    """Store an event that failed, so that it can be replayed."""
    tx.connection.execute(
        insert(failed_events).values(
            workspace=tx.workspace,
            reference=reference,
            kind=kind,
            body=dict(body),
            error=error,
            failed_at=tx.real_now,
        )
    )


def to_replay(tx: Transaction, *, all_of_them: bool = False) -> list[FailedEvent]:
    """Failed events that wait for another try, oldest first; after five tries only when asked for all."""
    f = failed_events.c
    query = select(f.id, f.reference, f.kind, f.body, f.attempts).where(
        f.workspace == tx.workspace, f.replayed_at.is_(None)
    )
    if not all_of_them:
        query = query.where(f.attempts < MAX_REPLAYS)
    return [FailedEvent(*row) for row in tx.connection.execute(query.order_by(f.id))]


def claim(tx: Transaction, event: FailedEvent) -> bool:
    """Count a try before it is made; False when another replica was quicker. What dies on the way stays open."""
    f = failed_events.c
    mine = (f.id == event.id, f.attempts == event.attempts, f.replayed_at.is_(None))
    tries = update(failed_events).where(*mine).values(attempts=event.attempts + 1)
    return tx.connection.execute(tries).rowcount == 1


def replayed(tx: Transaction, event: FailedEvent) -> bool:
    """Close a row after its replay. True when the event went through; when it failed again, its new row (of the same
    reference) carries the count on."""
    f = failed_events.c
    tx.connection.execute(
        update(failed_events)
        .where(f.id == event.id)
        .values(attempts=event.attempts + 1, replayed_at=tx.real_now)
    )
    again = tx.connection.execute(
        update(failed_events)
        .where(
            f.workspace == tx.workspace,
            f.reference == event.reference,
            f.id > event.id,
            f.replayed_at.is_(None),
        )
        .values(attempts=event.attempts + 1)
    )
    return again.rowcount == 0


def note(tx: Transaction, what: str, *, actor: str | None = None, **detail: Any) -> None:
    """Write a line of the audit log: what an administrator may want to know later."""
    tx.connection.execute(
        insert(audit).values(workspace=tx.workspace, at=tx.now, actor=actor, what=what, detail=detail)
    )
