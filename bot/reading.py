"""Reading from Slack in the background: page by page, under the rate limits, patient with a 429 and with bad luck."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any

import structlog

from bot.pacing import Bucket
from bot.slack import Outcome, outcome, retry_after

log = structlog.get_logger("reading")

PAGE = 200
PAUSES = (0.5, 2.0, 6.0)
"""Seconds before each further try of a call that met bad luck; a longer outage is left to whoever reads again."""

BAD_LUCK = frozenset({Outcome.UNSURE, Outcome.NOT_SENT})
"""No connection, half an answer, a timeout, a 5xx: reading changes nothing, so it may simply be done again."""

Method = Callable[..., Awaitable[Any]]


class Reader:
    """Paces calls to 36 a minute after a first burst of 20: under tier 3 (50), with room left for delivery's look-ups.
    Methods of another tier have a reader of their own."""

    def __init__(
        self, burst: float = 20, per_second: float = 0.6, *, pauses: Sequence[float] = PAUSES
    ) -> None:
        self._bucket = Bucket(burst, per_second)
        self._pauses = pauses

    async def call(self, method: Method, **arguments: Any) -> Any:
        """One call; a 429 is waited for as long as Slack asks, bad luck is met with a few more tries.

        Raises:
            SlackApiError, aiohttp.ClientError, TimeoutError, OSError: a refusal, or bad luck to the end.
        """
        pauses = iter(self._pauses)
        while True:
            await asyncio.sleep(self._bucket.reserve(time.monotonic()))
            try:
                return await method(**arguments)
            except Exception as error:
                pause = _pause(error, pauses)
                if pause is None:
                    raise
            await asyncio.sleep(pause)

    async def pages(self, method: Method, key: str, **arguments: Any) -> AsyncIterator[list[Any]]:
        """The lists under `key`, a page at a time, following the cursor."""
        cursor: str | None = None
        while True:
            page = await self.call(method, **{"limit": PAGE, "cursor": cursor, **arguments})
            yield page[key]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return


def _pause(error: Exception, pauses: Iterator[float]) -> float | None:
    """How long to wait before the call is made again; None = it is not."""
    what, name = outcome(error)
    if what is Outcome.LIMITED:
        return retry_after(error)
    pause = next(pauses, None) if what in BAD_LUCK else None
    if pause is not None:
        log.info("reading again", error=name, pause=pause)
    return pause
