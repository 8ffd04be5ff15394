"""Direct messages of the bot that stand on Slack: what each is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, update

from storage import held
from storage.database import Transaction
from storage.outbox import Kind, Priority, Row
from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class Letter:
    """A direct message that was sent once: by which renderer, about which record."""

    renderer: str
    record_id: int


def direct(key: str, renderer: str, record_id: int, user_id: str, values: Mapping[str, Any]) -> Row:
    """A direct message, for `outbox.send_all`; `key` is the whole key of its row."""
    return {
        "key": key,
        "kind": Kind.DIRECT,
        "priority": Priority.FIRST,
        "renderer": renderer,
        "record_id": record_id,
        "user_id": user_id,
        "values": dict(values),
    }


def letter_at(tx: Transaction, channel: str, ts: str) -> Letter | None:
    """The letter that stands in somebody's direct message with the bot; None when no letter does."""
    o = outbox.c
    mine = (o.workspace == tx.workspace, o.kind == Kind.DIRECT)
    here = select(o.renderer, o.record_id).where(*mine, o.posted_ts == ts, o.posted_channel == channel)
    row = tx.connection.execute(here.limit(1)).first()
    return None if row is None else Letter(*row)


def standing_at(tx: Transaction, channel: str, ts: str, renderer: str) -> int | None:
    """The record of what stands in a channel by that renderer; None when something else does."""
    o = outbox.c
    here = (
        o.workspace == tx.workspace,
        o.posted_channel == channel,
        o.posted_ts == ts,
        o.renderer == renderer,
    )
    found: int | None = tx.connection.execute(select(o.record_id).where(*here).limit(1)).scalar()
    return found


def values_of(tx: Transaction, key: str) -> Mapping[str, Any] | None:
    """The values of a row; None when there is none with this key."""
    mine = (outbox.c.workspace == tx.workspace, outbox.c.key == key)
    found: Mapping[str, Any] | None = tx.connection.execute(select(outbox.c["values"]).where(*mine)).scalar()
    return found


def remember(tx: Transaction, key: str, **more: Any) -> None:
    """Add to the values of a row, if there is one."""
    known = values_of(tx, key)
    if known is not None:
        mine = (outbox.c.workspace == tx.workspace, outbox.c.key == key)
        tx.connection.execute(update(outbox).where(*mine).values({"values": {**known, **more}}))


def was_wanted(tx: Transaction, key: str) -> bool:
    """Whether there is a row with this key, sent or not."""
    return _exists(tx, outbox.c.key == key)


def wanted(tx: Transaction, keys: Sequence[str]) -> frozenset[str]:
    """Those of the keys of which there is a row, sent or not."""
    o = outbox.c
    found = select(o.key).where(o.workspace == tx.workspace, o.key.in_(keys))
    return frozenset(tx.connection.execute(found).scalars()) if keys else frozenset()


def has_letter(tx: Transaction, renderer: str, record_id: int, user_id: str) -> bool:
    """Whether somebody was ever sent a direct message of this kind about a record, or will be."""
    o = outbox.c
    return held.is_wanted(tx, renderer, record_id, user_id) or _exists(
        tx, o.kind == Kind.DIRECT, o.renderer == renderer, o.record_id == record_id, o.user_id == user_id
    )


def reached(tx: Transaction, key: str) -> bool:
    """Whether the row with this key is on Slack or may be just now. What still waits is rendered afresh, and says
    nothing when it is not true any more."""
    o = outbox.c
    flying = (o.wanted > o.sent) & (o.lease.is_not(None) | o.unsure_since.is_not(None))
    mine = (o.workspace == tx.workspace) & (o.key == key)
    found = tx.connection.execute(select(o.id).where(mine, o.posted_ts.is_not(None) | flying))
    return found.first() is not None


def is_dead(tx: Transaction, uid: str) -> bool:
    """Whether a row is a dead letter as things are."""
    return _exists(tx, outbox.c.uid == uid, outbox.c.dead_at.is_not(None))


def _exists(tx: Transaction, *which: ColumnElement[bool]) -> bool:
    found = select(outbox.c.id).where(outbox.c.workspace == tx.workspace, *which)
    return tx.connection.execute(found.limit(1)).first() is not None
