"""Dates and lengths of time read as an office would write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.words import Years, day, day_time, duration, fiscal_year, full_day, month, short, span, year


def test_a_day_has_its_weekday() -> None:
    assert day(date(2026, 11, 24)) == "11月24日(火)"
    assert day(date(2027, 1, 3)) == "1月3日(日)"


def test_a_moment_is_shown_in_the_zone() -> None:
    assert day_time(datetime(2026, 11, 24, 1, 0, tzinfo=UTC)) == "11月24日(火) 10:00"
    assert day_time(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == "11月25日(水) 8:30"
    assert day_time(datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "UTC") == "11月24日(火) 23:30"


def test_the_short_form_fits_a_card() -> None:
    assert short(datetime(2026, 12, 1, 1, 5, tzinfo=UTC)) == "12/1(火)10:05"
    assert short(datetime(2026, 12, 31, 15, 0, tzinfo=UTC)) == "1/1(金)0:00"


def test_a_span_names_the_day_once_unless_it_ends_on_another() -> None:
    starts = datetime(2026, 12, 4, 6, 0, tzinfo=UTC)
    assert span(starts, starts + timedelta(minutes=90)) == "12月4日(金) 15:00〜16:30"
    assert span(starts, starts + timedelta(hours=10)) == "12月4日(金) 15:00〜12月5日(土) 1:00"


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 12, 1, 1, 5)  # noqa: DTZ001
    for words in (day_time, short):
        with pytest.raises(ValueError, match="time zone"):
            words(naive)


@pytest.mark.parametrize(
    ("d", "era", "west"),
    [
        (date(2026, 11, 24), "令和8年度", "2026年度"),
        (date(2027, 3, 31), "令和8年度", "2026年度"),
        (date(2027, 4, 1), "令和9年度", "2027年度"),
        (date(2020, 3, 31), "令和元年度", "2019年度"),
        (date(2019, 4, 1), "令和元年度", "2019年度"),
        (date(2019, 3, 31), "平成30年度", "2018年度"),
        (date(1989, 4, 1), "平成元年度", "1989年度"),
        (date(1989, 3, 31), "昭和63年度", "1988年度"),
    ],
)
def test_a_fiscal_year_starts_in_april(d: date, era: str, west: str) -> None:
    assert fiscal_year(d, Years.ERA) == era
    assert fiscal_year(d, Years.WEST) == west
    assert fiscal_year(d) == f"{era}({west})"


@pytest.mark.parametrize("years", Years)
def test_a_fiscal_year_before_showa_has_no_era_here(years: Years) -> None:
    assert fiscal_year(date(1926, 3, 31), years) == "1925年度"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(minutes=100), "1時間40分"),
        (timedelta(hours=2), "2時間"),
        (timedelta(minutes=45), "45分"),
        (timedelta(seconds=59), "1分未満"),
        (timedelta(0), "1分未満"),
        (timedelta(minutes=1, seconds=59), "1分"),
        (timedelta(hours=40), "40時間"),
        (timedelta(hours=18, minutes=30), "18時間30分"),
    ],
)
def test_a_length_of_time_is_hours_and_minutes(length: timedelta, words: str) -> None:
    assert duration(length) == words


def test_a_negative_length_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        duration(timedelta(seconds=-1))


@given(st.dates(min_value=date(1926, 4, 1)))
def test_a_fiscal_year_holds_twelve_months(d: date) -> None:
    starts = d.replace(year=d.year if d.month >= 4 else d.year - 1, month=4, day=1)
    assert fiscal_year(d) == fiscal_year(starts)
    if starts > date(1926, 4, 1):
        assert fiscal_year(starts - timedelta(days=1)) != fiscal_year(d)


@pytest.mark.parametrize(
    ("d", "words"),
    [
        (date(2026, 11, 24), "令和8年11月24日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 24), "1926年12月24日"),
    ],
)
def test_a_date_has_the_year_of_the_era_it_lies_in(d: date, words: str) -> None:
    assert full_day(d) == words
    assert full_day(d).startswith(month(d))
    assert month(d).startswith(year(d))
    assert full_day(d, Years.ERA) == words
    assert full_day(d, Years.WEST) == f"{d.year}年{d.month}月{d.day}日"
