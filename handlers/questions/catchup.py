"""What was written while we were away: the history of the watched channels and the threads that are still alive.

Slack sends an unacknowledged event again three times within six minutes, then no more. So at every start, after every
new connection and every few minutes the bot reads what it may have missed; natural keys make what it knows harmless.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.pacing import Bucket
from bot.slack import Outcome, outcome, retry_after
from handlers.common.services import Services
from handlers.questions import capture
from handlers.questions.capture import WATCHED, Became
from handlers.questions.incoming import read_message
from storage import channels, questions
from storage.channels import Channel
from storage.questions import Question

log = structlog.get_logger("catchup")

OVERLAP = timedelta(minutes=10)
CLOSED_FOR = timedelta(days=7)
PAGE = 200
Method = Callable[..., Awaitable[Any]]
_GONE = frozenset({"channel_not_found", "not_in_channel", "is_archived", "missing_scope"})
_NO_THREAD = frozenset({"thread_not_found", "message_not_found"})


class CatchUp:
    """Reads what was missed, one run at a time; calls are paced under Slack's 50 a minute, leaving room for others."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._bucket = Bucket(20, 0.6)
        self._lock = asyncio.Lock()

    async def run(self) -> int:
        """Catch up once; returns how many messages were news."""
        async with self._lock:
            news = 0
            places = await self._services.database.read(channels.all_channels)
            watched = [place for place in places if place.purpose in WATCHED and place.bot_is_member]
            since = {place.channel: place.caught_up_at for place in watched}
            for place in watched:
                if not place.archived:
                    news += await self._channel(place)
            for question in await self._services.database.read(questions.recent, CLOSED_FOR):
                if since.get(question.channel) is not None:
                    news += await self._thread(question, since[question.channel])
            if news:
                log.info("caught up", news=news)
            return news

    async def _channel(self, place: Channel) -> int:
        """One channel's history since the last time. A channel that is new to us starts now: its past stays past."""
        client, started = self._services.client, self._services.database.clock.business_now()
        news = 0
        if place.caught_up_at is not None:
            oldest = (place.caught_up_at - OVERLAP).timestamp()
            found = [
                m
                async for m in self._pages(
                    client.conversations_history, place.channel, oldest=f"{oldest:.6f}"
                )
            ]
            for message in reversed(found):  # history comes newest first
                news += await self._take(message, place.channel)
        await self._services.database.write(channels.caught_up, place.channel, started)
        return news

    async def _thread(self, question: Question, since: datetime | None) -> int:
        oldest = ((since or question.received_at) - OVERLAP).timestamp()
        news = 0
        try:
            async for message in self._pages(
                self._services.client.conversations_replies,
                question.channel,
                ts=question.thread_ts,
                oldest=f"{oldest:.6f}",
            ):
                news += await self._take(message, question.channel)
        except SlackApiError as error:
            if error.response.get("error") not in _NO_THREAD:
                raise
            await self._services.database.write(capture.deleted, question.channel, question.ts, None)
        return news

    async def _take(self, message: Mapping[str, Any], channel: str) -> int:
        database = self._services.database
        if message.get("subtype") == "tombstone":
            became = await database.write(capture.deleted, channel, str(message["ts"]), None)
        else:
            incoming = read_message(message, channel, self._services.bot_user_id)
            if incoming is None:
                return 0
            became = await database.write(capture.edited if incoming.edited_ts else capture.capture, incoming)
        if became is Became.QUESTION:
            self._services.metrics.captured.inc()
        return became not in {Became.SEEN_BEFORE, Became.IGNORED}

    async def _pages(
        self, method: Method, channel: str, **arguments: Any
    ) -> AsyncIterator[Mapping[str, Any]]:
        cursor: str | None = None
        while True:
            page = await self._call(method, channel=channel, limit=PAGE, cursor=cursor, **arguments)
            if page is None:
                return
            for message in page["messages"]:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def _call(self, method: Method, **arguments: Any) -> Any:
        """One paced call; a 429 is waited for, a channel that is closed to us is left alone."""
        while True:
            await asyncio.sleep(self._bucket.reserve(time.monotonic()))
            try:
                return await method(**arguments)
            except SlackApiError as error:
                what, code = outcome(error)
                if what is Outcome.LIMITED:
                    await asyncio.sleep(retry_after(error))
                elif code in _GONE:
                    log.warning("cannot read a channel", channel=arguments["channel"], error=code)
                    return None
                else:
                    raise
