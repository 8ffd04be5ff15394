"""Days to which a question is put off, or on which it is needed."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.business_time import BusinessCalendar
from bot.domain.deadline import check_needed, put_off, reminder
from bot.domain.next_step import Facts, Plan, plan
from bot.domain.question import State, Step, Targets
from bot.errors import NotPossibleNow

TOKYO, CALENDAR = ZoneInfo("Asia/Tokyo"), BusinessCalendar()


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026 if month > 3 else 2027, month, day, hour, minute, tzinfo=TOKYO)


TUESDAY = at(11, 24, 10)


@pytest.mark.parametrize(
    ("needed", "reminded"),
    [
        (date(2026, 11, 27), at(11, 26)),
        (date(2026, 11, 30), at(11, 27)),  # a Monday
        (date(2026, 11, 24), at(11, 20)),  # after a weekend of three days
        (date(2027, 1, 4), at(12, 28)),  # after the turn of the year
        (date(2026, 11, 29), at(11, 27)),  # a Sunday
    ],
)
def test_a_deadline_is_recalled_as_the_business_day_before_begins(needed: date, reminded: datetime) -> None:
    assert reminder(needed, CALENDAR) == reminded


def test_offices_that_never_open_still_have_a_day_before() -> None:
    closed = frozenset(
        f"{month:02}-{day:02}" for month in (10, 11) for day in range(1, 32) if (month, day) != (11, 31)
    )
    assert reminder(date(2026, 11, 20), BusinessCalendar(yearly_closures=closed)) == at(10, 20)


def test_put_off_until_a_day_begins_and_answered_by_its_end() -> None:
    assert put_off(date(2026, 12, 4), None, CALENDAR, TUESDAY) == (at(12, 4), at(12, 4, 17, 15))
    assert put_off(date(2026, 12, 4), date(2026, 12, 4), CALENDAR, TUESDAY)[0] == at(12, 4)
    assert put_off(date(2026, 12, 4), date(2026, 11, 20), CALENDAR, TUESDAY)[0] == at(12, 4), (
        "that day is over"
    )


@pytest.mark.parametrize(
    ("day", "needed", "says"),
    [
        (None, None, "明日から"),
        (date(2026, 11, 24), None, "明日から"),
        (date(2025, 11, 25), None, "明日から"),
        (date(2027, 1, 24), None, "60日以内"),
        (date(9999, 12, 31), None, "60日以内"),
        (date(2026, 11, 28), None, "閉庁日"),
        (date(2026, 12, 29), None, "閉庁日"),
        (date(2026, 12, 4), date(2026, 12, 3), "必要な日(12/3)まで"),
    ],
)
def test_a_day_that_cannot_be_says_why(day: date | None, needed: date | None, says: str) -> None:
    with pytest.raises(NotPossibleNow) as refused:
        put_off(day, needed, CALENDAR, TUESDAY)
    assert says in refused.value.sentence
    assert "何も変わっていません" in refused.value.sentence


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2027, 11, 26), date(1, 1, 1), date(9999, 12, 31)])
def test_nothing_is_needed_on_a_day_that_is_over_or_in_years(day: date) -> None:
    with pytest.raises(NotPossibleNow):
        check_needed(day, CALENDAR, TUESDAY)


def test_what_rests_is_taken_up_on_its_day_and_a_deadline_before_it_is_recalled() -> None:
    rests = Facts(State.CLAIMED, at(12, 4, 17, 15), TUESDAY, later_at=at(12, 4))
    assert plan(rests, Targets(), CALENDAR, TUESDAY) == Plan(Step.RESUME, at(12, 4))
    wrote = Facts(State.CLAIMED, at(12, 4), TUESDAY, later_at=at(12, 4), talent_wrote_at=at(11, 24, 11))
    assert plan(wrote, Targets(), CALENDAR, TUESDAY) == Plan(Step.RESUME, at(12, 4)), "「金曜に見ます」"
    after = plan(wrote, Targets(), CALENDAR, at(12, 4, 8))
    assert after == Plan(Step.ASSUME_ANSWERED, at(12, 7, 8, 30))
    needed = Facts(State.CLAIMED, TUESDAY, TUESDAY, needed_on=date(2026, 11, 25), works_at=at(11, 27, 9))
    assert plan(needed, Targets(), CALENDAR, TUESDAY) == Plan(Step.REMIND, at(11, 30, 9)), (
        "the day before has begun"
    )
    later = Facts(State.CLAIMED, TUESDAY, TUESDAY, needed_on=date(2026, 11, 27), works_at=at(11, 27, 9))
    assert plan(later, Targets(), CALENDAR, TUESDAY) == Plan(Step.DEADLINE, at(11, 26))
    theirs = Facts(State.WAITING, TUESDAY, TUESDAY, needed_on=date(2026, 11, 27))
    assert plan(theirs, Targets(), CALENDAR, TUESDAY) == Plan(Step.NUDGE, at(11, 27, 10)), (
        "it is the asker's turn"
    )
