"""Ways in which people type what they mean: each makes of a text what somebody tired would have typed."""

from __future__ import annotations

import random
import re
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from storage.search import usual

if TYPE_CHECKING:
    from sudachipy import Tokenizer

_KATAKANA = re.compile(r"[ァ-ヶー]{3,}")
_OKURIGANA = re.compile(r"([一-鿿])[ぁ-ん]([一-鿿])")
_KANJI = re.compile(r"[一-鿿々]")


@dataclass(frozen=True, slots=True)
class Mistyped:
    """A way, and what it makes of a text; the text itself where it does not apply."""

    name: str
    of: Callable[[str], str]


@cache
def _tokenizer() -> Tokenizer:
    from sudachipy import Dictionary

    return Dictionary(dict="core").tokenizer("A")


def _nouns(text: str, shortest: int = 2) -> list[tuple[str, str]]:
    """The nouns of a text and their readings."""
    return [
        (each.surface(), each.reading_form())
        for each in _tokenizer().tokenize(text)
        if each.part_of_speech()[0] == "名詞" and len(each.surface()) >= shortest
    ]


def _random(text: str) -> random.Random:
    return random.Random(zlib.crc32(text.encode()))


def _one_slip(text: str) -> str:
    """Two neighbouring letters of its longest noun are changed about, or one is missing."""
    word = max((word for word, _ in _nouns(text, 3)), key=len, default="")
    if not word:
        return text
    at = _random(text).randrange(len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    slipped = swapped if _random(word).random() < 0.5 and swapped != word else word[:at] + word[at + 1 :]
    return text.replace(word, slipped, 1)


def _hiragana(katakana: str) -> str:
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in katakana)


def _kana_for_kanji(text: str) -> str:
    """The first noun in kanji is left in kana."""
    word, reading = next(((w, r) for w, r in _nouns(text) if _KANJI.search(w) and r), ("", ""))
    return text.replace(word, _hiragana(reading), 1) if word else text


def _other_width(text: str) -> str:
    """Katakana and letters in the other width."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    return _KATAKANA.sub(lambda found: "".join(map(_half, found[0])), wide)


def _half(letter: str) -> str:
    """A katakana in half width, its voicing after it."""
    apart = unicodedata.normalize("NFD", letter)
    half = _halves().get(apart[0], apart[0])
    return half + "".join({"\u3099": "ﾞ", "\u309a": "ﾟ"}[mark] for mark in apart[1:])


@cache
def _halves() -> dict[str, str]:
    return {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}


def _no_long_vowels(text: str) -> str:
    return _KATAKANA.sub(lambda found: found[0].replace("ー", ""), text)


def _no_okurigana(text: str) -> str:
    return _OKURIGANA.sub(r"\1\2", text, count=1)


def _short_words(text: str) -> str:
    """Its first two nouns of one or two letters, and nothing else."""
    nouns = [word for word, _ in _nouns(text, 1) if len(word) <= 2]
    return " ".join(dict.fromkeys(nouns[:2])) or text


def _other_name(text: str) -> str:
    """What the usual vocabulary gives another name is called by its shortest."""
    for group in usual().groups:
        shortest = min(group, key=len)
        for name in group:
            if name in text and len(shortest) < len(name) > 3:
                return text.replace(name, shortest, 1)
    return text


WAYS = (
    Mistyped("one slip", _one_slip),
    Mistyped("kana for kanji", _kana_for_kanji),
    Mistyped("half and full width", _other_width),
    Mistyped("long vowels dropped", _no_long_vowels),
    Mistyped("okurigana dropped", _no_okurigana),
    Mistyped("one or two short words", _short_words),
    Mistyped("abbreviation", _other_name),
)
