"""Letters that were given up: told, tried again, or settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select, update

from storage.database import Transaction
from storage.tables import outbox

_ALIVE = {"dead_at": None, "attempts": 0, "looks": 0}


def revive(tx: Transaction, channel: str) -> int:
    """The channel can be written to again: its dead letters are due once more. Returns how many."""
    result = tx.connection.execute(
        update(outbox)
        .where(outbox.c.workspace == tx.workspace, outbox.c.channel == channel, outbox.c.dead_at.is_not(None))
        .values(**_ALIVE, due_at=tx.real_now)
    )
    tx.wakes.add("outbox")
    return result.rowcount


@dataclass(frozen=True, slots=True)
class Dead:
    """A message that was given up: what, where or to whom, why, since when."""

    kind: str
    renderer: str
    record_id: int
    place: str
    error: str
    since: datetime


def dead_letters(tx: Transaction) -> list[Dead]:
    """Every dead letter, oldest first."""
    o = outbox.c
    place = case((o.channel != "", o.channel), else_=func.coalesce(o.user_id, ""))
    rows = tx.connection.execute(
        select(o.kind, o.renderer, o.record_id, place, o.error, o.dead_at)
        .where(o.workspace == tx.workspace, o.dead_at.is_not(None))
        .order_by(o.dead_at, o.id)
    )
    return [Dead(*row) for row in rows]


def dead_like(tx: Transaction, channel: str, user_id: str | None, error: str) -> int:
    """How many dead letters to this channel, or to this person, died of this error."""
    o = outbox.c
    place = (o.channel == channel) if channel else (o.channel == "") & (o.user_id == user_id)
    found: int = tx.connection.execute(
        select(func.count()).where(
            o.workspace == tx.workspace, o.dead_at.is_not(None), place, o.error == error
        )
    ).scalar_one()
    return found


def retry_dead(tx: Transaction) -> None:
    """Every dead letter is due once more."""
    mine = (outbox.c.workspace == tx.workspace) & outbox.c.dead_at.is_not(None)
    tx.connection.execute(update(outbox).where(mine).values(**_ALIVE, due_at=tx.real_now))
    tx.wakes.add("outbox")


def settle_dead(tx: Transaction) -> None:
    """Somebody has seen to the dead letters another way: they are not sent any more, and health is green again."""
    mine = (outbox.c.workspace == tx.workspace) & outbox.c.dead_at.is_not(None)
    tx.connection.execute(update(outbox).where(mine).values(**_ALIVE, sent=outbox.c.wanted))
