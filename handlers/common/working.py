"""When somebody works: an adviser by their own hours, everybody else when the offices are open.

Nobody is rung outside these (docs/decisions/0031-quiet-mornings.md).
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
from storage import talents, workspace
from storage.database import Transaction
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


def at_work(tx: Transaction, user: str, at: datetime) -> datetime:
    """A moment when somebody works, else when they next begin."""
    calendar, talent = calendar_of(workspace.workspace(tx)), talents.talent(tx, user)
    hours = talent.working_hours if talent is not None else ""
    minute = at.replace(second=0, microsecond=0)
    found = next_by_hours(calendar, hours, minute)
    if found is None:
        return calendar.next_open(at)
    return at if found <= minute else found


def next_morning(tx: Transaction, user: str, at: datetime) -> datetime:
    """When somebody begins their next working day, later than a moment."""
    calendar = calendar_of(workspace.workspace(tx))
    day = calendar.day_of(at)
    first = at_work(tx, user, begins(day, calendar))
    return first if first > at else at_work(tx, user, begins(day + timedelta(days=1), calendar))
