"""What the address of a feed answers. An address that was never made, one that was revoked, one whose owner left: all are as
if nothing were there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from math import ceil

from bot import ics
from bot.feature import Fetched
from bot.pacing import Bucket
from handlers.calendars import taking, tokens
from handlers.common.services import Services

OWN, UNKNOWN = (20, 1 / 30), (20, 1.0)
"""Reads at once and each second afterwards: of one feed, and of all addresses that were never seen to be one."""
NOTHING = Fetched(404)


class Feeds:
    """Answers reads of feeds. Who guesses addresses has one purse, so that feeds stay readable and the database calm."""

    def __init__(self, services: Services, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells seconds of the real time."""
        self._database, self._clock = services.database, clock
        self._own: dict[str, Bucket] = {}
        self._unknown = Bucket(*UNKNOWN)

    async def fetch(self, text: str, known: Collection[str] = ()) -> Fetched:
        """The calendar at an address whose token is `text`, for somebody who has it already as these marks (ETags) say."""
        token = tokens.read(text)
        if token is None:
            return NOTHING
        bucket, now = self._own.get(token.finds, self._unknown), self._clock()
        if not bucket.take(now):
            return Fetched(429, wait=ceil(bucket.wait(now)))
        found = await self._database.read(taking.found_at, token)
        if found is None:
            self._own.pop(token.finds, None)
            return NOTHING
        if token.finds not in self._own:
            self._own[token.finds] = Bucket(*OWN)
        mark = ics.mark(found)
        if mark in known:
            return Fetched(304, mark=mark)
        return Fetched(200, await asyncio.to_thread(ics.write, found), mark)
