"""Turning one outbox row into calls to Slack, and finding it again in the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.feature import Message
from storage import sending
from storage.outbox import Kind
from storage.sending import OutboxRow

METADATA = "banso_message"
LOOKS = 2
"""How often an unsure post is looked for before it is made again."""
PAGE = 200
NEWEST_PAGES = 3
"""Of a channel's history, which begins with the newest."""
THREAD_PAGES = 20
"""Of a thread, which begins with the oldest: what we look for is at its end."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a row stands on Slack. `state` is the reaction of a mark, `version` the version found in the history."""

    channel: str | None
    ts: str | None
    state: str | None = None
    version: int = 0


class LeaseOver(Exception):
    """By the time Slack answers the row may be somebody else's. Nothing was sent."""


class Poster:
    """Sends rows. Every message carries the row's uid and version as metadata, so that it can be found again.

    `margin` is how much of a lease must be left when a call begins, and how long one may take. It is measured in real
    time: a machine that slept has a monotonic clock that slept as well.
    """

    def __init__(self, client: AsyncWebClient, clock: Clock, margin: timedelta) -> None:
        self._client = client
        self._clock, self._margin = clock, margin
        self.seconds, self.looks = margin.total_seconds(), LOOKS
        self._direct: dict[str, str] = {}

    def _still_ours(self, row: OutboxRow) -> None:
        if row.leased_until is None or row.leased_until - self._clock.real_now() < self._margin:
            raise LeaseOver

    async def send(self, row: OutboxRow, message: Message) -> Posted:
        """Post, update or react; raises what the client raises, and LeaseOver."""
        self._still_ours(row)
        if row.kind is Kind.MARK:
            return await self._react(row, message.emoji)
        if row.kind is Kind.EPHEMERAL:
            await self._client.chat_postEphemeral(
                channel=row.channel,
                user=row.user_id or "",
                thread_ts=row.thread_ts,
                text=message.text,
                blocks=message.blocks,
            )
            return Posted(None, None)
        if row.posted_ts is not None:
            channel = row.posted_channel or row.channel
            await self._client.chat_update(
                channel=channel,
                ts=row.posted_ts,
                text=message.text,
                blocks=message.blocks,
                metadata=_metadata(row),
            )
            return Posted(channel, row.posted_ts)
        channel = await self.channel(row)
        self._still_ours(row)
        answer = await self._client.chat_postMessage(
            channel=channel,
            thread_ts=row.thread_ts,
            text=message.text,
            blocks=message.blocks,
            metadata=_metadata(row),
            unfurl_links=False,
            unfurl_media=False,
        )
        return Posted(channel, answer["ts"])

    async def find(self, row: OutboxRow) -> Posted | None:
        """Look for the row in its thread, or in the newest pages of its channel; None when it is not there."""
        channel = await self.channel(row)
        cursor: str | None = None
        for _ in range(THREAD_PAGES if row.thread_ts is not None else NEWEST_PAGES):
            arguments: dict[str, Any] = {
                "channel": channel,
                "limit": PAGE,
                "include_all_metadata": True,
                "cursor": cursor,
            }
            try:
                if row.thread_ts is not None:
                    page = await self._client.conversations_replies(ts=row.thread_ts, **arguments)
                else:
                    page = await self._client.conversations_history(**arguments)
            except SlackApiError as error:
                if error.response.get("error") in {"thread_not_found", "message_not_found"}:
                    return None  # the thread's first message is gone; posting will say what follows from that
                raise
            for message in page["messages"]:
                metadata = message.get("metadata") or {}
                payload = metadata.get("event_payload") or {}
                if metadata.get("event_type") != METADATA:
                    continue
                if payload.get("id") == row.uid:
                    return Posted(channel, message["ts"], version=int(payload.get("version", 1)))
                if row.sent == 0 and payload.get("about") == sending.about(row):
                    return Posted(channel, message["ts"], version=_says(row))
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
        return None

    async def channel(self, row: OutboxRow) -> str:
        """The conversation a row goes to; the direct message of whom it is addressed to, if there is no other."""
        if row.channel:
            return row.channel
        user = row.user_id or ""
        if user not in self._direct:
            opened = await self._client.conversations_open(users=user)
            self._direct[user] = opened["channel"]["id"]
        return self._direct[user]

    async def _react(self, row: OutboxRow, emoji: str | None) -> Posted:
        """Put the new reaction on first, then take the old one off, so that there is never none."""
        old = row.posted_state
        if emoji and emoji != old:
            await self._quietly("already_reacted", self._client.reactions_add, row, emoji)
        if old and old != emoji:
            await self._quietly("no_reaction", self._client.reactions_remove, row, old)
        return Posted(None, None, state=emoji)

    async def _quietly(self, harmless: str, call: Any, row: OutboxRow, emoji: str) -> None:
        try:
            await call(channel=row.channel, timestamp=row.thread_ts or "", name=emoji)
        except SlackApiError as error:
            if error.response.get("error") != harmless:
                raise


def _says(row: OutboxRow) -> int:
    """Which version a message is that a lost database posted: a card has to be shown anew, what is said once was said."""
    return 0 if row.kind is Kind.CARD else row.wanted


def _metadata(row: OutboxRow) -> dict[str, Any]:
    payload = {"id": row.uid, "version": row.wanted, "about": sending.about(row)}
    return {"event_type": METADATA, "event_payload": payload}
