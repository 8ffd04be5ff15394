"""Work nobody waits for, and work that goes on until somebody stops it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import structlog

log = structlog.get_logger("app")

Later = Callable[[Coroutine[Any, Any, Any]], None]


class OneAtATime:
    """Work that may be asked for while it runs: then it runs once more, not once for each time it was asked for."""

    def __init__(self, work: Callable[[], Awaitable[Any]]) -> None:
        self._work = work
        self._lock = asyncio.Lock()
        self._waiting = False

    async def __call__(self) -> None:
        """Run it, or leave it to the run that waits already."""
        if self._waiting:
            return
        self._waiting = True
        async with self._lock:
            self._waiting = False
            await self._work()


@contextlib.asynccontextmanager
async def background() -> AsyncIterator[Later]:
    """Work nobody waits for; what is not done at the end is cancelled (it begins again at the next start)."""
    tasks: set[asyncio.Task[Any]] = set()
    closed = False

    def done(task: asyncio.Task[Any]) -> None:
        tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("background work failed", exc_info=task.exception())

    def later(work: Coroutine[Any, Any, Any]) -> None:
        if closed:
            work.close()
            return
        task = asyncio.ensure_future(work)
        tasks.add(task)
        task.add_done_callback(done)

    try:
        yield later
    finally:
        closed = True
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def until_signal(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> int:
    """Run until SIGINT or SIGTERM, which set the event; a second one ends at once. Returns 0, or the exit code that a shell
    gives to what such a signal ended."""
    code = 0

    async def go() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()

        def first(number: signal.Signals) -> None:
            nonlocal code
            code = 128 + number
            stop.set()
            loop.remove_signal_handler(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, first, number)
        await work(stop)

    asyncio.run(go())
    return code


async def until_stopped(play: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """Run `play` until the event is set; what ends it before is raised."""
    playing, stopping = asyncio.ensure_future(play), asyncio.ensure_future(stop.wait())
    await asyncio.wait([playing, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    playing.cancel()
    await asyncio.gather(playing, stopping, return_exceptions=True)
    if playing.done() and not playing.cancelled() and (error := playing.exception()) is not None:
        raise error
