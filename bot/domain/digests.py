"""The digests of a week: when each is due, which one was missed, and how the choices are kept. Pure.

A week is called by its Monday. Each digest is made at most once a week, and a change of its day or hour counts from then on:
what lies before it is not made up for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.business_time import BusinessCalendar

AFTER_OPENING = timedelta(minutes=30)
LATE = timedelta(hours=1)
"""What comes more than so long after its moment says so (docs/decisions/0031-quiet-mornings.md)."""
LONGEST = timedelta(days=35)
"""A digest tells of so long at most, however long none could be sent."""
_WEEK, _SEARCHED = timedelta(days=7), 9
WEEKDAYS = "月火水木金"


class Digest(StrEnum):
    """What is to come this week, the week's summary for everybody, and the coordinators' own."""

    WEEK = "week"
    PUBLIC = "public"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Plan:
    """When a digest comes: `day` counts from Monday (0) to Friday, `clock` is the time on the wall, None half an hour after
    the offices open."""

    on: bool = True
    day: int = 0
    clock: time | None = None


USUAL: Mapping[Digest, Plan] = {
    Digest.WEEK: Plan(),
    Digest.PUBLIC: Plan(day=4, clock=time(16)),
    Digest.OFFICE: Plan(day=4, clock=time(16)),
}


@dataclass(frozen=True, slots=True)
class Plans:
    """All choices of a prefecture. `channel` is where the public one stands ("": the first place where people ask), `chart`
    whether it has one; `changed` is since when a plan holds (aware UTC)."""

    of: Mapping[Digest, Plan] = field(default_factory=lambda: dict(USUAL))
    channel: str = ""
    chart: bool = True
    changed: Mapping[Digest, datetime] = field(default_factory=dict)


def read(kept: Any) -> Plans:
    """The choices as they are kept; what cannot be read is as usual."""
    raw = kept if isinstance(kept, Mapping) else {}
    plans, changed = dict(USUAL), {}
    for digest in Digest:
        own = raw.get(digest.value)
        if isinstance(own, Mapping):
            plans[digest] = _plan(own, USUAL[digest])
            if (since := _moment(own.get("since"))) is not None:
                changed[digest] = since
    return Plans(plans, str(raw.get("channel") or ""), raw.get("chart") is not False, changed)


def _plan(own: Mapping[str, Any], usual: Plan) -> Plan:
    kept = own.get("day")
    day = kept if type(kept) is int and 0 <= kept < len(WEEKDAYS) else usual.day
    return Plan(own.get("on") is not False, day, clock_of(own.get("at"), usual.clock))


def clock_of(text: Any, usual: time | None) -> time | None:
    """A time of day as it is kept or chosen (`16:00`; "": after the opening)."""
    try:
        return None if text == "" else time.fromisoformat(text)
    except (TypeError, ValueError):
        return usual


def _moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None


def written(plans: Plans) -> dict[str, Any]:
    """The choices as `read` takes them."""
    found: dict[str, Any] = {"channel": plans.channel, "chart": plans.chart}
    for digest, plan in plans.of.items():
        since = plans.changed.get(digest)
        found[digest.value] = {
            "on": plan.on,
            "day": plan.day,
            "at": f"{plan.clock:%H:%M}" if plan.clock is not None else "",
            **({"since": since.isoformat()} if since is not None else {}),
        }
    return found


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def open_days(calendar: BusinessCalendar, monday: date) -> list[date]:
    """The days of a week on which the offices are open."""
    days = (monday + timedelta(days=n) for n in range(7))
    return [day for day in days if calendar.is_business_day(day)]


def moment(digest: Digest, plan: Plan, calendar: BusinessCalendar, monday: date) -> datetime | None:
    """When a digest of a week is due (aware UTC); None when the offices are closed all week. What tells of days to come
    moves from a closed day to the next open one, what looks back to the last one before it; where the week has none there,
    to the nearest on the other side."""
    wanted, days = monday + timedelta(days=plan.day), open_days(calendar, monday)
    if not days:
        return None
    before, after = [d for d in reversed(days) if d <= wanted], [d for d in days if d >= wanted]
    day = [*after, *before][0] if digest is Digest.WEEK else [*before, *after][0]
    zone = ZoneInfo(calendar.zone)
    if plan.clock is not None:
        return datetime.combine(day, plan.clock, zone).astimezone(UTC)
    return datetime.combine(day, calendar.opens, zone).astimezone(UTC) + AFTER_OPENING


@dataclass(frozen=True, slots=True)
class Missed:
    """A digest that is to be made: of which week, and when it was due."""

    monday: date
    at: datetime


def missed(
    digest: Digest,
    plan: Plan,
    calendar: BusinessCalendar,
    now: datetime,
    since: datetime,
    done: Collection[date],
) -> Missed | None:
    """The last digest whose moment has come, if it was not made and the plan held by then (`since`). Of several that were
    missed only the last is made. What was to come in a week that is over is no news."""
    monday = monday_of(calendar.day_of(now))
    weeks = [monday] if digest is Digest.WEEK else [monday - n * _WEEK for n in range(_SEARCHED)]
    for week in weeks:
        at = moment(digest, plan, calendar, week)
        if at is not None and at <= now:
            return Missed(week, at) if at > since and week not in done else None
    return None


def following(
    digest: Digest, plan: Plan, calendar: BusinessCalendar, now: datetime, done: Collection[date] = ()
) -> datetime | None:
    """When the next one is due, later than `now`, in a week that has none yet; None when there is no open day for long."""
    for week in _weeks(calendar, now):
        at = moment(digest, plan, calendar, week)
        if at is not None and at > now and week not in done:
            return at
    return None


def _weeks(calendar: BusinessCalendar, now: datetime) -> Iterator[date]:
    monday = monday_of(calendar.day_of(now))
    return (monday + n * _WEEK for n in range(_SEARCHED))


def tells_since(at: datetime, last: datetime) -> datetime:
    """From when on a digest that was due at a moment tells: since the last one, or since there could be one; at most for
    `LONGEST`."""
    return at - _WEEK if last >= at else max(last, at - LONGEST)


def days_told(calendar: BusinessCalendar, since: datetime, until: datetime) -> tuple[date, date]:
    """The days a digest is called by: the first open one of which it tells more than the evening, and its own."""
    last, day = calendar.day_of(until), calendar.day_of(since + timedelta(hours=12))
    while day < last and not calendar.is_business_day(day):
        day += timedelta(days=1)
    return min(day, last), last
