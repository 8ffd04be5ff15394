"""pins.add, remove and list; bookmarks.add, edit, remove and list. Sources: the page of each."""

from __future__ import annotations

from sandbox.calls import Call, method
from sandbox.clocks import normal_stamp
from sandbox.errors import SlackError
from sandbox.state import Channel, Json, Message
from sandbox.wire import message_json

MOST_PINS = 100
"""Pinned messages of one conversation (coreos/triagebot issue 15). The error's name stands nowhere and is ours."""

MOST_BOOKMARKS = 100
"""Page bookmarks.add: conversations are limited to 100 bookmarks."""

UNPINNABLE = frozenset({"channel_join", "group_join", "channel_leave", "group_leave"})


def _channel(call: Call, name: str = "channel") -> Channel:
    channel = call.channel(name)
    if call.world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _item(call: Call) -> tuple[Channel, Message]:
    if not call.text("timestamp"):
        raise SlackError("no_item_specified")
    if normal_stamp(call.need("timestamp")) is None:
        raise SlackError("bad_timestamp")
    channel = _channel(call)
    return channel, call.message(channel, "timestamp")


@method("pins.add", "pins:write")
def pin(call: Call) -> Json:
    """Pin a message to its channel."""
    channel, message = _item(call)
    if channel.archived:
        raise SlackError("is_archived")
    if message.subtype in UNPINNABLE:
        raise SlackError("not_pinnable")
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    if len(channel.pins) >= MOST_PINS:
        raise SlackError("too_many_pins")
    channel.pins[message.ts] = int(call.world.clock.now())
    call.world.touch("message", channel.id, message.ts)
    return {}


@method("pins.remove", "pins:write")
def unpin(call: Call) -> Json:
    """Take a pin away."""
    channel, message = _item(call)
    if channel.pins.pop(message.ts, None) is None:
        raise SlackError("no_pin")
    call.world.touch("message", channel.id, message.ts)
    return {}


@method("pins.list", "pins:read")
def pinned(call: Call) -> Json:
    """List what is pinned, the newest pin first; what was deleted meanwhile is not there."""
    world, channel = call.world, _channel(call)
    items = [
        {
            "type": "message",
            "channel": channel.id,
            "created": created,
            "created_by": world.bot_user_id,
            "message": message_json(world, channel.messages[ts]),
        }
        for ts, created in reversed(channel.pins.items())
        if ts in channel.messages
    ]
    return {"items": items}


def _link(call: Call) -> str:
    link = call.need("link")
    if not link.startswith(("http://", "https://")):
        raise SlackError("invalid_link")
    return link


@method("bookmarks.add", "bookmarks:write")
def add(call: Call) -> Json:
    """Bookmark a link in a channel's head."""
    channel, title = _channel(call, "channel_id"), call.need("title")
    if call.need("type") != "link":
        raise SlackError("invalid_bookmark_type")
    link = _link(call)
    if len(channel.bookmarks) >= MOST_BOOKMARKS:
        raise SlackError("too_many_bookmarks")
    made: Json = {
        "id": call.world.new_id("Bk"),
        "channel_id": channel.id,
        "title": title,
        "link": link,
        "emoji": call.text("emoji") or "",
        "type": "link",
        "date_created": int(call.world.clock.now()),
    }
    channel.bookmarks[made["id"]] = made
    call.world.touch()
    return {"bookmark": made}


def _bookmark(call: Call) -> tuple[Channel, Json]:
    channel = _channel(call, "channel_id")
    found = channel.bookmarks.get(call.need("bookmark_id"))
    if found is None:
        raise SlackError("not_found")
    return channel, found


@method("bookmarks.edit", "bookmarks:write")
def edit(call: Call) -> Json:
    """Change a bookmark's title or link."""
    _, found = _bookmark(call)
    if call.text("title"):
        found["title"] = call.need("title")
    if call.text("link"):
        found["link"] = _link(call)
    call.world.touch()
    return {"bookmark": found}


@method("bookmarks.remove", "bookmarks:write")
def remove(call: Call) -> Json:
    """Take a bookmark away."""
    channel, found = _bookmark(call)
    del channel.bookmarks[found["id"]]
    call.world.touch()
    return {}


@method("bookmarks.list", "bookmarks:read")
def bookmarked(call: Call) -> Json:
    """List a channel's bookmarks, oldest first."""
    return {"bookmarks": list(_channel(call, "channel_id").bookmarks.values())}
