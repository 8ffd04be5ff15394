"""Which of the entries that an index proposes come first."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Final

WEIGHT: Final = 0.7
"""How much an entry gains at most, when everything it asks was asked. On a city's FAQ 0.3 to 1 are equally good, and
find one point more than nothing."""

PHRASINGS: Final = 20
"""Ways of asking that are compared, the newest first: no more helps an entry further."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that an index proposes: how well it fits by the index's own measure, and the words of each way in which it is
    asked, its own question first."""

    id: int
    score: float
    asked: tuple[Set[str], ...]


def rank(words: Set[str], candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, best first, with their final scores.

    An index weighs how much of what somebody asked an entry holds. The other way round counts as well: of two entries that
    hold it, the one that asks little else fits better. The best of an entry's phrasings stands for it, so that one that
    nobody rephrased yet loses nothing to one that has many.
    """
    scored = [
        Candidate(each.id, each.score * (1 + WEIGHT * _share(words, each.asked)), each.asked)
        for each in candidates
    ]
    return sorted(scored, key=lambda each: (-each.score, each.id))


def _share(words: Set[str], asked: tuple[Set[str], ...]) -> float:
    return max((len(words & each) / len(each) for each in asked[: 1 + PHRASINGS] if each), default=0.0)
