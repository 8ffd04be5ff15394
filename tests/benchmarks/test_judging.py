"""The measures of a list of results."""

from __future__ import annotations

from math import log2

import pytest

from benchmarks.judging import figures, ndcg, offered
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


async def test_a_set_is_measured_from_text_to_result() -> None:
    corpus = {
        "ごみ": {"question": "ゴミの出し方を知りたい。", "answer": "燃えるごみは火曜日です。"},
        "票": {"question": "住民票の写しがほしい。", "answer": "窓口でお渡しします。"},
    }
    found = await measure(corpus, {"1": "ごみ出しはいつ?"}, {"1": {"ごみ": 2}})
    assert found["system"] == "banso"
    assert found["entries"] == 2
    assert found["R@10"] == found["SR@1"] == found["Hit@1"] == 1
    assert found["index_bytes"] > 0 < found["ms_p50"]


def test_what_is_offered_unasked_is_judged_by_what_of_it_is_right_and_how_often_there_is_any() -> None:
    judged = {"q": GRADES, "r": {"b": 1}, "s": {"b": 1}, "t": {"x": 0}}
    strong = {"q": ["a", "x"], "r": ["x"], "s": [], "t": ["x"]}
    found = offered(strong, judged)
    assert found == {
        "strong_precision": pytest.approx(1 / 3, abs=1e-4),
        "strong_coverage": pytest.approx(2 / 3, abs=1e-4),
        "strong_right": pytest.approx(1 / 3, abs=1e-4),
    }
    assert offered({"q": [*"uvwxy", "a"]}, {"q": GRADES})["strong_right"] == 0
    assert set(offered({}, {}).values()) == {0.0}
