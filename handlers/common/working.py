"""When somebody works: an adviser by their own hours, an asker when their body is open, all others when the prefecture is.

Nobody is rung outside these, nor while they are away (docs/decisions/0031-quiet-mornings.md).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from bot.domain.business_time import (
    BusinessCalendar,
    UnreadableHours,
    next_working_time,
    parse_working_hours,
)
from bot.domain.deadline import begins
from storage import absences, duties, members, talents, workspace
from storage.absences import Absence
from storage.database import Transaction
from storage.offices import calendar_of_body
from storage.workspace import Workspace


def calendar_of(space: Workspace) -> BusinessCalendar:
    """The prefecture's business time: that of those who answer, and of promises."""
    return space.calendar


@lru_cache(maxsize=1024)
def next_by_hours(calendar: BusinessCalendar, hours: str, minute: datetime) -> datetime | None:
    """When somebody with these hours next works, to the minute: all questions of one minute share it. Hours that cannot be
    read say nothing, and so do none: they must not keep a question from being asked."""
    if not hours:
        return None
    try:
        weekly = parse_working_hours(hours)
    except UnreadableHours:
        return None
    return next_working_time(calendar, weekly, minute)


def _office_of(tx: Transaction, user: str) -> BusinessCalendar:
    """An asker's is their body's; who answers keeps the prefecture's days."""
    space, member = workspace.workspace(tx), members.member(tx, user)
    if member is None or member.permission != members.ASKER:
        return calendar_of(space)
    return calendar_of_body(tx, space, member.municipality_code)


def at_work(tx: Transaction, user: str, at: datetime) -> datetime:
    """A moment when somebody works, else when they next begin; whoever is on duty while the office is open works."""
    calendar, talent = _office_of(tx, user), talents.talent(tx, user)
    hours = talent.working_hours if talent is not None else ""
    minute = at.replace(second=0, microsecond=0)
    found = next_by_hours(calendar, hours, minute)
    if found is None:
        return calendar.next_open(at)
    if found <= minute:
        return at
    turn = _on_duty(tx, user, calendar, at)
    return found if turn is None else min(found, turn)


def reachable(tx: Transaction, user: str, at: datetime) -> datetime:
    """A moment when somebody works and is not away, else the next one: then they may be rung. `absences.OPEN` while nobody
    knows when they are back."""
    found = at_work(tx, user, at)
    while ends := [each.ends for each in absences.known(tx) if _covers(each, user, found)]:
        if max(ends) >= absences.OPEN:
            return absences.OPEN
        found = at_work(tx, user, max(ends))
    return found


def is_away(tx: Transaction, user: str, at: datetime) -> bool:
    """Whether somebody is away at a moment, as far as is known now."""
    return any(_covers(each, user, at) for each in absences.known(tx))


def _covers(absence: Absence, user: str, at: datetime) -> bool:
    return absence.user_id == user and absence.starts <= at < absence.ends


def _on_duty(tx: Transaction, user: str, calendar: BusinessCalendar, at: datetime) -> datetime | None:
    """When somebody's turn of duty goes on or the next begins; standing by is one as well."""
    for shift in duties.shifts(tx):  # by their beginning
        if shift.user_id == user and shift.ends > at:
            begins = calendar.next_open(max(at, shift.starts))
            if begins < shift.ends:
                return begins
    return None


def next_morning(tx: Transaction, user: str, at: datetime) -> datetime:
    """When somebody begins their next working day on which they are not away, later than a moment."""
    calendar = _office_of(tx, user)
    day = calendar.day_of(at)
    first = reachable(tx, user, begins(day, calendar))
    return first if first > at else reachable(tx, user, begins(day + timedelta(days=1), calendar))
