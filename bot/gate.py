"""Counting the payloads that are being handled, so that a stop can take no more and wait for those."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from bot.logs import referenced
from bot.metrics import Metrics


class Gate:
    """Counts payloads that are being handled, so that a stop can wait for them. `closed`: no more are taken."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._inside = 0
        self._empty = asyncio.Event()
        self._empty.set()
        self.last_received: float | None = None
        self.closed = False

    @contextlib.asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        """Handle one payload from arrival to acknowledgement, under one reference number."""
        self._inside += 1
        self._empty.clear()
        started = self.last_received = time.monotonic()
        try:
            with referenced():
                yield
        finally:
            self._metrics.event_seconds.observe(time.monotonic() - started)
            self._inside -= 1
            if not self._inside:
                self._empty.set()

    async def drained(self, patience: float) -> bool:
        """Take no more, and wait until nothing is being handled, at most `patience` seconds."""
        self.closed = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._empty.wait()
        return not self._inside
