"""Guess the field of a question from the keywords an administrator can edit.

Longer keywords weigh more; a keyword inside a longer match counts for nothing (「防災無線」 is not 「無線」);
Latin keywords match whole words only (AI is not in MAIL). What matches nothing goes to the catch-all field.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

OTHER = "other"

_LATIN = "0-9a-zα-ω"
_ALIKE = str.maketrans("’′‐–−‑", "''----")
_LONGEST_COUNTED = 6
_MEANS = re.compile(r"で(?!き|す|し|は|も)")  # 「Excelで」 says with what, not about what
_MEANS_WEIGHT = 0.5
_NEVER = re.compile(r"(?!)")
_OPENING_BONUS = 0.2
_OTHER_WEIGHT = 0.25
_NEIGHBOUR_WEIGHT = 2.5
"""What an entry that nearly asks the same is worth: a little more than the shortest keyword. Several of one field are worth
at most twice that, so that a long keyword stands against any number of entries."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of advice: what it is called, which talent roles serve it, which words point to it."""

    id: str
    label: str
    short: str
    roles: tuple[str, ...]
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest field, how strongly (0 = nothing matched), and the keywords that say so, as configured."""

    field_id: str
    score: float
    matched: tuple[str, ...] = ()


def guess_field(text: str, fields: Sequence[Field], near: Iterable[tuple[str, float]] = ()) -> Guess:
    """Guess the field of a cleaned text; ties go to the field listed first, no match to `OTHER`.

    `near` are the fields of entries that ask nearly the same, and how near each is (0 to 1): they speak where no keyword
    does, and between keywords that weigh the same.

    The score is a sum over different keywords: 2 to 6 points each by length, a little more for the one
    that opens the text. Keywords of `OTHER` itself are too common to win against a real one.
    """
    folded = fold(text)
    scores: dict[str, float] = defaultdict(float)
    matched: dict[str, list[str]] = defaultdict(list)
    hits = sorted(_hits(folded, fields))
    opening = min((start for start, _, field_id, _ in hits if field_id != OTHER), default=None)
    for start, end, field_id, keyword in hits:
        if keyword in matched[field_id]:
            continue
        weight = _weight(keyword) * (_OTHER_WEIGHT if field_id == OTHER else 1)
        weight *= _MEANS_WEIGHT if _MEANS.match(folded, end) else 1
        scores[field_id] += weight * (1 + _OPENING_BONUS if start == opening else 1)
        matched[field_id].append(keyword)
    for field_id, vote in _votes(fields, near).items():
        scores[field_id] += vote
    if not scores:
        return Guess(OTHER, 0.0)
    order = {field.id: place for place, field in enumerate(fields)}
    best = min(scores, key=lambda field_id: (-scores[field_id], order[field_id]))
    return Guess(best, round(scores[best], 3), tuple(matched[best]))


def _votes(fields: Sequence[Field], near: Iterable[tuple[str, float]]) -> dict[str, float]:
    known = {field.id for field in fields} - {OTHER}
    votes: dict[str, float] = defaultdict(float)
    for field_id, nearness in near:
        if field_id in known:
            votes[field_id] += _NEIGHBOUR_WEIGHT * min(max(nearness, 0.0), 1.0)
    return {field_id: min(vote, 2 * _NEIGHBOUR_WEIGHT) for field_id, vote in votes.items()}


def fold(text: str) -> str:
    """NFKC and casefold, with the kinds of dash and prime people type made one."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded.translate(_ALIKE)


@lru_cache(maxsize=4096)
def _weight(keyword: str) -> float:
    folded = fold(keyword)
    length = len(folded) if not re.fullmatch(rf"[{_LATIN} '\-+.]+", folded) else len(folded) / 2 + 1.5
    return float(min(max(length, 2), _LONGEST_COUNTED))


def _hits(folded: str, fields: Sequence[Field]) -> Iterator[tuple[int, int, str, str]]:
    """Yield (start, end, field id, keyword) of every match that does not lie inside a longer one."""
    found = [
        (*match.span(), field_id, keyword)
        for needle, field_id, keyword in _needles(tuple(fields))
        if needle in folded  # most are not there at all, and this is quicker than a pattern
        for match in _pattern(keyword).finditer(folded)
    ]
    spans = {(start, end) for start, end, _, _ in found}
    for start, end, field_id, keyword in found:
        covered = any(s <= start and end <= e and (s, e) != (start, end) for s, e in spans)
        if not covered:
            yield start, end, field_id, keyword


@lru_cache(maxsize=16)
def _needles(fields: tuple[Field, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple((_needle(keyword), field.id, keyword) for field in fields for keyword in field.keywords)


def _needle(keyword: str) -> str:
    return fold(keyword).strip()


@lru_cache(maxsize=4096)
def _pattern(keyword: str) -> re.Pattern[str]:
    folded = _needle(keyword)
    if not folded:
        return _NEVER
    before = rf"(?<![{_LATIN}])" if re.match(rf"[{_LATIN}]", folded) else ""
    after = rf"(?![{_LATIN}])" if re.search(rf"[{_LATIN}]\Z", folded) else ""
    return re.compile(before + re.escape(folded) + after)
