"""What was written while we were away: the history of the bot's channels and the threads of its questions.

Slack sends an unacknowledged event again three times within six minutes, then no more. So at every start, after every
new connection and every few minutes the bot reads what it may have missed; natural keys make what it knows harmless.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.reading import Reader
from handlers.common.services import Services
from handlers.questions import capture
from handlers.questions.capture import Became
from handlers.questions.incoming import read_message
from storage import channels, questions
from storage.channels import Channel
from storage.questions import Question

log = structlog.get_logger("catchup")

OVERLAP = timedelta(minutes=10)
CLOSED_FOR = timedelta(days=7)
_GONE = frozenset({"channel_not_found", "not_in_channel", "is_archived", "missing_scope"})
_NO_THREAD = frozenset({"thread_not_found", "message_not_found"})


class CatchUp:
    """Reads what was missed, one run at a time; a run asked for while another waits is the same run."""

    def __init__(self, services: Services, reader: Reader) -> None:
        self._services = services
        self._reader = reader
        self._lock = asyncio.Lock()
        self._waiting = False

    async def run(self, *, closed_for: timedelta = CLOSED_FOR) -> int:
        """Catch up once; returns how many messages were news. Threads closed at most `closed_for` ago are read too:
        their asker's next word reopens them."""
        if self._waiting:
            return 0
        self._waiting = True
        async with self._lock:
            self._waiting = False
            places = await self._services.database.read(channels.all_channels)
            ours = {place.channel: place for place in places if place.bot_is_member and not place.archived}
            news = sum([await self._channel(place) for place in ours.values()])
            for question in await self._services.database.read(questions.recent, closed_for):
                if question.channel in ours:
                    news += await self._thread(question, ours[question.channel].caught_up_at)
            if news:
                log.info("caught up", news=news)
            return news

    async def _channel(self, place: Channel) -> int:
        """One channel's history since the last time. A channel that is new to us starts now: its past stays past."""
        client, started = self._services.client, self._services.database.clock.business_now()
        found: list[Mapping[str, Any]] = []
        if place.caught_up_at is not None:
            pages = self._reader.pages(
                client.conversations_history,
                "messages",
                channel=place.channel,
                oldest=_before(place.caught_up_at),
            )
            try:
                found = [message async for page in pages for message in page]
            except SlackApiError as error:
                if error.response.get("error") not in _GONE:
                    raise
                log.warning("cannot read a channel", channel=place.channel, error=error.response.get("error"))
                return 0
        news = sum([await self._take(message, place.channel) for message in reversed(found)])  # oldest first
        await self._services.database.write(channels.caught_up, place.channel, started)
        return news

    async def _thread(self, question: Question, since: datetime | None) -> int:
        pages = self._reader.pages(
            self._services.client.conversations_replies,
            "messages",
            channel=question.channel,
            ts=question.thread_ts,
            oldest=_before(since or question.received_at),
        )
        try:
            return sum([await self._take(m, question.channel) async for page in pages for m in page])
        except SlackApiError as error:
            if error.response.get("error") in _NO_THREAD:
                await self._services.database.write(capture.deleted, question.channel, question.ts, None)
            elif error.response.get("error") not in _GONE:
                raise
            return 0

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


def _before(moment: datetime) -> str:
    """A little before, so that nothing written in that very minute is missed."""
    return f"{(moment - OVERLAP).timestamp():.6f}"
