"""Which events the app is sent, and what they look like.

Source: docs.slack.dev/reference/events and apis/events-api.
"""

from __future__ import annotations

from sandbox.courier import Delivery
from sandbox.state import Channel, Json, Message, Person, World
from sandbox.wire import message_json, person_json

_MESSAGE = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


_MEMBERSHIP = frozenset({"member_joined_channel", "member_left_channel"})


def emit(
    world: World, event: Json, channel: Channel | None = None, *, name: str = "", member: bool = True
) -> Delivery | None:
    """Send `event` if the app is subscribed to it; return its delivery or None.

    `name` is the subscription if it is not the event's type. An event of a `channel` reaches only a bot that is in
    it, unless `member` is False.
    """
    name = name or event["type"]
    if not world.app.hears(name) or world.revoked:
        return None
    if channel is not None and member and world.bot_user_id not in channel.members:
        return None
    if (
        channel is not None
        and channel.private
        and name in _MEMBERSHIP
        and "groups:read" not in world.app.scopes
    ):
        return None
    return world.courier.event(event["type"], _envelope(world, event, channel))


def _envelope(world: World, event: Json, channel: Channel | None) -> Json:
    number = world.new_id("Ev")
    shared = channel is not None and channel.shared
    return {
        "token": world.verification_token,
        "team_id": _origin(world, event) if shared else world.team_id,
        "context_team_id": world.team_id,
        "context_enterprise_id": None,
        "api_app_id": world.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": number,
        "event_time": int(world.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team_id,
                "user_id": world.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{number}",
    }


def message_posted(world: World, channel: Channel, message: Message) -> list[Delivery]:
    """Send `message` and, if a person in a channel mentions the bot, `app_mention` too."""
    event = message_json(world, message, "none")
    for name in ("reply_count", "reactions", "subscribed"):
        event.pop(name, None)
    event |= {"channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind}
    if message.subtype == "file_share":
        event.pop("team", None)  # seen in real events (PwrAgent pull request 1061)
        if channel.shared:
            event["files"] = [_to_be_asked_for(each) for each in message.files]
    if message.subtype == "thread_broadcast" and message.thread_ts in channel.messages:
        event["root"] = message_json(world, channel.messages[message.thread_ts], "none")
    sent = [emit(world, event, channel, name=_MESSAGE[channel.kind])]
    if not message.bot and not channel.im and f"<@{world.bot_user_id}" in message.text:
        sent.append(emit(world, _mention(world, event), channel))
    return [each for each in sent if each is not None]


def _mention(world: World, event: Json) -> Json:
    """Return the `app_mention` to a message; `user_team` comes with those of other teams only (a comment in slack_bolt's
    extract_actor_team_id)."""
    left_out = {"channel_type", "subtype"}
    if event.get("user_team") == world.team_id:
        left_out |= {"user_team", "source_team"}
    return {k: v for k, v in event.items() if k not in left_out} | {"type": "app_mention"}


def _origin(world: World, event: Json) -> str:
    """Return the `team_id` of the envelope in a shared channel: where the event comes from, which need not be where the
    app is (java-slack-sdk issue 629); `authorizations` says that."""
    within = event.get("message") or event.get("previous_message") or event
    person = world.people.get(str(within.get("user")))
    return person.team_id if person is not None else world.team_id


def _to_be_asked_for(file: Json) -> Json:
    """Return all that an event tells of a file in a shared channel (page slack-connect, "check_file_info")."""
    stub = {"mode": "file_access", "file_access": "check_file_info", "created": 0, "timestamp": 0, "user": ""}
    return {"id": file["id"], **stub}


def message_changed(world: World, channel: Channel, before: Json, message: Message) -> None:
    """Send that a message was edited; `before` is what it was."""
    _hidden(
        world,
        channel,
        {
            "subtype": "message_changed",
            "message": message_json(world, message, "none"),
            "previous_message": before,
        },
    )


def message_deleted(world: World, channel: Channel, before: Json) -> None:
    """Send that a message is gone."""
    _hidden(
        world, channel, {"subtype": "message_deleted", "previous_message": before, "deleted_ts": before["ts"]}
    )


def _hidden(world: World, channel: Channel, fields: Json) -> None:
    ts = world.clock.stamp()
    event = {"type": "message", **fields, "hidden": True, "channel": channel.id, "ts": ts, "event_ts": ts}
    emit(world, event | {"channel_type": channel.kind}, channel, name=_MESSAGE[channel.kind])


def reaction(world: World, channel: Channel, message: Message, user: str, name: str, *, added: bool) -> None:
    """Send that somebody reacted to a message, or took it back."""
    event = {
        "type": "reaction_added" if added else "reaction_removed",
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "item_user": message.user,
        "event_ts": world.clock.stamp(),
    }
    emit(world, event, channel)


def membership(world: World, channel: Channel, person: Person, inviter: str | None, *, joined: bool) -> None:
    """Send that somebody joined or left; send it before the bot itself loses the channel. A bot that was removed gets
    channel_left instead of member_left_channel (slackapi/bolt-js issue 1847, slackapi/node-slack-sdk issue 931)."""
    event: Json = {
        "type": "member_joined_channel" if joined else "member_left_channel",
        "user": person.id,
        "channel": channel.id,
        "channel_type": "G" if channel.private else "C",
        "team": person.team_id,
        "event_ts": world.clock.stamp(),
    }
    if joined or person.id != world.bot_user_id:
        emit(world, event | ({"inviter": inviter} if inviter else {}), channel)
    else:
        left = "group_left" if channel.private else "channel_left"
        emit(
            world,
            {"type": left, "channel": channel.id, "actor_id": inviter or "", "event_ts": world.clock.stamp()},
        )


def channel_event(world: World, channel: Channel, what: str, actor: str) -> None:
    """Send channel_archive, channel_unarchive, channel_deleted, channel_rename or channel_created (group_ if private)."""
    event: Json = {
        "type": f"{'group' if channel.private else 'channel'}_{what}",
        "event_ts": world.clock.stamp(),
    }
    if what in ("rename", "created"):
        event["channel"] = {
            "id": channel.id,
            "name": channel.name,
            "created": channel.created,
            "creator": channel.creator,
        }
    else:
        event |= {"channel": channel.id, "user" if what != "deleted" else "actor_id": actor}
    emit(world, event, channel, member=channel.private)


def person_event(world: World, person: Person, what: str) -> None:
    """Send team_join or user_change."""
    body = person_json(world, person, email="users:read.email" in world.app.scopes)
    emit(
        world,
        {"type": what, "user": body, "cache_ts": int(world.clock.now()), "event_ts": world.clock.stamp()},
    )


def app_event(world: World, what: str) -> None:
    """Send tokens_revoked or app_uninstalled."""
    event: Json = {"type": what, "event_ts": world.clock.stamp()}
    if what == "tokens_revoked":
        event["tokens"] = {"oauth": [], "bot": [world.bot_user_id]}
    emit(world, event)
