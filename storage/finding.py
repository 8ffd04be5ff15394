"""Looking for entries. TO BE REPLACED by the search engine, behind the same `find`: this counts shared pairs of characters
in every published entry, which is neither quick nor good."""

from __future__ import annotations

import unicodedata

from bot.domain.finding import Document, Hit
from storage import faq
from storage.database import Database, Transaction

_ENOUGH, _SOME = 0.3, 0.15


class Pairs:
    """Finds what shares pairs of characters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(
        self, text: str, *, field_id: str | None = None, kind: str | None = None, most: int = 50
    ) -> list[Hit]:
        """The entries that fit a text, best first."""
        documents = await self._database.read(_published)
        looked_for = _pairs(text)
        found = [
            (score, document.id)
            for document in documents
            if field_id in {None, document.field_id}
            and kind in {None, document.kind}
            and (score := _score(looked_for, document)) >= _SOME
        ]
        best = sorted(found, key=lambda each: (-each[0], each[1]))[:most]
        return [Hit(entry_id, score, weak=score < _ENOUGH) for score, entry_id in best]


def _published(tx: Transaction) -> list[Document]:
    return [document for document in faq.documents(tx, most=10_000) if document.live]


def _score(looked_for: set[str], document: Document) -> float:
    texts = (document.question, document.answer, *document.phrasings)
    shares = [len(looked_for & _pairs(text)) / len(looked_for) for text in texts] if looked_for else [0.0]
    return max(shares)


def _pairs(text: str) -> set[str]:
    plain = "".join(each for each in unicodedata.normalize("NFKC", text).lower() if each.isalnum())
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
