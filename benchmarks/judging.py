"""How good a list of results is, by what people judged beforehand.

A judgement gives each entry a grade: 2 = holds the answer, 1 = related. Relevant is what has any; `Hit@k` counts grade 2
only, over the queries for which there is one. All figures are averages over queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import log2
from statistics import fmean

Grades = Mapping[str, int]
Measure = Callable[[Sequence[str], Grades], float]


def _relevant(grades: Grades, least: int = 1) -> set[str]:
    return {entry for entry, grade in grades.items() if grade >= least}


def recall(found: Sequence[str], grades: Grades, k: int = 10) -> float:
    """Share of the relevant entries that are among the first k."""
    relevant = _relevant(grades)
    return len(relevant & set(found[:k])) / len(relevant)


def precision(found: Sequence[str], grades: Grades, k: int = 10) -> float:
    """Share of the first k places that hold a relevant entry."""
    return len(_relevant(grades) & set(found[:k])) / k


def success(found: Sequence[str], grades: Grades, k: int, least: int = 1) -> float:
    """1 if an entry of at least this grade is among the first k."""
    return float(not _relevant(grades, least).isdisjoint(found[:k]))


def reciprocal_rank(found: Sequence[str], grades: Grades) -> float:
    """1 / the place of the first relevant entry."""
    relevant = _relevant(grades)
    return next((1 / place for place, entry in enumerate(found, 1) if entry in relevant), 0.0)


def average_precision(found: Sequence[str], grades: Grades) -> float:
    """The precision at the place of each relevant entry, averaged over all there are."""
    relevant, seen, total = _relevant(grades), 0, 0.0
    for place, entry in enumerate(found, 1):
        if entry in relevant:
            seen += 1
            total += seen / place
    return total / len(relevant)


def ndcg(found: Sequence[str], grades: Grades, k: int = 10) -> float:
    """Discounted gain (the grade itself) of the first k, by the best there could be."""
    gained = [grades.get(entry, 0) for entry in found[:k]]
    best = sorted(grades.values(), reverse=True)[:k]
    return _discounted(gained) / _discounted(best)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, 1))


def figures(results: Mapping[str, Sequence[str]], judged: Mapping[str, Grades]) -> dict[str, float]:
    """All measures over the queries that have a relevant entry."""
    some = [(results[query], grades) for query, grades in judged.items() if _relevant(grades)]
    sure = [(found, grades) for found, grades in some if _relevant(grades, 2)]

    def mean(over: list[tuple[Sequence[str], Grades]], measure: Measure) -> float:
        return round(fmean(measure(found, grades) for found, grades in over), 4) if over else 0.0

    return {
        "queries": len(some),
        "R@10": mean(some, recall),
        "P@10": mean(some, precision),
        "nDCG@10": mean(some, ndcg),
        "MAP": mean(some, average_precision),
        "MRR": mean(some, reciprocal_rank),
        **{f"SR@{k}": mean(some, partial(success, k=k)) for k in (1, 3, 5)},
        **{f"Hit@{k}": mean(sure, partial(success, k=k, least=2)) for k in (1, 3, 10)},
    }


SHOWN = 5
"""So many entries are shown at most."""


def offered(strong: Mapping[str, Sequence[str]], judged: Mapping[str, Grades]) -> dict[str, float]:
    """How good what is offered unasked is: the share of it that is relevant, of the queries for which there is any, and of
    those for which any of it is relevant."""
    some = [
        (strong[query][:SHOWN], _relevant(grades)) for query, grades in judged.items() if _relevant(grades)
    ]
    shown = sum(len(found) for found, _ in some)
    right = sum(len(relevant & set(found)) for found, relevant in some)
    return {
        "strong_precision": round(right / shown, 4) if shown else 0.0,
        "strong_coverage": round(fmean(bool(found) for found, _ in some), 4) if some else 0.0,
        "strong_right": round(fmean(not relevant.isdisjoint(found) for found, relevant in some), 4)
        if some
        else 0.0,
    }
