"""Opening hours as people write them."""

from __future__ import annotations

import contextlib
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_time import BusinessCalendar
from bot.domain.opening_hours import USUAL, OpeningHours, UnreadableHours, read, shown

WHOLE = OpeningHours(time(9), time(17, 45), None)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", USUAL),
        ("8:30〜12:00、13:00〜17:15", USUAL),
        ("8:30-12:00 13:00-17:15", USUAL),
        ("8時半から12時まで、13時〜17時15分", USUAL),
        ("9:00〜17:45", WHOLE),
        ("9時〜17時45分", WHOLE),
        ("9:00〜12:15/12:45〜17:30", OpeningHours(time(9), time(17, 30), (time(12, 15), time(12, 45)))),
    ],
)
def test_as_people_write_it(text: str, hours: OpeningHours) -> None:
    assert read(text) == hours


@pytest.mark.parametrize(
    "text",
    ["いつも", "8:30", "8:30〜", "25:00〜26:00", "8:61〜9:00", "8:30〜17:15ごろ", "9〜17", "1:0〜2:00〜"],
)
def test_what_is_none_is_said(text: str) -> None:
    with pytest.raises(UnreadableHours, match="のように書いてください"):
        read(text)


@pytest.mark.parametrize(
    "text", ["17:15〜8:30", "8:30〜8:30", "8:30〜13:00、12:00〜17:15", "13:00〜17:00、8:30〜12:00"]
)
def test_the_order_is_that_of_the_day(text: str) -> None:
    with pytest.raises(UnreadableHours, match="早い時刻から"):
        read(text)


def test_three_parts_are_too_many() -> None:
    with pytest.raises(UnreadableHours):
        read("8:00〜10:00、11:00〜12:00、13:00〜17:00")


_MINUTES = st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=4, unique=True)


@given(_MINUTES.filter(lambda found: len(found) != 3).map(sorted))
def test_what_is_shown_is_read_again_and_is_a_calendar(minutes: list[int]) -> None:
    times = [time(*divmod(each, 60)) for each in minutes]
    hours = OpeningHours(times[0], times[-1], (times[1], times[2]) if len(times) == 4 else None)
    assert read(shown(hours)) == hours
    BusinessCalendar(opens=hours.opens, closes=hours.closes, lunch=hours.lunch)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_said(text: str) -> None:
    with contextlib.suppress(UnreadableHours):
        assert read(shown(read(text))) == read(text)
