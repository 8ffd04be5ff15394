"""Vectors in memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.search import nearness
from storage.search.nearness import Nearness, packed


def filled(*vectors: tuple[int, list[float]]) -> Nearness:
    made = Nearness()
    made.take_in((number, packed(vector)) for number, vector in vectors)
    return made


def test_the_nearest_come_first_and_each_has_its_cosine() -> None:
    found = filled((7, [1, 0]), (8, [3, 3]), (9, [0, 2])).of([5, 0.1])
    assert found is not None
    assert found.nearest == (7, 8, 9)
    assert found.of(7) == pytest.approx(1, abs=1e-3)
    assert found.of(9) == pytest.approx(0.02, abs=1e-3)
    assert found.of(1) is None
    assert found.spread.best == pytest.approx(found.of(7))


@pytest.mark.parametrize("vector", [[], [0, 0], [float("nan"), 1], [1], [1, 2, 3]])
def test_what_cannot_be_compared_says_nothing(vector: list[float]) -> None:
    assert filled((1, [1, 0])).of(vector) is None
    assert Nearness().of([1, 0]) is None


def test_what_somebody_holds_stays_as_it_was_when_it_was_asked() -> None:
    made = filled((1, [1, 0]), (2, [0, 1]))
    before = made.of([1, 0])
    made.take_in([(1, b""), (3, packed([1, 0]))])
    after = made.of([1, 0])
    assert before is not None
    assert after is not None
    assert (before.of(1), before.of(2), before.of(3)) == (1, 0, None)
    assert (after.of(1), after.of(2), after.of(3)) == (None, 0, 1)


def test_another_length_is_another_model() -> None:
    made = filled((1, [1, 0]), (2, [0, 1]))
    made.take_in([(2, packed([1, 0, 0]))])
    assert len(made) == 1
    assert made.of([1, 0]) is None


def test_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearness, "MOST_BYTES", 3 * 2 * 4)
    made = filled(*((number, [1.0, float(number)]) for number in range(9)))
    assert len(made) == 3
    made.take_in([(0, b""), (8, packed([1, 1]))])
    found = made.of([1, 1])
    assert found is not None
    assert found.nearest[0] in {1, 8}
    assert found.of(0) is None


@given(st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(1, 9)), max_size=40))
def test_it_holds_what_came_last_of_each(changes: list[tuple[int, int | None]]) -> None:
    made, wanted = Nearness(), dict[int, int]()
    for number, value in changes:
        made.take_in([(number, b"" if value is None else packed([1, value]))])
        wanted.pop(number, None)
        if value is not None:
            wanted[number] = value
    assert len(made) == len(wanted)
    found = made.of([1, 0])
    assert (found is None) == (not wanted)
    for number in range(6):
        cosine = found.of(number) if found is not None else None
        told = wanted.get(number)
        assert cosine == (None if told is None else pytest.approx((1 + told**2) ** -0.5, abs=1e-3))
