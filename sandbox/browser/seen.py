"""What one person may see of the workspace, as JSON for the page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import islice

from sandbox.modals import view_json
from sandbox.state import Channel, Json, Message, Person, World
from sandbox.surfaces import may_see
from sandbox.wire import message_json

PAGE = 100
"""Messages sent at once."""
MOST_UNREAD = 100
"""What is unread is counted up to here ("99+")."""
_SAID = frozenset({None, "file_share", "thread_broadcast", "bot_message"})
"""What counts as unread: no lines on who came and went."""
LATEST = 60
"""Notifications, ephemerals and errors sent: the latest so many."""
MOST_PERSONAS = 200
"""People offered to play, of the many that a load test makes."""


def people(world: World, person: Person) -> Json:
    """Return everybody by id, as messages name them."""
    return {each.id: _human(each) for each in world.people.values()}


def _human(each: Person) -> Json:
    found: Json = {"id": each.id, "name": each.real_name, "handle": each.name}
    if each.title:
        found["title"] = each.title
    for flag in ("bot", "guest", "admin", "external", "deleted"):
        if getattr(each, flag):
            found[flag] = True
    return found


def groups(world: World, person: Person) -> Json:
    """Return the user groups by id."""
    return {each.id: {"handle": each.handle, "name": each.name} for each in world.groups.values()}


def personas(world: World, person: Person) -> list[Json]:
    """Return those who can be played, with how often each was rung, and how much of that they have not seen."""
    humans = (each for each in world.people.values() if not each.bot and not each.deleted)
    return [
        {"id": each.id, "rung": len(each.notifications), "unseen": len(unseen(each))}
        for each in islice((each for each in humans if each.id != "USLACKBOT"), MOST_PERSONAS)
    ]


def place(ring: Json) -> str:
    """Return where a notification leads: a channel or a thread in it, as `Person.read` names it."""
    in_thread = ring["thread_ts"] and ring["thread_ts"] != ring["ts"]
    return f"{ring['channel']}:{ring['thread_ts']}" if in_thread else str(ring["channel"])


def unseen(person: Person) -> list[Json]:
    """Return the latest notifications whose message the person has not read."""
    return [
        ring for ring in person.notifications[-MOST_UNREAD:] if ring["ts"] > person.read.get(place(ring), "")
    ]


def rings(world: World, person: Person) -> Json:
    """Return the person's latest notifications, newest first, each with `new` if not read."""
    latest = person.notifications[-LATEST:][::-1]
    return {
        "total": len(person.notifications),
        "unseen": len(unseen(person)),
        "items": [ring | {"new": ring["ts"] > person.read.get(place(ring), "")} for ring in latest],
    }


def channels(world: World, person: Person) -> list[Json]:
    """Return the conversations a person finds in the sidebar."""
    waiting: dict[str, int] = {}
    for ring in unseen(person):
        waiting[ring["channel"]] = waiting.get(ring["channel"], 0) + 1
    return [
        _listed(world, each, person) | {"rings": waiting.get(each.id, 0)}
        for each in world.channels.values()
        if may_see(each, person)
    ]


def _listed(world: World, channel: Channel, person: Person) -> Json:
    found: Json = {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "member": person.id in channel.members,
        "members": len(channel.members),
        "unread": unread(channel, person),
        "latest": channel.top[-1] if channel.top else "",
        "read": person.read.get(channel.id, ""),
    }
    if channel.pins:
        found["pins"] = _pins(channel)
    if channel.im or channel.mpim:
        found["with"] = [each for each in channel.members if each != person.id]
    for name in ("topic", "archived", "shared"):
        if value := getattr(channel, name):
            found[name] = value
    return found


def _pins(channel: Channel) -> list[Json]:
    """Return what is pinned and still there, the newest pin first: its thread ("ts" itself if it has none) and its words."""
    there = (channel.messages[ts] for ts in reversed(channel.pins) if ts in channel.messages)
    return [
        {"ts": each.ts, "thread": each.thread_ts or each.ts, "by": each.user, "text": each.text}
        for each in there
    ]


def unread(channel: Channel, person: Person) -> int:
    """Count what others wrote into the channel itself since the person read it, up to `MOST_UNREAD`."""
    if person.id not in channel.members:
        return 0
    start = bisect_right(channel.top, person.read.get(channel.id, ""))
    stamps = channel.top[max(start, len(channel.top) - MOST_UNREAD) :]
    shown = (channel.messages[ts] for ts in stamps)
    return sum(each.user != person.id and each.subtype in _SAID for each in shown)


def app(world: World, person: Person) -> Json:
    """Return the installed app: its name, commands, shortcuts, tabs, and how it is connected."""
    own = world.app
    return {
        "name": own.name,
        "user": world.bot_user_id,
        "team": world.team_name,
        "about": own.about.get("long_description") or own.about.get("description") or "",
        "commands": [dict(each) for each in (own.commands or {}).values()],
        "shortcuts": [dict(each) for each in own.menu],
        "home": own.home_tab,
        "messages": own.messages_tab and not own.messages_read_only,
        "connected": world.connected(),
    }


def jumps(world: World, person: Person) -> list[Json]:
    """Return the moments to which the clock can be moved, as somebody outside put them up."""
    return world.board.jumps


def stack(world: World, person: Person) -> list[Json]:
    """Return the person's open modals, the one on top last."""
    return [view_json(world, each) for each in person.stack]


def home(world: World, person: Person) -> Json | None:
    """Return the person's home tab."""
    return None if person.home is None else view_json(world, person.home)


def errors(world: World, person: Person) -> list[Json]:
    """Return what the client had to tell the person, with numbers that only grow."""
    start = max(0, len(person.seen_errors) - LATEST)
    return [{"number": start + n, **each} for n, each in enumerate(person.seen_errors[start:])]


def ephemerals(world: World, person: Person) -> list[Json]:
    """Return what only this person sees, oldest first."""
    return [message(world, each) for each in list(person.ephemerals.values())[-LATEST:]]


def message(world: World, found: Message) -> Json:
    """Return one message."""
    body = message_json(world, found, "none")
    body["channel"] = found.channel
    body["user"] = found.user
    if not found.blocks:
        body.pop(
            "blocks", None
        )  # what Slack makes of keystrokes; the page shows these as their author meant them
    if found.ts in world.channels[found.channel].pins:
        body["pinned"] = True
    if found.ephemeral:
        body["ephemeral"] = True
        if found.thread_ts:
            body["thread_ts"] = found.thread_ts
    return body


def history(world: World, channel: Channel, before: str = "") -> Json:
    """Return the newest messages of a channel, or those before a stamp, oldest first, and whether there are more."""
    end = bisect_left(channel.top, before) if before else len(channel.top)
    start = max(0, end - PAGE)
    shown = [message(world, channel.messages[ts]) for ts in channel.top[start:end]]
    return {"messages": shown, "more": start > 0}


def thread(world: World, channel: Channel, root: str) -> Json:
    """Return a thread, its parent first; of a very long one the latest replies."""
    parent = channel.messages.get(root)
    if parent is None:
        return {"messages": [], "more": False}
    replies = parent.replies[-5 * PAGE :]
    stamps = [root, *replies]
    more = len(replies) < len(parent.replies)
    return {"messages": [message(world, channel.messages[ts]) for ts in stamps], "more": more}
