"""Business time by tables of real dates, and properties that hold for every moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_time import (
    BusinessCalendar,
    is_national_holiday,
    next_working_time,
)

TOKYO = ZoneInfo("Asia/Tokyo")
CALENDAR = BusinessCalendar()
HOUR, MINUTE, DAY, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1), timedelta(seconds=1)


def at(text: str) -> datetime:
    """Read "2026-11-24 10:00" as Tokyo time, in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=TOKYO).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "is_business"),
    [
        ("2026-11-24", True),  # Tuesday
        ("2026-11-23", False),  # 勤労感謝の日
        ("2026-11-21", False),  # Saturday
        ("2026-11-22", False),  # Sunday
        ("2026-05-06", False),  # 振替休日
        ("2026-09-22", False),  # 国民の休日 between 敬老の日 and 秋分の日
        ("2026-12-28", True),
        ("2026-12-29", False),
        ("2026-12-31", False),
        ("2027-01-01", False),
        ("2029-01-03", False),  # a Wednesday
        ("2027-01-04", True),
    ],
)
def test_business_days_leave_out_weekends_holidays_and_the_new_year(day: str, is_business: bool) -> None:
    assert CALENDAR.is_business_day(date.fromisoformat(day)) is is_business


def test_a_body_closes_on_days_of_its_own() -> None:
    calendar = BusinessCalendar(
        closures=frozenset({date(2026, 11, 25)}), yearly_closures=frozenset({"06-01"})
    )
    assert not calendar.is_business_day(date(2026, 11, 25))
    assert not calendar.is_business_day(date(2026, 6, 1))
    assert not calendar.is_business_day(date(2027, 6, 1))
    assert calendar.is_business_day(date(2027, 11, 25))


@pytest.mark.parametrize(
    ("now", "is_open", "opens"),
    [
        ("2026-11-24 08:29", False, "2026-11-24 08:30"),
        ("2026-11-24 08:30", True, "2026-11-24 08:30"),
        ("2026-11-24 11:59", True, "2026-11-24 11:59"),
        ("2026-11-24 12:00", False, "2026-11-24 13:00"),
        ("2026-11-24 13:00", True, "2026-11-24 13:00"),
        ("2026-11-24 17:14", True, "2026-11-24 17:14"),
        ("2026-11-24 17:15", False, "2026-11-25 08:30"),
        ("2026-11-20 17:15", False, "2026-11-24 08:30"),  # over a long weekend
        ("2026-12-28 18:00", False, "2027-01-04 08:30"),
    ],
)
def test_the_doors_open_and_close(now: str, is_open: bool, opens: str) -> None:
    assert CALENDAR.is_open(at(now)) is is_open
    assert CALENDAR.next_open(at(now)) == at(opens)


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-11-24 10:00", 0 * HOUR, "2026-11-24 10:00"),
        ("2026-11-24 10:00", 2 * HOUR, "2026-11-24 12:00"),
        ("2026-11-24 10:00", 4 * HOUR, "2026-11-24 15:00"),
        ("2026-11-24 12:30", 1 * HOUR, "2026-11-24 14:00"),
        ("2026-11-24 17:10", 2 * HOUR, "2026-11-25 10:25"),
        ("2026-11-24 16:15", 1 * HOUR, "2026-11-24 17:15"),
        ("2026-11-24 18:00", 2 * HOUR, "2026-11-25 10:30"),
        ("2026-11-20 17:00", 2 * HOUR, "2026-11-24 10:15"),
        ("2026-11-21 10:00", 0 * HOUR, "2026-11-24 08:30"),
        ("2026-12-28 16:00", 4 * HOUR, "2027-01-04 11:15"),
    ],
)
def test_a_target_counts_business_time_only(start: str, length: timedelta, end: str) -> None:
    assert CALENDAR.add(at(start), length) == at(end)


@pytest.mark.parametrize(
    ("start", "end", "length"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:00", 0 * HOUR),
        ("2026-11-24 11:00", "2026-11-24 10:00", 0 * HOUR),
        ("2026-11-24 11:30", "2026-11-24 13:30", 1 * HOUR),
        ("2026-11-24 17:00", "2026-11-25 08:45", 30 * MINUTE),
        ("2026-11-20 16:15", "2026-11-24 09:30", 2 * HOUR),
        ("2026-11-21 10:00", "2026-11-22 10:00", 0 * HOUR),
        ("2026-12-28 08:30", "2027-01-05 08:30", 2 * 7.75 * HOUR),
    ],
)
def test_elapsed_counts_business_time_only(start: str, end: str, length: timedelta) -> None:
    assert CALENDAR.elapsed(at(start), at(end)) == length


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-11-24 10:00", 0, "2026-11-24 10:00"),
        ("2026-11-24 18:00", 0, "2026-11-25 08:30"),
        ("2026-11-24 10:00", 1, "2026-11-25 10:00"),
        ("2026-11-20 10:00", 1, "2026-11-24 10:00"),
        ("2026-11-24 10:00", 3, "2026-11-27 10:00"),
        ("2026-11-24 10:00", 5, "2026-12-01 10:00"),
        ("2026-11-24 07:00", 1, "2026-11-25 08:30"),
        ("2026-11-24 12:30", 1, "2026-11-25 13:00"),
        ("2026-11-24 20:00", 1, "2026-11-25 17:15"),
        ("2026-11-21 10:00", 1, "2026-11-25 08:30"),  # a Saturday counts from the next opening
        ("2026-12-25 15:00", 2, "2027-01-04 15:00"),
    ],
)
def test_business_days_later_is_the_same_time_of_day_within_hours(start: str, n: int, end: str) -> None:
    assert CALENDAR.add_days(at(start), n) == at(end)


def test_a_business_day_is_seven_hours_and_three_quarters() -> None:
    assert CALENDAR.business_day_length == 7 * HOUR + 45 * MINUTE
    assert BusinessCalendar(opens=time(9), closes=time(17), lunch=None).business_day_length == 8 * HOUR


def test_an_office_opens_on_days_of_its_own() -> None:
    sunday, new_year = date(2027, 3, 28), date(2027, 1, 1)
    calendar = BusinessCalendar(openings=frozenset({sunday, new_year}), yearly_closures=frozenset({"03-28"}))
    assert calendar.is_open(at("2027-03-28 09:00"))
    assert calendar.next_open(at("2026-12-28 18:00")) == at("2027-01-01 08:30")
    assert calendar.add(at("2027-03-26 17:00"), HOUR) == at("2027-03-28 09:15")
    assert not BusinessCalendar(openings=frozenset({sunday}), closures=frozenset({sunday})).is_business_day(
        sunday
    )


def test_a_long_holiday_and_the_seconds_around_it() -> None:
    """The golden week of 2026: Friday 5/1, then 5/3–5/6 are holidays, 5/6 in place of Sunday's."""
    start = at("2026-05-01 17:14") + 30 * SECOND
    assert CALENDAR.add(start, 30 * SECOND) == at("2026-05-01 17:15")
    assert CALENDAR.add(start, 31 * SECOND) == at("2026-05-07 08:30") + SECOND
    assert CALENDAR.elapsed(start, at("2026-05-07 08:30") + SECOND) == 31 * SECOND
    assert CALENDAR.next_open(at("2026-05-01 17:15")) == at("2026-05-07 08:30")


def test_hours_without_lunch_run_through() -> None:
    calendar = BusinessCalendar(lunch=None)
    assert calendar.is_open(at("2026-11-24 12:30"))
    assert calendar.add(at("2026-11-24 10:00"), 4 * HOUR) == at("2026-11-24 14:00")
    assert calendar.add_days(at("2026-11-24 12:30"), 1) == at("2026-11-25 12:30")


def test_another_zone_has_its_own_hours_and_summer_time_keeps_their_length() -> None:
    berlin = BusinessCalendar(zone="Europe/Berlin")
    friday = datetime(2026, 3, 27, 15, 15, tzinfo=UTC)  # 16:15 in winter time
    assert berlin.add(friday, 2 * HOUR) == datetime(2026, 3, 30, 7, 30, tzinfo=UTC)  # 9:30 in summer time
    assert berlin.elapsed(friday, datetime(2026, 3, 30, 7, 30, tzinfo=UTC)) == 2 * HOUR


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens": time(18)},
        {"opens": time(9), "closes": time(9), "lunch": None},
        {"lunch": (time(13), time(12))},
        {"lunch": (time(17), time(18))},
        {"yearly_closures": frozenset({"6/1"})},
        {"yearly_closures": frozenset({"13-01"})},
        {"zone": "Asia/Tokio"},
        {"zone": ""},
        {"zone": "Asia"},
        {"zone": "../etc/localtime"},
        {"zone": "JST"},
    ],
)
def test_impossible_hours_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"hours out of order|MM-DD|no such zone"):
        BusinessCalendar(**wrong)  # type: ignore[arg-type]


def test_a_body_that_never_opens_is_an_error_not_an_endless_search() -> None:
    every_day = frozenset(f"{date(2028, 1, 1) + n * DAY:%m-%d}" for n in range(366))
    closed = BusinessCalendar(yearly_closures=every_day)
    assert not closed.is_open(at("2026-11-24 10:00"))
    assert closed.elapsed(at("2026-11-24 10:00"), at("2026-12-24 10:00")) == 0 * HOUR
    with pytest.raises(ValueError, match="no opening"):
        closed.next_open(at("2026-11-24 10:00"))
    with pytest.raises(ValueError, match="no opening"):
        closed.add(at("2026-11-24 10:00"), HOUR)
    with pytest.raises(ValueError, match="no opening"):
        closed.add_days(at("2026-11-24 10:00"), 1)
    assert next_working_time(closed, {1: (time(9), time(17))}, at("2026-11-24 10:00")) is None


def test_time_is_not_added_backwards_and_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="backwards"):
        CALENDAR.add(at("2026-11-24 10:00"), -MINUTE)
    with pytest.raises(ValueError, match="backwards"):
        CALENDAR.add_days(at("2026-11-24 10:00"), -1)
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.is_open(datetime(2026, 11, 24, 10))  # noqa: DTZ001


def test_substitute_and_sandwiched_days_are_holidays() -> None:
    days = [date(2026, 9, 21), date(2026, 9, 22), date(2026, 9, 23), date(2026, 9, 24), date(2026, 11, 23)]
    assert [is_national_holiday(day) for day in days] == [True, True, True, False, True]


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
lengths = st.integers(0, 60 * 60 * 40).map(lambda seconds: timedelta(seconds=seconds))
calendars = st.builds(
    BusinessCalendar,
    lunch=st.sampled_from([None, (time(12), time(13))]),
    closures=st.frozensets(st.dates(date(2024, 1, 1), date(2030, 12, 31)), max_size=4),
    yearly_closures=st.frozensets(st.sampled_from(["06-01", "10-10", "08-13"])),
    openings=st.frozensets(
        st.dates(date(2024, 1, 1), date(2030, 12, 31))
        | st.sampled_from([date(2027, 1, 1), date(2026, 12, 29)]),
        max_size=4,
    ),
)


@given(calendars, moments, lengths)
def test_what_was_added_has_elapsed(calendar: BusinessCalendar, start: datetime, length: timedelta) -> None:
    assert calendar.elapsed(start, calendar.add(start, length)) == length


@given(calendars, moments, lengths)
def test_what_is_added_never_ends_in_a_closed_minute(
    calendar: BusinessCalendar, start: datetime, length: timedelta
) -> None:
    end = calendar.add(start, length)
    assert calendar.is_open(end) if not length else calendar.is_open(end - SECOND)


@given(calendars, moments, lengths)
def test_the_time_between_is_the_open_seconds(
    calendar: BusinessCalendar, start: datetime, length: timedelta
) -> None:
    """Against another way to say it: every quarter of an hour is open or not (hours begin and end on quarters)."""
    quarter = 15 * MINUTE
    start = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    steps = min(length // quarter, 40) + 1
    opened = sum((quarter for n in range(steps) if calendar.is_open(start + n * quarter)), timedelta(0))
    assert calendar.elapsed(start, start + steps * quarter) == opened


@given(calendars, st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_own_closures_beat_own_openings_and_these_beat_all_else(
    calendar: BusinessCalendar, day: date
) -> None:
    usual = BusinessCalendar(yearly_closures=calendar.yearly_closures)
    own = day not in calendar.closures and (day in calendar.openings or usual.is_business_day(day))
    assert calendar.is_business_day(day) is own
    for closed in calendar.closures:
        assert not calendar.is_business_day(closed)
    for opened in calendar.openings - calendar.closures:
        assert calendar.is_business_day(opened)


@given(calendars, moments, lengths, lengths)
def test_adding_twice_is_adding_the_sum(
    calendar: BusinessCalendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    if second:
        assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(calendars, moments, moments, moments)
def test_elapsed_time_adds_up(calendar: BusinessCalendar, a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = sorted([a, b, c])
    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)
    assert calendar.elapsed(a, c) <= c - a


@given(calendars, moments)
def test_the_next_opening_is_open_and_nothing_is_missed_before_it(
    calendar: BusinessCalendar, now: datetime
) -> None:
    opening = calendar.next_open(now)
    assert opening >= now
    assert calendar.is_open(opening)
    assert calendar.elapsed(now, opening) == timedelta(0)
    assert calendar.is_open(now) is (opening == now)


@given(calendars, moments)
def test_the_opening_after_now_is_never_now(calendar: BusinessCalendar, now: datetime) -> None:
    opening = calendar.next_opening(now)
    assert opening > now
    assert calendar.is_open(opening)
    if not calendar.is_open(now):
        assert opening == calendar.next_open(now)
    assert calendar.next_opening(opening) > opening


@given(calendars, moments, moments, st.integers(1, 15))
def test_later_starts_never_end_earlier(
    calendar: BusinessCalendar, one: datetime, other: datetime, n: int
) -> None:
    earlier, later = sorted([one, other])
    assert calendar.add_days(earlier, n) <= calendar.add_days(later, n)
    assert calendar.add_days(earlier, n) > earlier
    assert calendar.add(earlier, n * HOUR) <= calendar.add(later, n * HOUR)
