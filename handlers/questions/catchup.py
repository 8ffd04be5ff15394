"""What was written while we were away: the history of the bot's channels and the threads of its questions.

Slack sends an unacknowledged event again three times within six minutes, then no more. So at every start, after every
new connection and every few minutes the bot reads what it may have missed; natural keys make what it knows harmless.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.reading import Reader
from bot.slack import outcome
from handlers.common.services import Services
from handlers.questions import capture
from handlers.questions.capture import Became
from handlers.questions.incoming import moment, read_message
from storage import channels, messages
from storage.database import Transaction
from storage.messages import Thread

log = structlog.get_logger("catchup")

OVERLAP = timedelta(minutes=10)
CLOSED_FOR = timedelta(days=7)
LONG = timedelta(minutes=15)
LAG = timedelta(minutes=2)
"""How far Slack's history may be behind. What is younger and not found there is not deleted."""

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
        their asker's next word reopens them. After a long gap, or events that had to be refused, those of a week are."""
        if self._waiting:
            return 0
        self._waiting = True
        async with self._lock:
            self._waiting = False
            database, refusals = self._services.database, self._services.refusals
            started, refused, refusals.any = database.clock.business_now(), refusals.any, False
            try:
                news = await self._everything(started, CLOSED_FOR if refused else closed_for)
            except BaseException:
                refusals.any = refusals.any or refused
                raise
            if news:
                log.info("caught up", news=news)
            return news

    async def _everything(self, started: datetime, closed_for: timedelta) -> int:
        """Channels, then threads. A channel counts as read only when its threads are: else the next run begins where
        this one did."""
        database = self._services.database
        places = await database.read(channels.all_channels)
        ours = {place.channel: place for place in places if place.bot_is_member and not place.archived}
        since = {place.channel: place.caught_up_at for place in ours.values() if place.caught_up_at}
        # A channel that is new to us starts now, its past stays past; from now on nothing in it may be missed.
        await database.write(_caught_up, ours.keys() - since.keys(), started)
        if any(started - last > LONG for last in since.values()):
            closed_for = CLOSED_FOR
        news, unread = 0, set()
        for channel, last in since.items():
            try:
                news += await self._channel(channel, last)
            except Exception as error:
                unread.add(channel)
                log.warning("cannot read a channel", channel=channel, error=outcome(error)[1])
        for thread in await database.read(messages.threads, closed_for):
            last = since.get(thread.channel, started)
            if thread.channel not in ours or thread.channel in unread:
                continue
            try:
                news += await self._thread(thread, last, started)
            except Exception as error:
                unread.add(thread.channel)
                log.warning("cannot read a thread", channel=thread.channel, error=outcome(error)[1])
        self._services.refusals.any |= bool(unread)
        await database.write(_caught_up, since.keys() - unread, started)
        return news

    async def _channel(self, channel: str, since: datetime) -> int:
        """One channel's history since the last time."""
        history = self._services.client.conversations_history
        pages = self._reader.pages(history, "messages", channel=channel, oldest=_before(since))
        found = [message async for page in pages for message in page]
        return sum([await self._take(message, channel) for message in reversed(found)])  # oldest first

    async def _thread(self, thread: Thread, since: datetime, now: datetime) -> int:
        replies = self._services.client.conversations_replies
        where = {"channel": thread.channel, "ts": thread.ts, "oldest": _before(since)}
        try:
            pages = self._reader.pages(replies, "messages", **where)
            return sum([await self._take(m, thread.channel) async for page in pages for m in page])
        except SlackApiError as error:
            if error.response.get("error") not in _NO_THREAD:
                raise
        for ts in thread.asks if now - moment(thread.ts) > LAG else ():
            await self._services.database.write(capture.deleted, thread.channel, ts, None)
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


def _caught_up(tx: Transaction, places: Collection[str], at: datetime) -> None:
    for channel in places:
        channels.caught_up(tx, channel, at)


def _before(when: datetime) -> str:
    """A little before, so that nothing written in that very minute is missed."""
    return f"{(when - OVERLAP).timestamp():.6f}"
