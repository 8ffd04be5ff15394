"""Reading one channel or one thread again: what is new in it is taken in as if its event had come now."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.errors import DatabaseUnavailable
from bot.logs import current_reference, reference
from bot.reading import Reader
from handlers.common.errors import fit_to_keep
from handlers.common.services import Services
from handlers.questions.base.incoming import Incoming, moment, read_message
from handlers.questions.intake import capture
from handlers.questions.intake.capture import Became
from storage import failures, messages
from storage.database import Transaction
from storage.messages import Thread

log = structlog.get_logger("catchup")

OVERLAP = timedelta(minutes=10)
"""A little before the last time, so that nothing written in that very minute is missed."""

LAG = timedelta(minutes=2)
"""How far Slack's history may be behind. What is younger and not found there is not deleted."""

SHOWN_FOR = timedelta(days=14)
"""Retention rules and free plans take away what is old. What is older and not found was not deleted by its author."""

_JOINED = frozenset({"channel_join", "group_join"})
_NO_THREAD = frozenset({"thread_not_found", "message_not_found"})


@dataclass(frozen=True, slots=True)
class Window:
    """What counts as new in a channel: written or edited since `since`. Threads with new replies are looked for below
    messages up to `back` older: the history shows no replies, only how new the latest is."""

    since: datetime
    back: timedelta

    @property
    def oldest(self) -> datetime:
        """From when on everything is taken."""
        return self.since - OVERLAP

    def has(self, ts: str | None) -> bool:
        """Whether a Slack timestamp lies in it."""
        return ts is not None and moment(ts) >= self.oldest


class Rereading:
    """Reads again and takes in. Both methods return how many messages were news and raise what the reader raises."""

    def __init__(self, services: Services, reader: Reader) -> None:
        self._services = services
        self._reader = reader

    async def channel(self, channel: str, window: Window) -> tuple[int, set[str]]:
        """One channel's history, and the threads below it that have new replies."""
        history = self._services.client.conversations_history
        oldest = f"{(window.oldest - window.back).timestamp():.6f}"
        pages = self._reader.pages(history, "messages", channel=channel, oldest=oldest)
        found = [message async for page in pages for message in page]
        news = sum([await self._take(message, channel, window) for message in reversed(found)])
        return news, {str(m["ts"]) for m in found if window.has(m.get("latest_reply"))}

    async def came(self, channel: str, after: datetime) -> datetime | None:
        """When the bot came into a channel, if that was after a moment: the line "has joined the channel" says it."""
        history, stamps = self._services.client.conversations_history, []
        pages = self._reader.pages(history, "messages", channel=channel, oldest=f"{after.timestamp():.6f}")
        async for page in pages:
            stamps += [
                str(message["ts"])
                for message in page
                if message.get("subtype") in _JOINED and message.get("user") == self._services.bot_user_id
            ]
        return moment(max(stamps, key=float)) if stamps else None

    async def directs(self) -> AsyncIterator[list[tuple[str, str]]]:
        """All direct messages with the bot, a page at a time: the channel and who is in it."""
        method = self._services.client.users_conversations
        async for page in self._reader.pages(method, "channels", types="im"):
            yield [(str(each["id"]), str(each["user"])) for each in page if each.get("user")]

    async def thread(self, thread: Thread, window: Window, now: datetime) -> int:
        """One thread, whole; what was asked in it and is not there any more was deleted. `now` is the business clock."""
        replies, news, there = self._services.client.conversations_replies, 0, set()
        try:
            async for page in self._reader.pages(replies, "messages", channel=thread.channel, ts=thread.ts):
                there |= {str(message["ts"]) for message in page}
                news += sum([await self._take(message, thread.channel, window) for message in page])
        except SlackApiError as error:
            if error.response.get("error") not in _NO_THREAD:
                raise
        for ts in thread.asks:
            if ts not in there and LAG < now - moment(ts) < SHOWN_FOR:
                await self._services.database.write_later(capture.deleted, thread.channel, ts, None)
        return news

    async def _take(self, message: Mapping[str, Any], channel: str, window: Window) -> int:
        """Take one message in; one that we cannot take must not keep the others from us: it is put by, to be replayed."""
        database, metrics = self._services.database, self._services.metrics
        try:
            action = _what_to_do(message, channel, window, self._services.bot_user_id)
            became = Became.SEEN_BEFORE if action is None else await database.write_later(action)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            log.error("message failed, kept for replay", channel=channel, exc_info=error)
            metrics.failed_events.inc()
            await database.write_later(_put_by, message, channel, type(error).__name__)
            return 0
        if became is Became.QUESTION:
            metrics.captured.inc()
        return became not in {Became.SEEN_BEFORE, Became.IGNORED}


def _what_to_do(
    message: Mapping[str, Any], channel: str, window: Window, bot_user_id: str
) -> Callable[[Transaction], Became] | None:
    if message.get("subtype") == "tombstone":
        return partial(capture.deleted, channel=channel, ts=str(message["ts"]), previous=None)
    incoming = read_message(message, channel, bot_user_id)
    if incoming is None:
        return None
    if window.has(incoming.ts):
        return partial(capture.edited if incoming.edited_ts else capture.capture, message=incoming)
    return partial(_edited_if_known, message=incoming) if window.has(incoming.edited_ts) else None


def _edited_if_known(tx: Transaction, message: Incoming) -> Became:
    """What was written before our time stays past, even if it is edited now."""
    known = messages.find(tx, message.channel, message.ts) is not None
    return capture.edited(tx, message) if known else Became.IGNORED


def _put_by(tx: Transaction, message: Mapping[str, Any], channel: str, error: str) -> None:
    """Keep a message as the event Slack would have sent, once, however often it is read again."""
    edited = (message.get("edited") or {}).get("ts")
    if not failures.first_time(tx, f"put by:{channel}:{message['ts']}:{edited}"):
        return
    event: dict[str, Any] = {**message, "type": "message", "channel": channel}
    if edited or message.get("subtype") == "tombstone":
        event = {"type": "message", "subtype": "message_changed", "channel": channel, "message": message}
    body = {"type": "event_callback", "team_id": tx.workspace, "event": fit_to_keep(event)}
    ref = current_reference() or reference()
    failures.keep_failed(tx, reference=ref, kind="message", body=body, error=error)
