"""Gaps and proposals, what of a plan still holds, and whom a new plan concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_time import BusinessCalendar, parse_working_hours
from bot.domain.rota import Absence, Because, Gap, Other, Rota, RotaMember, Turn, Why, WhyNot, in_order
from bot.domain.rota_filling import fill
from bot.domain.rota_gaps import Moved, Offer, gaps, moved, propose, still_good, worth_telling
from tests.domain.rotas import CALENDARS, DAYS, MEMBERS, ROTAS, absences, turns

TOKYO = ZoneInfo("Asia/Tokyo")
CALENDAR = BusinessCalendar()
WEEKLY = Rota("r", "当番")
FIRST, LAST = date(2026, 12, 7), date(2026, 12, 18)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


def member(user: str, hours: str = "", **more: Any) -> RotaMember:
    return RotaMember(user, user, parse_working_hours(hours) if hours else {}, **more)


def week(user: str, monday: int) -> Turn:
    return Turn(user, at(monday, 8, 30), at(monday + 4, 17, 15))


def test_a_week_that_nobody_has_and_a_day_off_are_gaps() -> None:
    people, away = [member("A")], [Absence("A", at(8, 0), at(9, 0))]
    found = gaps(WEEKLY, [week("A", 7)], people, away, CALENDAR, FIRST, LAST)
    assert found == (Gap(at(8, 8, 30), at(8, 17, 15)), Gap(at(14, 8, 30), at(18, 17, 15)))


def test_who_has_left_covers_nothing_and_who_was_put_in_by_hand_does() -> None:
    people = [member("A", leaves=date(2026, 12, 9))]
    both = [week("A", 7), week("HAND", 14)]
    assert gaps(WEEKLY, both, people, [], CALENDAR, FIRST, LAST) == (Gap(at(10, 8, 30), at(11, 17, 15)),)


def test_the_same_person_twice_is_one_person() -> None:
    rota = Rota("r", "当番", seats=2)
    found = gaps(rota, [week("A", 7), week("A", 7)], [member("A")], [], CALENDAR, FIRST, date(2026, 12, 11))
    assert found == (Gap(at(7, 8, 30), at(11, 17, 15), 1),)
    nobody = gaps(rota, [], [member("A")], [], CALENDAR, FIRST, date(2026, 12, 11))
    assert nobody == (Gap(at(7, 8, 30), at(11, 17, 15), 2),)


def test_a_quarter_before_closing_is_not_told() -> None:
    quarter, hour = Gap(at(7, 17), at(8, 8, 30)), Gap(at(7, 17), at(8, 9, 15))
    assert worth_telling([quarter, hour], CALENDAR) == [hour]


def test_a_gap_is_offered_first_to_who_can_take_all_of_it_and_is_off_longest() -> None:
    people = [
        member("A"),
        member("B"),
        member("C", "火 8:30-17:15"),
        member("D", "水 8:30-17:15"),
        member("E", monthly=timedelta(0)),
    ]
    plan = [week("A", 7), Turn("B", at(1, 8, 30), at(4, 17, 15))]
    gap = Gap(at(14, 8, 30), at(15, 17, 15))
    found = propose(gap, WEEKLY, people, [], plan, CALENDAR)
    assert [offer.user_id for offer in found.could] == ["B", "A", "C"]
    assert found.could[0] == Offer(
        "B",
        (Turn("B", gap.starts, gap.ends),),
        whole=True,
        because=Because((Why.LONGEST_OFF,), at(4, 17, 15)),
    )
    assert found.could[2].turns == (Turn("C", at(15, 8, 30), at(15, 17, 15)),)
    assert not found.could[2].whole
    assert set(found.could_not) == {Other("D", WhyNot.DAYS), Other("E", WhyNot.HOURS_USED)}


def test_a_proposal_for_a_gap_over_two_weeks_never_exceeds_contract_hours() -> None:
    people = [member("A", monthly=timedelta(hours=10))]
    found = propose(Gap(at(11, 8, 30), at(14, 17, 15)), WEEKLY, people, [], [], CALENDAR)
    assert found.could[0].turns == (Turn("A", at(11, 8, 30), at(11, 17, 15)),)


def test_of_a_plan_only_what_still_holds_is_kept() -> None:
    plan = [week("A", 7), week("B", 14), week("GONE", 21)]
    away = [Absence("A", at(9, 0), at(10, 0))]
    people = [member("A"), member("B", "月〜水 8:30-17:15")]
    found = still_good(plan, people, away, CALENDAR, FIRST, date(2026, 12, 25))
    assert found == [
        Turn("A", at(7, 8, 30), at(8, 17, 15)),
        Turn("A", at(10, 8, 30), at(11, 17, 15)),
        Turn("B", at(14, 8, 30), at(16, 17, 15)),
    ]


def test_only_those_whose_shifts_move_are_concerned() -> None:
    before = [week("A", 7), week("B", 14), week("C", 21)]
    cut_in_two = [Turn("A", at(7, 8, 30), at(9, 12)), Turn("A", at(9, 12), at(11, 17, 15))]
    after = [*cut_in_two, week("C", 14), week("C", 21)]
    assert moved(before, after) == {
        "B": Moved(lost=(week("B", 14),)),
        "C": Moved(gained=(week("C", 14),)),
    }


def test_standing_by_instead_of_being_on_duty_is_a_change() -> None:
    deputy = Turn("A", at(7, 8, 30), at(11, 17, 15), deputy=True)
    assert moved([week("A", 7)], [deputy]) == {"A": Moved((deputy,), (week("A", 7),))}


@given(ROTAS, MEMBERS, CALENDARS, DAYS, st.data())
def test_gaps_of_a_filled_rota_are_what_filling_said(
    rota: Rota, members: list[RotaMember], calendar: BusinessCalendar, first: date, data: st.DataObject
) -> None:
    last, away, kept = first + timedelta(days=15), data.draw(absences(first)), data.draw(turns(first))
    filled = fill(rota, members, away, kept, [], first, last, calendar)
    plan = [*kept, *filled.turns]
    assert gaps(rota, plan, members, away, calendar, first, last) == filled.gaps
    assert moved(plan, reversed(plan)) == {}


def test_the_rest_of_a_half_day_is_not_cheap_because_one_stands_by_in_the_other() -> None:
    """Two hours are more than the contract gives. Standing by in one of them, they could afford the other."""
    calendar, rota = BusinessCalendar(lunch=None), Rota("r", "当番", deputies=1)
    people = [
        replace(member("T0", "木 8:30-12:15"), monthly=timedelta()),
        replace(member("T2", "木 11:15-13:15"), monthly=timedelta(hours=1)),
    ]
    first, last = date(2026, 3, 16), date(2026, 3, 31)
    before = fill(rota, people, [], [], [], first, last, calendar)
    kept = still_good(before.turns, people, [], calendar, first, last)
    again = fill(rota, people, [], kept, [], first, last, calendar)
    assert moved(before.turns, [*kept, *again.turns]) == {}


@given(ROTAS, MEMBERS, CALENDARS, DAYS, st.data())
def test_filling_again_moves_nobody_and_an_absence_only_who_it_concerns(
    rota: Rota, members: list[RotaMember], calendar: BusinessCalendar, first: date, data: st.DataObject
) -> None:
    last = first + timedelta(days=15)
    before = fill(rota, members, [], [], [], first, last, calendar)
    kept = still_good(before.turns, members, [], calendar, first, last)
    assert sorted(kept, key=in_order) == list(before.turns)
    again = fill(rota, members, [], kept, [], first, last, calendar)
    assert moved(before.turns, [*kept, *again.turns]) == {}
    away = data.draw(absences(first))
    kept = still_good(before.turns, members, away, calendar, first, last)
    after = fill(rota, members, away, kept, [], first, last, calendar)
    ill = {absence.user_id for absence in away}
    changes = moved(before.turns, [*kept, *after.turns])
    assert all(not change.lost or user in ill or change.gained for user, change in changes.items())
