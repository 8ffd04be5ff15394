"""Japanese text to tokens, by Sudachi.

The dictionary is a file of 190 MB that is mapped and shared by all processes. Opening it takes a twentieth of a second when
the system has it in memory, and as long as the disk needs when it has not: so it waits for the first text.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from bot.domain.terms import RECIPE, Shown, Token, characters, shown, tidy

if TYPE_CHECKING:
    from sudachipy import Dictionary, Morpheme, Tokenizer

MOST: Final = 4000
"""Characters that are analysed at once; Sudachi refuses texts above 49,149 bytes."""

_INSIDE: Final = 0xF << 28
"""Numbers below are those of words in the dictionary; one above stands for whatever is not in it."""

_REMEMBERED: Final = 1 << 15
"""Words of the dictionary of which is kept what counts of them: a text uses few words, and those often."""


def recipe() -> str:
    """What an index must have been made with to be used: our rules, the dictionary."""
    return f"{RECIPE}.{version('sudachidict-core')}"


@cache
def _dictionary() -> Dictionary:
    """One for the whole process."""
    from sudachipy import Dictionary

    return Dictionary(dict="core")


_opening = threading.Lock()


class Analyser:
    """Words and characters of a text; may be used from any thread."""

    def __init__(self) -> None:
        self._mine = threading.local()
        self._known: dict[int, list[Shown]] = {}

    def _tokenizer(self) -> Tokenizer:
        """One for each thread: Sudachi's work for one at a time."""
        found: Tokenizer | None = getattr(self._mine, "tokenizer", None)
        if found is None:
            with _opening:
                found = self._mine.tokenizer = _dictionary().tokenizer(
                    "A", {"pos", "normalized_form", "reading_form"}
                )
        return found

    def words(self, text: str) -> list[str]:
        """The words that count."""
        return [each.word for each in self.shown(text)]

    def shown(self, text: str) -> list[Shown]:
        """The same words, as people write and read them."""
        known, found = self._known, []
        for each in self._cut(text):
            number = each.word_id()
            counts = known.get(number)
            if counts is None:
                counts = shown([_token(each)])
                if number < _INSIDE:
                    if len(known) >= _REMEMBERED:
                        known.clear()
                    known[number] = counts
            found += counts
        return found

    def characters(self, text: str) -> list[str]:
        """What finds it when words do not."""
        return characters(text)

    def tokens(self, text: str) -> Iterator[Token]:
        """Everything that a text is cut into, also what does not count."""
        return map(_token, self._cut(text))

    def _cut(self, text: str) -> Iterator[Morpheme]:
        tokenizer = self._tokenizer()
        for line in tidy(text).splitlines():
            for at in range(0, len(line), MOST):
                yield from tokenizer.tokenize(line[at : at + MOST])


def _token(found: Morpheme) -> Token:
    return Token(found.normalized_form(), found.part_of_speech()[0], found.reading_form(), found.surface())
