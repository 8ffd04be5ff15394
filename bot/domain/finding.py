"""What the search is fed with and what it gives back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

NEIGHBOURS: Final = 10
"""Hits that are asked of which field a text may be."""


@dataclass(frozen=True, slots=True)
class Document:
    """An FAQ entry as the search sees it; `phrasings` are ways in which people asked for it, newest first, `tags` more words
    it shall be found by, `change` orders what changed. Not `live`: it is not to be found any more."""

    id: int
    question: str
    answer: str
    phrasings: tuple[str, ...]
    field_id: str | None
    kind: str
    change: int
    live: bool = True
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, best first. `strong`: it holds so much of what was looked for that it may be offered to
    somebody who did not ask for it. `weak`: it shares characters with it, but no word, and does not mean the same either (as
    far as an embedder says so). `field_id`: its field, if it has one."""

    id: int
    score: float
    weak: bool = False
    strong: bool = False
    field_id: str | None = None


def fields_near(hits: Sequence[Hit]) -> list[tuple[str, float]]:
    """The fields of what is strong among the hits of one search, and how near each is (0 to 1), as `guess_field` weighs
    them."""
    near = [(hit.field_id, hit.score) for hit in hits[:NEIGHBOURS] if hit.strong]
    return [(field_id, score / hits[0].score) for field_id, score in near if field_id is not None]


def key_of(words: str) -> str:
    """A short name of what somebody looked for, which only who knows the words can give."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]
