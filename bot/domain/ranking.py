"""Which of the entries that an index proposes come first, and which fit so well that they may be offered unasked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from math import inf, log, nextafter
from typing import Final

from bot.domain.vocabulary import Alike

WEIGHT: Final = 0.7
"""How much an entry gains at most, when everything it asks was asked. On a city's FAQ 0.3 to 1 are equally good, and
find one point more than nothing."""

LEARNED: Final = 0.2
"""How much less a word counts that an entry holds only by what others asked for it. Without, one in fifty entries that
nobody rephrased loses its first place; with .2, one in three hundred, and .2 points of recall."""

MEANING: Final = 0.5
"""What the same meaning in other words is worth beside the best of the index's scores. On a city's FAQ .3 to .5 are equally
good, and find one point more than nothing."""

OFTEN: Final = 0.2
"""What being asked for in `ENOUGH` ways or more is worth beside the best of all. On a city's FAQ .1 to .3 are equally good,
and find one point more than nothing."""

ENOUGH: Final = 3
FIRST: Final = 5
"""Places, the first page, on which no entry that nobody rephrased goes down for it."""

EMBEDDED: Final = 0.7
"""What the same meaning by an embedder's measure is worth beside the best of all, if there is an embedder. Round, and not
measured by us: it needs a model that we do not ship."""

OUTSTANDING: Final = 3.5
"""How many deviations above the median of all entries one must be, by that measure, to be found without any word in common:
something is always the nearest, whatever was typed. Source: Iglewicz and Hoaglin, "How to Detect and Handle Outliers"
(1993), for scores by median and median absolute deviation."""

HALFWAY: Final = 0.5
"""And how much of the way from the median to the best: where entries are few, chance stands out as well."""

PHRASINGS: Final = 20
"""Ways of asking that are compared, the newest first: no more helps an entry further."""

STRONG: Final = 0.5
CLOSE: Final = 0.9
"""How akin an entry must be to what was asked, and how much of the best one's score by words alone it must
have, to be strong. On a city's
FAQ three in five of what is strong then answers it or is related, one in four of what shares a word with it and comes
first (docs/decisions/0022-what-becomes-an-entry.md)."""

ELSEWHERE: Final = 1000
"""So many more entries without a word are thought of when its weight is taken: of an FAQ that is small nobody knows which
words are common. From 0 to 1,000 the figures are the same."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that an index proposes: how well it fits by the index's own measure, the words of each way in which it is
    asked, its own question first, the words of what it answers (`holds`), how near it is in meaning, from -1 to 1, once
    it is ranked, its score by words alone (`plain`), and how near it is by an embedder's measure (`cosine`; None: it has no
    vector yet, or there is no embedder)."""

    id: int
    score: float
    asked: tuple[Set[str], ...]
    holds: frozenset[str] = frozenset()
    meaning: float = 0.0
    plain: float = 0.0
    cosine: float | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """How near all entries are to what was asked, by an embedder's measure: embedders differ in which cosines they call
    near, so an entry is compared with all others. `deviation` is their median distance from the median, in the unit of a
    normal distribution's standard deviation (1.4826 of it): the few that are near do not hide one another."""

    median: float
    deviation: float
    best: float

    def lift(self, cosine: float) -> float:
        """From 0, the median or less, to 1, the best."""
        reach = self.best - self.median
        return min(max((cosine - self.median) / reach, 0.0), 1.0) if reach > 0 else 0.0

    def stands_out(self, cosine: float | None) -> bool:
        """Whether it is so much nearer than others that no word need be in common."""
        if cosine is None or self.lift(cosine) < HALFWAY:
            return False
        return cosine - self.median >= OUTSTANDING * self.deviation > 0


def rank(
    words: Mapping[str, float],
    candidates: Iterable[Candidate],
    weigh: Callable[[str], float] = lambda _: 1.0,
    spread: Spread | None = None,
) -> list[Candidate]:
    """The candidates, best first, with their final scores.

    An index weighs how much of what somebody asked an entry holds. The other way round counts as well: of two entries that
    hold it, the one that asks little else fits better. The best of an entry's phrasings stands for it. What an entry holds
    only because somebody asked for it so counts a little less than its own words, so that one that nobody rephrased yet
    does not sink below one that has many. What means the same in other words is brought nearer (`meaning`). At last, below
    the first page, what others asked for often comes before what nobody did.

    Args:
        words: what is looked for, and how much each word counts: 1 was typed, less is meant as well.
        weigh: how much a word says.
        spread: by an embedder's measure, if there is one; else the order is what it is without.
    """
    proposed = list(candidates)
    plain = [
        each.score * _own(words, each, weigh) * (1 + WEIGHT * _share(words, each.asked)) for each in proposed
    ]
    lift = MEANING * max(plain, default=0.0)
    near = [
        Candidate(
            each.id,
            own + lift * max(each.meaning, 0.0),
            each.asked,
            each.holds,
            each.meaning,
            own,
            each.cosine,
        )
        for each, own in zip(proposed, plain, strict=True)
    ]
    if spread is not None:
        near = _lifted(words.keys(), near, spread)
    return _ordered(_sought(_ordered(near)))


def _ordered(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda each: (-each.score, each.id))


def _sought(ranked: Sequence[Candidate]) -> Iterator[Candidate]:
    """Those that others asked for are brought up, but past none of the first page that nobody rephrased."""
    most, least = max((each.score for each in ranked), default=0.0), inf
    for place, each in enumerate(ranked):
        often = min(len(each.asked) - 1, ENOUGH) / ENOUGH
        if often > 0:
            raised = min(each.score + OFTEN * most * often, nextafter(least, 0.0))
            yield replace(each, score=max(each.score, raised))
            continue
        if place < FIRST:
            least = each.score
        yield each


def _lifted(words: Set[str], near: Sequence[Candidate], spread: Spread) -> list[Candidate]:
    """Brought nearer by an embedder's measure. One that has no vector yet is lifted as those are on average that share a
    word as it does: it neither wins nor sinks. One that shares no word is left out unless it stands out."""
    kin = {each.id for each in near if _shares(words, each)}
    lifts = [spread.lift(each.cosine) for each in near if each.id in kin and each.cosine is not None]
    usual = sum(lifts) / len(lifts) if lifts else 0.0
    most = max((each.score for each in near if each.id in kin), default=0.0) or 1.0
    return [
        replace(
            each,
            score=each.score + EMBEDDED * most * (usual if each.cosine is None else spread.lift(each.cosine)),
        )
        for each in near
        if each.id in kin or spread.stands_out(each.cosine)
    ]


def _shares(words: Set[str], candidate: Candidate) -> bool:
    return not words.isdisjoint(candidate.holds) or any(
        not words.isdisjoint(each) for each in candidate.asked
    )


def _share(words: Mapping[str, float], asked: tuple[Set[str], ...]) -> float:
    shares = (
        sum(words[word] for word in each & words.keys()) / len(each)
        for each in asked[: 1 + PHRASINGS]
        if each
    )
    return max(shares, default=0.0)


def _own(words: Mapping[str, float], candidate: Candidate, weigh: Callable[[str], float]) -> float:
    """1 for who holds it by its own words, 1 - `LEARNED` for who was only asked for so."""
    if len(candidate.asked) < 2:
        return 1.0
    there = candidate.holds.union(candidate.asked[0])
    held = words.keys() & there.union(*candidate.asked[1 : 1 + PHRASINGS])
    whole = sum(words[word] * weigh(word) for word in held)
    own = sum(words[word] * weigh(word) for word in held & there)
    return 1 - LEARNED * (1 - own / whole) if whole else 1.0


def weight(entries: int, holding: int) -> float:
    """How much a word says that so many of the entries hold."""
    without = entries + ELSEWHERE - holding
    return log(1 + (without + 0.5) / (holding + 0.5))


def strong(
    words: Set[str],
    ranked: Sequence[Candidate],
    weigh: Callable[[str], float],
    alike: Sequence[Alike] = (),
) -> frozenset[int]:
    """Those of the ranked candidates that fit what was asked so well that they may be offered to who did not look for them.

    Args:
        words: all words of what was asked, also those that no entry holds.
        weigh: how much a word says.
        alike: what of it has another name: an entry that holds that one holds it.
    """
    least = CLOSE * max((each.plain for each in ranked), default=0.0)
    near = (each for each in ranked if each.plain >= least)
    return frozenset(each.id for each in near if kinship(_meant(words, each, alike), each, weigh) >= STRONG)


def _meant(words: Set[str], candidate: Candidate, alike: Iterable[Alike]) -> Set[str]:
    """What was asked, in the entry's words where it has other ones."""
    there = candidate.holds.union(*candidate.asked)
    for each in alike:
        if not there.issuperset(each.typed) and there.issuperset(each.other) and words >= set(each.typed):
            words = (words - set(each.typed)) | set(each.other)
    return words


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
