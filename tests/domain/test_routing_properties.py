"""Routing for every constellation of facts: nobody barred, never nobody, always the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reasons import ReasonCode
from bot.domain.routing import Ask, Candidate, Coordinator, NobodyToAsk, TalentRole, rank

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIELDS = ["device", "net", "std"]
candidate_lists = st.lists(
    st.builds(
        Candidate,
        user_id=st.sampled_from([f"T{n:02}" for n in range(12)]),
        name=st.just("だれか"),
        role=st.sampled_from(TalentRole),
        fields=st.lists(st.sampled_from(FIELDS), unique=True).map(tuple),
        on_duty=st.booleans(),
        deputy=st.booleans(),
        next_working=st.none() | st.integers(-4, 96).map(lambda hours: NOW + hours * HOUR),
        remaining=st.none() | st.integers(-60, 600).map(lambda minutes: timedelta(minutes=minutes)),
        absent=st.booleans(),
        conflicts=st.lists(st.sampled_from([*FIELDS, "body:993433", "body:992011"]), max_size=2).map(tuple),
        open_questions=st.integers(0, 15),
        helped_before=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda candidate: candidate.user_id,
)
desks = st.lists(
    st.builds(
        Coordinator,
        user_id=st.sampled_from(["C1", "C2", "C3", "T01"]),
        name=st.just("県"),
        open_questions=st.integers(0, 9),
    ),
    max_size=3,
    unique_by=lambda coordinator: coordinator.user_id,
)
asks = st.builds(
    Ask,
    field_id=st.sampled_from([*FIELDS, "other"]),
    roles=st.lists(st.sampled_from(TalentRole), max_size=2, unique=True).map(tuple),
    municipality_code=st.sampled_from([None, "993433"]),
    target=st.integers(-3, 48).map(lambda hours: NOW + hours * HOUR),
)


def may_not(ask: Ask, candidate: Candidate) -> bool:
    return (
        candidate.absent
        or ask.field_id in candidate.conflicts
        or (ask.municipality_code is not None and f"body:{ask.municipality_code}" in candidate.conflicts)
    )


@given(asks, candidate_lists, desks)
def test_never_a_conflicted_or_absent_person_and_never_nobody(
    ask: Ask, candidates: list[Candidate], desk: list[Coordinator]
) -> None:
    barred = {candidate.user_id for candidate in candidates if may_not(ask, candidate)}
    out_of_hours = {c.user_id for c in candidates if c.remaining is not None and c.remaining <= timedelta(0)}
    usable = {c.user_id for c in candidates} | {c.user_id for c in desk}
    usable -= barred | out_of_hours
    if not usable:
        with pytest.raises(NobodyToAsk):
            rank(ask, candidates, desk, NOW)
        return
    routing = rank(ask, candidates, desk, NOW)
    assert {choice.user_id for choice in routing.ranked} == usable
    assert {choice.user_id for choice in routing.excluded} == barred | out_of_hours
    assert routing.chosen == routing.ranked[0]
    assert routing.to_desk is (routing.later is not None)
    assert all(choice.against for choice in routing.excluded)


@given(asks, candidate_lists, desks.filter(bool), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_changes_nothing(
    ask: Ask, candidates: list[Candidate], desk: list[Coordinator], random: Random
) -> None:
    shuffled, shuffled_desk = list(candidates), list(desk)
    random.shuffle(shuffled)
    random.shuffle(shuffled_desk)
    try:
        expected = rank(ask, candidates, desk, NOW)
    except NobodyToAsk:
        with pytest.raises(NobodyToAsk):
            rank(ask, shuffled, shuffled_desk, NOW)
        return
    assert rank(ask, shuffled, shuffled_desk, NOW) == expected


@given(asks, candidate_lists, desks.filter(lambda desk: any(c.user_id.startswith("C") for c in desk)))
def test_whoever_is_chosen_beside_the_desk_is_on_the_rota_and_in_time(
    ask: Ask, candidates: list[Candidate], desk: list[Coordinator]
) -> None:
    routing = rank(ask, candidates, desk, NOW)
    picked = next((c for c in candidates if c.user_id == routing.chosen.user_id), None)
    if picked is None or any(r.code is ReasonCode.COORDINATOR for r in routing.chosen.reasons):
        return
    assert picked.on_duty or picked.deputy
    assert picked.next_working is None or picked.next_working <= max(ask.target, NOW)
