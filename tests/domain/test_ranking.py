"""Which of the proposed entries come first."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ranking import PHRASINGS, WEIGHT, Candidate, rank

WORDS = st.frozensets(st.sampled_from("abcdef"), max_size=4)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.integers(1, 99),
        st.floats(0.1, 50),
        st.lists(WORDS, min_size=1, max_size=4).map(tuple),
    ),
    unique_by=lambda each: each.id,
)


def candidate(number: int, score: float, *asked: str) -> Candidate:
    return Candidate(number, score, tuple(frozenset(each.split()) for each in asked))


def order(words: str, *candidates: Candidate) -> list[int]:
    return [each.id for each in rank(frozenset(words.split()), candidates)]


def test_of_two_that_fit_as_well_the_one_that_asks_little_else_comes_first() -> None:
    wide = candidate(1, 10, "住民票 本籍 外国人 世帯 写し")
    narrow = candidate(2, 10, "住民票 写し")
    assert order("住民票 写し", wide, narrow) == [2, 1]


def test_much_less_fitting_is_not_made_up_for() -> None:
    assert order("写し", candidate(1, 10, "住民票 本籍"), candidate(2, 5, "写し")) == [1, 2]


def test_the_best_of_the_ways_of_asking_stands_for_an_entry() -> None:
    plain = candidate(1, 10, "印鑑 登録 証明")
    asked = candidate(2, 10, "印鑑 登録 証明", "ハンコ", "実印 紙")
    assert order("実印 紙", plain, asked) == [2, 1]
    assert order("印鑑 登録 証明", plain, asked) == [1, 2]


def test_an_entry_that_nobody_rephrased_does_not_sink_below_one_with_many_phrasings() -> None:
    plain = candidate(1, 10, "印鑑 登録")
    asked = candidate(2, 10, "印鑑 登録 証明", *["印鑑"] * PHRASINGS)
    assert order("印鑑 登録", plain, asked) == [1, 2]


def test_more_phrasings_than_are_compared_help_no_further() -> None:
    many = candidate(1, 10, "a b", *["c d"] * PHRASINGS, "x")
    assert rank(frozenset("x"), [many])[0].score == 10


def test_entries_without_words_and_nobody_are_fine() -> None:
    assert order("a", candidate(1, 1, ""), candidate(2, 2, "")) == [2, 1]
    assert rank(frozenset("a"), []) == []


@given(WORDS, CANDIDATES)
def test_all_are_kept_each_gains_at_most_the_weight_and_the_order_is_the_scores(
    words: frozenset[str], candidates: list[Candidate]
) -> None:
    ranked = rank(words, candidates)
    before = {each.id: each.score for each in candidates}
    assert {each.id for each in ranked} == set(before)
    assert [each.score for each in ranked] == sorted((each.score for each in ranked), reverse=True)
    for each in ranked:
        assert before[each.id] <= each.score <= before[each.id] * (1 + WEIGHT) * (1 + 1e-9)


@given(WORDS, CANDIDATES, st.randoms())
def test_the_order_in_which_they_are_proposed_does_not_matter(
    words: frozenset[str], candidates: list[Candidate], random: Random
) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert rank(words, shuffled) == rank(words, candidates)
