"""Which of the proposed entries come first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import ranking
from bot.domain.ranking import (
    CLOSE,
    EMBEDDED,
    ENOUGH,
    FIRST,
    LEARNED,
    MEANING,
    OFTEN,
    PHRASINGS,
    STRONG,
    WEIGHT,
    Candidate,
    Spread,
    kinship,
    rank,
    strong,
    weight,
)
from bot.domain.vocabulary import Alike

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
    return [each.id for each in rank(typed(*words.split()), candidates)]


@contextmanager
def nobody_counted() -> Iterator[None]:
    """How often an entry was asked for does not count."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ranking, "OFTEN", 0.0)
        yield


def typed(*words: str) -> dict[str, float]:
    return dict.fromkeys(words, 1.0)


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
    assert rank(typed("x"), [many])[0].score == 10 * (1 + OFTEN)


def test_entries_without_words_and_nobody_are_fine() -> None:
    assert order("a", candidate(1, 1, ""), candidate(2, 2, "")) == [2, 1]
    assert rank(typed("a"), []) == []


@given(WORDS, CANDIDATES)
def test_all_are_kept_each_gains_at_most_the_weight_and_the_order_is_the_scores(
    words: frozenset[str], candidates: list[Candidate]
) -> None:
    ranked = rank(typed(*words), candidates)
    before = {each.id: each.score for each in candidates}
    assert {each.id for each in ranked} == set(before)
    assert [each.score for each in ranked] == sorted((each.score for each in ranked), reverse=True)
    for each in ranked:
        most = before[each.id] * (1 + WEIGHT) + OFTEN * max(before.values()) * (1 + WEIGHT)
        assert before[each.id] * (1 - LEARNED) <= each.score <= most * (1 + 1e-9)


def test_below_the_first_page_what_others_asked_for_often_comes_up() -> None:
    first = [candidate(n, 10, "a b") for n in range(1, FIRST + 1)]
    plain = candidate(FIRST + 1, 9.5, "a b")
    asked = candidate(FIRST + 2, 9, "a b", *["a c", "b c", "a d"])
    assert order("a", *first, plain, asked) == [1, 2, 3, 4, 5, FIRST + 2, FIRST + 1]
    once = replace(asked, score=8.0, asked=asked.asked[:2])
    assert order("a", *first, plain, once)[-1] == once.id, "one way of asking is worth little"


@given(WORDS, st.lists(CANDIDATES, min_size=1, max_size=3).map(lambda some: [*chain(*some)]))
def test_no_entry_of_the_first_page_that_nobody_rephrased_goes_down_for_what_is_asked_often(
    words: frozenset[str], candidates: list[Candidate]
) -> None:
    some = [replace(each, id=number) for number, each in enumerate(candidates)]
    with nobody_counted():
        before = rank(typed(*words), some)
    places = {each.id: place for place, each in enumerate(rank(typed(*words), some))}
    for place, each in enumerate(before[:FIRST]):
        assert len(each.asked) > 1 or places[each.id] <= place


def test_a_word_that_only_others_asked_by_counts_a_little_less_than_ones_own() -> None:
    own = candidate(1, 10, "印鑑 実印", "ハンコ")
    learned = candidate(2, 10, "印鑑 証明", "実印 ハンコ 紙 届け")
    assert order("実印", own, learned) == [1, 2]
    assert rank(typed("実印"), [learned])[0].score == pytest.approx(
        10 * (1 - LEARNED) * (1 + WEIGHT / 4) * (1 + OFTEN / ENOUGH)
    )


def test_what_means_the_same_comes_nearer_and_what_does_not_is_not_pushed_away() -> None:
    plain, near, far = (
        replace(candidate(n, 10, "a b"), meaning=meaning) for n, meaning in ((1, 0), (2, 0.8), (3, -0.5))
    )
    ranked = rank(typed("a"), [plain, near, far])
    assert [each.id for each in ranked] == [2, 1, 3]
    best = ranked[1].score
    assert [each.score for each in ranked] == pytest.approx([best * (1 + MEANING * 0.8), best, best])
    assert {each.plain for each in ranked} == {best}


def test_what_was_meant_besides_counts_less_than_what_was_typed() -> None:
    words = {"国保": 1.0, "健康": 0.25}
    ranked = rank(words, [candidate(1, 10, "健康"), candidate(2, 10, "国保")])
    assert [each.id for each in ranked] == [2, 1]


def test_an_entry_that_says_it_by_another_name_is_strong() -> None:
    asked = frozenset({"国保", "脱退"})
    entry = candidate(1, 10, "国民 健康 保険 脱退")
    alike = [Alike(("国保",), ("国民", "健康", "保険")), Alike(("脱退",), ("抜ける",))]
    ranked = rank(dict.fromkeys(asked, 1.0), [entry])
    assert strong(asked, ranked, lambda word: 1.0) == frozenset()
    assert strong(asked, ranked, lambda word: 1.0, alike) == {1}


def test_nearness_in_meaning_makes_nothing_strong() -> None:
    nothing = replace(candidate(1, 10, "a"), meaning=0.0)
    near = replace(candidate(2, 1, "a"), meaning=1.0)
    assert strong(frozenset("a"), rank(typed("a"), [nothing, near]), lambda word: 1.0) == {1}


@given(WORDS, CANDIDATES, st.randoms())
def test_the_order_in_which_they_are_proposed_does_not_matter(
    words: frozenset[str], candidates: list[Candidate], random: Random
) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert rank(typed(*words), shuffled) == rank(typed(*words), candidates)


def akin(words: str, asked: str, holds: str = "", weights: dict[str, float] | None = None) -> float:
    one = Candidate(
        1, 1.0, tuple(frozenset(each.split()) for each in asked.split("/")), frozenset(holds.split())
    )
    return kinship(frozenset(words.split()), one, lambda word: (weights or {}).get(word, 1.0))


@pytest.mark.parametrize(
    ("words", "asked", "holds", "kin"),
    [
        ("住民票 写し", "住民票 写し", "", 1.0),
        ("住民票 写し 窓口", "住民票 写し", "窓口", 1.0),  # what the answer holds counts for what was asked
        ("住民票", "住民票 写し 窓口", "", 0.5),  # it asks more
        ("住民票 写し 窓口", "住民票", "", 0.5),  # it holds less
        ("引き継ぎ 資料 前任 異動", "CSV 文字化け 資料", "", 0.29),
        ("住民票", "印鑑", "住民票", 0.0),  # only in the answer: it asks something else
        ("住民票", "印鑑/住民票", "", 1.0),  # somebody asked for it so
        ("", "住民票", "", 0.0),
        ("住民票", "", "", 0.0),
    ],
)
def test_an_entry_is_akin_that_holds_much_of_it_and_asks_little_else(
    words: str, asked: str, holds: str, kin: float
) -> None:
    assert akin(words, asked, holds) == pytest.approx(kin, abs=0.01)


def test_a_word_that_says_more_counts_more() -> None:
    common = {"市": 0.1, "手続き": 0.1}
    assert akin("市 手続き 住民票", "市 手続き 印鑑", weights=common) < 0.2
    assert akin("市 手続き 住民票", "住民票 写し", weights=common) > 0.5


@given(WORDS, CANDIDATES)
def test_kinship_is_a_share_and_what_is_strong_is_near_the_best(
    words: frozenset[str], candidates: list[Candidate]
) -> None:
    ranked = rank(typed(*words), candidates)
    found = strong(words, ranked, lambda word: 1.0)
    best = max((each.plain for each in ranked), default=0.0)
    for each in ranked:
        kin = kinship(words, each, lambda word: 1.0)
        assert 0.0 <= kin <= 1.0
        assert (each.id in found) == (kin >= STRONG and each.plain >= CLOSE * best)


def test_nothing_is_akin_to_nothing() -> None:
    assert strong(frozenset("a"), [], lambda word: 1.0) == frozenset()


def test_a_word_says_more_the_fewer_hold_it_and_not_much_less_in_a_small_faq() -> None:
    weights = [weight(2000, n) for n in (0, 1, 10, 100, 1000, 2000)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0
    assert weight(1, 1) > 0.8 * weight(1, 0)


# --- with an embedder -------------------------------------------------------------------------------------------

EVEN = Spread(median=0.2, deviation=0.1, best=0.8)


def near(number: int, score: float, cosine: float | None, *asked: str) -> Candidate:
    return replace(candidate(number, score, *asked), cosine=cosine)


def ranked(words: str, *candidates: Candidate, spread: Spread | None = EVEN) -> list[int]:
    return [each.id for each in rank(typed(*words.split()), candidates, spread=spread)]


@given(WORDS, CANDIDATES, st.none() | st.floats(-1, 1))
def test_without_an_embedder_what_it_might_say_changes_nothing(
    words: frozenset[str], candidates: list[Candidate], cosine: float | None
) -> None:
    told = [replace(each, cosine=cosine) for each in candidates]
    before, after = rank(typed(*words), candidates), rank(typed(*words), told)
    assert [replace(each, cosine=None) for each in after] == before


def test_of_two_with_the_same_words_the_one_that_means_it_comes_first() -> None:
    assert ranked("a", near(1, 10, 0.3, "a b"), near(2, 10, 0.8, "a b")) == [2, 1]
    assert ranked("a", near(1, 10, 0.1, "a b"), near(2, 10, 0.2, "a b")) == [1, 2], (
        "less than the median is none"
    )


def test_one_without_a_vector_yet_neither_wins_nor_sinks() -> None:
    found = ranked("a", near(1, 10, 0.8, "a b"), near(2, 10, None, "a b"), near(3, 10, 0.2, "a b"))
    assert found == [1, 2, 3]


def test_without_a_word_in_common_only_what_stands_out_is_found_and_never_strong() -> None:
    stranger, dull = near(2, 0, 0.56, "c"), near(3, 0, 0.54, "d")
    both = rank(typed("a"), [near(1, 10, 0.2, "a b"), stranger, dull], spread=EVEN)
    assert [each.id for each in both] == [1, 2]
    assert [each.id for each in rank(typed("a"), [dull, stranger], spread=EVEN)] == [2]
    assert strong({"a"}, both, lambda _: 1.0) <= {1}
    assert strong({"a"}, both[1:], lambda _: 1.0) == set()


def test_where_entries_are_few_what_is_far_behind_the_best_does_not_stand_out() -> None:
    few = Spread(median=0.3, deviation=0.01, best=0.9)
    assert ranked("a", near(1, 0, 0.9, "b"), near(2, 0, 0.4, "c"), near(3, 0, 0.7, "d"), spread=few) == [1, 3]


def test_where_all_are_alike_nothing_stands_out() -> None:
    same = Spread(median=0.5, deviation=0.0, best=0.5)
    assert ranked("a", near(1, 10, 0.5, "a b"), near(2, 0, 0.5, "c"), spread=same) == [1]
    assert same.lift(0.5) == 0


@given(WORDS, CANDIDATES, st.lists(st.none() | st.floats(-1, 1), min_size=20, max_size=20))
def test_an_embedder_adds_at_most_its_share_and_takes_nothing_away(
    words: frozenset[str], candidates: list[Candidate], cosines: list[float | None]
) -> None:
    told = [replace(each, cosine=cosine) for each, cosine in zip(candidates, cosines, strict=False)]
    with nobody_counted():
        before = {each.id: each.score for each in rank(typed(*words), told)}
        after = {each.id: each.score for each in rank(typed(*words), told, spread=EVEN)}
    kin = {each.id for each in told if words & frozenset().union(*each.asked)}
    assert kin <= after.keys() <= before.keys()
    most = max((before[each] for each in kin), default=1.0)
    for each, score in after.items():
        assert before[each] <= score <= before[each] + EMBEDDED * most * (1 + 1e-9)
