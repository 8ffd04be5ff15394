"""What people take into their own calendars: events that keep their names, and how a turn of duty is shown there.

An event keeps its `uid` as long as it is the same thing to people; its `sequence` rises with each change, by which a
calendar knows the newer one (RFC 5545, 3.8.4.7 and 3.8.7.4). Which is which is docs/decisions/0033-calendars.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.business_time import BusinessCalendar

KEPT = timedelta(days=31)
"""So long what is over or cancelled stays in a calendar: calendars that read seldom hear of it too."""
_ONE_DAY, _NONE = timedelta(days=1), timedelta(0)
_LONGEST = 400
"""Days of a turn that are looked at: none is as long."""


@dataclass(frozen=True, slots=True)
class Daily:
    """An event comes back each day at the same time on the wall, up to the date `last`, but not on the dates `without`."""

    last: date
    without: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One event, from `starts` to `ends` (aware UTC), as it is since `changed_at`. `busy`: nothing else fits beside it.
    `daily`: it comes back; `instead_of`: it stands for the one of those days that would begin then."""

    uid: str
    sequence: int
    changed_at: datetime
    starts: datetime
    ends: datetime
    title: str
    description: str = ""
    place: str = ""
    link: str = ""
    cancelled: bool = False
    busy: bool = False
    daily: Daily | None = None
    instead_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Events on the wall of a zone; `name` is what the calendar calls itself."""

    name: str
    zone: str
    events: tuple[Event, ...] = ()


def as_turn(event: Event, office: BusinessCalendar) -> list[Event]:
    """A turn of duty as a calendar shows it: in the office's hours of each open day from its start to its end, as one event
    that comes back daily. A first or last day that is not whole stands for the one of that day. What lies outside of all
    hours is shown as it is."""
    days = list(_open_days(event.starts, event.ends, office))
    if not days:
        return [event]
    first, last = days[0], days[-1]
    if first is last:
        return [replace(event, starts=first.starts, ends=first.ends)]
    there = {each.day for each in days}
    closed = tuple(each for each in _dates(first.day, last.day) if each not in there)
    opens, closes = _hours(first.day, office)
    whole = replace(event, starts=opens, ends=closes, daily=Daily(last.day, closed))
    parts = []
    for each in days:
        hours = _hours(each.day, office)
        if (each.starts, each.ends) != hours:
            parts.append(replace(event, starts=each.starts, ends=each.ends, instead_of=hours[0]))
    return [whole, *parts]


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a turn lies in one day's hours."""

    day: date
    starts: datetime
    ends: datetime


def _open_days(starts: datetime, ends: datetime, office: BusinessCalendar) -> Iterator[_Part]:
    """The days of a turn that have an open minute of it; lunch alone is none."""
    for day in _dates(office.day_of(starts), office.day_of(ends)):
        if not office.is_business_day(day):
            continue
        opens, closes = _hours(day, office)
        begins, stops = max(starts, opens), min(ends, closes)
        if begins < stops and office.elapsed(begins, stops) > _NONE:
            yield _Part(day, begins, stops)


def _dates(first: date, last: date) -> Iterator[date]:
    for number in range(min((last - first).days, _LONGEST) + 1):
        yield first + number * _ONE_DAY


def _hours(day: date, office: BusinessCalendar) -> tuple[datetime, datetime]:
    return on_wall(day, office.opens, office.zone), on_wall(day, office.closes, office.zone)


def on_wall(day: date, clock: time, zone: str) -> datetime:
    """A time on the wall as a moment (aware UTC)."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)
