"""From Slack's message payloads to plain values; the same for events and for history read in the catch-up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain import my_number
from handlers.common.payloads import maybe_stamp, need, parts, stamp, storable
from handlers.common.typed import how_many
from handlers.members.visitors import team_of

CONTENT = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that a person wrote; the rest are notices of the channel."""


def is_direct(channel: str) -> bool:
    """Whether this is a direct message with the bot (its id begins with D), not a channel."""
    return channel.startswith("D")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as somebody wrote it. `thread_ts` is None at top level; `text` is in Slack's own markup, without the
    mention of the bot, which `mention` tells of. `team` is the author's Slack team, "" if Slack does not say;
    `below_bot`: the thread begins with a message of the bot. No My Number is in it; `masked` is how many were."""

    channel: str
    ts: str
    thread_ts: str | None
    author: str
    text: str
    files: tuple[dict[str, str], ...]
    mention: bool
    edited_ts: str | None
    team: str = ""
    below_bot: bool = False
    masked: int = 0

    @property
    def written_at(self) -> datetime:
        """When it was written (aware UTC): a Slack timestamp is seconds since 1970."""
        return moment(self.ts)


def moment(ts: str) -> datetime:
    """The time a Slack timestamp names."""
    return datetime.fromtimestamp(float(ts), UTC)


def read_message(message: Mapping[str, Any], channel: str, bot_user_id: str) -> Incoming | None:
    """A message a person wrote; None for the bot's own, other bots' and the channel's notices.

    A forwarded message carries its words and files in an attachment (`is_share`); they are the asker's words too
    (slackapi/slack-skills-plugin issue 149).

    Raises:
        Malformed: it does not say who wrote it and when.
    """
    if message.get("subtype") not in CONTENT or message.get("bot_id") or not message.get("user"):
        return None
    if message["user"] == bot_user_id:
        return None
    shared = [part for part in parts(message, "attachments") if part.get("is_share")]
    texts = [str(part.get("text") or "") for part in [message, *shared]]
    written, ts = storable("\n".join(words for words in texts if words)), stamp(message, "ts")
    called = re.compile(rf"<@{re.escape(bot_user_id)}(?:\|[^<>\n]*)?> ?")
    text, masked = my_number.mask(called.sub("", written))
    thread = maybe_stamp(message, "thread_ts")
    files, named = _files([message, *shared])
    return Incoming(
        channel=channel,
        ts=ts,
        thread_ts=thread if thread != ts else None,
        author=need(message, "user"),
        text=text,
        files=files,
        mention=called.search(written) is not None,
        edited_ts=maybe_stamp(message, "edited", "ts"),
        team=team_of(message),
        below_bot=message.get("parent_user_id") == bot_user_id,
        masked=masked + named + sum(map(how_many, [message, *shared])),
    )


def _files(holders: Iterable[Mapping[str, Any]]) -> tuple[tuple[dict[str, str], ...], int]:
    """The files by id and name, and how many My Numbers were in their names."""
    files, masked = [], 0
    for file in (file for holder in holders for file in parts(holder, "files")):
        name, found = my_number.mask(storable(str(file.get("name", ""))))
        files.append({"id": storable(str(file.get("id", ""))), "name": name})
        masked += found + how_many(file)
    return tuple(files), masked
