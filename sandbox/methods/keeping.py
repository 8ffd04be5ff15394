"""conversations.kick, rename, setTopic, setPurpose, unarchive, close and mark. Source: the page of each."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox import channels
from sandbox.calls import Call, method
from sandbox.errors import Refused, SlackError
from sandbox.methods.conversations import channel_name
from sandbox.state import Channel, Json
from sandbox.wire import channel_json

WRITE_SCOPES: Mapping[str, str] = {
    "channel": "channels:manage",
    "group": "groups:write",
    "im": "im:write",
    "mpim": "mpim:write",
}
LONGEST = 250
"""Characters of a topic or a description (error too_long)."""


def _named(call: Call) -> Channel:
    channel = call.channel()
    call.scope(WRITE_SCOPES[channel.kind])
    return channel


def _public_or_private(call: Call) -> Channel:
    """Return a channel that is no direct message, and that the bot is in."""
    channel = _named(call)
    if channel.im or channel.mpim:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if call.world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


@method("conversations.kick")
def kick(call: Call) -> Json:
    """Take somebody out of a channel the bot is in."""
    channel, person = _public_or_private(call), call.person()
    if person.id == call.world.bot_user_id:
        raise SlackError("cant_kick_self")
    if not channels.leave(call.world, channel, person, call.world.bot_user_id):
        raise SlackError("not_in_channel")
    return {}


@method("conversations.rename")
def rename(call: Call) -> Json:
    """Give a channel another name; only who made it may, or an administrator, and a bot is none."""
    world, channel = call.world, _public_or_private(call)
    name = channel_name(call)
    if channel.creator != world.bot_user_id:
        raise SlackError("not_authorized")
    try:
        channels.rename(world, channel, world.people[world.bot_user_id], name)
    except Refused as error:
        raise SlackError(error.code) from None
    return {"channel": channel_json(world, channel)}


def _set(call: Call, what: str) -> Json:
    channel, text = _topical(call, what), call.text(what) or ""
    if len(text) > LONGEST:
        raise SlackError("too_long")
    channels.describe(call.world, channel, call.world.people[call.world.bot_user_id], what, text)
    return {"channel": channel_json(call.world, channel)}


def _topical(call: Call, what: str) -> Channel:
    """Return the channel to describe; setTopic and setPurpose have narrower scopes too (channels:write.topic)."""
    channel = call.channel()
    narrow = {"channel": "channels:write.topic", "group": "groups:write.topic"}.get(channel.kind)
    call.scope(WRITE_SCOPES[channel.kind], *([narrow] if narrow else []))
    if channel.im or (channel.mpim and what == "purpose"):
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if call.world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


@method("conversations.setTopic")
def set_topic(call: Call) -> Json:
    """Say above a channel what it is about just now."""
    return _set(call, "topic")


@method("conversations.setPurpose")
def set_purpose(call: Call) -> Json:
    """Describe a channel."""
    return _set(call, "purpose")


@method("conversations.unarchive")
def unarchive(call: Call) -> Json:
    """Refuse: "bot tokens cannot currently be used to unarchive conversations" (its page, "Bug alert", which names no error;
    this one is in every page's list)."""
    channel = _named(call)
    if channel.im or channel.mpim:
        raise SlackError("method_not_supported_for_channel_type")
    if not channel.archived:
        raise SlackError("not_archived")
    raise SlackError("not_allowed_token_type")


@method("conversations.close")
def close(call: Call) -> Json:
    """Close a direct message, which the next message or conversations.open opens again."""
    channel = _named(call)
    if not (channel.im or channel.mpim):
        raise SlackError("method_not_supported_for_channel_type")
    if channel.closed:
        return {"no_op": True, "already_closed": True}
    channel.closed = True
    return {}


@method("conversations.mark")
def mark(call: Call) -> Json:
    """Move the bot's own read cursor, which nobody sees."""
    channel = _named(call)
    if call.world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    call.need("ts")
    call.stamp("ts", "invalid_timestamp")
    return {}
