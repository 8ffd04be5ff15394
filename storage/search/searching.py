"""What features search with, and how the index keeps in step with the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, ParamSpec, Protocol, Self, TypeVar

import structlog

from bot.domain.finding import Document, Hit
from bot.domain.slips import Slip
from bot.domain.vocabulary import Vocabulary
from bot.errors import DatabaseUnavailable, SearchUnavailable
from storage.search.analysis import Analyser
from storage.search.nearness import Nearness, Vector
from storage.search.shelf import Shelf
from storage.search.vocabulary import usual

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger("search")

LONGEST: Final = 4000
"""Characters of a text that are looked for."""

EVERY_SECONDS: Final = 1.0
"""How often we look for what other processes changed."""


AT_ONCE: Final = 5000
LARGE: Final = 500
"""Entries that are written at once when there are many, and how many a portion of many has: each writing makes a piece of
the index, pieces are joined by eights, and each costs a search what it takes to open all words in it. A process that is
killed analyses as many again."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since some change number: `documents` in the order of their changes, all of them or the first many;
    `newest` is the highest number that was given out."""

    documents: Sequence[Document]
    newest: int


class Changed(Protocol):
    """Reads what changed after `since` from the database."""

    async def __call__(self, since: int) -> Changes:
        """Nothing in `documents` means that nothing did."""
        ...


class Search:
    """Finds entries by a person's sentence. Open it with `async with`; that takes no time, for nothing is read yet. `spoken`
    says before each search what people call the same thing; `embed`, if there is an embedder, gives the vector of a text
    that may be sent to it, or None soon.

    The index is a projection: `catch_up` brings it in step with the database, `follow` keeps it there. Both work on threads
    of their own; the event loop never waits for the analysis or the disk.
    """

    def __init__(
        self,
        directory: Path,
        changed: Changed,
        vocabulary: Vocabulary | None = None,
        analyser: Analyser | None = None,
        spoken: Callable[[], Awaitable[Vocabulary]] | None = None,
        embed: Callable[[str], Awaitable[Vector | None]] | None = None,
    ) -> None:
        self._shelf = Shelf(directory, analyser)
        self._shelf.vocabulary = vocabulary if vocabulary is not None else usual()
        self._spoken = spoken
        self._embed = embed
        self._changed = changed
        self._asking = ThreadPoolExecutor(2, thread_name_prefix="search")
        self._filling = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._learning = ThreadPoolExecutor(1, thread_name_prefix="meaning")
        self._awake = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._learning.shutdown, cancel_futures=True)
        await asyncio.to_thread(self._filling.shutdown, cancel_futures=True)
        await asyncio.to_thread(self._asking.shutdown, cancel_futures=True)

    async def find(
        self,
        text: str,
        *,
        field_id: str | None = None,
        kind: str | None = None,
        most: int = 50,
        sent: str = "",
    ) -> list[Hit]:
        """The entries that fit a text, best first, at most `most`, of one field or kind if given. `sent`: the text, without
        names, if it may leave the house for an embedder; what is not given is never sent.

        Those that fit so well that they may be offered unasked are `strong`; those that share no word with it, only
        characters, are `weak` and come last. A score tells entries of one search apart, not one search from another.

        Raises:
            SearchUnavailable: the index can be neither read nor made.
        """
        if most < 1 or not text.strip():
            return []
        if self._spoken is not None:
            self.vocabulary = await self._spoken()
        wanted = self._embed is not None and sent and len(self._shelf.nearness)
        vector = await self._embed(sent) if self._embed is not None and wanted else None
        find = self._shelf.find
        try:
            return await self._run(
                self._asking, find, text[:LONGEST], field_id=field_id, kind=kind, most=most, vector=vector
            )
        except (OSError, ValueError) as error:
            log.error("the search index cannot be searched", why=str(error))
            raise SearchUnavailable() from error

    async def meant(self, text: str) -> Slip | None:
        """What somebody meant by a word of a text that finds nothing: 「もしかして」. None when every word finds something,
        or no name is near. The first time it takes as long as gathering the names, which goes on when nobody waits for it
        any more.

        Raises:
            SearchUnavailable: the index can be neither read nor made.
        """
        try:
            if not self._shelf.named:
                await self._run(self._learning, self._shelf.gather)
            return await self._run(self._asking, self._shelf.meant, text[:LONGEST])
        except (OSError, ValueError) as error:
            log.error("the search index cannot be searched", why=str(error))
            raise SearchUnavailable() from error

    @property
    def vocabulary(self) -> Vocabulary:
        """What people call the same thing, and words that say nothing; set it at any time, and the next search knows it."""
        return self._shelf.vocabulary

    @vocabulary.setter
    def vocabulary(self, vocabulary: Vocabulary) -> None:
        self._shelf.vocabulary = vocabulary

    @property
    def ready(self) -> bool:
        """False while the index is made for the first time: an entry may be there and not found yet."""
        return self._shelf.ready

    @property
    def nearness(self) -> Nearness:
        """What an embedder made of the entries, to be filled by whoever has one."""
        return self._shelf.nearness

    def wake(self) -> None:
        """Something changed: `follow` looks at once."""
        self._awake.set()

    async def follow(self) -> None:
        """Keep in step until cancelled. What fails is said and tried again. What the entries' words mean is learned beside,
        so that no change waits for it."""
        learning: asyncio.Task[bool] | None = None
        while True:
            self._awake.clear()
            try:
                if await self.catch_up() and (learning is None or learning.done()):
                    learning = asyncio.create_task(self.learn())
            except DatabaseUnavailable:
                pass  # said by whoever needs it more
            except (OSError, ValueError) as error:
                log.error("the search index could not be brought up to date", why=str(error))
            try:
                async with asyncio.timeout(EVERY_SECONDS):
                    await self._awake.wait()
            except TimeoutError:
                pass

    async def catch_up(self) -> bool:
        """Take in everything that changed; False when another process does that just now: what it writes is found with the
        next look."""
        async with self._one_at_a_time:
            while True:
                index = await self._run(self._filling, self._shelf.look)
                # The index is looked at first: what it holds was committed before, so the database must know of it.
                changes = await self._gathered(index.applied)
                if changes.newest < index.applied:
                    log.warning("the database is older than the search index, which is made anew")
                    await self._run(self._filling, self._shelf.renew, index)
                elif not changes.documents:
                    await self._run(self._filling, self._shelf.complete, index)
                    return True
                elif not await self._run(self._filling, index.take_in, changes.documents):
                    return False

    async def _gathered(self, since: int) -> Changes:
        """What changed; where it is much, several portions of it."""
        found = await self._changed(since)
        documents, portion = list(found.documents), found.documents
        while len(portion) >= LARGE and len(documents) < AT_ONCE:
            portion = (await self._changed(documents[-1].change)).documents
            documents += portion
        return Changes(documents, found.newest)

    async def learn(self) -> bool:
        """Learn what the words of the entries mean, if enough has changed since; says whether it was. What they name is
        gathered again too, if anybody ever asked. Never fails: without it the search finds a little less."""
        try:
            if self._shelf.named:
                await self._run(self._learning, self._shelf.gather)
            return await self._run(self._learning, self._shelf.learn)
        except (OSError, ValueError, MemoryError) as error:
            log.error("what words mean could not be learned", why=str(error))
            return False

    async def _run(
        self, pool: ThreadPoolExecutor, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        def run() -> R:
            return work(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(pool, run)
