"""Rotas, people and absences for property tests, and their minutes counted one by one, as slowly and plainly as can be.

Times are quarters of an hour, so that a fortnight can be looked at whole.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.business_time import BusinessCalendar
from bot.domain.rota import Absence, Handoff, Rota, RotaMember, Turn

QUARTER = timedelta(minutes=15)
ZONES = ["Asia/Tokyo", "Europe/London", "America/New_York"]
PEOPLE = [f"T{n}" for n in range(7)]
DAYS = st.dates(date(2026, 3, 16), date(2027, 5, 10))
CALENDARS = st.builds(
    BusinessCalendar,
    zone=st.sampled_from(ZONES),
    lunch=st.sampled_from([None, (time(12), time(13))]),
    yearly_closures=st.frozensets(st.sampled_from(["01-04", "04-30", "11-02", "12-28"])),
)
ROTAS = st.builds(
    Rota,
    id=st.just("r"),
    name=st.just("当番"),
    handoff=st.sampled_from(Handoff),
    handoff_weekday=st.integers(0, 6),
    seats=st.integers(1, 2),
    deputies=st.integers(0, 1),
)
_HOURS = st.tuples(st.integers(28, 50), st.integers(4, 30)).map(
    lambda each: (_clock(each[0]), _clock(min(each[0] + each[1], 95)))
)
PATTERNS = st.dictionaries(st.integers(0, 4), _HOURS, max_size=5)
_MONTHLY = st.none() | st.integers(0, 160).map(lambda quarters: quarters * QUARTER)
MEMBERS = st.lists(
    st.builds(
        RotaMember,
        user_id=st.sampled_from(PEOPLE),
        name=st.just("だれか"),
        hours=PATTERNS,
        joins=st.none() | DAYS,
        leaves=st.none() | DAYS,
        contract_from=st.none() | st.just(date(2026, 4, 1)),
        contract_until=st.none() | st.just(date(2027, 3, 31)),
        monthly=_MONTHLY,
    ),
    max_size=6,
    unique_by=lambda member: member.user_id,
)


def _clock(quarters: int) -> time:
    return time(quarters // 4, quarters % 4 * 15)


def _moments(first: date) -> st.SearchStrategy[datetime]:
    start = datetime.combine(first, time(), tzinfo=UTC)
    return st.integers(-200, 2000).map(lambda quarters: start + quarters * QUARTER)


def absences(first: date) -> st.SearchStrategy[list[Absence]]:
    """Some, from a few hours to three weeks, around a day."""
    return st.lists(
        st.builds(
            lambda user, starts, quarters: Absence(user, starts, starts + quarters * QUARTER),
            st.sampled_from(PEOPLE),
            _moments(first),
            st.integers(1, 2000),
        ),
        max_size=4,
    )


def turns(first: date, *, deputy: bool = False) -> st.SearchStrategy[list[Turn]]:
    """Some put in by hand."""
    return st.lists(
        st.builds(
            lambda user, starts, quarters: Turn(user, starts, starts + quarters * QUARTER, deputy),
            st.sampled_from(PEOPLE),
            _moments(first),
            st.integers(4, 400),
        ),
        max_size=3,
    )


def open_quarters(calendar: BusinessCalendar, first: date, last: date) -> list[datetime]:
    """When each open quarter of an hour of these days begins."""
    return [
        starts + number * QUARTER
        for starts, ends in calendar.open_spans(first, last)
        for number in range((ends - starts) // QUARTER)
    ]


def working(
    member: RotaMember, away: Iterable[Absence], calendar: BusinessCalendar, there: Sequence[datetime]
) -> set[datetime]:
    """The quarters of an hour of these in which somebody works."""
    mine = [each for each in away if each.user_id == member.user_id]
    return {
        at
        for at in there
        if _in_hours(member, at.astimezone(ZoneInfo(calendar.zone)))
        and not any(each.starts <= at < each.ends for each in mine)
    }


def _in_hours(member: RotaMember, local: datetime) -> bool:
    if not member.serves_on(local.date()):
        return False
    if not member.hours:
        return True
    starts, ends = member.hours.get(local.weekday(), (time.max, time.max))
    return starts <= local.time() < ends


def held(
    found: Iterable[Turn], there: Sequence[datetime], *, deputy: bool = False
) -> dict[datetime, list[str]]:
    """Who is on duty, or stands by, in each of these quarters; once for each of their turns."""
    who: dict[datetime, list[str]] = {at: [] for at in there}
    for turn in found:
        if turn.deputy is deputy:
            for at in there[bisect_left(there, turn.starts) : bisect_left(there, turn.ends)]:
                who[at].append(turn.user_id)
    return who
