"""Vectors of the entries: made in the background, and handed to the search, for as long as there is an embedder.

What is sent to it is decided here and in `storage.vectors`: question, tags and answer of published entries, nothing else.
What people type is sent by whoever searches for them, without names (`handlers.faq.searching`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

import structlog

from bot.embedding import Embedder, EmbedderAway, TextRefused, Vector
from bot.errors import DatabaseUnavailable
from storage import faq_documents, vectors
from storage.database import Database
from storage.search import Nearness, packed
from storage.vectors import Made, Wanting

log = structlog.get_logger("embedding")

BATCH: Final = 32
"""Entries that are sent at once."""

EVERY_SECONDS: Final = 5.0
"""How often we look for what other processes made."""

FIRST_PAUSE, LAST_PAUSE = 15.0, 600.0
"""Seconds until an embedder that was away is asked again: each time twice as many."""

LENGTHS: Final = (2000, 400)
"""Characters of an entry that are sent, and how many when the model takes no such long text."""

_KNOWN: Final = "窓口の受付時間"
"""A text that any model takes: when it does not, the text before was not to blame."""


class Vectors:
    """Keeps the vectors of one workspace in step with its entries. Nobody waits for that: an entry whose vector is not made
    yet is found by words."""

    def __init__(self, database: Database, embedder: Embedder, nearness: Nearness) -> None:
        self._database = database
        self._embedder = embedder
        self._nearness = nearness
        self._awake = asyncio.Event()
        self._number = 0
        self._made_up_to = -1
        self._away = False
        self._pause = self._ask_at = 0.0

    def wake(self) -> None:
        """An entry changed."""
        self._awake.set()

    async def follow(self) -> None:
        """Keep in step until cancelled. What fails is said once and tried again."""
        while True:
            self._awake.clear()
            try:
                await self.catch_up()
            except DatabaseUnavailable:
                pass  # said by whoever needs it more
            except Exception as error:  # nobody is there who could answer for it; the search goes on by words
                self._went_wrong(type(error).__name__)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_SECONDS):
                    await self._awake.wait()

    async def catch_up(self) -> bool:
        """Make what is wanting and read what is there; False when not all could be made: the embedder is away, or another
        process does it just now."""
        await self._read()
        whole = await self._make()
        await self._read()
        return whole

    async def _read(self) -> None:
        """Hand to the search what anybody made since we last looked."""
        while True:
            read = self._database.read
            rows, number = await read(vectors.since, self._embedder.name, self._number)
            if not rows:
                return
            await asyncio.to_thread(self._nearness.take_in, rows)
            self._number = number

    async def _make(self) -> bool:
        newest = await self._database.read(faq_documents.newest_change)
        now = asyncio.get_running_loop().time()
        if newest == self._made_up_to:
            return True
        if self._away and now < self._ask_at:
            return False
        while some := await self._database.read(vectors.wanting, self._embedder.name, BATCH):
            if not await self._database.write_later(vectors.claim):
                return False
            try:
                await self._batch(some)
            except EmbedderAway as error:
                self._went_wrong(str(error))
                return False
            finally:
                await self._database.write_later(vectors.release)
        await self._database.write_later(vectors.tidy, self._embedder.name)
        self._made_up_to = newest
        self._went_well()
        return True

    async def _batch(self, some: Sequence[Wanting]) -> None:
        held, new = [each for each in some if each.holds], [each for each in some if not each.holds]
        found = await self._embed([each.text[: LENGTHS[0]] for each in new]) if new else []
        made = [Made(each, vector) for each, vector in zip(new, found, strict=True)]
        await self._database.write_later(vectors.keep, self._embedder.name, made, held)

    async def _embed(self, texts: Sequence[str]) -> list[bytes]:
        """A vector for each text; no bytes for one that the model does not take, however short it is made."""
        try:
            return [_packed(each) for each in await self._embedder.embed(texts)]
        except TextRefused:
            await self._taken(_KNOWN)
        return [await self._alone(text) for text in texts]

    async def _alone(self, text: str) -> bytes:
        for length in LENGTHS:
            with contextlib.suppress(TextRefused):
                (found,) = await self._embedder.embed([text[:length]])
                return _packed(found)
        await self._taken(_KNOWN)
        log.warning("the embedder takes no such text; the entry is found by words")
        return b""

    async def _taken(self, text: str) -> None:
        try:
            (found,) = await self._embedder.embed([text])
            _packed(found)
        except TextRefused as refused:
            raise EmbedderAway(str(refused)) from None

    def _went_wrong(self, why: str) -> None:
        if not self._away:
            log.warning("entries cannot be embedded now; they are found by words", why=why)
        self._pause = min(2 * self._pause, LAST_PAUSE) if self._away else FIRST_PAUSE
        self._away = True
        self._ask_at = asyncio.get_running_loop().time() + self._pause

    def _went_well(self) -> None:
        if self._away:
            log.info("all entries are embedded")
        self._away = False


def _packed(vector: Vector) -> bytes:
    try:
        return packed(vector)
    except ValueError:
        raise TextRefused("no direction") from None
