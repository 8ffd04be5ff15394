"""緊急: records, who is told of them and where. The timed log is beside it, in `storage.emergency_log`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, func, insert, select, update
from sqlalchemy.sql.dml import ReturningInsert

from bot.errors import UserError
from storage import after_restore
from storage.columns import UtcTime
from storage.database import Transaction
from storage.emergency_log import FLARED
from storage.tables import emergencies, emergency_entries, emergency_people, emergency_places, municipalities
from storage.upsert import Upsert


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


_E, _N = emergencies.c, emergency_entries.c
_HERE = _E.workspace == bindparam("w")
_BODIES = emergencies.outerjoin(municipalities, municipalities.c.code == _E.municipality_code)
_COLUMNS = [
    municipalities.c.name if name == "municipality" else _E[name] for name in Emergency.__dataclass_fields__
]
_RECORDS: Select[Any] = select(*_COLUMNS).select_from(_BODIES).where(_HERE)
_RECORD = _RECORDS.where(_E.id == bindparam("e"))
_LIVING = _RECORDS.where(_E.state != "closed").order_by(_E.opened_at, _E.id)
_LIVING_OF = _LIVING.where(_E.asker == bindparam("asker"))
_LAST_NUMBER = select(func.max(_E.number)).where(_HERE, _E.practice == bindparam("practice"))
_FLARED_AT = select(func.max(_N.at)).where(_N.emergency_id == _E.id, _N.kind == FLARED).scalar_subquery()
_IN_EARNEST = (_HERE, _E.practice.is_(False))
_UNSEEN = (
    select(_E.number)
    .where(*_IN_EARNEST, _E.state != "closed", _E.seen_at.is_(None))
    .where(func.coalesce(_FLARED_AT, _E.opened_at) <= bindparam("since", type_=UtcTime))
    .order_by(_E.number)
)
_OPENED_BETWEEN = select(func.count()).where(
    *_IN_EARNEST, _E.opened_at >= bindparam("since"), _E.opened_at < bindparam("until")
)


@cache
def _adding(*columns: str) -> ReturningInsert[int]:
    return insert(emergencies).values(dict.fromkeys(columns)).returning(_E.id)


@cache
def _changing(*columns: str) -> Update:
    return update(emergencies).where(_HERE, _E.id == bindparam("e")).values(dict.fromkeys(columns))


def add(tx: Transaction, *, practice: bool, **values: Any) -> int:
    """Begin a record; its number counts on from the last one of its sort. Returns its id."""
    last = tx.connection.execute(_LAST_NUMBER, {"w": tx.workspace, "practice": practice}).scalar() or 0
    own = {"workspace": tx.workspace, "state": "open", **after_restore.ids(tx, emergencies)}
    row = {"number": int(last) + 1, "practice": practice, "opened_at": tx.now, "changed_at": tx.now}
    given = {**own, **row, **values}
    return int(tx.connection.execute(_adding(*given), given).scalar_one())


def get(tx: Transaction, emergency_id: int) -> Emergency | None:
    """The record with this id."""
    row = tx.connection.execute(_RECORD, {"w": tx.workspace, "e": emergency_id}).one_or_none()
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
    given = {"changed_at": tx.now, **values}
    tx.connection.execute(_changing(*given), {"w": tx.workspace, "e": emergency_id, **given})
    return need(tx, emergency_id)


def living(tx: Transaction, *, asker: str | None = None) -> list[Emergency]:
    """The records that are not closed, practice included, oldest first; of one asker, or of all."""
    query, which = (_LIVING, {}) if asker is None else (_LIVING_OF, {"asker": asker})
    return [Emergency(*row) for row in tx.connection.execute(query, {"w": tx.workspace, **which})]


def unseen(tx: Transaction, since: datetime) -> list[int]:
    """Numbers of the records, no practice, that began (or last flared up) before a moment and of which nobody has said since
    that they are on it."""
    return list(tx.connection.execute(_UNSEEN, {"w": tx.workspace, "since": since}).scalars())


def opened_between(tx: Transaction, since: datetime, until: datetime) -> int:
    """How many records, no practice, began in [since, until)."""
    given = {"w": tx.workspace, "since": since, "until": until}
    return int(tx.connection.execute(_OPENED_BETWEEN, given).scalar_one())


# --- who and where ----------------------------------------------------------------------------------------------------


_P, _PL = emergency_people.c, emergency_places.c
_PERSON = Upsert(emergency_people, ["emergency_id", "user_id"])
_TOLD = (
    select(*(_P[name] for name in Told.__dataclass_fields__))
    .where(_P.workspace == bindparam("w"), _P.emergency_id == bindparam("e"))
    .order_by(_P.id)
)
_ALL_PEOPLE = update(emergency_people).where(_P.emergency_id == bindparam("e"))
_ONE_PERSON = _ALL_PEOPLE.where(_P.user_id == bindparam("u"))
_UNSEEN_BY = _ONE_PERSON.where(_P.seen_at.is_(None))
_PLACE = Upsert(emergency_places, ["emergency_id", "user_id"])
_SOME_PLACE = select(*(_PL[name] for name in Place.__dataclass_fields__)).where(
    _PL.workspace == bindparam("w")
)
_PLACES = _SOME_PLACE.where(_PL.emergency_id == bindparam("e")).order_by(_PL.id)
_PLACE_BY_ID = _SOME_PLACE.where(_PL.id == bindparam("p"))
_PLACE_AT = _SOME_PLACE.where(_PL.channel == bindparam("c"), _PL.ts == bindparam("thread")).limit(1)
_STANDS = update(emergency_places).where(_PL.id == bindparam("p"))


def tell(
    tx: Transaction, emergency_id: int, user_id: str, role: str, *, direct: bool, by: str | None = None
) -> bool:
    """Somebody is told of it from now on; False when they were before."""
    row = {"emergency_id": emergency_id, "user_id": user_id, "role": role, "added_by": by, "direct": direct}
    return _PERSON.run(tx, {**row, "rung_at": tx.now, "seen_at": None}) == 1


def goes_direct(tx: Transaction, emergency_id: int, user_id: str) -> None:
    """Somebody reads it in their direct message from now on."""
    tx.connection.execute(_ONE_PERSON, {"e": emergency_id, "u": user_id, "direct": True})


def told(tx: Transaction, emergency_id: int) -> list[Told]:
    """Who is told of it, in the order in which they were."""
    return [Told(*row) for row in tx.connection.execute(_TOLD, {"w": tx.workspace, "e": emergency_id})]


def seen(tx: Transaction, emergency_id: int, user_id: str) -> bool:
    """Somebody says that they are on it; False when they had."""
    given = {"e": emergency_id, "u": user_id, "seen_at": tx.now}
    return tx.connection.execute(_UNSEEN_BY, given).rowcount == 1


def unsee(tx: Transaction, emergency_id: int) -> None:
    """Nobody is on it any more: whoever was has to say so anew."""
    tx.connection.execute(_ALL_PEOPLE, {"e": emergency_id, "seen_at": None})


def add_place(tx: Transaction, emergency_id: int, user_id: str, channel: str = "") -> Place:
    """A thread in which it goes on from now on."""
    _PLACE.run(tx, {"emergency_id": emergency_id, "user_id": user_id, "channel": channel, "ts": None})
    return next(each for each in places(tx, emergency_id) if each.user_id == user_id)


def places(tx: Transaction, emergency_id: int) -> list[Place]:
    """Where it goes on."""
    return [Place(*row) for row in tx.connection.execute(_PLACES, {"w": tx.workspace, "e": emergency_id})]


def place(tx: Transaction, place_id: int) -> Place | None:
    """The place with this id."""
    row = tx.connection.execute(_PLACE_BY_ID, {"w": tx.workspace, "p": place_id}).one_or_none()
    return None if row is None else Place(*row)


def stands(tx: Transaction, place_id: int, channel: str, ts: str) -> None:
    """The card of a place is there now."""
    tx.connection.execute(_STANDS, {"p": place_id, "channel": channel, "ts": ts})


def place_at(tx: Transaction, channel: str, thread_ts: str) -> Place | None:
    """The place whose thread this is, if it is one."""
    here = {"w": tx.workspace, "c": channel, "thread": thread_ts}
    row = tx.connection.execute(_PLACE_AT, here).one_or_none()
    return None if row is None else Place(*row)
