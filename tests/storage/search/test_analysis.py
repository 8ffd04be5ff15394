"""Texts to words and characters, with the real dictionary."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.terms import shown
from storage.search import analysis
from storage.search.analysis import MOST, Analyser

ANALYSER = Analyser()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ゴミの出し方を教えてください。", ["ごみ", "出す"]),
        ("国保に加入したいのですが", ["国保", "加入"]),
        ("ｼｽﾃﾑ標準化", ["しすてむ", "標準", "化"]),
        ("ＬＧＷＡＮ", ["lgwan"]),
        ("引っ越し 引越し", ["引っ越し", "引っ越し"]),
        ("サーバー サーバ", ["さーばー", "さーばー"]),
        ("どうすればいいですか?", []),
        ("一行目\r\n二行目", ["1", "行", "目", "2", "行", "目"]),
    ],
)
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    assert ANALYSER.words(text) == words


@given(st.text())
def test_no_text_is_refused(text: str) -> None:
    for word in ANALYSER.words(text):
        assert word.split() == [word]


@pytest.mark.parametrize("remembered", [1, 1000])
def test_what_is_remembered_of_a_word_changes_nothing(
    remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "_REMEMBERED", remembered)
    analyser = Analyser()
    for text in [
        "令和7年の12,345円と二〇二六年の123円",
        "ゲンゲロ市の𠮷野家とポポンガ市😀",
        "国保の出し方",
    ] * 2:
        assert analyser.shown(text) == shown(analyser.tokens(text))


@pytest.mark.parametrize("length", [MOST - 1, MOST, MOST + 1, 15 * MOST])
def test_a_text_may_be_longer_than_what_is_analysed_at_once(length: int) -> None:
    text = "防災、" * (length // 3) + "、" * (length % 3)
    assert len(text) == length
    assert ANALYSER.words(text).count("防災") >= length // 3 - length // MOST


def test_several_threads_analyse_at_once() -> None:
    text = "マイナンバーカードの更新にかかる料金" * 50
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(Analyser.words, [ANALYSER] * 40, [text] * 40))
    assert found == [ANALYSER.words(text)] * 40
