"""What holds of every filled rota, whatever it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.business_time import BusinessCalendar
from bot.domain.rota import Handoff, Rota, RotaMember, Why, in_order
from bot.domain.rota_filling import fill
from tests.domain.rotas import (
    CALENDARS,
    DAYS,
    MEMBERS,
    PATTERNS,
    QUARTER,
    ROTAS,
    absences,
    held,
    open_quarters,
    turns,
    working,
)

SPAN = timedelta(days=17)


@given(ROTAS, MEMBERS, CALENDARS, DAYS, st.data())
def test_nobody_serves_when_they_do_not_work_and_each_open_minute_is_covered_or_a_gap(
    rota: Rota, members: list[RotaMember], calendar: BusinessCalendar, first: date, data: st.DataObject
) -> None:
    last, away = first + SPAN, data.draw(absences(first))
    filled = fill(rota, members, away, [], [], first, last, calendar)
    there = open_quarters(calendar, first, last)
    works = {member.user_id: working(member, away, calendar, there) for member in members}
    on, standing_by = held(filled.turns, there), held(filled.turns, there, deputy=True)
    for at in there:
        everybody = [*on[at], *standing_by[at]]
        assert len(set(everybody)) == len(everybody), "no clash"
        assert all(at in works[user] for user in everybody)
        missing = [gap.missing for gap in filled.gaps if gap.starts <= at < gap.ends]
        assert missing == ([rota.seats - len(on[at])] if len(on[at]) < rota.seats else [])
        assert len(standing_by[at]) <= rota.deputies
    begins, ends = set(there), {at + QUARTER for at in there}
    spans = [(each.starts, each.ends) for each in filled.turns]
    for starts, finishes in spans + [(each.starts, each.ends) for each in filled.gaps]:
        assert starts in begins
        assert finishes in ends
    assert set(filled.why) == set(filled.turns)
    assert list(filled.turns) == sorted(filled.turns, key=in_order)


@settings(max_examples=50)
@given(ROTAS, MEMBERS, CALENDARS, DAYS, st.data())
def test_contract_hours_of_a_month_are_never_exceeded_and_nobody_is_in_two_places(
    rota: Rota, members: list[RotaMember], calendar: BusinessCalendar, first: date, data: st.DataObject
) -> None:
    last, away = first + SPAN, data.draw(absences(first))
    kept, elsewhere = data.draw(turns(first)), data.draw(turns(first))
    filled = fill(rota, members, away, kept, [], first, last, calendar, elsewhere=elsewhere)
    there = open_quarters(calendar, first.replace(day=1), last + timedelta(days=31))
    month = {at: at.astimezone(ZoneInfo(calendar.zone)).month for at in there}
    new, other = held(filled.turns, there), held([*kept, *elsewhere], there)
    for member in members:
        user, monthly = member.user_id, member.monthly
        mine, before = ({at for at in there if user in who[at]} for who in (new, other))
        assert not mine & before
        always = replace(member, hours={})
        spent = Counter(month[at] for at in mine | before & working(always, away, calendar, there))
        for each in {month[at] for at in mine}:
            assert monthly is None or spent[each] * QUARTER <= monthly


@given(ROTAS, MEMBERS, CALENDARS, DAYS, st.randoms(use_true_random=False), st.data())
def test_the_order_of_what_is_given_changes_nothing(
    rota: Rota,
    members: list[RotaMember],
    calendar: BusinessCalendar,
    first: date,
    random: Random,
    data: st.DataObject,
) -> None:
    away, last = data.draw(absences(first)), first + SPAN
    kept, history = data.draw(turns(first)), data.draw(turns(first))
    expected = fill(rota, members, away, kept, history, first, last, calendar)
    for each in (members, away, kept, history):
        random.shuffle(each)
    assert fill(rota, members, away, kept, history, first, last, calendar) == expected


@given(ROTAS, MEMBERS, CALENDARS, DAYS, st.integers(1, 5), st.data())
def test_filled_in_two_halves_it_is_the_same(
    rota: Rota,
    members: list[RotaMember],
    calendar: BusinessCalendar,
    first: date,
    weeks: int,
    data: st.DataObject,
) -> None:
    first -= timedelta(days=(first.weekday() - rota.handoff_weekday) % 7)
    middle, last = first + timedelta(weeks=weeks), first + timedelta(weeks=weeks + 3)
    away = data.draw(absences(first))
    whole = fill(rota, members, away, [], [], first, last, calendar)
    opens = next(calendar.open_spans(first, last))[0]
    if not any(turn.starts == opens and turn.deputy is False for turn in whole.turns):
        return  # what is owed is counted from the first turn on
    one = fill(rota, members, away, [], [], first, middle - timedelta(days=1), calendar)
    two = fill(rota, members, away, [], one.turns, middle, last, calendar)
    assert (*one.turns, *two.turns) == whole.turns


@given(
    st.builds(Rota, id=st.just("r"), name=st.just("当番"), handoff=st.sampled_from(Handoff)),
    st.lists(PATTERNS, min_size=1, max_size=4),
    st.integers(2, 4),
    CALENDARS,
    DAYS,
)
def test_two_who_work_alike_never_differ_by_more_than_a_turn_and_a_half(
    rota: Rota,
    patterns: list[dict[int, tuple[time, time]]],
    alike: int,
    calendar: BusinessCalendar,
    first: date,
) -> None:
    members = [
        RotaMember(f"T{number}{twin}", "だれか", hours)
        for number, hours in enumerate(patterns)
        for twin in range(alike)
    ]
    last = first + timedelta(weeks=10)
    filled = fill(rota, members, [], [], [], first, last, calendar)
    there = open_quarters(calendar, first, last)
    week = open_quarters(calendar, date(2026, 6, 1), date(2026, 6, 5))
    served = Counter(user for users in held(filled.turns, there).values() for user in users)
    for number, _ in enumerate(patterns):
        turn = len(working(members[number * alike], [], calendar, week))
        of_these = [served[f"T{number}{twin}"] for twin in range(alike)]
        assert max(of_these) - min(of_these) <= 1.5 * turn


@given(ROTAS, MEMBERS, CALENDARS, DAYS)
def test_each_turn_says_why(
    rota: Rota, members: list[RotaMember], calendar: BusinessCalendar, first: date
) -> None:
    filled = fill(rota, members, [], [], [], first, first + SPAN, calendar)
    for turn, because in filled.why.items():
        assert {Why.LONGEST_OFF, Why.NEW, Why.ONLY_ONE} & set(because.reasons)
        assert turn.user_id not in [each.user_id for each in because.others]
        assert len({each.user_id for each in because.others}) == len(because.others) <= 4
        assert because.last_on is None or because.last_on <= turn.starts


@settings(max_examples=50)
@given(ROTAS, MEMBERS, CALENDARS, DAYS, st.integers(0, 17 * 96), st.data())
def test_of_what_is_over_nothing_is_filled_and_all_else_is_covered_or_a_gap(
    rota: Rota,
    members: list[RotaMember],
    calendar: BusinessCalendar,
    first: date,
    quarters: int,
    data: st.DataObject,
) -> None:
    last, away = first + SPAN, data.draw(absences(first))
    since = datetime.combine(first, time(), ZoneInfo(calendar.zone)).astimezone(UTC) + quarters * QUARTER
    filled = fill(rota, members, away, [], [], first, last, calendar, since=since)
    starts = [each.starts for each in filled.turns] + [each.starts for each in filled.gaps]
    assert all(each >= since for each in starts)
    there = [at for at in open_quarters(calendar, first, last) if at >= since]
    on = held(filled.turns, there)
    for at in there:
        missing = [gap.missing for gap in filled.gaps if gap.starts <= at < gap.ends]
        assert missing == ([rota.seats - len(on[at])] if len(on[at]) < rota.seats else [])
