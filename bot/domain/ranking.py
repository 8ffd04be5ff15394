"""Which of the entries that an index proposes come first, and which fit so well that they may be offered unasked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from math import log
from typing import Final

WEIGHT: Final = 0.7
"""How much an entry gains at most, when everything it asks was asked. On a city's FAQ 0.3 to 1 are equally good, and
find one point more than nothing."""

PHRASINGS: Final = 20
"""Ways of asking that are compared, the newest first: no more helps an entry further."""

STRONG: Final = 0.48
CLOSE: Final = 0.85
"""How akin an entry must be to what was asked, and how much of the best one's score it must have, to be strong. On a city's
FAQ three in five of what is strong then answers it or is related, one in four of what shares a word with it and comes
first (docs/decisions/0022-what-becomes-an-entry.md)."""

ELSEWHERE: Final = 1000
"""So many more entries without a word are thought of when its weight is taken: of an FAQ that is small nobody knows which
words are common. From 0 to 1,000 the figures are the same."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that an index proposes: how well it fits by the index's own measure, the words of each way in which it is
    asked, its own question first, and the words of what it answers (`holds`)."""

    id: int
    score: float
    asked: tuple[Set[str], ...]
    holds: frozenset[str] = frozenset()


def rank(words: Set[str], candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, best first, with their final scores.

    An index weighs how much of what somebody asked an entry holds. The other way round counts as well: of two entries that
    hold it, the one that asks little else fits better. The best of an entry's phrasings stands for it, so that one that
    nobody rephrased yet loses nothing to one that has many.
    """
    scored = [
        replace(each, score=each.score * (1 + WEIGHT * _share(words, each.asked))) for each in candidates
    ]
    return sorted(scored, key=lambda each: (-each.score, each.id))


def _share(words: Set[str], asked: tuple[Set[str], ...]) -> float:
    return max((len(words & each) / len(each) for each in asked[: 1 + PHRASINGS] if each), default=0.0)


def weight(entries: int, holding: int) -> float:
    """How much a word says that so many of the entries hold."""
    without = entries + ELSEWHERE - holding
    return log(1 + (without + 0.5) / (holding + 0.5))


def strong(words: Set[str], ranked: Sequence[Candidate], weigh: Callable[[str], float]) -> frozenset[int]:
    """Those of the ranked candidates that fit what was asked so well that they may be offered to who did not look for them.

    Args:
        words: all words of what was asked, also those that no entry holds.
        weigh: how much a word says.
    """
    least = CLOSE * ranked[0].score if ranked else 0.0
    near = (each for each in ranked if each.score >= least)
    return frozenset(each.id for each in near if kinship(words, each, weigh) >= STRONG)


def kinship(words: Set[str], candidate: Candidate, weigh: Callable[[str], float]) -> float:
    """How much of what was asked an entry holds, and how much of what it is asked by was asked, by weight; of the two shares
    the harmonic mean, from 0 to 1: an entry that shares one word of many, or asks much else, is not akin."""
    asked = candidate.asked[: 1 + PHRASINGS]
    held = _part(words, candidate.holds.union(*asked), weigh)
    meant = max((_part(each, words, weigh) for each in asked), default=0.0)
    return 2 * held * meant / (held + meant) if held and meant else 0.0


def _part(of: Set[str], there: Set[str], weigh: Callable[[str], float]) -> float:
    whole = sum(map(weigh, of))
    return sum(map(weigh, of & there)) / whole if whole else 0.0
