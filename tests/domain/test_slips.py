"""What somebody meant by a word that finds nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.slips import Names, Slip, did_you_mean
from bot.domain.terms import Shown, Token, fold


def shown(*pairs: str) -> list[Shown]:
    return [Shown(fold(form), form, fold(reading)) for form, _, reading in (p.partition("/") for p in pairs)]


NAMES = Names(
    [
        shown("マイナンバー/マイナンバー", "カード/カード", "更新/コウシン"),
        shown("住民/ジュウミン", "票/ヒョウ", "写し/ウツシ"),
        shown("保育/ホイク", "園/エン"),
        shown("パスポート/パスポート"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("マイナンバカード", (0, "マイナンバーカード")),  # a long vowel
        ("マイナンハーカード", (1, "マイナンバーカード")),  # a wrong letter
        ("マイナナンバーカード", (1, "マイナンバーカード")),  # one too many
        ("マイナバーカード", (1, "マイナンバーカード")),  # one missing
        ("マインナバーカード", (1, "マイナンバーカード")),  # two changed about
        ("まいなんばーかーど", (0, "マイナンバーカード")),
        ("じゅうみんひょう", (0, "住民票")),
        ("じゆうみんひよう", (0, "住民票")),
        ("パスポト", (0, "パスポート")),
        ("ほいくえん", (0, "保育園")),
        ("ほいえん", (1, "保育園")),
        ("マンナンパーカード", None),  # two slips
        ("票", None),
        ("", None),
        ("あ" * 500, None),
    ],
)
def test_a_name_is_near_that_is_one_slip_away(typed: str, found: tuple[int, str] | None) -> None:
    assert NAMES.nearest(typed) == found


def test_of_names_that_sound_alike_the_one_that_is_asked_more_often() -> None:
    names = Names([shown("公園/コウエン"), shown("講演/コウエン"), shown("講演/コウエン")])
    assert names.nearest("こうえん") == (0, "講演")


def tokens(*surfaces: str) -> list[Token]:
    return [Token(each, "名詞", "", each) for each in surfaces]


def test_the_pieces_of_a_mistyped_word_are_read_together_and_what_is_known_stays() -> None:
    known = {"更新", "かーど"}
    typed = tokens("更新", " ", "マイ", "ナンバ", "カード", " ", "は")
    assert did_you_mean(typed, known.__contains__, NAMES) == Slip("マイナンバカード", "マイナンバーカード")


def test_nothing_was_meant_where_every_word_is_known_or_none_is_near() -> None:
    assert did_you_mean(tokens("マイナンバ"), lambda _: True, NAMES) is None
    assert did_you_mean(tokens("起債", "充当"), lambda _: False, NAMES) is None
    assert did_you_mean([], lambda _: False, NAMES) is None


def test_what_is_meant_is_never_what_was_typed() -> None:
    assert did_you_mean(tokens("パスポート"), lambda _: False, NAMES) is None


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("LGWANとパスポト", "LGWANとパスポート"),
        ("ＬＧＷＡＮとﾊﾟｽﾎﾟﾄ", "lgwanとパスポート"),  # only the tidied text has it
        ("パス\nポト", None),
    ],
)
def test_a_text_is_mended_and_otherwise_left_as_it_was_typed(text: str, mended: str | None) -> None:
    assert Slip("パスポト", "パスポート").mended(text) == mended


@given(st.text(max_size=30))
def test_any_text_may_be_typed(text: str) -> None:
    found = NAMES.nearest(text)
    assert found is None or found[0] in (0, 1)
