"""Work nobody waits for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import structlog

log = structlog.get_logger("app")

Later = Callable[[Coroutine[Any, Any, Any]], None]


@contextlib.asynccontextmanager
async def background() -> AsyncIterator[Later]:
    """Work nobody waits for; what is not done at the end is cancelled (it begins again at the next start)."""
    tasks: set[asyncio.Task[Any]] = set()

    def done(task: asyncio.Task[Any]) -> None:
        tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("background work failed", exc_info=task.exception())

    def later(work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(work)
        tasks.add(task)
        task.add_done_callback(done)

    try:
        yield later
    finally:
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
