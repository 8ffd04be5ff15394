"""Stands for the database: gives out what changed, in portions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.finding import Document
from storage.search import Changes

PORTION = 3


def entry(number: int, question: str, answer: str = "", *phrasings: str, **others: Any) -> Document:
    """A published entry; the `Feed` gives it its change number."""
    document = Document(number, question, answer, phrasings, None, "faq", 0)
    return replace(document, **others)


class Feed:
    """Entries and the numbers of their latest changes."""

    def __init__(self, *documents: Document) -> None:
        self.newest = 0
        self.asked: list[int] = []
        self._documents: dict[int, Document] = {}
        self.put(*documents)

    def put(self, *documents: Document) -> None:
        """Add entries, or change them."""
        for document in documents:
            self.newest += 1
            self._documents[document.id] = replace(document, change=self.newest)

    def archive(self, number: int) -> None:
        """It is not to be found any more."""
        self.put(replace(self._documents[number], live=False))

    @property
    def all(self) -> list[Document]:
        """Every entry, in the order of their changes."""
        return sorted(self._documents.values(), key=lambda each: each.change)

    async def __call__(self, since: int) -> Changes:
        self.asked.append(since)
        return Changes([each for each in self.all if each.change > since][:PORTION], self.newest)
