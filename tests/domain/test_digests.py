"""When a digest of the week is due, which one was missed, and how the choices are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import digests
from bot.domain.business_time import BusinessCalendar
from bot.domain.digests import USUAL, Digest, Missed, Plan, Plans

CALENDAR = BusinessCalendar()
WEEK, PUBLIC = USUAL[Digest.WEEK], USUAL[Digest.PUBLIC]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
THIS, NEXT = date(2026, 11, 23), date(2026, 11, 30)
"""The Monday of the first is a holiday."""


def tokyo(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Tokyo")).astimezone(UTC)


@pytest.mark.parametrize(
    ("digest", "plan", "monday", "due"),
    [
        (Digest.WEEK, WEEK, NEXT, tokyo(11, 30, 9)),
        (Digest.WEEK, WEEK, THIS, tokyo(11, 24, 9)),
        (Digest.WEEK, WEEK, date(2027, 5, 3), tokyo(5, 6, 9, year=2027)),
        (Digest.WEEK, Plan(day=4, clock=time(10)), date(2026, 12, 28), tokyo(12, 28, 10)),
        (Digest.PUBLIC, PUBLIC, NEXT, tokyo(12, 4, 16)),
        (Digest.PUBLIC, PUBLIC, date(2026, 12, 28), tokyo(12, 28, 16)),
        (Digest.PUBLIC, PUBLIC, date(2026, 4, 27), tokyo(5, 1, 16)),
        (Digest.OFFICE, Plan(day=0, clock=time(8)), THIS, tokyo(11, 24, 8)),
        (Digest.OFFICE, Plan(day=2, clock=None), date(2027, 5, 3), tokyo(5, 6, 9, year=2027)),
    ],
)
def test_what_tells_of_days_to_come_moves_on_and_what_looks_back_moves_back(
    digest: Digest, plan: Plan, monday: date, due: datetime
) -> None:
    assert digests.moment(digest, plan, CALENDAR, monday) == due


@pytest.mark.parametrize("digest", Digest)
def test_a_week_that_is_closed_has_none_and_is_passed_over(digest: Digest) -> None:
    closed = frozenset(NEXT + timedelta(days=n) for n in range(5))
    calendar = replace(CALENDAR, closures=closed)
    assert digests.moment(digest, USUAL[digest], calendar, NEXT) is None
    after = digests.following(digest, USUAL[digest], calendar, tokyo(11, 27, 17))
    assert after == digests.moment(digest, USUAL[digest], calendar, NEXT + timedelta(days=7))


def test_it_is_made_once_a_week_and_when_it_was_moved_not_for_what_is_past() -> None:
    def missed(now: datetime, since: datetime = LONG_AGO, done: tuple[date, ...] = ()) -> Missed | None:
        return digests.missed(Digest.PUBLIC, PUBLIC, CALENDAR, now, since, done)

    before = Missed(THIS, tokyo(11, 27, 16))
    assert missed(tokyo(11, 27, 16)) == before
    assert missed(tokyo(12, 4, 15, 59)) == before
    assert missed(tokyo(12, 4, 15, 59), done=(THIS,)) is None
    assert missed(tokyo(12, 18, 17)) == Missed(date(2026, 12, 14), tokyo(12, 18, 16)), "the last of several"
    assert missed(tokyo(11, 27, 17), since=tokyo(11, 27, 16, 30)) is None, "switched on after its moment"
    later = Plan(day=4, clock=time(17))
    moved = digests.missed(Digest.PUBLIC, later, CALENDAR, tokyo(11, 27, 18), tokyo(11, 27, 16, 5), (THIS,))
    assert moved is None, "moved after it was sent"
    assert digests.following(Digest.PUBLIC, later, CALENDAR, tokyo(11, 27, 16, 5), (THIS,)) == tokyo(
        12, 4, 17
    )


def test_what_was_to_come_in_a_week_that_is_over_is_no_news() -> None:
    args = (Digest.WEEK, WEEK, CALENDAR)
    assert digests.missed(*args, tokyo(12, 4, 17), LONG_AGO, ()) == Missed(NEXT, tokyo(11, 30, 9))
    assert digests.missed(*args, tokyo(12, 7, 8, 59), LONG_AGO, ()) is None


def test_it_tells_since_the_last_one_and_is_called_by_its_open_days() -> None:
    at = tokyo(11, 27, 16)
    assert digests.tells_since(at, tokyo(11, 19, 15)) == tokyo(11, 19, 15)
    assert digests.tells_since(at, LONG_AGO) == at - digests.LONGEST
    assert digests.days_told(CALENDAR, tokyo(11, 20, 16), at) == (date(2026, 11, 24), date(2026, 11, 27))
    assert digests.days_told(CALENDAR, at - timedelta(hours=1), at) == (date(2026, 11, 27),) * 2
    assert digests.days_told(CALENDAR, tokyo(11, 24, 10), at)[0] == date(2026, 11, 24)


KEPT = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["16:00", ""]),
    lambda inner: st.dictionaries(st.sampled_from(["week", "public", "day", "at", "since", "on"]), inner),
)


@given(KEPT)
def test_whatever_is_kept_reads_as_choices(kept: Any) -> None:
    found = digests.read(kept)
    assert set(found.of) == set(Digest)
    assert digests.read(digests.written(found)) == found


def test_choices_come_back_as_they_were_kept() -> None:
    plans = {**USUAL, Digest.PUBLIC: Plan(False, 2, time(9, 30)), Digest.OFFICE: Plan(True, 1, None)}
    chosen = Plans(plans, "C1", False, {Digest.PUBLIC: LONG_AGO})
    assert digests.read(digests.written(chosen)) == chosen
    assert digests.read({}) == Plans()
