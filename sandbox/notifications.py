"""Whose telephone rings for a new message.

Sources: slack.com/help, "Guide to Slack notifications": mentions of members, threads one follows, direct messages; "Create a
user group": "notifications for user groups work the same way as regular @mentions". Edits and ephemeral messages ring
nobody; a mention rings nobody who is not in the channel. That a group's mention lets its members follow the thread is
said nowhere; here it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sandbox.state import Channel, Json, Message, World

_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_WRITTEN = frozenset({"mrkdwn", "markdown"})
"""Where `<@U…>` is read as a mention; plain_text shows it as it is."""
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>")
_EVERYBODY = re.compile(r"<!(?:channel|here|everyone)(?:\|[^>]*)?>")


def mentioned(message: Message) -> set[str]:
    """Return the ids a message mentions where its readers see it: in the blocks if it has any, else in the text."""
    if not message.blocks:
        return set(_USER.findall(message.text)) if "<@" in message.text else set()
    found: set[str] = set()
    for part in _parts(message.blocks):
        if part.get("type") in _WRITTEN and isinstance(part.get("text"), str):
            found.update(_USER.findall(part["text"]))
        elif part.get("type") == "user" and isinstance(part.get("user_id"), str):
            found.add(part["user_id"])
    return found


def mentioned_groups(message: Message) -> set[str]:
    """Return the ids of the user groups a message mentions, where its readers see it."""
    if not message.blocks:
        return set(_GROUP.findall(message.text)) if "<!" in message.text else set()
    found: set[str] = set()
    for part in _parts(message.blocks):
        if part.get("type") in _WRITTEN and isinstance(part.get("text"), str):
            found.update(_GROUP.findall(part["text"]))
        elif part.get("type") == "usergroup" and isinstance(part.get("usergroup_id"), str):
            found.add(part["usergroup_id"])
    return found


def _calls_everybody(message: Message) -> bool:
    if not message.blocks:
        return "<!" in message.text and _EVERYBODY.search(message.text) is not None
    return any(
        part.get("type") == "broadcast"
        or (part.get("type") in _WRITTEN and _EVERYBODY.search(str(part.get("text"))) is not None)
        for part in _parts(message.blocks)
    )


def ring(world: World, channel: Channel, message: Message) -> None:
    """Note a new message with everybody it rings, once each, and let threads be followed."""
    named = mentioned(message)
    groups = [world.groups[each] for each in mentioned_groups(message) if each in world.groups]
    reasons: dict[str, str] = {user: "group" for group in groups for user in group.members}
    reasons |= dict.fromkeys(named, "mention")
    parent = channel.messages.get(message.thread_ts) if message.is_reply and message.thread_ts else None
    if channel.im or channel.mpim:
        reasons = {**dict.fromkeys(channel.members, "direct"), **reasons}
    if parent is not None:
        reasons = {**dict.fromkeys(parent.followers, "thread"), **reasons}
        parent.followers |= {message.user, *named}
    else:
        message.followers = {message.user, *named}
    if _calls_everybody(message):
        reasons = {**dict.fromkeys(channel.members, "everybody"), **reasons}
    for user, kind in reasons.items():
        person = world.people.get(user)
        if (
            person is None
            or person.bot
            or person.deleted
            or user == message.user
            or user not in channel.members
        ):
            continue
        person.notifications.append(
            {
                "kind": kind,
                "channel": channel.id,
                "ts": message.ts,
                "thread_ts": message.thread_ts,
                "by": message.user,
                "text": message.text,
            }
        )


def _parts(blocks: list[Json]) -> Iterator[Json]:
    waiting: list[object] = list(blocks)
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
