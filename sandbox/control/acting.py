"""People act: write, edit, delete, react, press, submit, type commands."""

from __future__ import annotations

import time

from sandbox import channels, events, interactions, messages, submissions
from sandbox.control.desk import Desk, verb
from sandbox.errors import Refused
from sandbox.files import attach
from sandbox.modals import view_json
from sandbox.state import Channel, Json, Message, Person
from sandbox.surfaces import Found, exact, find, may_see


def _place(desk: Desk, person: Person, args: Json) -> Channel:
    """Return the channel to act in; "bot" stands for the direct message with the bot."""
    if args["channel"] != "bot":
        return desk.channel(args)
    app = desk.world.app
    if not app.messages_tab or app.messages_read_only:
        raise Refused("messages_tab_disabled", "the app takes no direct messages")
    return desk.direct(person)


@verb("act/post")
async def post(desk: Desk, args: Json) -> Json:
    """Write a message: person, channel (id, name or "bot"), text, thread (ts), broadcast, files ({name, content})."""
    person = desk.person(args)
    channel = _place(desk, person, args)
    files = [attach(desk.world, person.id, each) for each in args.get("files") or ()]
    message, _ = messages.say(
        desk.world,
        channel,
        person,
        args.get("text") or "",
        thread_ts=args.get("thread"),
        broadcast=bool(args.get("broadcast")),
        files=files,
    )
    return {"channel": channel.id, "ts": message.ts, "thread_ts": message.thread_ts}


def _own(desk: Desk, args: Json) -> tuple[Person, Channel, Message]:
    person, channel = desk.person(args), desk.channel(args)
    message = desk.message(channel, args["ts"])
    if message.user != person.id and not (person.admin and args.get("as_admin")):
        raise Refused("not_yours", f"{person.real_name} did not write {args['ts']}")
    return person, channel, message


@verb("act/edit")
async def edit(desk: Desk, args: Json) -> Json:
    """Edit one's own message: person, channel, ts, text."""
    person, channel, message = _own(desk, args)
    text = messages.typed(args["text"])
    messages.change(desk.world, channel, message, editor=person.id, mark=True, text=text)
    return {}


@verb("act/delete")
async def delete(desk: Desk, args: Json) -> Json:
    """Delete one's own message, or as an administrator (as_admin) anybody's: person, channel, ts."""
    _, channel, message = _own(desk, args)
    messages.remove(desk.world, channel, message)
    return {}


@verb("act/react")
async def react(desk: Desk, args: Json) -> Json:
    """React to a message, or take it back (remove): person, channel, ts, name."""
    person, channel = desk.person(args), desk.channel(args)
    message = desk.message(channel, args["ts"])
    if not may_see(channel, person):
        raise Refused("channel_not_found", channel.name)
    users = message.reactions.setdefault(args["name"], [])
    adds = not args.get("remove")
    if (person.id in users) == adds:
        raise Refused("already_reacted" if adds else "no_reaction", args["name"])
    if adds:
        users.append(person.id)
    else:
        users.remove(person.id)
        if not users:
            del message.reactions[args["name"]]
    desk.world.touch("message", channel.id, message.ts)
    events.reaction(desk.world, channel, message, person.id, args["name"], added=adds)
    return {}


@verb("act/join")
async def join(desk: Desk, args: Json) -> Json:
    """Join a public channel or, with leave true, leave one: person, channel."""
    person, channel = desk.person(args), desk.channel(args)
    if args.get("leave"):
        channels.leave(desk.world, channel, person)
    elif channel.private or person.guest:
        raise Refused("channel_not_found", f"{person.real_name} has to be invited to #{channel.name}")
    else:
        channels.join(desk.world, channel, person)
    return {}


@verb("act/press")
async def press(desk: Desk, args: Json) -> Json:
    """Press a button or choose in an element: person, name (label, action_id or {block_id, action_id, value}), on, choose,
    stale.

    `on` is "view", "home", {channel, ts} or absent for whatever the person sees. The outcome has acked, reason, ms.
    """
    person = desk.person(args)
    return {
        "outcome": await interactions.act(desk.world, person, _meant(desk, person, args), args.get("choose"))
    }


def _meant(desk: Desk, person: Person, args: Json) -> Found:
    """Return the element that `name` means: in words, or as a pointer to it."""
    if isinstance(args["name"], dict):
        return exact(desk.world, person, args.get("on"), args["name"])
    return find(desk.world, person, args["name"], args.get("on"), stale=bool(args.get("stale")))


@verb("act/suggest")
async def suggest(desk: Desk, args: Json) -> Json:
    """Type into an external select: person, name, typed, on; return the options offered."""
    person = desk.person(args)
    found = _meant(desk, person, args)
    return {"options": await interactions.suggest(desk.world, person, found, args.get("typed") or "")}


@verb("act/enter")
async def enter(desk: Desk, args: Json) -> Json:
    """Fill in the modal on top, or the home tab (on "home"), without sending it: person, values (as for submit), on."""
    person = desk.person(args)
    view = person.home if args.get("on") == "home" else person.stack[-1] if person.stack else None
    if view is None:
        raise Refused("no_view", person.real_name)
    await submissions.enter(desk.world, person, view, args.get("values") or {})
    return {}


@verb("act/submit")
async def submit(desk: Desk, args: Json) -> Json:
    """Fill in and send the modal on top: person, values ({label, block_id or action_id: value}), view (its id, to be
    refused if another is on top)."""
    stack = desk.person(args).stack
    if args.get("view") and (not stack or stack[-1].id != args["view"]):
        raise Refused("no_view", "another modal is on top")
    return {"outcome": await submissions.submit(desk.world, desk.person(args), args.get("values") or {})}


@verb("act/close")
async def close(desk: Desk, args: Json) -> Json:
    """Close the modal on top, or all of them (everything): person."""
    done = await submissions.close(desk.world, desk.person(args), everything=bool(args.get("everything")))
    return {"outcomes": done}


@verb("act/command")
async def command(desk: Desk, args: Json) -> Json:
    """Type a slash command: person, command, text, channel (id, name or "bot")."""
    person = desk.person(args)
    if args.get("thread"):
        raise Refused("not_in_threads", "slash commands do not work in threads")
    channel = _place(desk, person, args)
    done = await interactions.command(desk.world, person, channel, args["command"], args.get("text") or "")
    return {"outcome": done}


@verb("act/shortcut")
async def shortcut(desk: Desk, args: Json) -> Json:
    """Use a shortcut: person, callback_id, and for one on a message channel and ts."""
    person = desk.person(args)
    channel = desk.channel(args) if args.get("channel") else None
    message = desk.message(channel, args["ts"]) if channel is not None else None
    return {"outcome": await interactions.shortcut(desk.world, person, args["callback_id"], channel, message)}


@verb("act/home")
async def home(desk: Desk, args: Json) -> Json:
    """Open the app's home (or messages) tab: person, tab."""
    world, person = desk.world, desk.person(args)
    tab = args.get("tab") or "home"
    if tab == "home" and not world.app.home_tab:
        raise Refused("home_tab_disabled", "the app has no home tab")
    event: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": desk.direct(person).id,
        "tab": tab,
        "event_ts": f"{world.clock.now():.6f}",
    }
    if person.home is not None and tab == "home":
        event["view"] = view_json(world, person.home)
    events.emit(world, event)
    world.tally.last_activity = time.monotonic()
    return {}
