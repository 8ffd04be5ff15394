"""The life of a question as data: what may follow what, who may do it, what happens by itself and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_time import BusinessCalendar
from bot.domain.next_step import Facts, Plan, plan
from bot.domain.question import (
    ALIVE,
    CLOSES,
    FROM,
    MAY,
    OPEN,
    TO,
    Part,
    State,
    Step,
    Targets,
    Turn,
    Verb,
    may,
    possible,
    turn,
)

CALENDAR, TARGETS = BusinessCalendar(), Targets()
TUESDAY_TEN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: TUESDAY_TEN + timedelta(minutes=minutes))
maybe = st.none() | moments


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment in Tokyo, 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


def test_the_ledger_knows_every_state_once() -> None:
    assert OPEN | {State.ANSWERED, State.CLOSED} == set(State)
    assert set(State) - {State.CLOSED} == ALIVE


def test_every_state_can_be_left_and_every_state_can_be_reached() -> None:
    reached = {State.RECEIVED} | set(TO.values())
    assert reached == set(State)
    for state in State:
        assert any(state in states for verb, states in FROM.items() if TO.get(verb, state) != state)


def test_what_closes_has_a_reason_and_nothing_else_has() -> None:
    assert set(CLOSES) == {verb for verb, state in TO.items() if state is State.CLOSED}
    assert len(set(CLOSES.values())) == len(CLOSES)


def test_what_people_may_do_can_be_done_somewhere() -> None:
    for verb in MAY:
        assert FROM[verb], verb


@pytest.mark.parametrize(
    "verb", [Verb.ASSIGN, Verb.ESCALATE, Verb.REMIND, Verb.NUDGE, Verb.NO_REPLY, Verb.RECEIVE]
)
def test_what_only_the_clock_does_nobody_may(verb: Verb) -> None:
    assert not may(verb, frozenset(Part) - {Part.SYSTEM})
    assert may(verb, frozenset({Part.SYSTEM}))


@pytest.mark.parametrize("verb", [Verb.TALENT_WROTE, Verb.ASKER_WROTE, Verb.UNDO, Verb.RECEIVE])
def test_words_and_their_like_are_no_deed_of_a_state(verb: Verb) -> None:
    assert not any(possible(verb, state) for state in State)
    assert verb not in TO


def test_the_asker_decides_about_their_own_question_and_no_more() -> None:
    own = {verb for verb in Verb if may(verb, frozenset({Part.ASKER}))}
    assert own == {Verb.RESOLVE, Verb.FOUND, Verb.REOPEN, Verb.WITHDRAW, Verb.SET_NEEDED}


def test_a_talent_may_take_it_and_only_who_has_it_may_answer() -> None:
    assert {verb for verb in Verb if may(verb, frozenset({Part.TALENT}))} == {Verb.CLAIM}
    assert may(Verb.ANSWER, frozenset({Part.RESPONSIBLE}))
    assert may(Verb.STEP_ASIDE, frozenset({Part.RESPONSIBLE}))
    assert not may(Verb.STEP_ASIDE, frozenset({Part.COORDINATOR}))


def test_whose_turn_it_is() -> None:
    assert {state for state in State if turn(state) is Turn.ASKER} == {State.WAITING, State.ANSWERED}
    assert turn(State.CLOSED) is Turn.NOBODY
    assert turn(State.REOPENED) is Turn.TALENT


def test_what_nobody_may_see_yet_is_decided_after_half_an_hour_of_business_whatever_is_written_meanwhile() -> (
    None
):
    asked = at(24, 16, 50)
    found = Facts(State.RECEIVED, at(25, 12), asked, asker_wrote_at=at(24, 17), undecided=True)
    for now in (asked, at(24, 17), at(24, 20)):
        assert plan(found, TARGETS, CALENDAR, now) == Plan(Step.DECIDE, at(25, 8, 35))
    closed = Facts(State.CLOSED, at(25, 12), asked, undecided=True)
    assert plan(closed, TARGETS, CALENDAR, asked) is None


def facts(state: State, **more: Any) -> Facts:
    return Facts(state, TUESDAY_TEN + timedelta(hours=4), TUESDAY_TEN, **more)


@pytest.mark.parametrize("state", [State.RECEIVED, State.ASSIGNED, State.REOPENED])
def test_an_unclaimed_question_is_escalated_at_its_target_and_then_reminded(state: State) -> None:
    found = plan(facts(state), TARGETS, CALENDAR, TUESDAY_TEN)
    assert found is not None
    assert (found.step, found.at) == (Step.ESCALATE, TUESDAY_TEN + timedelta(hours=4))
    late = plan(facts(state), TARGETS, CALENDAR, TUESDAY_TEN + timedelta(hours=5))
    assert late is not None
    assert (late.step, late.at) == (Step.REMIND, at(25, 15))


def test_a_claimed_one_is_reminded_or_counts_as_answered_a_business_day_after_the_last_word() -> None:
    silent = plan(facts(State.CLAIMED), TARGETS, CALENDAR, TUESDAY_TEN)
    assert silent is not None
    assert (silent.step, silent.at) == (Step.REMIND, at(25, 10))
    wrote = plan(facts(State.CLAIMED, talent_wrote_at=at(27, 9)), TARGETS, CALENDAR, at(27, 9))
    assert wrote is not None
    assert (wrote.step, wrote.at) == (Step.ASSUME_ANSWERED, at(30, 9))


def test_a_reply_that_the_asker_has_answered_is_owed_another() -> None:
    owed = facts(State.CLAIMED, talent_wrote_at=at(24, 11), asker_wrote_at=at(24, 12))
    found = plan(owed, TARGETS, CALENDAR, at(24, 12))
    assert found is not None
    assert found.step is Step.REMIND
    thanked = facts(State.CLAIMED, talent_wrote_at=at(24, 12), asker_wrote_at=at(24, 11))
    found = plan(thanked, TARGETS, CALENDAR, at(24, 12))
    assert found is not None
    assert found.step is Step.ASSUME_ANSWERED


@pytest.mark.parametrize("state", [State.ANSWERED, State.WAITING])
def test_a_silent_asker_is_asked_once_and_then_it_ends_for_now(state: State) -> None:
    first = plan(facts(state), TARGETS, CALENDAR, TUESDAY_TEN)
    assert first is not None
    assert (first.step, first.at) == (Step.NUDGE, at(27, 10))
    then = plan(facts(state, nudged_at=at(27, 10)), TARGETS, CALENDAR, at(27, 10))
    assert then is not None
    assert (then.step, then.at) == (Step.NO_REPLY, at(4, 10, month=12))


@given(
    state=st.sampled_from(list(State)), now=moments, since=moments, talent=maybe, nudged=maybe, asker=maybe
)
def test_everything_alive_has_a_next_step_in_opening_hours_and_what_is_closed_has_none(
    state: State,
    now: datetime,
    since: datetime,
    talent: datetime | None,
    nudged: datetime | None,
    asker: datetime | None,
) -> None:
    found = plan(
        Facts(state, CALENDAR.add(since, TARGETS.week.length(CALENDAR)), since, talent, nudged, asker),
        TARGETS,
        CALENDAR,
        now,
    )
    assert (found is None) == (state is State.CLOSED)
    if found is not None:
        assert found.at.tzinfo is not None
        local = found.at + timedelta(hours=9)
        assert CALENDAR.is_business_day(local.date())
        if found.step in {Step.ESCALATE, Step.REMIND}:
            assert found.at > now, "what is done again and again lies in the future"
