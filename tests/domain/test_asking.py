"""When the first response is due: the urgency's time, or half of what is left before a deadline."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.asking import AT_LEAST, Urgency, first_response_due
from bot.domain.business_time import BusinessCalendar
from bot.domain.question import Targets

CALENDAR, TARGETS = BusinessCalendar(), Targets()
TOKYO = ZoneInfo("Asia/Tokyo")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


def due(asked: datetime, urgency: Urgency = Urgency.WEEK, needed_on: date | None = None) -> datetime:
    return first_response_due(asked, urgency, needed_on, TARGETS, CALENDAR)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (at(24, 10), at(24, 15)),
        (at(24, 8), at(24, 13, 30)),
        (at(24, 12, 30), at(24, 17)),
        (at(24, 16), at(25, 11, 15)),
        (at(27, 17), at(30, 13, 15)),
        (at(21, 12), at(24, 13, 30)),  # Saturday; Monday is a national holiday
    ],
)
def test_within_the_week_means_four_hours_of_business(asked: datetime, expected: datetime) -> None:
    assert due(asked) == expected


@pytest.mark.parametrize(
    ("urgency", "expected"),
    [(Urgency.TODAY, at(24, 12)), (Urgency.WEEK, at(24, 15)), (Urgency.NONE, at(25, 10))],
)
def test_the_urgency_says_how_soon(urgency: Urgency, expected: datetime) -> None:
    assert due(at(24, 10), urgency) == expected


@pytest.mark.parametrize(
    ("asked", "urgency", "needed_on", "expected"),
    [
        # 10:00 to 17:15 without lunch is 6 h 15; half of it 3 h 07:30
        (at(24, 10), Urgency.WEEK, date(2026, 11, 24), at(24, 14, 7) + timedelta(seconds=30)),
        (at(24, 10), Urgency.NONE, date(2026, 11, 25), at(25, 9, 15)),
        (at(24, 10), Urgency.TODAY, date(2026, 11, 24), at(24, 12)),  # two hours come first
        (at(24, 17), Urgency.WEEK, date(2026, 11, 24), at(25, 8, 45)),  # half an hour is the least
        (at(24, 19), Urgency.WEEK, date(2026, 11, 24), at(25, 9)),
        (at(24, 10), Urgency.WEEK, date(2026, 11, 20), at(24, 15)),  # over already
        (at(24, 10), Urgency.WEEK, date(2027, 3, 31), at(24, 15)),
    ],
)
def test_a_deadline_leaves_half_of_the_time_before_it_to_go_on(
    asked: datetime, urgency: Urgency, needed_on: date, expected: datetime
) -> None:
    assert due(asked, urgency, needed_on) == expected


@given(
    minutes=st.integers(0, 60 * 24 * 30),
    urgency=st.sampled_from(Urgency),
    days=st.none() | st.integers(-5, 40),
)
def test_nobody_gets_less_than_half_an_hour_and_a_deadline_never_makes_it_later(
    minutes: int, urgency: Urgency, days: int | None
) -> None:
    asked = at(2, 0) + timedelta(minutes=minutes)
    needed = None if days is None else asked.date() + timedelta(days=days)
    found = due(asked, urgency, needed)
    assert CALENDAR.elapsed(asked, found) >= AT_LEAST
    assert found <= due(asked, urgency)


@pytest.mark.parametrize("far", [date(2030, 1, 7), date(9999, 12, 31)])
def test_a_day_in_the_far_future_says_nothing(far: date) -> None:
    """Counting the business time until the year 9999 would take a quarter of an hour, in the only writer."""
    assert due(at(24, 10), needed_on=far) == due(at(24, 10))
