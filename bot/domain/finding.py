"""What the search is fed with and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """An FAQ entry as the search sees it; `phrasings` are ways in which people asked for it, newest first, `change` orders
    what changed. Not `live`: it is not to be found any more."""

    id: int
    question: str
    answer: str
    phrasings: tuple[str, ...]
    field_id: str | None
    kind: str
    change: int
    live: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, best first. `weak`: it shares characters with what was looked for, but no word."""

    id: int
    score: float
    weak: bool = False
