"""What has not reached Slack, to be read by people: first what was given up, then what waits for its turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, union_all

from storage.database import Transaction
from storage.outbox import Kind
from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that is not on Slack: where or to whom it goes, since when it waits (the machine's time), and what Slack
    said last. `dead`: it was given up."""

    channel: str
    user_id: str | None
    since: datetime
    error: str | None
    dead: bool


_O = outbox.c
_DEAD = (_O.dead_at.is_not(None),)
_WAITING = (_O.wanted > _O.sent, _O.dead_at.is_(None), _O.kind != Kind.MARK.value)
"""A reaction that waits says nothing that the card does not say."""


def how_many(tx: Transaction) -> int:
    """How many there are."""
    mine = _O.workspace == tx.workspace
    both = [select(func.count()).select_from(outbox).where(mine, *which) for which in (_DEAD, _WAITING)]
    return sum(int(tx.connection.execute(query).scalar_one()) for query in both)


def page(tx: Transaction, *, most: int, start: int = 0) -> list[Undelivered]:
    """Some of them, each kind in the order in which they were written."""
    mine = _O.workspace == tx.workspace
    columns = (_O.id, _O.channel, _O.user_id, _O.created_at, _O.error)
    dead = select(*columns, literal(0).label("waits")).where(mine, *_DEAD)
    waiting = select(*columns, literal(1)).where(mine, *_WAITING)
    both = union_all(dead, waiting).subquery().c
    query = select(both.channel, both.user_id, both.created_at, both.error, both.waits)
    rows = tx.connection.execute(query.order_by(both.waits, both.id).limit(most).offset(start))
    return [
        Undelivered(channel, user, since, error, not waits) for channel, user, since, error, waits in rows
    ]
