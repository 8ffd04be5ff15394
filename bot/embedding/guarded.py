"""What somebody typed, as a vector, soon or not at all: nobody who searches waits for a model that is slow or dead."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import structlog

from bot.embedding import Embedder, EmbedderAway, TextRefused, Vector

log = structlog.get_logger("embedding")

PATIENCE: Final = 0.3
"""Seconds that a search waits."""

IN_A_ROW: Final = 3
"""Failures after which nobody waits any more, until a look in the background was answered in time."""

FIRST_LOOK, LAST_LOOK = 15.0, 600.0
"""Seconds between two such looks: each time twice as many."""

REMEMBERED: Final = 500
"""Texts whose vectors are kept: who narrows or turns looks for the same."""

AT_ONCE: Final = 4
"""Questions to the model under way; more are not put."""

_LOOK: Final = "窓口の受付時間"


class Guarded:
    """One model, asked for what people type. Never fails; `open` while it is thought to be away.

    A question that takes too long goes on by itself: its answer is there when the same is looked for again.
    """

    def __init__(
        self, embedder: Embedder, patience: float | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._embedder = embedder
        self._patience = PATIENCE if patience is None else patience
        self._now = now
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Vector]] = {}
        self._late: set[str] = set()
        self._failed = 0
        self._pause = FIRST_LOOK
        self._look_at = 0.0

    @property
    def open(self) -> bool:
        """Whether nobody waits for it just now."""
        return self._failed >= IN_A_ROW

    async def __call__(self, text: str) -> Vector | None:
        """The vector of a text without names; None when it is not there in time."""
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        if self.open:
            self._look()
            return None
        return await self._wait_for(text)

    async def close(self) -> None:
        """Nothing is asked any more."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait_for(self, text: str) -> Vector | None:
        if text in self._late:
            return None  # who narrows what they looked for has waited for it once
        task = self._asking(text)
        if task is None:
            self._went_wrong("too many at once")
            return None
        done, _ = await asyncio.wait([task], timeout=self._patience)
        if not done:
            if text not in self._late:
                self._went_wrong("too slow")
            self._late.add(text)
            return None
        error = None if task.cancelled() else task.exception()
        if task.cancelled():
            return None
        if error is not None:
            ours = isinstance(error, EmbedderAway | TextRefused)
            self._went_wrong(str(error) if ours else type(error).__name__)
            return None
        self._went_well()
        return task.result()

    def _asking(self, text: str) -> asyncio.Task[Vector] | None:
        """The question for a text, under way once however many wait for it."""
        task = self._under_way.get(text)
        if task is None and len(self._under_way) < AT_ONCE:
            task = self._under_way[text] = asyncio.create_task(self._ask(text))
            task.add_done_callback(lambda done: self._done(text, done))
        return task

    async def _ask(self, text: str) -> Vector:
        (found,) = await self._embedder.embed([text], asked=True)
        return found

    def _done(self, text: str, task: asyncio.Task[Vector]) -> None:
        self._under_way.pop(text, None)
        self._late.discard(text)
        if not task.cancelled() and task.exception() is None:
            self._known[text] = task.result()
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def _went_well(self) -> None:
        if self.open:
            log.info("the embedder answers again")
        self._failed, self._pause = 0, FIRST_LOOK

    def _went_wrong(self, why: str) -> None:
        self._failed += 1
        if self._failed == IN_A_ROW:
            log.warning("the embedder is not asked for a while; the search goes by words alone", why=why)
            self._look_at = self._now() + self._pause

    def _look(self) -> None:
        """Ask it in the background, when it is time: nobody waits for that. A text of ours is sent, not what was typed."""
        if self._now() < self._look_at or _LOOK in self._under_way:
            return
        self._look_at = self._now() + self._pause
        self._pause = min(2 * self._pause, LAST_LOOK)
        self._known.pop(_LOOK, None)
        task, begun = self._asking(_LOOK), self._now()
        if task is not None:
            task.add_done_callback(lambda done: self._looked(done, self._now() - begun))

    def _looked(self, task: asyncio.Task[Vector], took: float) -> None:
        if not task.cancelled() and task.exception() is None and took <= self._patience:
            self._went_well()
