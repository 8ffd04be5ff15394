"""When sessions are, and which number each has: by tables for the days everybody asks about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from bot.domain.business_time import BusinessCalendar
from bot.domain.series import (
    Change,
    Difference,
    Every,
    Mark,
    OnClosed,
    Plan,
    Session,
    begun,
    compare,
    fitting,
    in_order,
    left_out,
    neighbours,
    rule,
    sessions,
)

CALENDAR = BusinessCalendar()
TOKYO = ZoneInfo("Asia/Tokyo")
FRIDAY = Plan(date(2026, 12, 4), time(15), 90)


def planned(plan: Plan, most: int = 6) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in islice(rule(plan), most)]


def first(
    plan: Plan, most: int = 6, changes: Sequence[Change] = (), mark: Mark | None = None
) -> list[Session]:
    return list(islice(sessions(plan, CALENDAR, changes, mark), most))


def days(found: Sequence[Session]) -> list[str]:
    return [f"{session.number} {session.starts.astimezone(TOKYO):%m-%d}" for session in found]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO).astimezone(UTC)


@pytest.mark.parametrize(
    ("every", "begins", "expected"),
    [
        (Every.ONCE, "2026-12-04", ["2026-12-04"]),
        (Every.WEEK, "2026-12-04", ["2026-12-04", "2026-12-11", "2026-12-18"]),
        (Every.FORTNIGHT, "2026-12-04", ["2026-12-04", "2026-12-18", "2027-01-01"]),
        (Every.MONTH_DAY, "2026-12-15", ["2026-12-15", "2027-01-15", "2027-02-15"]),
        (Every.MONTH_DAY, "2027-01-31", ["2027-01-31", "2027-02-28", "2027-03-31"]),
        (Every.MONTH_DAY, "2028-01-30", ["2028-01-30", "2028-02-29", "2028-03-30"]),
        (Every.MONTH_DAY, "2027-01-29", ["2027-01-29", "2027-02-28", "2027-03-29"]),
        (Every.MONTH_WEEKDAY, "2026-12-11", ["2026-12-11", "2027-01-08", "2027-02-12"]),
        (Every.MONTH_WEEKDAY, "2026-12-25", ["2026-12-25", "2027-01-22", "2027-02-26"]),
        (Every.MONTH_WEEKDAY, "2027-01-29", ["2027-01-29", "2027-02-26", "2027-03-26"]),
    ],
)
def test_the_dates_of_a_rule(every: Every, begins: str, expected: list[str]) -> None:
    assert planned(Plan(date.fromisoformat(begins), time(15), 60, every), 3) == expected


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (FRIDAY, "FREQ=WEEKLY"),
        (replace(FRIDAY, every=Every.FORTNIGHT), "FREQ=WEEKLY;INTERVAL=2"),
        (replace(FRIDAY, until=date(2027, 3, 31)), "FREQ=WEEKLY;UNTIL=20270331T000000"),
        (Plan(date(2026, 12, 15), time(15), 60, Every.MONTH_DAY), "FREQ=MONTHLY;BYMONTHDAY=15"),
        (
            Plan(date(2026, 12, 31), time(15), 60, Every.MONTH_DAY),
            "FREQ=MONTHLY;BYSETPOS=-1;BYMONTHDAY=28,29,30,31",
        ),
        (Plan(date(2026, 12, 11), time(15), 60, Every.MONTH_WEEKDAY), "FREQ=MONTHLY;BYDAY=+2FR"),
        (Plan(date(2027, 1, 29), time(15), 60, Every.MONTH_WEEKDAY), "FREQ=MONTHLY;BYDAY=-1FR"),
    ],
)
def test_a_rule_is_one_of_rfc_5545(plan: Plan, expected: str) -> None:
    assert str(rule(plan)).splitlines()[1] == f"RRULE:{expected}"


def test_a_session_is_where_the_wall_says() -> None:
    (session, *_) = first(FRIDAY)
    assert (session.starts, session.ends) == (at("2026-12-04 15:00"), at("2026-12-04 16:30"))
    assert (session.on, session.number, session.cancelled, session.moved) == (
        date(2026, 12, 4),
        1,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("begins", "on_closed", "expected"),
    [
        # Thursdays over New Year: 12/31 is closed, 1/4 is the first open day
        ("2026-12-24", OnClosed.SKIP, ["1 12-24", "2 01-07", "3 01-14"]),
        ("2026-12-24", OnClosed.BEFORE, ["1 12-24", "2 12-28", "3 01-07"]),
        ("2026-12-24", OnClosed.AFTER, ["1 12-24", "2 01-04", "3 01-07"]),
        ("2026-12-24", OnClosed.HOLD, ["1 12-24", "2 12-31", "3 01-07"]),
        # Fridays: 1/1 before would be 12/28, after 1/4
        ("2026-12-25", OnClosed.SKIP, ["1 12-25", "2 01-08", "3 01-15"]),
        ("2026-12-25", OnClosed.BEFORE, ["1 12-25", "2 12-28", "3 01-08"]),
        ("2026-12-25", OnClosed.AFTER, ["1 12-25", "2 01-04", "3 01-08"]),
        # Tuesdays over 5/3-5/6 (2027: Monday to Thursday, 5/3-5/5 holidays; 5/6 is open)
        ("2027-04-27", OnClosed.SKIP, ["1 04-27", "2 05-11", "3 05-18"]),
        ("2027-04-27", OnClosed.BEFORE, ["1 04-27", "2 04-30", "3 05-11"]),
        ("2027-04-27", OnClosed.AFTER, ["1 04-27", "2 05-06", "3 05-11"]),
        # Wednesdays 2026: 5/6 is a substitute holiday, the week before has 4/29
        ("2026-04-22", OnClosed.SKIP, ["1 04-22", "2 05-13", "3 05-20"]),
        ("2026-04-22", OnClosed.BEFORE, ["1 04-22", "2 04-28", "3 05-01"]),
        ("2026-04-22", OnClosed.AFTER, ["1 04-22", "2 04-30", "3 05-07"]),
    ],
)
def test_new_year_and_the_week_in_may(begins: str, on_closed: OnClosed, expected: list[str]) -> None:
    plan = Plan(date.fromisoformat(begins), time(15), 60, on_closed=on_closed)
    assert days(first(plan, 3)) == expected


@pytest.mark.parametrize(
    ("begins", "on_closed", "expected"),
    [
        # Mondays: 12/29/2025 after would be 1/5/2026, on which there is a session of its own
        ("2025-12-22", OnClosed.AFTER, ["1 12-22", "2 01-05", "3 01-13"]),
        # Fridays: 1/2/2026 before would be 12/26/2025, on which there is one
        ("2025-12-26", OnClosed.BEFORE, ["1 12-26", "2 01-09", "3 01-16"]),
    ],
)
def test_a_session_is_never_shifted_onto_another_one(
    begins: str, on_closed: OnClosed, expected: list[str]
) -> None:
    plan = Plan(date.fromisoformat(begins), time(15), 60, on_closed=on_closed)
    assert days(first(plan, 3)) == expected


def test_own_closures_are_closed_too() -> None:
    calendar = BusinessCalendar(yearly_closures=frozenset({"12-11"}))
    assert days(list(islice(sessions(FRIDAY, calendar), 3))) == ["1 12-04", "2 12-18", "3 12-25"]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (Plan(date(2026, 12, 4), time(15), 60, until=date(2026, 12, 18)), ["1 12-04", "2 12-11", "3 12-18"]),
        # so many sessions, not dates: 1/1 is none
        (Plan(date(2026, 12, 25), time(15), 60, times=3), ["1 12-25", "2 01-08", "3 01-15"]),
        (Plan(date(2026, 12, 4), time(15), 60, times=2, first_number=12), ["12 12-04", "13 12-11"]),
        # 3/31 after the contract's end is no session any more
        (Plan(date(2027, 3, 20), time(15), 60, until=date(2027, 3, 20), on_closed=OnClosed.AFTER), []),
        (Plan(date(2026, 12, 5), time(15), 60, on_closed=OnClosed.SKIP), []),  # Saturdays
        (Plan(date(2026, 12, 5), time(15), 60, Every.ONCE), []),
        (Plan(date(2026, 12, 5), time(15), 60, Every.ONCE, on_closed=OnClosed.HOLD), ["1 12-05"]),
        (Plan(date(2026, 12, 5), time(15), 60, Every.ONCE, on_closed=OnClosed.BEFORE), ["1 12-04"]),
        (Plan(date(2026, 12, 4), time(15), 60, until=date(2026, 12, 3)), []),
    ],
)
def test_how_a_series_ends_or_never_begins(plan: Plan, expected: list[str]) -> None:
    assert days(first(plan, 9)) == expected


# --- what somebody changed ------------------------------------------------------------------------------------------

MOVED = Change(date(2026, 12, 11), at("2026-12-14 10:00"), at("2026-12-14 11:30"))
CANCELLED = Change(date(2026, 12, 18), cancelled=True)


def test_a_cancelled_session_keeps_its_number_and_a_moved_one_too() -> None:
    found = first(FRIDAY, 4, [MOVED, CANCELLED])
    assert days(found) == ["1 12-04", "2 12-14", "3 12-18", "4 12-25"]
    assert [(each.moved, each.cancelled) for each in found[1:3]] == [(True, False), (False, True)]
    assert found[1].on == date(2026, 12, 11)


def test_what_somebody_changed_stays_when_its_date_is_closed_later() -> None:
    calendar = BusinessCalendar(yearly_closures=frozenset({"12-11", "12-18"}))
    assert days(list(islice(sessions(FRIDAY, calendar, [MOVED, CANCELLED]), 4))) == [
        "1 12-04",
        "2 12-14",
        "3 12-18",
        "4 12-25",
    ]


def test_a_change_for_a_date_that_is_not_planned_is_no_session() -> None:
    other = Change(date(2026, 12, 9), at("2026-12-09 10:00"), at("2026-12-09 11:00"))
    assert days(first(FRIDAY, 2, [other])) == ["1 12-04", "2 12-11"]


def test_a_session_is_in_order_between_its_neighbours() -> None:
    found = first(FRIDAY, 3)
    assert neighbours(found, 1) == (found[0], found[2])
    assert neighbours(found, 0) == (None, found[1])
    assert neighbours(found[:1], 0) == (None, None)
    assert all(in_order(found, index) for index in range(3))
    early = first(FRIDAY, 3, [Change(date(2026, 12, 11), found[0].starts, found[0].ends)])
    assert [in_order(early, index) for index in range(3)] == [False, False, True]


@pytest.mark.parametrize(
    ("plan", "kept"),
    [
        (FRIDAY, [MOVED, CANCELLED]),
        (Plan(date(2026, 12, 4), time(9), 30), [MOVED, CANCELLED]),
        (Plan(date(2026, 12, 4), time(15), 60, Every.FORTNIGHT), [CANCELLED]),
        (Plan(date(2026, 12, 3), time(15), 60), []),
        (Plan(date(2026, 12, 4), time(15), 60, times=2), [MOVED]),
    ],
)
def test_single_changes_stay_where_their_date_is_still_planned(plan: Plan, kept: list[Change]) -> None:
    assert fitting(plan, CALENDAR, [MOVED, CANCELLED], None) == kept


def test_what_was_moved_stays_only_between_its_neighbours() -> None:
    far = Change(date(2026, 12, 4), at("2026-12-15 10:00"), at("2026-12-15 11:00"))
    fortnightly = Plan(date(2026, 12, 4), time(15), 60, Every.FORTNIGHT)
    assert fitting(fortnightly, CALENDAR, [far], None) == [far]
    assert fitting(FRIDAY, CALENDAR, [far], None) == []
    assert fitting(FRIDAY, CALENDAR, [], None) == []


# --- numbers that stay ----------------------------------------------------------------------------------------------


def test_after_the_mark_numbers_go_on_whatever_the_plan_was() -> None:
    mark = Mark(date(2026, 12, 11), 2)
    assert days(first(FRIDAY, 2, mark=mark)) == ["3 12-18", "4 12-25"]
    thursdays = Plan(date(2026, 12, 17), time(15), 60, first_number=3, times=2)
    assert days(first(thursdays, 5, mark=mark)) == ["3 12-17", "4 12-24"]


def test_what_closes_afterwards_changes_no_number_before_the_mark() -> None:
    calendar = BusinessCalendar(yearly_closures=frozenset({"12-04"}))
    mark = Mark(date(2026, 12, 11), 2)
    assert days(list(islice(sessions(FRIDAY, calendar, (), mark), 2))) == ["3 12-18", "4 12-25"]


def test_a_session_is_not_shifted_to_where_the_last_one_was() -> None:
    plan = Plan(date(2027, 1, 1), time(15), 60, on_closed=OnClosed.BEFORE, first_number=5)
    assert days(first(plan, 1, mark=Mark(date(2026, 12, 25), 4))) == ["5 12-28"]
    assert days(first(plan, 1, mark=Mark(date(2026, 12, 28), 4))) == ["5 01-08"]


def test_numbers_are_given_for_good_up_to_the_last_that_has_begun() -> None:
    found = first(FRIDAY, 4)
    assert begun(found, at("2026-12-04 14:59")) == []
    assert begun(found, at("2026-12-04 15:00")) == found[:1]
    assert begun(found, at("2026-12-20 00:00")) == found[:3]
    late = first(FRIDAY, 4, [Change(date(2026, 12, 4), at("2026-12-30 09:00"), at("2026-12-30 10:00"))])
    assert begun(late, at("2026-12-12 00:00")) == late[:2]
    assert begun(late, at("2026-12-05 00:00")) == []


# --- what a change does ---------------------------------------------------------------------------------------------


def test_a_comparison_is_by_number() -> None:
    old, new = first(FRIDAY, 3), first(Plan(date(2026, 12, 10), time(15), 60, first_number=2), 1)
    assert compare(old, new) == [
        Difference(1, old[0], None),
        Difference(2, old[1], new[0]),
        Difference(3, old[2], None),
    ]
    assert compare([], []) == []


def test_which_dates_are_left_out() -> None:
    plan = Plan(date(2026, 12, 25), time(15), 60)
    assert left_out(plan, first(plan, 3), date(2026, 12, 1)) == [date(2027, 1, 1)]
    assert left_out(plan, first(plan, 3), date(2027, 1, 2)) == []
    assert left_out(plan, first(plan, 1), date(2026, 12, 1)) == []
    assert left_out(plan, [], date(2026, 12, 1)) == []
