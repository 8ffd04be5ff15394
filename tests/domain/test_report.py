"""Periods as offices call them, counts that may not be told, and how long first responses took."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.asking import Audience, Urgency, Way
from bot.domain.business_time import BusinessCalendar
from bot.domain.question import Reason, State
from bot.domain.report import FEW, Asked, Period, Span, concealed, may_be_told, named, waits

TOKYO = "Asia/Tokyo"
TEN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def asked(**more: Any) -> Asked:
    values: dict[str, Any] = {
        "id": 1,
        "received_at": TEN,
        "way": Way.MESSAGE,
        "urgency": Urgency.WEEK,
        "municipality_code": None,
        "field_id": None,
        "state": State.ASSIGNED,
        "close_reason": None,
        "first_response_at": None,
        "audiences": frozenset({Audience.OPEN}),
        "withdrawn": False,
        "place": None,
        **more,
    }
    return Asked(**values)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), "令和8年11月"),
        (date(2028, 2, 1), date(2028, 2, 29), "令和10年2月"),
        (date(2028, 2, 1), date(2028, 2, 28), "令和10年2月1日〜令和10年2月28日"),
        (date(2026, 4, 1), date(2027, 3, 31), "令和8年度"),
        (date(2019, 4, 1), date(2020, 3, 31), "令和元年度"),
        (date(2019, 4, 1), date(2019, 4, 30), "平成31年4月"),
        (date(2019, 5, 1), date(2019, 5, 31), "令和元年5月"),
        (date(2026, 1, 1), date(2026, 12, 31), "令和8年1月1日〜令和8年12月31日"),
        (date(2026, 11, 24), date(2026, 11, 24), "令和8年11月24日"),
        (date(1900, 4, 1), date(1901, 3, 31), "1900年度"),
    ],
)
def test_a_period_is_called_as_offices_call_it(first: date, last: date, name: str) -> None:
    period = Period(first, last)
    assert period.name == name
    assert period.title == f"{name} 相談実績"


@pytest.mark.parametrize(
    ("span", "today", "first", "last"),
    [
        (Span.THIS_MONTH, date(2026, 11, 24), date(2026, 11, 1), date(2026, 11, 30)),
        (Span.THIS_MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (Span.LAST_MONTH, date(2026, 1, 31), date(2025, 12, 1), date(2025, 12, 31)),
        (Span.LAST_MONTH, date(2026, 3, 1), date(2026, 2, 1), date(2026, 2, 28)),
        (Span.THIS_YEAR, date(2027, 3, 31), date(2026, 4, 1), date(2027, 3, 31)),
        (Span.THIS_YEAR, date(2027, 4, 1), date(2027, 4, 1), date(2028, 3, 31)),
        (Span.LAST_YEAR, date(2027, 3, 31), date(2025, 4, 1), date(2026, 3, 31)),
    ],
)
def test_what_a_name_means_today(span: Span, today: date, first: date, last: date) -> None:
    assert named(span, today) == Period(first, last)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(Span))
def test_this_holds_today_and_last_ends_before_it(today: date, span: Span) -> None:
    found = named(span, today)
    assert found.first.day == 1
    assert (found.last + timedelta(days=1)).day == 1
    if span in {Span.THIS_MONTH, Span.THIS_YEAR}:
        assert found.first <= today <= found.last
    else:
        assert found.last < today


def test_a_period_that_ends_before_it_begins_is_none() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Period(date(2026, 11, 2), date(2026, 11, 1))


def test_its_days_are_those_on_the_wall() -> None:
    assert NOVEMBER.bounds(TOKYO) == (
        datetime(2026, 10, 31, 15, tzinfo=UTC),
        datetime(2026, 11, 30, 15, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (TEN, "令和8年11月24日 10時現在"),
        (TEN + timedelta(minutes=5), "令和8年11月24日 10時5分現在"),
        (datetime(2026, 11, 30, 14, 59, tzinfo=UTC), "令和8年11月30日 23時59分現在"),
        (datetime(2026, 11, 30, 15, tzinfo=UTC), "令和8年11月30日 24時現在"),
        (datetime(2027, 5, 1, tzinfo=UTC), "令和8年11月30日 24時現在"),
    ],
)
def test_it_stands_as_of_now_or_of_its_end(now: datetime, words: str) -> None:
    assert NOVEMBER.said_as_of(NOVEMBER.as_of(now, TOKYO), TOKYO) == words


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([0], [None]),
        ([0, 0, 0], [None, None, None]),
        ([7, 0], [7, None]),
        ([7, 9], [7, 9]),
        ([1], None),
        ([1, 0], None),
        ([1, 0, 0], [None, None, None]),
        ([2, 1, 0], None),
        ([2, 2, 2], None),
        ([1, 1, 0, 0], [None] * 4),
        ([9, 8, 1], [None, None, None]),
        ([9, 8, 7, 1], [9, None, None, None]),
        ([9, 8, 1, 0], [9, None, None, None]),
        ([9, 8, 1, 0, 0], [9, 8, None, None, None]),
        ([9, 2, 2, 2, 2], None),
        ([9, 8, 2, 2, 2], [None] * 5),
    ],
)
def test_counts_that_would_say_too_much(counts: list[int], shown: list[int | None] | None) -> None:
    assert concealed(counts) == shown


def test_where_everybody_knows_that_there_is_none_nothing_hides() -> None:
    assert concealed([0, 1, 0, 0], never=[0]) == [0, None, None, None]
    assert concealed([0, 1, 0], never=[0]) is None
    assert concealed([1, 0, 0], never=[0]) == [None, None, None], "it was not so after all"


COUNTS = st.lists(st.integers(0, 6) | st.integers(0, FEW), max_size=7)


@given(COUNTS)
def test_no_small_count_is_shown_and_no_single_one_can_be_computed(counts: list[int]) -> None:
    shown = concealed(counts)
    if shown is None:
        assert sum(counts) > 0
        return
    assert all(count is None or count > FEW for count in shown)
    assert all(given in (None, count) for given, count in zip(shown, counts, strict=True))
    rest = [count for count, given in zip(counts, shown, strict=True) if given is None]
    if sum(rest):
        assert len(rest) >= 3


@given(COUNTS)
def test_nobody_not_even_somebody_who_knows_one_can_tell_that_another_is_not_0(counts: list[int]) -> None:
    """Tried out: all that the others may be, given the sum and one of them."""
    shown = concealed(counts)
    rest = [count for count, given in zip(counts, shown or counts, strict=True) if shown and given is None]
    if sum(rest) == 0 or max(rest) > FEW:
        return  # one of several is large, and nobody can say which
    for own in range(len(rest)):
        others = rest[:own] + rest[own + 1 :]
        fits = [each for each in product(range(FEW + 1), repeat=len(others)) if sum(each) == sum(others)]
        assert all(any(each[i] == 0 for each in fits) for i in range(len(others)))


@pytest.mark.parametrize(
    ("some", "among", "told"),
    [
        (0, 9, False),
        (1, 9, False),
        (2, 9, False),
        (3, 9, True),
        (7, 9, True),
        (8, 9, False),
        (9, 9, False),
        (3, 4, False),
    ],
)
def test_how_many_asked_only_privately(some: int, among: int, told: bool) -> None:
    assert may_be_told(some, among) is told


@pytest.mark.parametrize(
    ("audiences", "hidden", "body_is_known"),
    [
        ({Audience.OPEN}, False, True),
        ({Audience.BODY}, True, True),
        ({Audience.PRIVATE}, True, False),
        ({Audience.UNDECIDED}, True, False),
        ({Audience.OPEN, Audience.BODY}, True, True),
        ({Audience.OPEN, Audience.PRIVATE}, True, False),
        ({Audience.UNDECIDED, Audience.OPEN}, True, False),
    ],
)
def test_the_narrower_of_then_and_today_holds(
    audiences: set[Audience], hidden: bool, body_is_known: bool
) -> None:
    found = asked(audiences=frozenset(audiences))
    assert (found.hidden, found.body_is_known) == (hidden, body_is_known)


def test_where_a_question_stands() -> None:
    assert asked(state=State.REOPENED).stand == "waiting"
    assert asked(state=State.ANSWERED).stand == "answered"
    assert asked(state=State.CLOSED, close_reason=Reason.FAQ).stand == "faq"
    assert not asked(state=State.CLOSED, close_reason=Reason.NOT_A_QUESTION).counts


def test_first_responses_are_counted_in_business_time() -> None:
    """Received at 17:00, answered the next day at 9:00: a quarter of an hour and half an hour."""
    late = TEN.replace(hour=8)
    closed = {"state": State.CLOSED, "close_reason": Reason.WITHDRAWN}
    found = waits(
        [
            asked(first_response_at=TEN + timedelta(minutes=30)),
            asked(received_at=late, first_response_at=late + timedelta(hours=16)),
            asked(first_response_at=TEN + timedelta(hours=1)),
            asked(first_response_at=TEN + timedelta(hours=5)),
            asked(first_response_at=TEN),
            asked(),
            asked(**closed),
        ],
        BusinessCalendar(),
    )
    assert (found.answered, found.owed, found.not_needed, found.on_the_spot) == (4, 1, 1, 1)
    assert found.median == timedelta(minutes=52, seconds=30)
    assert found.most == timedelta(hours=1)


def test_without_a_response_there_is_no_median() -> None:
    found = waits([asked()], BusinessCalendar())
    assert (found.answered, found.median, found.most) == (0, None, None)
