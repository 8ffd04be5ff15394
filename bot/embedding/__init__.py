"""Texts to vectors, by a model that an operator chose; without one nothing here is used, and nothing of it is loaded.

What belongs here: what a model is asked (`Embedder`), by which way (`endpoint`: an address that speaks as OpenAI's
`/v1/embeddings` does; `local`: a directory on this machine), how nobody waits for it (`guarded`), what the settings say
(`chosen`). What never does: which texts those are (`bot.vectors`), what their nearness means (`bot.domain.ranking`). No
text, no answer and no key is ever logged. Tests speak with a local server, and with a small model that they make.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

Vector = Sequence[float]


class EmbedderAway(Exception):
    """The model cannot be asked now: no answer, a refusal of our key, nonsense. Says why in a few words, without any of
    what was sent or answered."""


class TextRefused(Exception):
    """The model takes no text like this one; others it may take."""


class Embedder(Protocol):
    """A model. `name` says what vectors were made with: those of different names cannot be compared."""

    @property
    def name(self) -> str:
        """The model, and how it is asked."""
        ...

    async def embed(self, texts: Sequence[str], *, asked: bool = False) -> list[Vector]:
        """A vector for each text, in their order, all of the same length; `asked`: somebody looks for it, else it is an
        entry.

        Raises:
            EmbedderAway, TextRefused: none was made.
        """
        ...


__all__ = ["Embedder", "EmbedderAway", "TextRefused", "Vector"]
