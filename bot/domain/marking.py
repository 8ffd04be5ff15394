"""Where a text holds what somebody looked for: shown, so that they see why it was found.

Made of characters alone: which words an index found is its own business (`bot.domain.terms`). Marked are runs of two
characters and more that are in both, whatever their width, case or kana; never words of asking, never a single one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.terms import STOP, fold
from bot.domain.text import ELLIPSIS, excerpt

Piece = tuple[str, bool]
"""Some characters of a text, and whether they are marked."""

SHORTEST: Final = 2
MOST_WORDS: Final = 4
"""So many of the words that are in both are named."""
LONGEST: Final = 1000
"""Characters of what was looked for that are compared."""

_RUN: Final = re.compile(r"[a-z0-9]+|(?<![㐀-䶿一-鿿々ぁ-ゖー])[ぁ-ゖー]+|[^\W_a-z0-9ぁ-ゖー]+")
"""Latin letters and digits, kana that end no word of kanji, and everything else."""
_ENDS: Final = re.compile(
    r"(?:したい|してほしい|ください|でしょうか|ですか|ました|ません|ます|です|から|まで|には|では|とは|する|した|して"
    r"|ない|のは|のが|[のをにはがでともへやかな])+\Z"
)
_KANA: Final = re.compile(r"[ぁ-ゖー]+")
_BEFORE: Final = 20
"""So many characters are shown before the first that is marked."""


def _same_length(text: str) -> str:
    """The text folded, a character for a character, so that places are the same in both."""
    return "".join(each if len(each) == 1 else char for char in text for each in [fold(char)])


def wanted(asked: str) -> list[str]:
    """What is looked for in a text: the runs of what somebody typed, folded, that say something."""
    found = []
    for run in _RUN.findall(_same_length(asked[:LONGEST])):
        kept = _ENDS.sub("", run) if _KANA.fullmatch(run) else run
        if len(kept) >= SHORTEST and kept not in STOP:
            found.append(kept)
    return list(dict.fromkeys(found))


def marked(text: str, asked: str) -> list[Piece]:
    """The text in pieces, those marked that are in what was asked as well; together they are the text."""
    pieces: list[Piece] = []
    at = 0
    for start, stop in _places(_same_length(text), wanted(asked)):
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[start:stop], True))
        at = stop
    return [*pieces, (text[at:], False)] if at < len(text) else pieces


def _places(folded: str, runs: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where a run, or two characters and more of it, begin and end; Latin, digits and kana only whole."""
    at = 0
    while at < len(folded):
        length = max((_length(folded, at, run) for run in runs), default=0)
        if length >= SHORTEST and folded[at : at + length] not in STOP:
            yield at, at + length
            at += length
        else:
            at += 1


def _length(folded: str, at: int, run: str) -> int:
    """How many characters from a place on are a part of the run; a whole one where half says nothing."""
    if _KANA.fullmatch(run) or run[0].isascii():
        apart = run[0].isascii() and at > 0 and folded[at - 1].isascii() and folded[at - 1].isalnum()
        return len(run) if not apart and folded.startswith(run, at) else 0
    best = 0
    for begins in range(len(run)):
        length = 0
        while begins + length < len(run) and folded[at + length : at + length + 1] == run[begins + length]:
            length += 1
        best = max(best, length)
    return best


def snippet(text: str, asked: str, limit: int) -> list[Piece]:
    """At most `limit` characters of a text, as one line, around the first that is marked.

    Raises:
        ValueError: no room for a character.
    """
    line = " ".join(text.split())
    places = list(_places(_same_length(line), wanted(asked)))
    if len(line) <= limit or not places or places[0][1] <= limit - 2:
        return marked(excerpt(line, limit), asked)
    begins = max(0, places[0][0] - _BEFORE)
    return marked(ELLIPSIS + excerpt(line[begins:], max(1, limit - 1)), asked)


def shared(text: str, asked: str) -> list[str]:
    """The words, as the text writes them, that were asked as well: each once, the longest first, at most `MOST_WORDS`."""
    found = {fold(piece): piece for piece, hit in reversed(marked(text, asked)) if hit}
    return sorted(found.values(), key=len, reverse=True)[:MOST_WORDS]
