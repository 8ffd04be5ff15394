"""Messages: how they come, change and go, with everything that follows from it (indexes, events, rings)."""

from __future__ import annotations

import re
import uuid
from bisect import bisect_left
from copy import copy
from typing import Any

from sandbox import events
from sandbox.courier import Delivery
from sandbox.errors import Refused
from sandbox.notifications import ring
from sandbox.state import Channel, Json, Message, Person, World
from sandbox.wire import message_json

TOMBSTONE = "This message was deleted."
KEPT_VERSIONS = 5

_KEEP = re.compile(r"(<@[UW][A-Z0-9]+>|<#[CG][A-Z0-9]+>|<!subteam\^S[A-Z0-9]+>|https?://[^\s<>「」()。、]+)")
_EVERYBODY = re.compile(r"(?<!\S)@(channel|here|everyone)\b")


def typed(text: str) -> str:
    """Return what Slack makes of a person's keystrokes: mentions kept, links marked, the rest escaped."""
    out = []
    for index, part in enumerate(_KEEP.split(text)):
        if index % 2:
            out.append(part if part.startswith("<") else f"<{part.replace('&', '&amp;')}>")
        else:
            escaped = part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            out.append(_EVERYBODY.sub(r"<!\1>", escaped))
    return "".join(out)


def publish(world: World, channel: Channel, message: Message) -> list[Delivery]:
    """Put a new message into its channel, ring whom it rings and send its events; return the deliveries."""
    channel.messages[message.ts] = message
    channel.order.append(message.ts)
    channel.closed = False
    if message.is_reply and message.thread_ts is not None:
        channel.messages[message.thread_ts].replies.append(message.ts)
    if not message.is_reply or message.subtype == "thread_broadcast":
        channel.top.append(message.ts)
    if message.subtype in (None, "file_share", "thread_broadcast", "bot_message"):
        ring(world, channel, message)
    _touched(world, message)
    return events.message_posted(world, channel, message)


def say(
    world: World,
    channel: Channel,
    person: Person,
    text: str,
    *,
    thread_ts: str | None = None,
    broadcast: bool = False,
    files: list[Json] | None = None,
) -> tuple[Message, list[Delivery]]:
    """A person posts; return the message and its deliveries. Raises Refused where Slack's client would."""
    if person.deleted:
        raise Refused("account_inactive", f"{person.real_name} is deactivated")
    if person.id not in channel.members:
        raise Refused("not_in_channel", f"{person.real_name} is not in #{channel.name}")
    if channel.archived:
        raise Refused("is_archived", f"#{channel.name}")
    if thread_ts is not None:
        thread_ts = thread_root(channel, thread_ts)
    message = Message(
        ts=world.clock.stamp(),
        channel=channel.id,
        user=person.id,
        text=typed(text),
        files=files or [],
        thread_ts=thread_ts,
        subtype="file_share" if files else "thread_broadcast" if broadcast and thread_ts else None,
        client_msg_id=str(uuid.uuid4()),
    )
    top = thread_ts is None
    asks = top and world.bot_user_id in channel.members
    world.tally.human_message(channel.id, person.id, world.clock.now(), asks=asks)
    return message, publish(world, channel, message)


def thread_root(channel: Channel, ts: str) -> str:
    """Return the stamp of the thread a person's client would reply in. Raises Refused if the message is gone."""
    message = channel.messages.get(ts)
    if message is None:
        raise Refused("thread_not_found", ts)
    return message.thread_ts if message.is_reply and message.thread_ts else ts


def notice(world: World, channel: Channel, person: Person, subtype: str, text: str, **extra: Any) -> None:
    """Post one of Slack's own lines, such as "has joined the channel"."""
    message = Message(world.clock.stamp(), channel.id, person.id, text, subtype=subtype, extra=extra)
    publish(world, channel, message)


def change(
    world: World, channel: Channel, message: Message, *, editor: str, mark: bool, **fields: Any
) -> None:
    """Edit a message: set the named fields, remember what it showed, send message_changed; nobody is rung."""
    before = message_json(world, message, "none")
    _remember(message)
    for name, value in fields.items():
        setattr(message, name, value)
    message.words = None
    if mark:
        message.edited = {"user": editor, "ts": f"{int(world.clock.now())}.000000"}
    _touched(world, message)
    events.message_changed(world, channel, before, message)


def _touched(world: World, message: Message) -> None:
    if message.is_reply and message.thread_ts is not None:
        world.touch("message", message.channel, message.thread_ts)  # its count of replies
    world.touch("message", message.channel, message.ts)


def _remember(message: Message) -> None:
    if message.blocks:
        message.versions.append(message.blocks)
        del message.versions[:-KEPT_VERSIONS]


def remove(world: World, channel: Channel, message: Message) -> None:
    """Delete a message; a parent with replies leaves a tombstone."""
    before = message_json(world, message, "none")
    channel.gone[message.ts] = copy(message)
    if message.replies:
        _entomb(message)
        _touched(world, message)
        events.message_changed(world, channel, before, message)
        return
    _unindex(channel, message)
    if message.is_reply and message.thread_ts is not None:
        parent = channel.messages.get(message.thread_ts)
        if parent is not None:
            _cut(parent.replies, message.ts)
            if parent.subtype == "tombstone" and not parent.replies:
                _unindex(channel, parent)
    _touched(world, message)
    events.message_deleted(world, channel, before)


def _entomb(message: Message) -> None:
    message.subtype, message.text, message.user = "tombstone", TOMBSTONE, "USLACKBOT"
    message.blocks = message.attachments = message.metadata = message.edited = message.client_msg_id = None
    message.files, message.reactions, message.bot, message.username = [], {}, False, None
    message.extra, message.words = {"hidden": True}, None


def _unindex(channel: Channel, message: Message) -> None:
    del channel.messages[message.ts]
    _cut(channel.order, message.ts)
    _cut(channel.top, message.ts)


def _cut(stamps: list[str], ts: str) -> None:
    at = bisect_left(stamps, ts)
    if at < len(stamps) and stamps[at] == ts:
        del stamps[at]


def show_ephemeral(world: World, person: Person, message: Message) -> None:
    """Show a message to one person only; it is kept nowhere else."""
    message.ephemeral = True
    person.ephemerals[message.ts] = message
    while len(person.ephemerals) > 500:
        del person.ephemerals[next(iter(person.ephemerals))]
    world.touch("ephemeral", person.id)


def name_parts(world: World, blocks: list[Json]) -> list[Json]:
    """Give every block and interactive element without an id the one Slack would give it."""
    for block in blocks:
        block.setdefault("block_id", world.new_id("b"))
        for element in elements(block):
            element.setdefault("action_id", world.new_id("a"))
    return blocks


def elements(block: Json) -> list[Json]:
    """Return the interactive elements of a block: what one can press, choose or type into."""
    one = [block.get("accessory"), block.get("element")]
    found = block.get("elements", []) if block.get("type") == "actions" else one
    return [each for each in found if isinstance(each, dict) and each.get("type") != "image"]
