"""Yearly closures as people write them."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import closures
from bot.domain.business_time import BusinessCalendar

DAYS = st.dates(date(2028, 1, 1), date(2028, 12, 31)).map(lambda day: f"{day:%m-%d}")


@pytest.mark.parametrize(
    "written",
    ["11月14日", "11/14", "11-14", "\uff11\uff11月\uff11\uff14日", " 11/14 ", "11 月 14 日", "\n\n11-14\n"],
)
def test_however_it_is_written(written: str) -> None:
    assert closures.read(written) == ("11-14",)


def test_each_once_and_in_the_order_of_the_year() -> None:
    assert closures.read("12/28\n1月4日\n12-28\n2/29") == ("01-04", "02-29", "12-28")
    assert closures.read("") == ()


@pytest.mark.parametrize(
    "written", ["県民の日", "13/1", "2月30日", "0/1", "11/14、11/15", "2026-11-14", "11", "-"]
)
def test_what_is_no_date_is_named(written: str) -> None:
    with pytest.raises(closures.UnreadableClosures, match="1行に1日"):
        closures.read(f"11/14\n{written}")


def test_no_more_than_a_calendar_needs() -> None:
    days = [date(2028, 1, 1) + timedelta(days=number) for number in range(closures.MOST + 1)]
    with pytest.raises(closures.UnreadableClosures, match="まで"):
        closures.read("\n".join(f"{day:%m-%d}" for day in days))


@given(st.sets(DAYS, max_size=closures.MOST))
def test_what_is_shown_is_read_again_and_the_calendar_takes_it(days: set[str]) -> None:
    found = closures.read(closures.shown(tuple(sorted(days))))
    assert set(found) == days
    BusinessCalendar(yearly_closures=frozenset(found))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    found: tuple[str, ...] = ()
    with contextlib.suppress(closures.UnreadableClosures):
        found = closures.read(text)
    BusinessCalendar(yearly_closures=frozenset(found))
