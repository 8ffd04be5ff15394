"""Reading from Slack in the background: page by page, under the rate limits, patient with a 429."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.pacing import Bucket
from bot.slack import Outcome, outcome, retry_after

PAGE = 200
Method = Callable[..., Awaitable[Any]]


class Reader:
    """Paces calls to 36 a minute after a first burst of 20: under tier 3 (50), with room left for delivery's look-ups."""

    def __init__(self) -> None:
        self._bucket = Bucket(20, 0.6)

    async def call(self, method: Method, **arguments: Any) -> Any:
        """One call; a 429 is waited for as long as Slack asks.

        Raises:
            SlackApiError: any other refusal.
        """
        while True:
            await asyncio.sleep(self._bucket.reserve(time.monotonic()))
            try:
                return await method(**arguments)
            except SlackApiError as error:
                if outcome(error)[0] is not Outcome.LIMITED:
                    raise
                await asyncio.sleep(retry_after(error))

    async def pages(self, method: Method, key: str, **arguments: Any) -> AsyncIterator[list[Any]]:
        """The lists under `key`, a page at a time, following the cursor."""
        cursor: str | None = None
        while True:
            page = await self.call(method, limit=PAGE, cursor=cursor, **arguments)
            yield page[key]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
