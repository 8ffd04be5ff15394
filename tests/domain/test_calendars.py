"""How a turn of duty is shown in a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_time import BusinessCalendar
from bot.domain.calendars import Daily, Event, as_turn, on_wall

TOKYO = ZoneInfo("Asia/Tokyo")
OFFICE = BusinessCalendar()


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


def turn(starts: datetime, ends: datetime) -> Event:
    return Event("duty-1@banso", 0, at(11, 1, 9), starts, ends, "当番")


def spans(events: list[Event]) -> list[tuple[str, str]]:
    def clock(moment: datetime) -> str:
        return f"{moment.astimezone(TOKYO):%m-%d %H:%M}"

    return [(clock(each.starts), clock(each.ends)) for each in events]


def test_a_week_comes_back_daily_in_the_offices_hours() -> None:
    """It ends with the last open minute, though the next turn begins on Monday."""
    (found,) = as_turn(turn(at(11, 30, 8, 30), at(12, 7, 8, 30)), OFFICE)
    assert spans([found]) == [("11-30 08:30", "11-30 17:15")]
    assert found.daily == Daily(date(2026, 12, 4), ())


def test_holidays_within_are_left_out() -> None:
    """11/23 is a holiday, so the week begins on Tuesday; 12/29 to 1/3 is closed, and 1/11 is a holiday."""
    (found,) = as_turn(turn(at(11, 23, 8, 30), at(11, 30, 8, 30)), OFFICE)
    assert (spans([found])[0][0], found.daily) == ("11-24 08:30", Daily(date(2026, 11, 27), ()))
    (found,) = as_turn(turn(at(12, 28, 8, 30), at(1, 5, 8, 30, year=2027)), OFFICE)
    assert found.daily is not None
    assert found.daily.last == date(2027, 1, 4)
    assert len(found.daily.without) == 6


def test_one_day_is_one_plain_event() -> None:
    (found,) = as_turn(turn(at(11, 24, 9), at(11, 24, 17)), OFFICE)
    assert spans([found]) == [("11-24 09:00", "11-24 17:00")]
    assert found.daily is None


def test_a_turn_up_to_the_next_hand_off_is_that_day_alone() -> None:
    (found,) = as_turn(turn(at(11, 24, 8, 30), at(11, 25, 8, 30)), OFFICE)
    assert spans([found]) == [("11-24 08:30", "11-24 17:15")]


def test_a_first_and_a_last_day_that_are_not_whole_stand_for_those_days() -> None:
    whole, first, last = as_turn(turn(at(11, 24, 13), at(11, 26, 12)), OFFICE)
    assert spans([whole, first, last]) == [
        ("11-24 08:30", "11-24 17:15"),
        ("11-24 13:00", "11-24 17:15"),
        ("11-26 08:30", "11-26 12:00"),
    ]
    assert (first.instead_of, last.instead_of) == (at(11, 24, 8, 30), at(11, 26, 8, 30))
    assert whole.daily == Daily(date(2026, 11, 26), ())
    assert {each.uid for each in (whole, first, last)} == {"duty-1@banso"}


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (at(11, 24, 18), at(11, 24, 20)),
        (at(11, 28, 9), at(11, 28, 17)),
        (at(11, 24, 12), at(11, 24, 13)),
    ],
    ids=["evening", "Saturday", "lunch"],
)
def test_what_lies_outside_of_all_hours_is_shown_as_it_is(starts: datetime, ends: datetime) -> None:
    given_ = turn(starts, ends)
    assert as_turn(given_, OFFICE) == [given_]


def test_another_zone_with_another_offset_in_summer() -> None:
    office = BusinessCalendar("Europe/Berlin", time(9), time(17), None)
    berlin = ZoneInfo("Europe/Berlin")
    starts = datetime(2026, 3, 27, 9, tzinfo=berlin).astimezone(UTC)
    (found,) = as_turn(turn(starts, datetime(2026, 4, 1, 8, tzinfo=berlin).astimezone(UTC)), office)
    assert found.daily == Daily(date(2026, 3, 31), (date(2026, 3, 28), date(2026, 3, 29)))
    assert found.starts == datetime(2026, 3, 27, 8, tzinfo=UTC)


@given(st.integers(0, 730 * 24 * 60), st.integers(1, 21 * 24 * 60), st.integers(0, 3))
def test_what_is_shown_is_the_open_time_of_the_turn(begins_after: int, minutes: int, closed: int) -> None:
    """Added up over its days a turn is shown with all its open time and with no closed day."""
    begins = at(4, 1, 0) + timedelta(minutes=begins_after)
    extra = frozenset({begins.date() + timedelta(days=closed)})
    office = BusinessCalendar(lunch=None, closures=extra)
    ends = begins + timedelta(minutes=minutes)
    shown = as_turn(turn(begins, ends), office)
    open_time = office.elapsed(begins, ends)
    if not open_time:
        assert shown == [turn(begins, ends)]
        return
    parts = {each.instead_of: each for each in shown if each.instead_of is not None}
    whole = shown[0]
    total = timedelta(0)
    for day in days(whole):
        usual = on_wall(day, whole.starts.astimezone(TOKYO).time(), "Asia/Tokyo")
        assert office.is_business_day(day)
        part = parts.pop(usual, None)
        total += (part.ends - part.starts) if part is not None else whole.ends - whole.starts
    assert not parts
    assert total == open_time


def days(event: Event) -> list[date]:
    first = event.starts.astimezone(TOKYO).date()
    if event.daily is None:
        return [first]
    count = (event.daily.last - first).days + 1
    return [
        day for day in (first + timedelta(days=n) for n in range(count)) if day not in event.daily.without
    ]
