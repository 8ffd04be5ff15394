"""Swaps: asked, agreed, refused, withdrawn, taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain.question import UNDO_WITHIN
from bot.domain.rota import Turn
from bot.domain.rota_swaps import (
    FROM,
    MAY,
    TO,
    Swap,
    SwapBegun,
    SwapNotYours,
    SwapOver,
    SwapPart,
    SwapState,
    SwapTooLate,
    SwapVerb,
    swap_step,
    swapped,
    swapped_back,
)

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GIVEN, RETURNED = Turn("A", NOW + 6 * DAY, NOW + 10 * DAY), Turn("B", NOW + 13 * DAY, NOW + 17 * DAY)
SWAP = Swap("A", "B", GIVEN, NOW, RETURNED)


@pytest.mark.parametrize(("verb", "part", "state"), list(product(SwapVerb, SwapPart, SwapState)))
def test_what_may_follow_and_who_may(verb: SwapVerb, part: SwapPart, state: SwapState) -> None:
    swap = Swap("A", "B", GIVEN, NOW, RETURNED, state)
    if state is not FROM[verb]:
        with pytest.raises(SwapOver):
            swap_step(swap, verb, part, NOW)
    elif part not in MAY[verb]:
        with pytest.raises(SwapNotYours):
            swap_step(swap, verb, part, NOW)
    else:
        done = swap_step(swap, verb, part, NOW + timedelta(minutes=1))
        assert (done.state, done.at) == (TO[verb], NOW + timedelta(minutes=1))


def test_an_agreed_swap_is_taken_back_within_ten_minutes_and_the_plan_is_as_before() -> None:
    plan = [GIVEN, RETURNED, Turn("C", NOW, NOW + DAY)]
    agreed = swap_step(SWAP, SwapVerb.ACCEPT, SwapPart.ASKED, NOW + DAY)
    after = swapped(plan, agreed)
    assert [(turn.user_id, turn.starts) for turn in after] == [
        ("C", NOW),
        ("B", GIVEN.starts),
        ("A", RETURNED.starts),
    ]
    back = swap_step(agreed, SwapVerb.TAKE_BACK, SwapPart.ASKER, NOW + DAY + UNDO_WITHIN)
    assert back.state is SwapState.TAKEN_BACK
    assert set(swapped_back(after, back)) == set(plan)
    with pytest.raises(SwapTooLate):
        swap_step(agreed, SwapVerb.TAKE_BACK, SwapPart.ASKER, NOW + DAY + UNDO_WITHIN + timedelta(seconds=1))


def test_a_turn_can_be_given_for_nothing() -> None:
    gift = Swap("A", "B", GIVEN, NOW)
    assert swapped([GIVEN], gift) == [Turn("B", GIVEN.starts, GIVEN.ends)]


def test_what_has_begun_is_no_longer_swapped() -> None:
    with pytest.raises(SwapBegun):
        swap_step(SWAP, SwapVerb.ACCEPT, SwapPart.ASKED, GIVEN.starts)
    swap_step(SWAP, SwapVerb.ACCEPT, SwapPart.ASKED, GIVEN.starts - timedelta(seconds=1))
    swap_step(SWAP, SwapVerb.DECLINE, SwapPart.ASKED, GIVEN.starts)
    agreed = swap_step(SWAP, SwapVerb.ACCEPT, SwapPart.ASKED, GIVEN.starts - timedelta(minutes=5))
    with pytest.raises(SwapBegun):
        swap_step(agreed, SwapVerb.TAKE_BACK, SwapPart.ASKED, GIVEN.starts)


def test_a_plan_that_has_changed_meanwhile_is_not_swapped() -> None:
    with pytest.raises(SwapOver):
        swapped([GIVEN], SWAP)
    with pytest.raises(SwapOver):
        swapped_back([GIVEN, RETURNED], SWAP)


@pytest.mark.parametrize(
    ("asked", "given", "returned"),
    [("A", GIVEN, None), ("B", RETURNED, None), ("B", GIVEN, GIVEN)],
)
def test_nobody_gives_what_is_not_theirs(asked: str, given: Turn, returned: Turn | None) -> None:
    with pytest.raises(ValueError, match="no swap"):
        Swap("A", asked, given, NOW, returned)


def test_each_refusal_is_a_sentence_that_says_that_nothing_changed() -> None:
    for error in (SwapOver, SwapNotYours, SwapBegun, SwapTooLate):
        assert "当番は" in error().sentence
