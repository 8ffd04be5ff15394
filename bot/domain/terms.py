"""The words and characters by which a text is found.

What a text is cut into comes from outside (`storage.search`); what of it counts is decided here. Measured on a city's FAQ
(`python -m benchmarks.search`): folding katakana to hiragana and leaving out the words of asking are worth two points of
recall each, the characters one.

Whoever changes what comes out raises `RECIPE`: every index made by another is then made anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from operator import add
from typing import Final, NamedTuple

RECIPE: Final = 4

LONGEST: Final = 60
"""Characters of a word that count. Longer ones are addresses, or a key that was leaned on."""

_SILENT: Final = frozenset({"助詞", "助動詞", "補助記号", "空白"})
"""Parts of speech that say nothing of what is asked: particles, auxiliaries, punctuation, spaces."""

_KATAKANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_RUN: Final = re.compile(r"[a-z0-9]+|[^\W_a-z0-9ぁ-ゖ]+")
_KANJI: Final = re.compile(r"[㐀-䶿一-鿿豈-﫿々]")


class Token(NamedTuple):
    """A word as the analysis gives it: its normalised form, the first of its parts of speech, how it is read, and how it
    stands in the tidied text."""

    form: str
    part: str
    reading: str = ""
    surface: str = ""


def tidy(text: str) -> str:
    """One form of what can be typed in several: half and full width, capitals. Half a surrogate pair becomes 「?」."""
    return unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode()).lower()


def fold(text: str) -> str:
    """`tidy`, and katakana as hiragana: 「ゴミ」 is 「ごみ」."""
    return tidy(text).translate(_KATAKANA)


_STOP: Final = """
教える 知る 知らす 聞く 尋ねる 問う 質問 相談 願う 欲しい 下さる 貰う 頂く 呉れる 困る 分かる 調べる 探す
為る 居る 有る 成る 出来る 御座る 無い 思う 考える 言う 申す 申し上げる 行う 致す 遣る 使う 見る 行く 来る
関する 就く 因る 掛かる 於く 良い 宜しい 可能 必要 要る
何 何処 何時 何方 何れ 誰 何故 幾ら 幾つ 如何 どう どの どんな
此れ 其れ 彼れ 此の 其の 彼の 此処 其処 此方 其方 此う 然う 其う こう そう 斯う
事 物 者 方 方法 遣り方 仕方 為 時 所 処 場合 様 等 など 他 内容 詳細 詳しい 私 自分
御 ご お 済む 有り難い 済みません 又 又は 及び 但し 若しくは 或いは そして しかし
どこ いつ どれ どちら どなた どのような こと よう ほう うち ところ つく よる おく すむ かける 仕舞う
願い さん 今 直ぐ 未だ 迚も 一寸 もう 程 ほど 色々 様々 一体 例えば 特に 是非 先ず 矢張り 積もり 筈 訳 対する 大丈夫
"""
"""Asking; being, doing, thinking; which, how, when; this and that; nouns that say nothing; politeness and links; the same as
the analysis leaves them in kana, and the small words of talking."""

STOP: Final = frozenset(map(fold, _STOP.split()))
"""What a question is made of whatever it is about, as the analysis normalises it."""


def words(tokens: Iterable[Token], stop: frozenset[str] = STOP) -> list[str]:
    """The words that count, in their order and as often as they come; no word holds a space."""
    return [each.word for each in shown(tokens, stop)]


class Shown(NamedTuple):
    """A word that counts, how it is written for people, and how it is read, in hiragana."""

    word: str
    form: str
    reading: str


def shown(tokens: Iterable[Token], stop: frozenset[str] = STOP) -> list[Shown]:
    """The same words, as people write and read them."""
    found = ((_word(each.form), each) for each in tokens if each.part not in _SILENT)
    return [
        Shown(word, "".join(each.form.split()), _word(each.reading))
        for word, each in found
        if word and word not in stop
    ]


@lru_cache(1 << 14)  # a text uses few words, and those often
def _word(form: str) -> str:
    word = "".join(fold(form).split())[:LONGEST]
    return word if any(map(str.isalnum, word)) else ""


def characters(text: str) -> list[str]:
    """What finds a text when words do not: pairs of neighbouring characters that are no hiragana, single kanji, and runs of
    Latin letters and digits."""
    found = []
    for run in _RUN.findall(tidy(text)):
        if run[0].isascii():
            found.append(run[:LONGEST])
        else:
            folded = run.translate(_KATAKANA)
            found += map(add, folded, folded[1:])
            found += _KANJI.findall(folded)
    return found
