"""Which words and characters of a text count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.terms import LONGEST, STOP, Token, characters, fold, tidy, words

NOUN = "名詞"
TYPED = st.text(
    st.characters(max_codepoint=0x7F)
    | st.characters(min_codepoint=0x3000, max_codepoint=0x30FF)
    | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
    | st.characters(min_codepoint=0xFF01, max_codepoint=0xFF9F)
)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ゴミ", "ごみ"),
        ("ｺﾞﾐ", "ごみ"),
        ("ＬＧＷＡＮ", "lgwan"),
        ("Wi-Fi", "wi-fi"),
        ("①", "1"),
        ("ヴァ", "ゔぁ"),
        ("ルーター", "るーたー"),
        ("住民票", "住民票"),
        ("\ud83d", "?"),
    ],
)
def test_what_can_be_typed_in_several_ways_is_one(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(TYPED)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_particles_auxiliaries_punctuation_and_words_of_asking_do_not_count() -> None:
    tokens = [
        Token("ゴミ", NOUN),
        Token("の", "助詞"),
        Token("出す", "動詞"),
        Token("方", "接尾辞"),
        Token("を", "助詞"),
        Token("教える", "動詞"),
        Token("た", "助動詞"),
        Token("。", "補助記号"),
        Token(" ", "空白"),
    ]
    assert words(tokens) == ["ごみ", "出す"]


def test_words_come_in_their_order_and_as_often_as_they_do() -> None:
    assert words([Token("更新", NOUN), Token("カード", NOUN), Token("更新", NOUN)]) == [
        "更新",
        "かーど",
        "更新",
    ]


@pytest.mark.parametrize("sign", ["★", "→", "%", "😀", "", "　"])
def test_a_sign_is_no_word_whatever_the_analysis_calls_it(sign: str) -> None:
    assert words([Token(sign, "記号"), Token(sign, NOUN)]) == []


def test_a_letter_is_a_word_though_the_analysis_calls_it_a_sign() -> None:
    assert words([Token("Ａ", "記号")]) == ["a"]


@given(st.lists(st.builds(Token, st.text(), st.sampled_from([NOUN, "記号", "助詞"]))))
def test_no_word_is_empty_holds_a_space_or_is_without_end(tokens: list[Token]) -> None:
    for word in words(tokens):
        assert word.split() == [word]
        assert len(word) <= LONGEST


def test_other_words_can_be_left_out() -> None:
    tokens = [Token("教える", "動詞"), Token("住民票", NOUN)]
    assert words(tokens, frozenset({"住民票"})) == ["教える"]


def test_no_word_to_leave_out_is_written_as_no_text_can_be() -> None:
    assert all(fold(word) == word for word in STOP)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("住民票", ["住民", "民票", "住", "民", "票"]),
        ("ゴミの日", ["ごみ", "日"]),
        ("LGWANの設定", ["lgwan", "設定", "設", "定"]),
        ("Ｗｉ－Ｆｉ２", ["wi", "fi2"]),
        ("はい、そうです。", []),
        ("", []),
        ("人々", ["人々", "人", "々"]),
        ("サーバー", ["さー", "ーば", "ばー"]),
    ],
)
def test_pairs_of_characters_single_kanji_and_runs_of_letters(text: str, found: list[str]) -> None:
    assert characters(text) == found


@given(st.text())
def test_any_text_has_characters_or_none(text: str) -> None:
    assert all(each.split() == [each] for each in characters(text))


@given(TYPED)
def test_characters_are_the_same_whatever_the_width(text: str) -> None:
    assert characters(tidy(text)) == characters(text)
