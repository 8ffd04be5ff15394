"""Direct messages of the bot that stand on Slack: what each is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select, update

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


_O = outbox.c
_HERE, _KEY = _O.workspace == bindparam("w"), _O.key == bindparam("k")
_AT = (_O.posted_channel == bindparam("channel"), _O.posted_ts == bindparam("ts"))
_LETTER_AT = select(_O.renderer, _O.record_id).where(_HERE, _O.kind == Kind.DIRECT, *_AT).limit(1)
_STANDING_AT = select(_O.record_id).where(_HERE, *_AT, _O.renderer == bindparam("renderer")).limit(1)
_VALUES_OF = select(_O["values"]).where(_HERE, _KEY)
_REMEMBER = update(outbox).where(_HERE, _KEY)
_WANTED = select(_O.key).where(_HERE, _O.key.in_(bindparam("keys", expanding=True)))
_ANY = select(_O.id).where(_HERE).limit(1)
_WAS_WANTED = _ANY.where(_KEY)
_HAS_LETTER = _ANY.where(
    _O.kind == Kind.DIRECT,
    _O.renderer == bindparam("renderer"),
    _O.record_id == bindparam("record"),
    _O.user_id == bindparam("u"),
)
_FLYING = (_O.wanted > _O.sent) & (_O.lease.is_not(None) | _O.unsure_since.is_not(None))
_IS_THERE = _O.posted_ts.is_not(None) | _FLYING
_REACHED = _ANY.where(_KEY, _IS_THERE)
_ALL_REACHED = _WANTED.where(_IS_THERE)
_IS_DEAD = _ANY.where(_O.uid == bindparam("uid"), _O.dead_at.is_not(None))


def _exists(tx: Transaction, query: Select[Any], **which: Any) -> bool:
    return tx.connection.execute(query, {"w": tx.workspace, **which}).first() is not None


def letter_at(tx: Transaction, channel: str, ts: str) -> Letter | None:
    """The letter that stands in somebody's direct message with the bot; None when no letter does."""
    row = tx.connection.execute(_LETTER_AT, {"w": tx.workspace, "channel": channel, "ts": ts}).first()
    return None if row is None else Letter(*row)


def standing_at(tx: Transaction, channel: str, ts: str, renderer: str) -> int | None:
    """The record of what stands in a channel by that renderer; None when something else does."""
    here = {"w": tx.workspace, "channel": channel, "ts": ts, "renderer": renderer}
    found: int | None = tx.connection.execute(_STANDING_AT, here).scalar()
    return found


def values_of(tx: Transaction, key: str) -> Mapping[str, Any] | None:
    """The values of a row; None when there is none with this key."""
    found: Mapping[str, Any] | None = tx.connection.execute(
        _VALUES_OF, {"w": tx.workspace, "k": key}
    ).scalar()
    return found


def remember(tx: Transaction, key: str, **more: Any) -> None:
    """Add to the values of a row, if there is one."""
    known = values_of(tx, key)
    if known is not None:
        tx.connection.execute(_REMEMBER, {"w": tx.workspace, "k": key, "values": {**known, **more}})


def was_wanted(tx: Transaction, key: str) -> bool:
    """Whether there is a row with this key, sent or not."""
    return _exists(tx, _WAS_WANTED, k=key)


def wanted(tx: Transaction, keys: Sequence[str]) -> frozenset[str]:
    """Those of the keys of which there is a row, sent or not."""
    given = {"w": tx.workspace, "keys": keys}
    return frozenset(tx.connection.execute(_WANTED, given).scalars()) if keys else frozenset()


def has_letter(tx: Transaction, renderer: str, record_id: int, user_id: str) -> bool:
    """Whether somebody was ever sent a direct message of this kind about a record, or will be."""
    return held.is_wanted(tx, renderer, record_id, user_id) or _exists(
        tx, _HAS_LETTER, renderer=renderer, record=record_id, u=user_id
    )


def reached(tx: Transaction, key: str) -> bool:
    """Whether the row with this key is on Slack or may be just now. What still waits is rendered afresh, and says
    nothing when it is not true any more."""
    return _exists(tx, _REACHED, k=key)


def all_reached(tx: Transaction, keys: Sequence[str]) -> frozenset[str]:
    """Those of the keys that `reached` is true of."""
    given = {"w": tx.workspace, "keys": keys}
    return frozenset(tx.connection.execute(_ALL_REACHED, given).scalars()) if keys else frozenset()


def is_dead(tx: Transaction, uid: str) -> bool:
    """Whether a row is a dead letter as things are."""
    return _exists(tx, _IS_DEAD, uid=uid)
