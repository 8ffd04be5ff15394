"""When the offices of each body are open and whom they call in an emergency, where that was entered. The prefecture's own
hours are the workspace's, its numbers the guide's (`storage.emergency_guide`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select

from bot.domain import closures, opening_hours
from bot.domain.business_time import BusinessCalendar
from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.tables import offices
from storage.upsert import Upsert
from storage.workspace import Workspace, set_workspace, workspace

_SAVE = Upsert(
    offices, ["workspace", "municipality_code"], ["hours", "closures", "openings", "phone", "night"]
)
_O = offices.c
_ALL = (
    select(_O.municipality_code, _O.hours, _O.closures, _O.openings, _O.phone, _O.night)
    .where(_O.workspace == bindparam("w"))
    .order_by(_O.municipality_code)
)
_FORGET = delete(offices).where(_O.workspace == bindparam("w"), _O.municipality_code == bindparam("code"))


@dataclass(frozen=True, slots=True)
class Office:
    """What was entered of an office: its hours (None: the prefecture's), its closures and openings as `bot.domain.closures`
    keeps them; whom its people call first in an emergency, by day and at night, as `bot.domain.telephone` reads it ("" not
    known)."""

    hours: opening_hours.OpeningHours | None = None
    closures: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()
    phone: str = ""
    night: str = ""


def own_offices(tx: Transaction) -> Mapping[str, Office]:
    """The offices of which something was entered, by the body's code."""
    return cached(tx, "offices", _read)


def _read(tx: Transaction) -> Mapping[str, Office]:
    rows = tx.connection.execute(_ALL, {"w": tx.workspace}).all()
    return {
        row.municipality_code: Office(
            opening_hours.read(row.hours) if row.hours else None,
            tuple(row.closures),
            tuple(row.openings),
            row.phone,
            row.night,
        )
        for row in rows
    }


def office(tx: Transaction, code: str | None) -> Office:
    """What was entered of a body; None is the prefecture."""
    if code is not None:
        return own_offices(tx).get(code, Office())
    space = workspace(tx)
    return Office(space.hours, space.closures, space.openings)


def save_office(tx: Transaction, code: str | None, found: Office) -> None:
    """Let this be what is known of a body's offices, or of the prefecture's hours and days (None)."""
    hours = opening_hours.shown(found.hours) if found.hours else ""
    row = {"hours": hours, "closures": list(found.closures), "openings": list(found.openings)}
    if code is None:
        set_workspace(tx, **row)
    elif found == Office():
        tx.connection.execute(_FORGET, {"w": tx.workspace, "code": code})
    else:
        _SAVE.run(tx, {"municipality_code": code, **row, "phone": found.phone, "night": found.night})
    set_up_changed(tx)


def calendar_of_body(tx: Transaction, space: Workspace, code: str | None) -> BusinessCalendar:
    """The business time of a body: its hours, or else the prefecture's; closed and open on days of its own, not on the
    prefecture's. Of nobody's body (None) nothing is known but the prefecture's."""
    found = office(tx, code)
    return closures.calendar(space.zone, found.hours or space.hours, found.closures, found.openings)
