"""How people, channels and messages look in Slack's JSON."""

from __future__ import annotations

import re
from typing import Any, Literal

from sandbox.state import Channel, Json, Message, Person, World

Metadata = Literal["none", "type", "all"]

_TOKEN = re.compile(
    r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|<#([CG][A-Z0-9]+)(?:\|[^>]*)?>|<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<(https?://[^|>]+)(?:\|([^>]*))?>"
)


def message_json(world: World, message: Message, metadata: Metadata = "type") -> Json:
    """Return a message as history, replies and events show it; `metadata` as much as was asked for."""
    body: Json = {"type": "message"}
    if message.subtype:
        body["subtype"] = message.subtype
    body |= {"user": message.user, "text": message.text, "ts": message.ts}
    if message.client_msg_id:
        body["client_msg_id"] = message.client_msg_id
    if message.bot:
        _add_bot(world, message, body)
    if message.user in world.people:
        body |= _teams(world, message)
    if message.blocks:
        body["blocks"] = message.blocks
    elif message.client_msg_id and message.text:
        body["blocks"] = rich_text(message.text, message.ts)
    for name in ("attachments", "files", "edited"):
        if value := getattr(message, name):
            body[name] = value
    if message.reactions:
        body["reactions"] = reactions_json(message)
    if message.metadata and metadata != "none":
        body["metadata"] = (
            message.metadata if metadata == "all" else {"event_type": message.metadata["event_type"]}
        )
    body |= message.extra
    _add_thread(world, message, body)
    return body


def _teams(world: World, message: Message) -> Json:
    """Return whose message it is: in a channel shared with others the author's team goes by two more names (page
    slack-connect; slack-go issue 695; slack_bolt's extract_actor_team_id reads them in this order)."""
    team = world.people[message.user].team_id
    channel = world.channels.get(message.channel)
    if channel is None or not channel.shared:
        return {"team": team}
    return {"team": team, "user_team": team, "source_team": team}


def _add_bot(world: World, message: Message, body: Json) -> None:
    body |= {"bot_id": world.bot_id, "app_id": world.app_id, "bot_profile": bot_profile(world)}
    if message.username:
        body["username"] = message.username
        del body["user"]


def _add_thread(world: World, message: Message, body: Json) -> None:
    channel = world.channels.get(message.channel)
    if message.is_reply and channel is not None and message.thread_ts is not None:
        body["thread_ts"] = message.thread_ts
        parent = channel.messages.get(message.thread_ts)
        if parent is not None:
            body["parent_user_id"] = parent.user
    elif message.replies and channel is not None:
        authors = dict.fromkeys(channel.messages[ts].user for ts in message.replies[:50])
        body |= {
            "thread_ts": message.ts,
            "reply_count": len(message.replies),
            "reply_users_count": len(authors),
            "latest_reply": message.replies[-1],
            "reply_users": list(authors)[:5],
            "is_locked": False,
            "subscribed": world.bot_user_id in message.followers,
        }


def reactions_json(message: Message) -> list[Json]:
    """Return the reactions on a message."""
    return [
        {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
    ]


def bot_profile(world: World) -> Json:
    """Return the `bot_profile` Slack adds to what an app posts."""
    return {
        "id": world.bot_id,
        "app_id": world.app_id,
        "name": world.app.name,
        "deleted": False,
        "updated": 0,
        "team_id": world.team_id,
        "icons": {},
    }


def rich_text(text: str, seed: str) -> list[Json]:
    """Return the rich_text block Slack makes from what a person types."""
    elements: list[Json] = []
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() > at:
            elements.append({"type": "text", "text": unescape(text[at : match.start()])})
        user, channel, group, link, label = match.groups()
        if user:
            elements.append({"type": "user", "user_id": user})
        elif channel:
            elements.append({"type": "channel", "channel_id": channel})
        elif group:
            elements.append({"type": "usergroup", "usergroup_id": group})
        else:
            elements.append({"type": "link", "url": unescape(link)} | ({"text": label} if label else {}))
        at = match.end()
    if at < len(text):
        elements.append({"type": "text", "text": unescape(text[at:])})
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": f"r{seed[-6:]}", "elements": [section]}]


def unescape(text: str) -> str:
    """Undo Slack's escaping of &, < and >."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def person_json(world: World, person: Person, *, email: bool) -> Json:
    """Return a user object; `email` if the app may see addresses."""
    profile: Json = {
        "title": person.title,
        "phone": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "status_text": "",
        "status_emoji": "",
        "team": person.team_id,
    }
    if email and person.email:
        profile["email"] = person.email
    if person.bot:
        profile |= {"bot_id": world.bot_id, "api_app_id": world.app_id}
    # Left out unless true: whoever shares a channel with the app is none (page user-object).
    stranger = {"is_stranger": True} if world.is_stranger(person) else {}
    return stranger | {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "tz": person.zone,
        "tz_label": "Japan Standard Time",
        "tz_offset": 32400,
        "profile": profile,
        "is_admin": person.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "is_bot": person.bot,
        "is_app_user": False,
        "updated": person.updated,
    }


def channel_json(world: World, channel: Channel, *, members: bool = False) -> Json:
    """Return a conversation object as the bot sees it; `members` adds `num_members`."""
    body: Json = {"id": channel.id, "created": channel.created, "is_archived": channel.archived}
    if channel.im:
        other = next((each for each in channel.members if each != world.bot_user_id), world.bot_user_id)
        deleted = world.people[other].deleted if other in world.people else False
        return body | {
            "is_im": True,
            "is_org_shared": False,
            "user": other,
            "is_user_deleted": deleted,
            "priority": 0,
        }
    body |= _flags(world, channel)
    if members:
        body["num_members"] = len(channel.members)
    return body


def _flags(world: World, channel: Channel) -> dict[str, Any]:
    return {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private and not channel.mpim,
        "is_group": channel.private and not channel.mpim,
        "is_im": False,
        "is_mpim": channel.mpim,
        "is_private": channel.private,
        "is_general": False,
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_org_shared": False,
        "is_member": world.bot_user_id in channel.members,
        "creator": channel.creator,
        "unlinked": 0,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
        "context_team_id": world.team_id,
        "updated": channel.created * 1000,
    }


def words(message: Message) -> str:
    """Return all text a reader could see in a message: its text and every text inside its blocks."""
    if message.words is None:
        message.words = "\n".join([unescape(message.text), *texts(message.blocks or [])])
        message.words += "".join(f"\n{each.get('name', '')}" for each in message.files)
    return message.words


def texts(value: object) -> list[str]:
    """Return every text below a piece of Block Kit, in reading order."""
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    if not isinstance(value, dict):
        return []
    found = [unescape(each) for name in ("text", "alt_text") if isinstance(each := value.get(name), str)]
    for name, each in value.items():
        if isinstance(each, dict | list) and name != "confirm":
            found += texts(each)
    return found
