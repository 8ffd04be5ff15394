"""緊急: records, who is told of them and where, the timed log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, update

from bot.errors import UserError
from storage import after_restore
from storage.database import Transaction
from storage.tables import (
    emergencies,
    emergency_entries,
    emergency_people,
    emergency_places,
    municipalities,
)
from storage.upsert import Upsert

FLARED = "flared"
"""The kind of the log's line with which it goes back to "open": everybody is rung anew then."""


class NoSuchEmergency(UserError):
    """この緊急の記録が見つかりませんでした。記録は失われていません。お急ぎのときは、県へお電話ください。"""


@dataclass(frozen=True, slots=True)
class Emergency:
    """A record. `noticed_at`: since when it is so, as far as was said; `seen_at`: when the first of those who were rung said
    that they are on it. Times are aware UTC."""

    id: int
    number: int
    practice: bool
    asker: str
    municipality_code: str | None
    municipality: str | None
    section: str | None
    kind: str
    state: str
    body: str | None
    called: str | None
    noticed_at: datetime | None
    opened_at: datetime
    seen_at: datetime | None
    changed_at: datetime
    closed_at: datetime | None
    closing: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who is told of it, why (`bot.domain.emergency.Role`), and whether in their direct message."""

    user_id: str
    role: str
    added_by: str | None
    direct: bool
    rung_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """A thread in which it goes on: somebody's direct message, or the desk's (`user_id` ""). `ts` is None until then."""

    id: int
    emergency_id: int
    user_id: str
    channel: str
    ts: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log; a word that was written in a thread has its `place_id`."""

    id: int
    emergency_id: int
    at: datetime
    actor: str | None
    kind: str
    body: str | None
    files: Sequence[Mapping[str, Any]]
    place_id: int | None
    edited_at: datetime | None
    deleted_at: datetime | None


_E = emergencies.c
_RECORDS: Select[Any] = select(
    *(
        municipalities.c.name if name == "municipality" else _E[name]
        for name in Emergency.__dataclass_fields__
    )
).select_from(emergencies.outerjoin(municipalities, municipalities.c.code == _E.municipality_code))
_PLACES = select(*(emergency_places.c[name] for name in Place.__dataclass_fields__))
_ENTRIES = select(*(emergency_entries.c[name] for name in Entry.__dataclass_fields__))
_TOLD = select(*(emergency_people.c[name] for name in Told.__dataclass_fields__))
_PERSON = Upsert(emergency_people, ["emergency_id", "user_id"])
_PLACE = Upsert(emergency_places, ["emergency_id", "user_id"])
_ENTRY = Upsert(emergency_entries, ["workspace", "source"])


def add(tx: Transaction, *, practice: bool, **values: Any) -> int:
    """Begin a record; its number counts on from the last one of its sort. Returns its id."""
    mine = (_E.workspace == tx.workspace, _E.practice.is_(practice))
    last = tx.connection.execute(select(func.max(_E.number)).where(*mine)).scalar() or 0
    row = {"number": int(last) + 1, "practice": practice, "opened_at": tx.now, "changed_at": tx.now}
    own = after_restore.ids(tx, emergencies)
    made = insert(emergencies).values(workspace=tx.workspace, state="open", **row, **values, **own)
    return int(tx.connection.execute(made.returning(_E.id)).scalar_one())


def get(tx: Transaction, emergency_id: int) -> Emergency | None:
    """The record with this id."""
    mine = (_E.workspace == tx.workspace, _E.id == emergency_id)
    row = tx.connection.execute(_RECORDS.where(*mine)).one_or_none()
    return None if row is None else Emergency(*row)


def need(tx: Transaction, emergency_id: int) -> Emergency:
    """The record with this id.

    Raises:
        NoSuchEmergency: there is none.
    """
    found = get(tx, emergency_id)
    if found is None:
        raise NoSuchEmergency()
    return found


def change(tx: Transaction, emergency_id: int, **values: Any) -> Emergency:
    """Change a record; returns it as it is then."""
    mine = (_E.workspace == tx.workspace, _E.id == emergency_id)
    tx.connection.execute(update(emergencies).where(*mine).values(changed_at=tx.now, **values))
    return need(tx, emergency_id)


def living(tx: Transaction, *, asker: str | None = None) -> list[Emergency]:
    """The records that are not closed, practice included, oldest first; of one asker, or of all."""
    mine = [_E.workspace == tx.workspace, _E.state != "closed"]
    mine += [_E.asker == asker] if asker is not None else []
    rows = tx.connection.execute(_RECORDS.where(*mine).order_by(_E.opened_at, _E.id))
    return [Emergency(*row) for row in rows]


def unseen(tx: Transaction, since: datetime) -> list[int]:
    """Numbers of the records, no practice, that began (or last flared up) before a moment and of which nobody has said since
    that they are on it."""
    mine = (_E.workspace == tx.workspace, _E.state != "closed", _E.practice.is_(False))
    n = emergency_entries.c
    flared = select(func.max(n.at)).where(n.emergency_id == _E.id, n.kind == FLARED).scalar_subquery()
    late = (_E.seen_at.is_(None), func.coalesce(flared, _E.opened_at) <= since)
    return list(tx.connection.execute(select(_E.number).where(*mine, *late).order_by(_E.number)).scalars())


def opened_between(tx: Transaction, since: datetime, until: datetime) -> int:
    """How many records, no practice, began in [since, until)."""
    mine = (_E.workspace == tx.workspace, _E.practice.is_(False))
    within = (_E.opened_at >= since, _E.opened_at < until)
    return int(tx.connection.execute(select(func.count()).where(*mine, *within)).scalar_one())


def flares(tx: Transaction, emergency_id: int) -> list[Entry]:
    """The lines that say that it flared up again, oldest first."""
    return [each for each in entries(tx, emergency_id) if each.kind == FLARED]


# --- who and where ----------------------------------------------------------------------------------------------------


def tell(
    tx: Transaction, emergency_id: int, user_id: str, role: str, *, direct: bool, by: str | None = None
) -> bool:
    """Somebody is told of it from now on; False when they were before."""
    row = {"emergency_id": emergency_id, "user_id": user_id, "role": role, "added_by": by, "direct": direct}
    return _PERSON.run(tx, {**row, "rung_at": tx.now, "seen_at": None}) == 1


def goes_direct(tx: Transaction, emergency_id: int, user_id: str) -> None:
    """Somebody reads it in their direct message from now on."""
    p = emergency_people.c
    mine = (p.emergency_id == emergency_id, p.user_id == user_id)
    tx.connection.execute(update(emergency_people).where(*mine).values(direct=True))


def told(tx: Transaction, emergency_id: int) -> list[Told]:
    """Who is told of it, in the order in which they were."""
    p = emergency_people.c
    mine = (p.workspace == tx.workspace, p.emergency_id == emergency_id)
    return [Told(*row) for row in tx.connection.execute(_TOLD.where(*mine).order_by(p.id))]


def seen(tx: Transaction, emergency_id: int, user_id: str) -> bool:
    """Somebody says that they are on it; False when they had."""
    p = emergency_people.c
    mine = (p.emergency_id == emergency_id, p.user_id == user_id, p.seen_at.is_(None))
    return tx.connection.execute(update(emergency_people).where(*mine).values(seen_at=tx.now)).rowcount == 1


def unsee(tx: Transaction, emergency_id: int) -> None:
    """Nobody is on it any more: whoever was has to say so anew."""
    p = emergency_people.c
    tx.connection.execute(update(emergency_people).where(p.emergency_id == emergency_id).values(seen_at=None))


def add_place(tx: Transaction, emergency_id: int, user_id: str, channel: str = "") -> Place:
    """A thread in which it goes on from now on."""
    _PLACE.run(tx, {"emergency_id": emergency_id, "user_id": user_id, "channel": channel, "ts": None})
    return next(each for each in places(tx, emergency_id) if each.user_id == user_id)


def places(tx: Transaction, emergency_id: int) -> list[Place]:
    """Where it goes on."""
    p = emergency_places.c
    mine = (p.workspace == tx.workspace, p.emergency_id == emergency_id)
    return [Place(*row) for row in tx.connection.execute(_PLACES.where(*mine).order_by(p.id))]


def place(tx: Transaction, place_id: int) -> Place | None:
    """The place with this id."""
    p = emergency_places.c
    row = tx.connection.execute(_PLACES.where(p.workspace == tx.workspace, p.id == place_id)).one_or_none()
    return None if row is None else Place(*row)


def stands(tx: Transaction, place_id: int, channel: str, ts: str) -> None:
    """The card of a place is there now."""
    row = update(emergency_places).where(emergency_places.c.id == place_id)
    tx.connection.execute(row.values(channel=channel, ts=ts))


def place_at(tx: Transaction, channel: str, thread_ts: str) -> Place | None:
    """The place whose thread this is, if it is one."""
    p = emergency_places.c
    here = (p.workspace == tx.workspace, p.channel == channel, p.ts == thread_ts)
    row = tx.connection.execute(_PLACES.where(*here).limit(1)).one_or_none()
    return None if row is None else Place(*row)


# --- the log ----------------------------------------------------------------------------------------------------------


def log(
    tx: Transaction,
    emergency_id: int,
    kind: str,
    *,
    source: str,
    actor: str | None = None,
    body: str | None = None,
    at: datetime | None = None,
    files: Sequence[Mapping[str, Any]] = (),
    place_id: int | None = None,
) -> bool:
    """Write a line; the same `source` again does nothing, and False comes back."""
    row = {"emergency_id": emergency_id, "kind": kind, "actor": actor, "body": body, "at": at or tx.now}
    more = {"files": [dict(each) for each in files], "place_id": place_id, "source": source}
    return _ENTRY.run(tx, {**row, **more, "edited_at": None, "deleted_at": None}) == 1


def amend(tx: Transaction, entry_id: int, **values: Any) -> None:
    """Change a line: a word was edited or deleted by whoever wrote it."""
    tx.connection.execute(
        update(emergency_entries).where(emergency_entries.c.id == entry_id).values(**values)
    )


def entry(tx: Transaction, entry_id: int) -> Entry | None:
    """The line with this id."""
    n = emergency_entries.c
    row = tx.connection.execute(_ENTRIES.where(n.workspace == tx.workspace, n.id == entry_id)).one_or_none()
    return None if row is None else Entry(*row)


def entry_from(tx: Transaction, source: str) -> Entry | None:
    """The line that came from there."""
    n = emergency_entries.c
    mine = (n.workspace == tx.workspace, n.source == source)
    row = tx.connection.execute(_ENTRIES.where(*mine)).one_or_none()
    return None if row is None else Entry(*row)


def entries(tx: Transaction, emergency_id: int) -> list[Entry]:
    """The whole log, oldest first."""
    n = emergency_entries.c
    mine = (n.workspace == tx.workspace, n.emergency_id == emergency_id)
    return [Entry(*row) for row in tx.connection.execute(_ENTRIES.where(*mine).order_by(n.at, n.id))]
