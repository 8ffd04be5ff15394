"""What people take into their calendars: feeds by their address, and turns of duty as calendars must know them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select

from storage.database import Transaction
from storage.tables import duties, feeds, rotas
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar at an address of its own. `digest` is of the secret, which is kept nowhere; `made_as` is the permission
    that its owner had when they made it."""

    user_id: str
    kind: str
    digest: str
    made_as: str
    made_at: datetime


_COLUMNS = (feeds.c.user_id, feeds.c.kind, feeds.c.digest, feeds.c.made_as, feeds.c.made_at)
_PUT = Upsert(feeds, ["workspace", "user_id", "kind"], ["selector", "digest", "made_as", "made_at"])


def put(tx: Transaction, user_id: str, kind: str, *, selector: str, digest: str, made_as: str) -> None:
    """Let somebody's calendar have this address, and no other any more."""
    row = {"user_id": user_id, "kind": kind, "selector": selector, "digest": digest, "made_as": made_as}
    _PUT.run(tx, {**row, "made_at": tx.now})


def revoke(tx: Transaction, user_id: str, kind: str) -> bool:
    """Let somebody's calendar have no address; whether it had one."""
    mine = (feeds.c.workspace == tx.workspace, feeds.c.user_id == user_id, feeds.c.kind == kind)
    return bool(tx.connection.execute(delete(feeds).where(*mine)).rowcount)


def at(tx: Transaction, selector: str) -> Feed | None:
    """The feed with this part of its address; whoever asks must have the rest as well."""
    mine = (feeds.c.workspace == tx.workspace, feeds.c.selector == selector)
    row = tx.connection.execute(select(*_COLUMNS).where(*mine)).one_or_none()
    return None if row is None else Feed(*row)


def of(tx: Transaction, user_id: str) -> dict[str, Feed]:
    """Somebody's feeds by kind."""
    mine = (feeds.c.workspace == tx.workspace, feeds.c.user_id == user_id)
    rows = tx.connection.execute(select(*_COLUMNS).where(*mine))
    return {feed.kind: feed for feed in (Feed(*row) for row in rows)}


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of duty with what a calendar must know: `id` is its own for good, `revision` counts its changes from 1,
    `changed_at` is its last one as far as it is known; a `deputy` stands by."""

    id: int
    user_id: str
    starts: datetime
    ends: datetime
    rota: str
    deputy: bool
    revision: int
    changed_at: datetime
    cancelled: bool


_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
"""When those were given of which that was not kept yet."""


def turns(tx: Transaction, since: timedelta, user_id: str | None = None) -> list[Turn]:
    """The turns of duty (of one person, or all) that are not over for so long, those that were cancelled since then
    included; by beginning."""
    d, then = duties.c, tx.now - since
    mine = [
        d.workspace == tx.workspace,
        d.ends_at > then,
        or_(d.cancelled_at.is_(None), d.cancelled_at > then),
    ]
    if user_id is not None:
        mine.append(d.user_id == user_id)
    columns = (d.id, d.user_id, d.starts_at, d.ends_at, rotas.c.name, d.deputy, d.revision)
    query = select(*columns, d.given_at, d.cancelled_at).join(rotas, rotas.c.id == d.rota_id).where(*mine)
    rows = tx.connection.execute(query.order_by(d.starts_at, d.id))
    return [_turn(list(row)) for row in rows]


def _turn(row: list[Any]) -> Turn:
    given, cancelled = row[-2:]
    return Turn(*[*row[:-2], cancelled or given or _BEFORE, cancelled is not None])
