"""A text as its digits and signs are read, whatever width or script they were typed in.

Each character becomes exactly one: an ASCII character, a `LETTER` (of another script, or a sign that is none), or `UNSEEN`.
So what is found in it stands at the same place in the text. How a number is recognised is decided elsewhere
(`my_number`, `anonymous`).
"""

from __future__ import annotations

import string
import unicodedata
from typing import Final

LETTER: Final = "\ufffd"
"""A letter that is not Latin; it ends every number."""
UNSEEN: Final = "\x00"

_HYPHEN = "-"
_LIKE_A_HYPHEN = frozenset("ーの一")
"""What an input method, a voice and a scan make of the hyphen in a number."""
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164")
_UNSEEN_KINDS = frozenset({"Cc", "Cf", "Me", "Mn"})


class _Signs(dict[int, str]):
    """Character → how it is read, for `str.translate`."""

    def __init__(self, hyphens: frozenset[str]) -> None:
        super().__init__()
        self._hyphens = hyphens

    def __missing__(self, code: int) -> str:
        self[code] = found = self._read(chr(code))
        return found

    def _read(self, char: str) -> str:
        kind = unicodedata.category(char)
        if char.isspace():
            return " "
        if kind in _UNSEEN_KINDS or char in _BLANK_LETTERS:
            return UNSEEN
        if char.isascii():
            return char
        decimal = unicodedata.decimal(char, None)
        if decimal is not None:
            return str(decimal)
        if char in self._hyphens or kind == "Pd" or char == "\u2212":
            return _HYPHEN
        plain = unicodedata.normalize("NFKC", char)
        if kind[0] not in "LMN" and not plain.isdecimal():
            return plain if len(plain) == 1 and plain in string.punctuation else " "
        if len(plain) == 1 and plain != char:
            return self._read(plain)
        digits = [each for each in plain if each.isdecimal()]
        if len(digits) == 1 and not any(each.isalpha() for each in plain):  # ⑴ and ⒈
            return digits[0]
        return LETTER if kind[0] in "LMN" else " "


_IN_WORDS, _IN_NUMBERS = _Signs(frozenset()), _Signs(_LIKE_A_HYPHEN)


def in_numbers(text: str) -> str:
    """As somebody reads it who looks for a number: 「ー」, 「の」 and 「一」 may be its hyphens."""
    return text.translate(_IN_NUMBERS)


def in_words(text: str) -> str:
    """The same where these are what they are."""
    return text.translate(_IN_WORDS)


def seen(signs: str) -> tuple[str, list[int]]:
    """Signs without the unseen ones, and the place of each that is left."""
    return signs.replace(UNSEEN, ""), [place for place, sign in enumerate(signs) if sign != UNSEEN]
