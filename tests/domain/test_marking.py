"""Where a text holds what was looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.marking import marked, shared, snippet, wanted


def hits(text: str, asked: str) -> list[str]:
    return [piece for piece, hit in marked(text, asked) if hit]


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("画面が真っ暗なときは、電源を長押しします", "画面が真っ暗で困る", ["画面"]),
        ("ゴミの分別", "ごみの出し方を教えて", ["ゴミ"]),
        ("ﾊﾟｿｺﾝ と パソコン", "ぱそこんの修理", ["パソコン"]),
        ("国民健康保険の加入", "国民健康保険料について", ["国民健康保険"]),
        ("VPNとRDPの違い", "vpn 接続", ["VPN"]),
        ("PDFの結合", "df", []),
        ("相談の方法", "相談の方法を教えて", []),
        ("戸籍", "籍", []),
        ("", "画面", []),
        ("画面", "", []),
    ],
)
def test_what_is_in_both_is_marked(text: str, asked: str, found: list[str]) -> None:
    assert hits(text, asked) == found


def test_words_of_asking_and_single_characters_are_not_looked_for() -> None:
    assert wanted("窓口の申請書の書き方を教えてください") == ["窓口", "申請書"]


def test_a_snippet_begins_where_it_matters() -> None:
    text = "はじめに。" * 40 + "公用車の予約はこちら。" + "おわり。" * 40
    pieces = snippet(text, "公用車の予約", 60)
    shown = "".join(piece for piece, _ in pieces)
    assert [piece for piece, hit in pieces if hit] == ["公用車", "予約"]
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 60
    assert "".join(piece for piece, _ in snippet("短い文", "公用車", 60)) == "短い文"


def test_why_names_each_word_once_the_longest_first() -> None:
    assert shared("予約と公用車と予約", "公用車の予約") == ["公用車", "予約"]


@given(st.text(), st.text(), st.integers(1, 80))
def test_any_text_stays_itself(text: str, asked: str, limit: int) -> None:
    assert "".join(piece for piece, _ in marked(text, asked)) == text
    assert sum(len(piece) for piece, _ in snippet(text, asked, limit)) <= max(limit, 2)
