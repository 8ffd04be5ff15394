"""Periods as offices call them, what is counted before whom, and how long first responses took."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.asking import Audience, Urgency, Way
from bot.domain.business_time import BusinessCalendar
from bot.domain.question import Reason, State
from bot.domain.report import Asked, Period, Span, named, waits

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
        "audience": Audience.OPEN,
        "audience_now": Audience.OPEN,
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
        (date(2026, 4, 1), date(2027, 3, 31), "令和8年度(2026年度)"),
        (date(2019, 4, 1), date(2020, 3, 31), "令和元年度(2019年度)"),
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
    ("period", "all_told"),
    [
        (Period(date(2025, 4, 1), date(2026, 3, 31)), True),
        (Period(date(2026, 4, 1), date(2027, 3, 31)), False),
        (Period(date(2026, 1, 1), date(2026, 12, 31)), False),
        (Period(date(2025, 4, 1), date(2025, 4, 30)), False),
        (Period(date(2025, 4, 1), date(2026, 3, 30)), False),
        (Period(date(2024, 4, 1), date(2026, 3, 31)), False),
    ],
)
def test_what_few_asked_is_told_of_fiscal_years_that_are_over(period: Period, all_told: bool) -> None:
    """No two of these overlap: whatever else is made of the same days counts nothing that could be subtracted."""
    assert period.tells_all(period.as_of(TEN, TOKYO), TOKYO) is all_told


def test_a_fiscal_year_is_over_at_midnight() -> None:
    year, end = Period(date(2026, 4, 1), date(2027, 3, 31)), datetime(2027, 3, 31, 15, tzinfo=UTC)
    assert not year.tells_all(year.as_of(end - timedelta(microseconds=1), TOKYO), TOKYO)
    assert year.tells_all(year.as_of(end + timedelta(days=400), TOKYO), TOKYO)


@pytest.mark.parametrize(
    ("then", "now", "before", "narrowed"),
    [
        (Audience.OPEN, Audience.OPEN, Audience.OPEN, False),
        (Audience.BODY, Audience.BODY, Audience.BODY, False),
        (Audience.PRIVATE, Audience.PRIVATE, Audience.PRIVATE, False),
        (Audience.UNDECIDED, Audience.UNDECIDED, Audience.PRIVATE, False),
        (Audience.UNDECIDED, Audience.PRIVATE, Audience.PRIVATE, False),
        (Audience.UNDECIDED, Audience.OPEN, Audience.PRIVATE, False),
        (Audience.PRIVATE, Audience.BODY, Audience.PRIVATE, False),
        (Audience.OPEN, Audience.BODY, Audience.OPEN, True),
        (Audience.OPEN, Audience.PRIVATE, Audience.OPEN, True),
        (Audience.BODY, Audience.UNDECIDED, Audience.BODY, True),
    ],
)
def test_what_was_hidden_then_stays_so_and_what_was_narrowed_since_is_nowhere(
    then: Audience, now: Audience, before: Audience, narrowed: bool
) -> None:
    found = asked(audience=then, audience_now=now)
    assert (found.before, found.narrowed, found.counts) == (before, narrowed, not narrowed)
    assert found.listed is (then is now is Audience.OPEN)


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
