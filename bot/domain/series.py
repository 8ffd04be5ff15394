"""Series of study sessions: when they are and which number each has. Computed, never typed.

A series is planned on the wall, in dates and a time of day; what falls on a closed day is left out or shifted; what
somebody moved or cancelled is known by the date it was planned for, as RECURRENCE-ID names it (RFC 5545, 3.8.4.4).
What counts as a session, and what keeps numbers as they were, is docs/decisions/0024-numbers-of-sessions.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday

from bot.domain.business_time import BusinessCalendar

_ONE_DAY = timedelta(days=1)
_FARTHEST = 60
"""Days by which a session is shifted at most: an office that is closed for longer is closed."""
_MISSES = 60
"""So many planned dates without a session, and there will be none: over a year of weeks."""


class Every(StrEnum):
    """How a series goes on. `MONTH_DAY`: on the same day of each month; `MONTH_WEEKDAY`: on the same weekday of the same
    week of each month, such as the second Friday."""

    ONCE = "once"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH_DAY = "month_day"
    MONTH_WEEKDAY = "month_weekday"


class OnClosed(StrEnum):
    """What becomes of a date on which the offices are closed."""

    SKIP = "skip"
    BEFORE = "before"
    AFTER = "after"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Plan:
    """When a series is planned. `first` and `clock` are on the wall of the workspace's zone. It ends with its last date not
    after `until`, or after so many sessions (`times`), or never; its first session has `first_number`."""

    first: date
    clock: time
    minutes: int
    every: Every = Every.WEEK
    until: date | None = None
    times: int | None = None
    on_closed: OnClosed = OnClosed.SKIP
    first_number: int = 1


@dataclass(frozen=True, slots=True)
class Session:
    """One session, planned for the date `on`; from `starts` to `ends` (aware UTC). A cancelled one keeps its number."""

    on: date
    number: int
    starts: datetime
    ends: datetime
    cancelled: bool = False
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody changed of the session planned for `on`: its time (aware UTC; None: as planned), or it is cancelled."""

    on: date
    starts: datetime | None = None
    ends: datetime | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """How far numbers are given for good: the planned date of the last such session, and its number."""

    on: date
    number: int


def rule(plan: Plan) -> rrule:
    """The dates of a plan as a rule of RFC 5545, without its time of day and without `times`, which counts sessions and not
    dates. A month that is too short has its last day; the fifth Friday is the last one, since each month has one."""
    start = datetime.combine(plan.first, time())
    until = datetime.combine(plan.until, time()) if plan.until is not None else None
    if plan.every is Every.ONCE:
        return rrule(DAILY, dtstart=start, count=1)
    if plan.every is Every.MONTH_DAY:
        day = plan.first.day
        if day <= 28:
            return rrule(MONTHLY, dtstart=start, until=until, bymonthday=day)
        return rrule(MONTHLY, dtstart=start, until=until, bymonthday=tuple(range(28, day + 1)), bysetpos=-1)
    if plan.every is Every.MONTH_WEEKDAY:
        day_of_week = weekday(plan.first.weekday(), week_of_month(plan.first))
        return rrule(MONTHLY, dtstart=start, until=until, byweekday=day_of_week)
    return rrule(WEEKLY, dtstart=start, until=until, interval=1 if plan.every is Every.WEEK else 2)


def week_of_month(day: date) -> int:
    """Which of its weekdays in the month a date is, 1 to 4; -1 for a fifth, which is the last."""
    week = (day.day + 6) // 7
    return week if week < 5 else -1


def sessions(
    plan: Plan, calendar: BusinessCalendar, changes: Iterable[Change] = (), mark: Mark | None = None
) -> Iterator[Session]:
    """The sessions after the mark, in the order of their planned dates; without end if the plan has none.

    A date that would be shifted to another planned date or past it, or past `until`, is left out. What somebody changed
    stays, also if its date has been closed since.
    """
    changed = {change.on: change for change in changes}
    number = plan.first_number - 1 if mark is None else mark.number
    misses = 0
    for before, on, after in _with_neighbours(each.date() for each in rule(plan)):
        if mark is not None and on <= mark.on:
            continue
        if plan.times is not None and number >= plan.first_number - 1 + plan.times:
            return
        floor = before if mark is None or (before is not None and before > mark.on) else mark.on
        change, day = changed.get(on), _day(plan, calendar, on, floor, after)
        if day is None and change is None:
            misses += 1
            if misses == _MISSES:
                return
            continue
        number, misses = number + 1, 0
        yield _session(plan, calendar.zone, on, day or on, number, change)


def _with_neighbours(dates: Iterable[date]) -> Iterator[tuple[date | None, date, date | None]]:
    before: date | None = None
    present: date | None = None
    for following in dates:
        if present is not None:
            yield before, present, following
        before, present = present, following
    if present is not None:
        yield before, present, None


def _day(
    plan: Plan, calendar: BusinessCalendar, on: date, before: date | None, after: date | None
) -> date | None:
    """The day a planned date falls on; None: it has no session."""
    if plan.on_closed is OnClosed.HOLD or calendar.is_business_day(on):
        return on
    if plan.on_closed is OnClosed.SKIP:
        return None
    back = plan.on_closed is OnClosed.BEFORE
    step = -_ONE_DAY if back else _ONE_DAY
    day = on
    for _ in range(_FARTHEST):
        day += step
        too_far = (before is not None and day <= before) if back else (after is not None and day >= after)
        if too_far or (plan.until is not None and plan.every is not Every.ONCE and day > plan.until):
            return None
        if calendar.is_business_day(day):
            return day
    return None


def _session(plan: Plan, zone: str, on: date, day: date, number: int, change: Change | None) -> Session:
    starts = moment(day, plan.clock, zone)
    planned = Session(on, number, starts, starts + timedelta(minutes=plan.minutes))
    if change is None:
        return planned
    if change.starts is None or change.ends is None:
        return Session(on, number, planned.starts, planned.ends, change.cancelled)
    return Session(on, number, change.starts, change.ends, change.cancelled, moved=True)


def moment(day: date, clock: time, zone: str) -> datetime:
    """A time on the wall as a moment (aware UTC). One that the wall skips is read by the offset before, one that it shows
    twice is the first (RFC 5545, 3.3.5)."""
    return datetime.combine(day, clock.replace(fold=0), ZoneInfo(zone)).astimezone(UTC)


def begun(found: Iterable[Session], now: datetime) -> list[Session]:
    """Those whose number is given for good: all up to the last that has begun. `found` in the order of planned dates."""
    gathered: list[Session] = []
    last = 0
    for session in takewhile(lambda each: each.starts <= now or each.moved, found):
        gathered.append(session)
        last = len(gathered) if session.starts <= now else last
    return gathered[:last]


def left_out(plan: Plan, found: Sequence[Session], since: date) -> list[date]:
    """The planned dates from `since` up to the last of these sessions on which there is none."""
    if not found:
        return []
    there, last = {session.on for session in found}, found[-1].on
    dates = takewhile(lambda day: day <= last, (each.date() for each in rule(plan)))
    return [day for day in dates if day >= since and day not in there]


def neighbours(found: Sequence[Session], index: int) -> tuple[Session | None, Session | None]:
    """The session before one and the one after it."""
    before = found[index - 1] if index > 0 else None
    return before, found[index + 1] if index + 1 < len(found) else None


def in_order(found: Sequence[Session], index: int) -> bool:
    """Whether a session begins between its neighbours: then numbers are in the order of time."""
    before, after = neighbours(found, index)
    starts = found[index].starts
    return (before is None or before.starts < starts) and (after is None or starts < after.starts)


def fitting(
    plan: Plan, calendar: BusinessCalendar, changes: Sequence[Change], mark: Mark | None
) -> list[Change]:
    """The changes of single sessions that still have their place under a plan: their date is planned, and what was moved
    still lies between its neighbours."""
    kept = list(changes)
    while kept:
        last = max(change.on for change in kept)
        found = list(_past(sessions(plan, calendar, kept, mark), last))
        lost = {change.on for change in kept} - {session.on for session in found}
        lost |= {each.on for index, each in enumerate(found) if each.moved and not in_order(found, index)}
        if not lost:
            return kept
        kept = [change for change in kept if change.on not in lost]
    return kept


def _past(found: Iterable[Session], day: date) -> Iterator[Session]:
    """These up to the first that is planned after a day, that one included."""
    for session in found:
        yield session
        if session.on > day:
            return


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of the session with a number: one of both is None where there is none."""

    number: int
    before: Session | None
    after: Session | None


def compare(before: Sequence[Session], after: Sequence[Session]) -> list[Difference]:
    """What a change does to the sessions to come, by their numbers."""
    old: Mapping[int, Session] = {session.number: session for session in before}
    new: Mapping[int, Session] = {session.number: session for session in after}
    return [Difference(number, old.get(number), new.get(number)) for number in sorted({*old, *new})]
