"""What was looked for in vain, gathered: what to write next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.domain.terms import characters, fold

ALIKE: Final = 0.4
"""The share of characters, in pairs, that two searches have in common when they are about the same."""
MOST: Final = 150
"""So many searches are gathered, the newest."""


@dataclass(frozen=True, slots=True)
class Vain:
    """Something that was looked for and not found, and the day."""

    id: int
    words: str
    day: date


@dataclass(slots=True)
class Subject:
    """What several searches are about: the words of the newest, and all of them. The same words on the same day are one:
    somebody who tries again is not somebody else."""

    words: str
    ids: list[int] = field(default_factory=list)
    said: set[tuple[date, str]] = field(default_factory=set)

    @property
    def count(self) -> int:
        """How often it was looked for."""
        return len(self.said)


def subjects(searches: Iterable[Vain]) -> list[Subject]:
    """What these searches (the newest first) are about, what was looked for most often first."""
    found: list[tuple[frozenset[str], Subject]] = []
    for each in list(searches)[:MOST]:
        mine, words = frozenset(characters(each.words)), fold(each.words)
        subject = next(
            (subject for theirs, subject in found if _alike(mine, theirs, words, subject.words)), None
        )
        if subject is None:
            subject = Subject(each.words)
            found.append((mine, subject))
        subject.ids.append(each.id)
        subject.said.add((each.day, words))
    return sorted((subject for _, subject in found), key=lambda subject: (-subject.count, -max(subject.ids)))


def _alike(mine: frozenset[str], theirs: frozenset[str], words: str, other: str) -> bool:
    both = mine | theirs
    return words == fold(other) or (bool(both) and len(mine & theirs) / len(both) >= ALIKE)
