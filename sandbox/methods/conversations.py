"""conversations.list, info, members, create, archive and users.conversations."""

from __future__ import annotations

import re

from sandbox import channels
from sandbox.calls import Call, method
from sandbox.errors import Refused, SlackError
from sandbox.state import Channel, Json
from sandbox.wire import channel_json

READ_SCOPES = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_UNALLOWED = re.compile(r"[A-Z\s.,#@!?/\\'\"<>&*()+=:;]")


def _kinds(call: Call) -> set[str]:
    """Return the kinds of conversation asked for; every one needs its scope."""
    kinds = set()
    for name in (call.text("types") or "public_channel").split(","):
        kind = _TYPES.get(name.strip())
        if kind is None:
            raise SlackError("invalid_types")
        call.scope(READ_SCOPES[kind])
        kinds.add(kind)
    return kinds


def _listed(call: Call, member: str | None) -> Json:
    world = call.world
    kinds, open_only = _kinds(call), call.flag("exclude_archived")
    found = [
        each
        for each in world.channels.values()
        if each.kind in kinds
        and not (open_only and each.archived)
        and (not each.private or world.bot_user_id in each.members)
        and (member is None or member in each.members)
    ]
    page, following = call.page(found, call.limit(100, 999), "team")
    shown = [channel_json(world, each, members=member is None) for each in page]
    return {"channels": shown, "response_metadata": {"next_cursor": following}}


@method("conversations.list")
def conversations_list(call: Call) -> Json:
    """List the conversations the bot may know of."""
    return _listed(call, None)


@method("users.conversations")
def users_conversations(call: Call) -> Json:
    """List the conversations a person (the bot itself if none is named) is in."""
    user = call.text("user") or call.world.bot_user_id
    if user not in call.world.people:
        raise SlackError("user_not_found")
    return _listed(call, user)


def known(call: Call) -> Channel:
    """Return the channel the call is about, if the app may read about its kind."""
    call.scope(*READ_SCOPES.values())
    channel = call.channel()
    call.scope(READ_SCOPES[channel.kind])
    return channel


@method("conversations.info")
def info(call: Call) -> Json:
    """Describe a conversation."""
    return {"channel": channel_json(call.world, known(call), members=call.flag("include_num_members"))}


@method("conversations.members")
def members(call: Call) -> Json:
    """List the ids of who is in a conversation."""
    channel = known(call)
    page, following = call.page(list(channel.members), call.limit(100, 999), "user")
    return {"members": page, "response_metadata": {"next_cursor": following}}


def channel_name(call: Call) -> str:
    """Return the name a channel shall have, if it may."""
    name = call.text("name") or ""
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > 80:
        raise SlackError("invalid_name_maxlength")
    if _UNALLOWED.search(name):
        raise SlackError("invalid_name_specials")
    return name


@method("conversations.create")
def create(call: Call) -> Json:
    """Make a channel with the bot in it."""
    world = call.world
    private = call.flag("is_private")
    call.scope("groups:write" if private else "channels:manage")
    try:
        channel = channels.create(world, channel_name(call), world.bot_user_id, private=private)
    except Refused as error:
        raise SlackError(error.code) from None
    channels.join(world, channel, world.people[world.bot_user_id])
    return {"channel": channel_json(world, channel)}


@method("conversations.archive")
def archive(call: Call) -> Json:
    """Archive a channel."""
    channel = call.channel()
    if channel.im or channel.mpim:
        raise SlackError("method_not_supported_for_channel_type")
    call.scope("groups:write" if channel.private else "channels:manage")
    if call.world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("already_archived")
    channels.set_archived(call.world, channel, call.world.people[call.world.bot_user_id], True)
    return {}
