"""What holds of every series, whatever it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_time import BusinessCalendar
from bot.domain.series import Change, Every, Mark, OnClosed, Plan, begun, fitting, rule, sessions

MOST = 20
CALENDARS = st.builds(
    BusinessCalendar,
    zone=st.sampled_from(["Asia/Tokyo", "America/New_York", "Europe/London", "Australia/Lord_Howe"]),
    yearly_closures=st.frozensets(st.sampled_from(["01-04", "04-30", "05-01", "05-02", "08-14", "12-28"])),
)
DATES = st.dates(date(2025, 11, 1), date(2027, 6, 30))
PLANS = st.builds(
    Plan,
    first=DATES,
    clock=st.times(time(0), time(23)).map(lambda clock: clock.replace(second=0, microsecond=0, fold=0)),
    minutes=st.integers(1, 180),
    every=st.sampled_from(Every),
    until=st.none() | DATES,
    times=st.none() | st.integers(1, 30),
    on_closed=st.sampled_from(OnClosed),
    first_number=st.integers(1, 50),
)


@given(PLANS, CALENDARS)
def test_never_on_a_closed_day_unless_the_policy_says_so(plan: Plan, calendar: BusinessCalendar) -> None:
    for session in islice(sessions(plan, calendar), MOST):
        day = calendar.day_of(session.starts)
        if plan.on_closed is not OnClosed.HOLD:
            assert calendar.is_business_day(day)
        if calendar.is_business_day(session.on):
            assert day == session.on


@given(PLANS, CALENDARS)
def test_in_the_order_of_time_with_numbers_without_gaps(plan: Plan, calendar: BusinessCalendar) -> None:
    found = list(islice(sessions(plan, calendar), MOST))
    assert [each.number for each in found] == list(range(plan.first_number, plan.first_number + len(found)))
    for before, after in pairwise(found):
        assert before.on < after.on
        assert before.starts < after.starts
        assert calendar.day_of(before.starts) < calendar.day_of(after.starts)
    assert plan.times is None or len(found) <= plan.times


@given(PLANS, CALENDARS, st.data())
def test_the_same_from_any_session_on(plan: Plan, calendar: BusinessCalendar, data: st.DataObject) -> None:
    found = list(islice(sessions(plan, calendar), MOST))
    if not found:
        return
    index = data.draw(st.integers(0, len(found) - 1))
    mark = Mark(found[index].on, found[index].number)
    rest = list(islice(sessions(plan, calendar, (), mark), MOST - index - 1))
    assert rest == found[index + 1 :]


@given(PLANS, CALENDARS)
def test_each_date_of_the_rule_has_at_most_one_session_and_no_other_date_has(
    plan: Plan, calendar: BusinessCalendar
) -> None:
    found = list(islice(sessions(plan, calendar), MOST))
    dates = {each.date() for each in islice(rule(plan), 2 * MOST)}
    found = [each for each in found if each.on <= max(dates, default=plan.first)]
    assert {each.on for each in found} <= dates
    if plan.on_closed in {OnClosed.SKIP, OnClosed.HOLD} and plan.times is None and found:
        open_days = {day for day in dates if day <= found[-1].on}
        if plan.on_closed is OnClosed.SKIP:
            open_days = {day for day in open_days if calendar.is_business_day(day)}
        assert {each.on for each in found} == open_days


@given(PLANS, CALENDARS)
def test_the_wall_shows_the_planned_time_unless_it_skips_it(plan: Plan, calendar: BusinessCalendar) -> None:
    zone = ZoneInfo(calendar.zone)
    for session in islice(sessions(plan, calendar), MOST):
        day = calendar.day_of(session.starts)
        wall = datetime.combine(day, plan.clock, zone)
        exists = wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None)
        if exists:
            assert session.starts.astimezone(zone).time() == plan.clock
        assert session.ends - session.starts == timedelta(minutes=plan.minutes)


@given(PLANS, CALENDARS, st.data())
def test_single_changes_touch_nobody_else(
    plan: Plan, calendar: BusinessCalendar, data: st.DataObject
) -> None:
    """Moved between its neighbours or cancelled, a session leaves all others and all numbers as they were."""
    found = list(islice(sessions(plan, calendar), 12))
    if len(found) < 3:
        return
    index = data.draw(st.integers(1, len(found) - 2))
    between = found[index + 1].starts - found[index - 1].starts
    starts = found[index - 1].starts + between * data.draw(st.floats(0.01, 0.99))
    change = Change(
        found[index].on, starts, starts + timedelta(minutes=30), cancelled=data.draw(st.booleans())
    )
    after = list(islice(sessions(plan, calendar, [change]), 12))
    assert [each for each in after if each.on != change.on] == [
        each for each in found if each.on != change.on
    ]
    assert [each.number for each in after] == [each.number for each in found]
    assert fitting(plan, calendar, [change], None) == [change]


@given(PLANS, PLANS, CALENDARS, st.data())
def test_an_edit_changes_no_number_that_was_given(
    old: Plan, new: Plan, calendar: BusinessCalendar, data: st.DataObject
) -> None:
    found = list(islice(sessions(old, calendar), 12))
    if not found:
        return
    now = found[0].starts + timedelta(days=data.draw(st.integers(0, 300)))
    given_ = begun(found, now)
    mark = Mark(given_[-1].on, given_[-1].number)
    after = list(islice(sessions(new, calendar, (), mark), 5))
    assert [each.number for each in after] == [mark.number + 1 + n for n in range(len(after))]
    assert all(each.on > mark.on for each in after)
