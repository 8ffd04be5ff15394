"""Letters that wait until their reader works, or for their next morning (docs/decisions/0031-quiet-mornings.md).

A letter stays when it has gone: `sent_as` is the key of the outbox row that told it (none: there was nothing left to say).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Text, bindparam, exists, func, select, update

from storage.database import Transaction
from storage.tables import due_work, held_letters
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Held:
    """A letter: to whom, under which key of the outbox, what renders it of which record; `waits` for a morning, or only
    until its reader works."""

    id: int
    user_id: str
    key: str
    renderer: str
    record_id: int
    values: Mapping[str, Any]
    due_at: datetime
    waits: bool


_H = held_letters.c
_HERE, _THEIRS = _H.workspace == bindparam("w"), _H.user_id == bindparam("u")
_THESE = _H.id.in_(bindparam("ids", expanding=True))
_WAITS = (_HERE, _H.done_at.is_(None))
_SOME: Select[Any] = (
    select(_H.id, _H.user_id, _H.key, _H.renderer, _H.record_id, _H["values"], _H.due_at, _H.waits)
    .where(_HERE)
    .order_by(_H.id)
)
_BY_ID = _SOME.where(_THESE)
_ALL_WAITING = _SOME.where(_H.done_at.is_(None), _THEIRS)
_DUE = _ALL_WAITING.where(_H.due_at <= bindparam("by"))
_NEXT = select(_H.id, _H.due_at).where(*_WAITS, _THEIRS).order_by(_H.due_at, _H.id).limit(1)
_NEXT_OF_EACH = (
    select(_H.user_id, _H.id, _H.due_at)
    .where(*_WAITS, _H.user_id.in_(bindparam("users", expanding=True)))
    .order_by(_H.due_at.desc(), _H.id.desc())
)
_MOVE = update(held_letters).where(_HERE, _H.id == bindparam("letter"))
_DONE = update(held_letters).where(_HERE, _THESE)
_IS_KEPT = select(_H.id).where(_HERE, _H.key == bindparam("k"))
_KEPT = select(_H.key).where(_HERE, _H.key.in_(bindparam("keys", expanding=True)))
_SENT_AS = select(_H.sent_as).where(_HERE, _H.key == bindparam("k"))
_ALL_SENT_AS = select(_H.key, _H.sent_as).where(
    _HERE, _H.key.in_(bindparam("keys", expanding=True)), _H.sent_as.is_not(None)
)
_ONCE = Upsert(held_letters, ["workspace", "key"])


def row(
    user_id: str,
    key: str,
    renderer: str,
    record_id: int,
    *,
    values: Mapping[str, Any],
    due_at: datetime,
    waits: bool,
) -> dict[str, Any]:
    """A letter that is kept until a moment, for `hold_all`."""
    own = {"user_id": user_id, "key": key, "renderer": renderer, "record_id": record_id}
    moment = {"due_at": due_at, "waits": waits, "done_at": None, "sent_as": None}
    return {**own, **moment, "values": dict(values)}


def hold_all(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep letters; the same key again does nothing."""
    _ONCE.run(tx, rows)


def _some(tx: Transaction, query: Select[Any], **which: Any) -> list[Held]:
    return [Held(*row) for row in tx.connection.execute(query, {"w": tx.workspace, **which})]


def these(tx: Transaction, ids: Sequence[int]) -> list[Held]:
    """Letters by their ids, in the order in which they were wanted."""
    return _some(tx, _BY_ID, ids=ids)


def due(tx: Transaction, user_id: str, *, within: timedelta = timedelta()) -> list[Held]:
    """What somebody is to be told by now, or `within` so long, in the order in which it was wanted."""
    return _some(tx, _DUE, u=user_id, by=tx.now + within)


def next_of(tx: Transaction, user_id: str) -> tuple[int, datetime] | None:
    """The letter of somebody that is due first, and when; None: none waits."""
    row = tx.connection.execute(_NEXT, {"w": tx.workspace, "u": user_id}).one_or_none()
    return None if row is None else (row.id, row.due_at)


def next_of_each(tx: Transaction, users: Sequence[str]) -> dict[str, tuple[int, datetime]]:
    """The same of each of these people for whom one waits."""
    rows = tx.connection.execute(_NEXT_OF_EACH, {"w": tx.workspace, "users": users}) if users else ()
    return {user: (letter, at) for user, letter, at in rows}


def all_waiting(tx: Transaction, user_id: str) -> list[Held]:
    """All that somebody is yet to be told, in the order in which it was wanted."""
    return _some(tx, _ALL_WAITING, u=user_id)


def move(tx: Transaction, letter_id: int, due_at: datetime) -> None:
    """A letter is told at another moment."""
    tx.connection.execute(_MOVE, {"w": tx.workspace, "letter": letter_id, "due_at": due_at})


def done(tx: Transaction, ids: Sequence[int], sent_as: str | None) -> None:
    """These were told with an outbox row, or had nothing to say any more."""
    if ids:
        tx.connection.execute(_DONE, {"w": tx.workspace, "ids": ids, "done_at": tx.now, "sent_as": sent_as})


def is_kept(tx: Transaction, key: str) -> bool:
    """Whether there is a letter with this key, told or not."""
    return tx.connection.execute(_IS_KEPT, {"w": tx.workspace, "k": key}).first() is not None


def kept(tx: Transaction, keys: Sequence[str]) -> frozenset[str]:
    """Those of the keys of which there is a letter, told or not."""
    given = {"w": tx.workspace, "keys": keys}
    return frozenset(tx.connection.execute(_KEPT, given).scalars()) if keys else frozenset()


def sent_as(tx: Transaction, key: str) -> str | None:
    """The key of the outbox row with which a letter was told; None while it waits, or when it said nothing."""
    found = tx.connection.execute(_SENT_AS, {"w": tx.workspace, "k": key})
    return found.scalar_one_or_none()


def all_sent_as(tx: Transaction, keys: Sequence[str]) -> dict[str, str]:
    """The same of many keys: those that were told."""
    given = {"w": tx.workspace, "keys": keys}
    return {key: row for key, row in tx.connection.execute(_ALL_SENT_AS, given)} if keys else {}


_LATER = _SOME.where(_H.done_at.is_(None), _H.due_at > bindparam("now"), _H.renderer == bindparam("renderer"))
_THEIRS_LATER = _LATER.where(_THEIRS)
_OF_RECORD_LATER = _THEIRS_LATER.where(_H.record_id == bindparam("record"))
_OF_THESE_LATER = _LATER.where(_H.user_id.in_(bindparam("users", expanding=True)))


def still_waits(tx: Transaction, user_id: str, renderer: str, record_id: int | None = None) -> list[Held]:
    """What somebody is yet to be told, not now but later, by this renderer; of one record, or of any."""
    given = {"now": tx.now, "u": user_id, "renderer": renderer}
    if record_id is None:
        return _some(tx, _THEIRS_LATER, **given)
    return _some(tx, _OF_RECORD_LATER, **given, record=record_id)


def still_wait(tx: Transaction, users: Sequence[str], renderer: str) -> dict[str, list[Held]]:
    """The same of each of these people for whom something waits, of any record."""
    found = defaultdict[str, list[Held]](list)
    given = {"now": tx.now, "users": users, "renderer": renderer}
    for each in _some(tx, _OF_THESE_LATER, **given) if users else ():
        found[each.user_id].append(each)
    return found


_IS_WANTED = select(_H.id).where(
    _HERE, _THEIRS, _H.renderer == bindparam("renderer"), _H.record_id == bindparam("record")
)


def is_wanted(tx: Transaction, renderer: str, record_id: int, user_id: str) -> bool:
    """Whether somebody was ever to be told this of a record."""
    given = {"w": tx.workspace, "renderer": renderer, "record": record_id, "u": user_id}
    return tx.connection.execute(_IS_WANTED, given).first() is not None


_ITS_ROW = exists().where(
    due_work.c.workspace == _H.workspace, due_work.c.key == bindparam("begins", type_=Text) + _H.user_id
)
_STRANDED = select(_H.user_id).where(*_WAITS, ~_ITS_ROW).distinct().order_by(_H.user_id)
_WAITING = select(func.count()).where(*_WAITS)
_OVERDUE = _WAITING.where(_H.due_at < bindparam("since"))


def stranded(tx: Transaction, kind: str) -> list[str]:
    """Who has letters that wait, and no due row of this kind that tells them."""
    return list(tx.connection.execute(_STRANDED, {"w": tx.workspace, "begins": f"{kind}:"}).scalars())


def overdue(tx: Transaction, since: datetime) -> int:
    """How many letters should have been told before a moment."""
    return int(tx.connection.execute(_OVERDUE, {"w": tx.workspace, "since": since}).scalar_one())


def waiting(tx: Transaction) -> int:
    """How many letters wait."""
    return int(tx.connection.execute(_WAITING, {"w": tx.workspace}).scalar_one())
