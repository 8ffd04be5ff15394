"""A person's working hours, read from what people write, on the days their body is open."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_time import (
    BusinessCalendar,
    UnreadableHours,
    next_working_time,
    parse_working_hours,
)

TOKYO = ZoneInfo("Asia/Tokyo")
CALENDAR = BusinessCalendar()


def at(text: str) -> datetime:
    """Read "2026-11-24 10:00" as Tokyo time, in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=TOKYO).astimezone(UTC)


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TUE_THU = {1: (time(9), time(17)), 3: (time(9), time(17))}


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("火・木 9:00-17:00", TUE_THU),
        ("火木9:00〜17:00", TUE_THU),
        ("火曜日、木曜日 9時から17時まで", TUE_THU),
        ("火・木 ９：００－１７：００", TUE_THU),
        ("木・火 9:00ー17:00", TUE_THU),
        ("火 9:00-17:00、木 9:00-17:00", TUE_THU),
        ("火 9:00-17:00\n木 9:00-17:00\n", TUE_THU),
        ("木 10:00-16:00", {3: (time(10), time(16))}),
        ("月〜水 9時半〜12時15分", dict.fromkeys(range(3), (time(9, 30), time(12, 15)))),
        ("月-水 9:30-12:15", dict.fromkeys(range(3), (time(9, 30), time(12, 15)))),
        ("平日 8:30-17:15", dict.fromkeys(range(5), (time(8, 30), time(17, 15)))),
        ("毎日 0:00-23:59", dict.fromkeys(range(7), (time(0), time(23, 59)))),
        ("土日 9:00-12:00", {5: (time(9), time(12)), 6: (time(9), time(12))}),
        ("月・水・金 8:30-17:15", dict.fromkeys((0, 2, 4), (time(8, 30), time(17, 15)))),
        ("火・金 13:00-17:00", dict.fromkeys((1, 4), (time(13), time(17)))),
        ("火・木 午前", dict.fromkeys((1, 3), (time(8, 30), time(12)))),
        ("月午後、水 9:00-17:00", {0: (time(13), time(17, 15)), 2: (time(9), time(17))}),
    ],
)
def test_working_hours_are_read_as_people_write_them(text: str, hours: dict[int, tuple[time, time]]) -> None:
    assert parse_working_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("", "空欄"),
        ("  ", "空欄"),
        ("いつでも", "いつでも"),
        ("9:00-17:00", "9:00"),
        ("火 17:00-9:00", "終わりが始まりより前"),
        ("火 9:00-9:00", "終わりが始まりより前"),
        ("火 9:00-25:00", "25:00"),
        ("火 9:00-12:60", "12:60"),
        ("火 9:00-12:00、火 13:00-17:00", "二度"),
        ("火・火 9:00-12:00", "二度"),
        ("火・木 9:00-17:00 金", "金"),
        ("金〜月 9:00-10:00", "金~月"),
        ("月〜〜水 9:00-10:00", "月"),
        ("火 9:00", "火"),
        ("火", "火"),
        ("火 午前9:00-12:00", "火 午前9"),
        ("午前", "午前"),
    ],
)
def test_what_cannot_be_read_is_named_in_a_kind_sentence(text: str, unread: str) -> None:
    with pytest.raises(ValueError, match="火・木 9:00-17:00") as raised:
        parse_working_hours(text)
    assert isinstance(raised.value, UnreadableHours)
    assert unread in raised.value.sentence.partition("読めないところ:")[2]


@given(st.text(alphabet="月火金土日曜毎平午前後09:-〜時半分から・、 \n", max_size=24))
def test_any_text_is_read_or_refused_kindly(text: str) -> None:
    try:
        hours = parse_working_hours(text)
    except UnreadableHours:
        return
    assert hours
    assert all(0 <= weekday <= 6 and start < end for weekday, (start, end) in hours.items())


@pytest.mark.parametrize(
    ("now", "working"),
    [
        ("2026-11-24 08:00", "2026-11-24 09:00"),
        ("2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-24 12:30", "2026-11-24 12:30"),
        ("2026-11-24 17:00", "2026-11-26 09:00"),
        ("2026-11-27 10:00", "2026-12-01 09:00"),
        ("2026-12-24 17:00", "2027-01-05 09:00"),  # 12/29 and 12/31 are closed
    ],
)
def test_a_person_next_works_on_a_business_day_of_their_own(now: str, working: str) -> None:
    assert next_working_time(CALENDAR, TUE_THU, at(now)) == at(working)


def test_somebody_without_hours_on_business_days_has_no_next_working_time() -> None:
    assert next_working_time(CALENDAR, {}, at("2026-11-24 10:00")) is None
    assert next_working_time(CALENDAR, {6: (time(9), time(17))}, at("2026-11-24 10:00")) is None


def test_who_works_on_saturdays_works_when_the_office_opens_on_one() -> None:
    saturdays, opened = {5: (time(9), time(12))}, BusinessCalendar(openings=frozenset({date(2026, 12, 5)}))
    assert next_working_time(opened, saturdays, at("2026-11-24 10:00")) == at("2026-12-05 09:00")
    assert next_working_time(opened, saturdays, at("2026-12-05 12:00")) is None


@given(moments)
def test_the_next_working_time_is_within_the_persons_hours(now: datetime) -> None:
    working = next_working_time(CALENDAR, TUE_THU, now)
    assert working is not None
    assert working >= now
    local = working.astimezone(TOKYO)
    start, end = TUE_THU[local.weekday()]
    assert start <= local.time() < end
    assert CALENDAR.is_business_day(local.date())
