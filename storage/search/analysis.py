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

from bot.domain.terms import RECIPE, Shown, Token, characters, shown, tidy, words

if TYPE_CHECKING:
    from sudachipy import Dictionary, Tokenizer

MOST: Final = 4000
"""Characters that are analysed at once; Sudachi refuses texts above 49,149 bytes."""


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
        return words(self.tokens(text))

    def shown(self, text: str) -> list[Shown]:
        """The same words, as people write and read them."""
        return shown(self.tokens(text))

    def characters(self, text: str) -> list[str]:
        """What finds it when words do not."""
        return characters(text)

    def tokens(self, text: str) -> Iterator[Token]:
        """Everything that a text is cut into, also what does not count."""
        tokenizer = self._tokenizer()
        for line in tidy(text).splitlines():
            for at in range(0, len(line), MOST):
                for found in tokenizer.tokenize(line[at : at + MOST]):
                    yield Token(
                        found.normalized_form(),
                        found.part_of_speech()[0],
                        found.reading_form(),
                        found.surface(),
                    )
