"""Counting the payloads that are being handled: a stop takes no more and waits for those, other work lets them pass."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from bot.logs import referenced
from bot.metrics import Metrics

LATELY = 0.05
"""Seconds after a payload during which the next is likely."""

LETS_PASS = 0.2
"""How many seconds other work waits for a quiet moment before it goes on all the same."""


class Gate:
    """Counts payloads that are being handled (`inside`), so that a stop can wait for them. `closed`: no more are taken."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self.inside = 0
        self._empty = asyncio.Event()
        self._empty.set()
        self.last_received: float | None = None
        self.closed = False

    @property
    def busy(self) -> bool:
        """Whether somebody waits for an acknowledgement now. May be asked from any thread."""
        return self.inside > 0

    @property
    def crowded(self) -> bool:
        """Whether payloads follow closely upon one another."""
        return self.last_received is not None and time.monotonic() - self.last_received < LATELY

    async def calm(self) -> None:
        """Let those pass who wait for an acknowledgement: there is one core and one event loop for all."""
        if self.busy:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LETS_PASS):
                    await self._empty.wait()

    @contextlib.asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        """Handle one payload from arrival to acknowledgement, under one reference number."""
        self.inside += 1
        self._empty.clear()
        started = self.last_received = time.monotonic()
        try:
            with referenced():
                yield
        finally:
            self._metrics.event_seconds.observe(time.monotonic() - started)
            self.inside -= 1
            if not self.inside:
                self._empty.set()

    async def drained(self, patience: float) -> bool:
        """Take no more, and wait until nothing is being handled, at most `patience` seconds."""
        self.closed = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._empty.wait()
        return not self.inside
