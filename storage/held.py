"""Letters that wait until their reader works, or for their next morning (docs/decisions/0031-quiet-mornings.md).

A letter stays when it has gone: `sent_as` is the key of the outbox row that told it (none: there was nothing left to say).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal, select, update

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
_NAMES = [_H.id, _H.user_id, _H.key, _H.renderer, _H.record_id, _H["values"], _H.due_at, _H.waits]
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


def these(tx: Transaction, ids: Sequence[int]) -> list[Held]:
    """Letters by their ids, in the order in which they were wanted."""
    found = select(*_NAMES).where(_H.workspace == tx.workspace, _H.id.in_(ids)).order_by(_H.id)
    return [Held(*row) for row in tx.connection.execute(found)]


def due(tx: Transaction, user_id: str, *, within: timedelta = timedelta()) -> list[Held]:
    """What somebody is to be told by now, or `within` so long, in the order in which it was wanted."""
    by = tx.now + within
    mine = (_H.workspace == tx.workspace, _H.user_id == user_id, _H.done_at.is_(None), _H.due_at <= by)
    return [Held(*row) for row in tx.connection.execute(select(*_NAMES).where(*mine).order_by(_H.id))]


def next_of(tx: Transaction, user_id: str) -> tuple[int, datetime] | None:
    """The letter of somebody that is due first, and when; None: none waits."""
    mine = (_H.workspace == tx.workspace, _H.user_id == user_id, _H.done_at.is_(None))
    row = tx.connection.execute(
        select(_H.id, _H.due_at).where(*mine).order_by(_H.due_at, _H.id).limit(1)
    ).one_or_none()
    return None if row is None else (row.id, row.due_at)


def next_of_each(tx: Transaction, users: Sequence[str]) -> dict[str, tuple[int, datetime]]:
    """The same of each of these people for whom one waits."""
    mine = (_H.workspace == tx.workspace, _H.user_id.in_(users), _H.done_at.is_(None))
    query = select(_H.user_id, _H.id, _H.due_at).where(*mine).order_by(_H.due_at.desc(), _H.id.desc())
    rows = tx.connection.execute(query) if users else ()
    return {user: (letter, at) for user, letter, at in rows}


def all_waiting(tx: Transaction, user_id: str) -> list[Held]:
    """All that somebody is yet to be told, in the order in which it was wanted."""
    mine = (_H.workspace == tx.workspace, _H.user_id == user_id, _H.done_at.is_(None))
    return [Held(*row) for row in tx.connection.execute(select(*_NAMES).where(*mine).order_by(_H.id))]


def move(tx: Transaction, letter_id: int, due_at: datetime) -> None:
    """A letter is told at another moment."""
    mine = (_H.workspace == tx.workspace, _H.id == letter_id)
    tx.connection.execute(update(held_letters).where(*mine).values(due_at=due_at))


def done(tx: Transaction, ids: Sequence[int], sent_as: str | None) -> None:
    """These were told with an outbox row, or had nothing to say any more."""
    mine = (_H.workspace == tx.workspace, _H.id.in_(ids))
    if ids:
        tx.connection.execute(update(held_letters).where(*mine).values(done_at=tx.now, sent_as=sent_as))


def is_kept(tx: Transaction, key: str) -> bool:
    """Whether there is a letter with this key, told or not."""
    mine = (_H.workspace == tx.workspace, _H.key == key)
    return tx.connection.execute(select(_H.id).where(*mine)).first() is not None


def kept(tx: Transaction, keys: Sequence[str]) -> frozenset[str]:
    """Those of the keys of which there is a letter, told or not."""
    found = select(_H.key).where(_H.workspace == tx.workspace, _H.key.in_(keys))
    return frozenset(tx.connection.execute(found).scalars()) if keys else frozenset()


def sent_as(tx: Transaction, key: str) -> str | None:
    """The key of the outbox row with which a letter was told; None while it waits, or when it said nothing."""
    mine = (_H.workspace == tx.workspace, _H.key == key)
    found: str | None = tx.connection.execute(select(_H.sent_as).where(*mine)).scalar_one_or_none()
    return found


def still_waits(tx: Transaction, user_id: str, renderer: str, record_id: int | None = None) -> list[Held]:
    """What somebody is yet to be told, not now but later, by this renderer; of one record, or of any."""
    which = () if record_id is None else (_H.record_id == record_id,)
    return _still_waiting(tx, _H.user_id == user_id, _H.renderer == renderer, *which)


def still_wait(tx: Transaction, users: Sequence[str], renderer: str) -> dict[str, list[Held]]:
    """The same of each of these people for whom something waits, of any record."""
    found = defaultdict[str, list[Held]](list)
    for each in _still_waiting(tx, _H.user_id.in_(users), _H.renderer == renderer) if users else ():
        found[each.user_id].append(each)
    return found


def _still_waiting(tx: Transaction, *which: ColumnElement[bool]) -> list[Held]:
    later = (_H.workspace == tx.workspace, _H.done_at.is_(None), _H.due_at > tx.now)
    return [
        Held(*row) for row in tx.connection.execute(select(*_NAMES).where(*later, *which).order_by(_H.id))
    ]


def is_wanted(tx: Transaction, renderer: str, record_id: int, user_id: str) -> bool:
    """Whether somebody was ever to be told this of a record."""
    mine = (_H.workspace == tx.workspace, _H.renderer == renderer, _H.record_id == record_id)
    return tx.connection.execute(select(_H.id).where(*mine, _H.user_id == user_id)).first() is not None


def stranded(tx: Transaction, kind: str) -> list[str]:
    """Who has letters that wait, and no due row of this kind that tells them."""
    d, key = due_work.c, literal(f"{kind}:") + _H.user_id
    row = exists().where(d.workspace == _H.workspace, d.key == key)
    mine = (_H.workspace == tx.workspace, _H.done_at.is_(None))
    found = select(_H.user_id).where(*mine, ~row).distinct().order_by(_H.user_id)
    return list(tx.connection.execute(found).scalars())


def overdue(tx: Transaction, since: datetime) -> int:
    """How many letters should have been told before a moment."""
    mine = (_H.workspace == tx.workspace, _H.done_at.is_(None), _H.due_at < since)
    return int(tx.connection.execute(select(func.count()).where(*mine)).scalar_one())


def waiting(tx: Transaction) -> int:
    """How many letters wait."""
    mine = (_H.workspace == tx.workspace, _H.done_at.is_(None))
    return int(tx.connection.execute(select(func.count()).where(*mine)).scalar_one())
