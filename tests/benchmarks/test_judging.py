"""The measures of a list of results."""

from __future__ import annotations

from math import log2

import pytest

from benchmarks.judging import figures, ndcg
from benchmarks.library import Judged
from benchmarks.mistyped import WAYS
from benchmarks.search import measure

GRADES = {"a": 2, "b": 1, "z": 0}


def test_every_measure_of_one_query_by_hand() -> None:
    found = figures({"q": ["x", "b", "a", "z"]}, {"q": GRADES})
    ideal = 2 + 1 / log2(3)
    assert found == {
        "queries": 1,
        "R@10": 1,
        "P@10": 0.2,
        "nDCG@10": pytest.approx((1 / log2(3) + 2 / 2) / ideal, abs=1e-4),
        "MAP": pytest.approx((1 / 2 + 2 / 3) / 2, abs=1e-4),
        "MRR": 0.5,
        "SR@1": 0,
        "SR@3": 1,
        "SR@5": 1,
        "Hit@1": 0,
        "Hit@3": 1,
        "Hit@10": 1,
    }


def test_what_comes_after_the_tenth_place_is_not_recalled() -> None:
    late = [*map(str, range(10)), "a"]
    found = figures({"q": late}, {"q": GRADES})
    assert found["R@10"] == found["nDCG@10"] == found["Hit@10"] == 0
    assert found["MRR"] == pytest.approx(1 / 11, abs=1e-4)


def test_queries_without_an_answer_count_for_what_is_related_only() -> None:
    found = figures({"q": ["a"], "r": ["b"], "s": ["x"]}, {"q": GRADES, "r": {"b": 1}, "s": {"x": 0}})
    assert found["queries"] == 2
    assert found["SR@1"] == 1
    assert found["Hit@1"] == 1


def test_the_best_order_has_a_gain_of_one() -> None:
    assert ndcg(["a", "b", "x"], GRADES) == 1


SET = Judged(
    {
        "ごみ": {"question": "ゴミの出し方を知りたい。", "answer": "燃えるごみは火曜日です。"},
        "票": {"question": "住民票の写しがほしい。", "answer": "窓口でお渡しします。"},
    },
    {"1": "ごみ出しはいつ?", "2": "世帯全員"},
    {"1": {"ごみ": 2}, "2": {"票": 2}},
)


async def test_a_set_is_measured_from_text_to_result_cold_and_with_what_was_learned() -> None:
    history = Judged(SET.corpus, {"h": "世帯全員のものがいります"}, {"h": {"票": 2}})
    cold, *mistyped, warm = await measure(SET, history)
    assert (cold["system"], cold["entries"], cold["SR@1"]) == ("banso", 2, 0.5)
    assert {line["mistyped"] for line in mistyped} == {way.name for way in WAYS}
    assert (warm["history"], warm["SR@1"], warm["unlearned_Hit@1"]) == (1, 1, 1)


async def test_a_long_history_is_what_many_people_asked_and_all_of_it_is_learned() -> None:
    asked = {f"h{n}": f"うちの犬{n}匹のこと" for n in range(15)} | {"last": "世帯全員のものがいります"}
    *_, warm = await measure(SET, Judged(SET.corpus, asked, {name: {"票": 2} for name in asked}))
    assert (warm["history"], warm["SR@1"]) == (16, 1)


@pytest.mark.parametrize(
    ("name", "text", "typed"),
    [
        ("half and full width", "カードのPC", "ｶｰﾄﾞのＰＣ"),
        ("long vowels dropped", "マイナンバーカード", "マイナンバカド"),
        ("okurigana dropped", "引っ越しの届出", "引越しの届出"),
        ("okurigana dropped", "受け付け", "受付け"),
        ("kana for kanji", "住民票の写し", "じゅうみん票の写し"),
        ("one or two short words", "粗大ごみの日を教えて", "粗大 ごみ"),
        ("abbreviation", "国民健康保険の脱退", "国保の脱退"),
    ],
)
def test_ways_of_typing(name: str, text: str, typed: str) -> None:
    assert next(way for way in WAYS if way.name == name).of(text) == typed
