"""conversations.open, join, leave and invite."""

from __future__ import annotations

from sandbox import channels
from sandbox.calls import Call, method
from sandbox.errors import SlackError
from sandbox.state import Channel, Json
from sandbox.wire import channel_json


@method("conversations.open")
def conversations_open(call: Call) -> Json:
    """Open the direct message with one person, or with up to eight."""
    world = call.world
    if call.text("channel"):
        channel, made = call.channel(), False
        if not (channel.im or channel.mpim):
            raise SlackError("method_not_supported_for_channel_type")
    else:
        users = [each.strip() for each in (call.text("users") or "").split(",") if each.strip()]
        channel, made = _with(call, users)
    made, channel.closed = made or channel.closed, False
    body: Json = {"channel": {"id": channel.id}}
    if call.flag("return_im"):
        body["channel"] = channel_json(world, channel)
    return body if made else body | {"no_op": True, "already_open": True}


def _with(call: Call, users: list[str]) -> tuple[Channel, bool]:
    world = call.world
    if not users:
        raise SlackError("users_list_not_supplied")
    call.scope("im:write" if len(users) == 1 else "mpim:write")
    if len(users) > 8:
        raise SlackError("too_many_users")
    for user in users:
        if user not in world.people or user == world.bot_user_id:
            raise SlackError("user_not_found")
        if world.people[user].deleted:
            raise SlackError("user_disabled")
        if world.is_stranger(world.people[user]):
            # Page slack-connect, "Bot users": only "external users with a common shared channel".
            raise SlackError("user_not_visible")
    return channels.direct(world, [*users, world.bot_user_id])


def _ordinary(call: Call) -> Channel:
    channel = call.channel()
    if channel.im or channel.mpim:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


@method("conversations.join", "channels:join")
def join(call: Call) -> Json:
    """Let the bot join a public channel."""
    world = call.world
    channel = _ordinary(call)
    if channel.private and world.bot_user_id not in channel.members:
        raise SlackError("method_not_supported_for_channel_type")
    if not channels.join(world, channel, world.people[world.bot_user_id]):
        call.warnings.append("already_in_channel")
    return {"channel": channel_json(world, channel)}


@method("conversations.leave")
def leave(call: Call) -> Json:
    """Let the bot leave a channel."""
    channel = _ordinary(call)
    call.scope("groups:write" if channel.private else "channels:manage")
    if not channels.leave(call.world, channel, call.world.people[call.world.bot_user_id]):
        return {"not_in_channel": True}
    return {}


@method("conversations.invite")
def invite(call: Call) -> Json:
    """Bring people into a channel the bot is in."""
    world = call.world
    channel = _ordinary(call)
    call.scope(*(("groups:write",) if channel.private else ("channels:manage", "channels:write.invites")))
    users = [each.strip() for each in (call.text("users") or "").split(",") if each.strip()]
    if not users:
        raise SlackError("no_user")
    if world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    for user in users:
        if user == world.bot_user_id:
            raise SlackError("cant_invite_self")
        if user not in world.people:
            raise SlackError("user_not_found")
        if user in channel.members:
            raise SlackError("already_in_channel")
        if world.people[user].deleted:
            raise SlackError("cant_invite")
    for user in users:
        channels.join(world, channel, world.people[user], world.bot_user_id)
    return {"channel": channel_json(world, channel)}
