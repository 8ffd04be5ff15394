"""reactions.add, remove, get and list."""

from __future__ import annotations

import re

from sandbox import events
from sandbox.calls import Call, method
from sandbox.clocks import normal_stamp
from sandbox.errors import SlackError
from sandbox.state import Channel, Json, Message
from sandbox.wire import message_json

MOST_EMOJI = 50
_NAME = re.compile(r"[a-z0-9_'+\-]+(::skin-tone-[2-6])?")


def _named(call: Call) -> str:
    name = call.need("name").strip(":")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name


def _item(call: Call, *, write: bool) -> tuple[Channel, Message]:
    if not call.text("channel") or not call.text("timestamp"):
        raise SlackError("no_item_specified")
    if normal_stamp(call.need("timestamp")) is None:
        raise SlackError("bad_timestamp")
    channel = call.channel()
    if write and channel.archived:
        raise SlackError("is_archived")
    # Slack lets a bot react only where it is a member.
    if call.world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel, call.message(channel, "timestamp")


@method("reactions.add", "reactions:write")
def add(call: Call) -> Json:
    """React to a message."""
    name = _named(call)
    channel, message = _item(call, write=True)
    users = message.reactions.get(name, [])
    if call.world.bot_user_id in users:
        raise SlackError("already_reacted")
    if name not in message.reactions and len(message.reactions) >= MOST_EMOJI:
        raise SlackError("too_many_emoji")
    message.reactions.setdefault(name, []).append(call.world.bot_user_id)
    call.world.touch("message", channel.id, message.ts)
    events.reaction(call.world, channel, message, call.world.bot_user_id, name, added=True)
    return {}


@method("reactions.remove", "reactions:write")
def remove(call: Call) -> Json:
    """Take the bot's reaction back."""
    name = _named(call)
    channel, message = _item(call, write=False)
    users = message.reactions.get(name, [])
    if call.world.bot_user_id not in users:
        raise SlackError("no_reaction")
    users.remove(call.world.bot_user_id)
    if not users:
        del message.reactions[name]
    call.world.touch("message", channel.id, message.ts)
    events.reaction(call.world, channel, message, call.world.bot_user_id, name, added=False)
    return {}


@method("reactions.get", "reactions:read")
def get(call: Call) -> Json:
    """Return a message with its reactions."""
    channel, message = _item(call, write=False)
    return {"type": "message", "channel": channel.id, "message": message_json(call.world, message)}


@method("reactions.list", "reactions:read")
def listed(call: Call) -> Json:
    """List the messages a person (the bot itself if none is named) reacted to, the newest first, where the bot may read."""
    world = call.world
    user = call.person().id if call.text("user") else world.bot_user_id
    found = [
        message
        for channel in world.channels.values()
        if world.bot_user_id in channel.members
        for message in channel.messages.values()
        if any(user in users for users in message.reactions.values())
    ]
    found.sort(key=lambda message: message.ts, reverse=True)
    page, following = call.page(found, call.limit(100, 1000), "reaction")
    items = [
        {"type": "message", "channel": each.channel, "message": message_json(world, each)} for each in page
    ]
    return {"items": items, "response_metadata": {"next_cursor": following}}
