"""Entries that are made for measuring, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.entries import Entries, Like, Made
from benchmarks.library import Judged
from benchmarks.scale import measure, shares
from bot.domain.finding import Document

REAL = Judged(
    {
        str(n): {
            "question": f"{name}の手続きを知りたい。",
            "answer": f"■窓口は{name}課です。{kind}を持って来てください。\n電話は平日だけです。",
        }
        for n, (name, kind) in enumerate(
            (name, kind)
            for name in ("転入", "転出", "犬", "水道", "保育所", "年金", "図書館", "印鑑", "税金", "ごみ")
            for kind in ("印鑑", "証明書", "申請書", "免許証")
        )
    },
    {"a": "転入の手続きは?", "b": "犬の電話"},
    {},
)


def document(question: str, answer: str) -> Document:
    return Document(1, question, answer, (), None, "faq", 1)


def test_shares_are_of_all_words_of_a_query_taken_together() -> None:
    some = [document("犬の登録", "窓口"), document("猫の登録", "犬の窓口"), document("水道", "")]
    found = shares(some, ["犬の登録", "ない言葉"])
    assert (found["words_p50"], found["words_p95"]) == (0.0, round(2 / 3 + 2 / 3, 2))


def test_entries_after_real_ones_hold_words_as_often_as_those_do() -> None:
    like = Like(1000, REAL)
    asked = [like.query(n) for n in range(2)]
    there = shares(like.real, asked)
    here = shares([like.entry(n) for n in range(1, 1001)], asked)
    assert all(abs(here[name] - there[name]) <= 0.2 * there[name] for name in ("words_p50", "words_p95"))
    assert len({like.said(n) for n in range(1, 200)}) > 150


@pytest.mark.parametrize("make", [Made, lambda count: Like(count, REAL)])
def test_an_entry_is_the_same_each_time_it_is_made(make: Callable[[int], Entries]) -> None:
    assert make(1000).entry(7) == make(1000).entry(7) != make(1000).entry(8)


async def test_what_is_kept_is_not_built_again_and_not_changed(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    first = await measure(Like(40, REAL), kept)
    files = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    again = await measure(Like(40, REAL), kept)
    assert {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == files
    assert first["build_seconds"] == again["build_seconds"]
    assert first["entries"] == again["entries"] == 40
