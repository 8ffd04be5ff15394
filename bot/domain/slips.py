"""What somebody meant who typed a word that nothing is found by.

Names are the words of the entries' questions, alone and up to `LONGEST` in a row, as they are written and as they are
read: so 「じゅうみんひょう」 means 「住民票」, and 「マイナンバカード」 means 「マイナンバーカード」. A typed piece means
the nearest of them: the same but for long vowels and small kana, or one slip away (a letter too many, missing, wrong, or two
changed about).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.terms import STOP, Shown, Token, fold, tidy, words

LONGEST: Final = 3
"""Words in a row of a question that are one name."""

PIECE: Final = 5
"""What the analysis makes of a mistyped word: so many pieces at most."""

SHORTEST: Final = 4
"""Letters of a name for which one slip is forgiven; below, anything is near to anything."""

MOST: Final = 40
"""Letters that are compared."""

_SMALL: Final = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ", "ー・-‐ ")


@dataclass(frozen=True, slots=True)
class Slip:
    """What was typed, as it stands in the tidied text, and what was meant, as people write it."""

    typed: str
    meant: str

    def mended(self, text: str) -> str | None:
        """A text with what was meant in the place of what was typed, otherwise as it was typed where that can be told; None
        when it is not in one piece there (it may end a line and go on in the next)."""
        for written in (text, tidy(text)):
            if self.typed in written:
                return written.replace(self.typed, self.meant, 1)
        return None


class Names:
    """Everything that the questions of an index name."""

    def __init__(self, questions: Iterable[Sequence[Shown]]) -> None:
        often: Counter[tuple[str, str]] = Counter()
        for question in questions:
            often.update(set(_names(question)))
        self._names: dict[str, str] = {}
        self._near: dict[str, list[str]] = {}
        for (key, form), _ in sorted(often.items(), key=lambda each: (-each[1], each[0])):
            if key not in self._names:  # of two that sound alike the one more often asked
                self._names[key] = form
                for shorter in _without_one(key):
                    self._near.setdefault(shorter, []).append(key)

    def nearest(self, typed: str) -> tuple[int, str] | None:
        """How many slips away the nearest name is (0 or 1), and the name; None when none is near."""
        key = squeezed(typed)
        if not 2 <= len(key) <= MOST:
            return None
        if key in self._names:
            return 0, self._names[key]
        near = [key, *_without_one(key)] if len(key) >= SHORTEST - 1 else []
        for shorter in near:  # what the other has too many, then what this has
            if shorter in self._names and len(shorter) >= SHORTEST - 1:
                return 1, self._names[shorter]
            for found in self._near.get(shorter, ()):
                if abs(len(found) - len(key)) <= 1:
                    return 1, self._names[found]
        return None


def squeezed(text: str) -> str:
    """A text without what is left out or mistaken most: long vowels, small kana, spaces."""
    return fold(text).translate(_SMALL)


def did_you_mean(tokens: Sequence[Token], is_known: Callable[[str], bool], names: Names) -> Slip | None:
    """The first piece of a text that was probably mistyped: some of its words find nothing, and a name is near.

    Args:
        tokens: the whole text, as the analysis gives it, in its order.
        is_known: whether something is found by a word.
    """
    lost = [at for at, token in enumerate(tokens) if not all(map(is_known, words([token])))]
    for at in lost:
        best = min(_meant(tokens, at, names), default=None)
        if best is not None:
            return best[-1][1]
    return None


def _meant(
    tokens: Sequence[Token], at: int, names: Names
) -> Iterator[tuple[int, int, int, tuple[int, Slip]]]:
    for first in range(max(0, at - PIECE + 1), at + 1):
        for end in range(at + 1, min(len(tokens), first + PIECE) + 1):
            typed = "".join(token.surface for token in tokens[first:end])
            found = names.nearest(typed) if typed == typed.strip() else None
            if found is not None and fold(found[1]) != fold(typed):
                # no slip before one; the longer piece before the shorter, the earlier before the later
                yield found[0], first - end, first, (first, Slip(typed, found[1]))


def _names(question: Sequence[Shown]) -> Iterator[tuple[str, str]]:
    for first in range(len(question)):
        for end in range(first + 1, min(len(question), first + LONGEST) + 1):
            piece = question[first:end]
            form = "".join(each.form for each in piece)
            for written in (form, "".join(each.reading or each.word for each in piece)):
                key = squeezed(written)
                if 2 <= len(key) <= MOST and form not in STOP:
                    yield key, form


def _without_one(key: str) -> list[str]:
    if len(key) < SHORTEST:
        return []
    return list(dict.fromkeys(key[:at] + key[at + 1 :] for at in range(len(key))))
