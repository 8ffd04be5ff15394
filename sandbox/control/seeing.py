"""What people see: messages, modals, home, rings; and waiting until something changes."""

from __future__ import annotations

from sandbox.control.desk import Desk, verb
from sandbox.errors import Refused
from sandbox.forms import label, options
from sandbox.messages import elements
from sandbox.modals import view_json
from sandbox.state import Channel, Json, Message, World
from sandbox.surfaces import may_see
from sandbox.wire import message_json, texts, words


def shown(world: World, message: Message) -> Json:
    """Return a message as a test reads it: Slack's fields, all visible words, and what can be pressed."""
    author = world.people.get(message.user)
    return message_json(world, message, "all") | {
        "channel": message.channel,
        "words": words(message),
        "buttons": buttons(message.blocks or []),
        "author": author.real_name if author is not None else "",
        "ephemeral": message.ephemeral,
    }


def buttons(blocks: list[Json]) -> list[Json]:
    """Return the buttons and menu entries of blocks: label, action_id, block_id, value."""
    found = []
    for block in blocks:
        for element in elements(block):
            names = {"action_id": element.get("action_id"), "block_id": block.get("block_id")}
            if element.get("type") == "button":
                found.append(
                    {
                        "label": label(element),
                        "value": element.get("value"),
                        "url": element.get("url"),
                        **names,
                    }
                )
            elif element.get("type") == "overflow":
                found += [{"label": label(o), "value": o.get("value"), **names} for o in options(element)]
    return found


def _listed(world: World, channel: Channel, args: Json) -> list[Message]:
    """Return messages of a channel, or of a thread of it, oldest first, with the person's own ephemerals."""
    thread = args.get("thread")
    if thread:
        parent = channel.messages.get(thread)
        stamps = [thread, *parent.replies] if parent is not None else []
    else:
        stamps = channel.order if args.get("everything", True) else channel.top
    stamps = stamps[-int(args.get("last") or 1000) :]
    found = [channel.messages[ts] for ts in stamps]
    if args.get("person"):
        person = world.people[args["person"]]
        if not may_see(channel, person):
            raise Refused("channel_not_found", f"{person.real_name} cannot see #{channel.name}")
        own = [
            m for m in person.ephemerals.values() if m.channel == channel.id and thread in (None, m.thread_ts)
        ]
        found = sorted([*found, *own], key=lambda each: each.ts)
    return found


@verb("see/channel")
async def channel(desk: Desk, args: Json) -> Json:
    """Messages of a channel: channel, thread (ts), person (adds what only they see), last (how many), everything."""
    found = _listed(desk.world, desk.channel(args), args)
    return {"messages": [shown(desk.world, each) for each in found]}


@verb("see/find")
async def find(desk: Desk, args: Json) -> Json:
    """The newest message whose visible words contain `text`, or what there is instead; arguments as see/channel."""
    world = desk.world
    found = _listed(world, desk.channel(args), args)
    for message in reversed(found):
        if args["text"] in words(message):
            return {"message": shown(world, message)}
    there = [f"{m.ts} {'(only for one) ' if m.ephemeral else ''}{words(m)}" for m in found[-12:]]
    return {"message": None, "there": there}


@verb("see/view")
async def view(desk: Desk, args: Json) -> Json:
    """The modal on top of a person's stack, with its visible words and buttons: person."""
    stack = desk.person(args).stack
    if not stack:
        return {"view": None, "depth": 0}
    return {"view": _view(desk.world, stack[-1].body, view_json(desk.world, stack[-1])), "depth": len(stack)}


@verb("see/home")
async def home(desk: Desk, args: Json) -> Json:
    """A person's home tab: person."""
    found = desk.person(args).home
    body = None if found is None else _view(desk.world, found.body, view_json(desk.world, found))
    return {"view": body}


def _view(world: World, body: Json, view: Json) -> Json:
    heading = [body[name] for name in ("title", "submit", "close") if body.get(name)]
    said = "\n".join(texts(heading) + texts(body["blocks"]))
    return view | {"words": said, "buttons": buttons(body["blocks"])}


@verb("see/person")
async def person(desk: Desk, args: Json) -> Json:
    """A person's rings, ephemerals (channel narrows them) and the errors Slack showed them: person, channel."""
    who = desk.person(args)
    place = desk.channel(args).id if args.get("channel") else None
    own = [shown(desk.world, m) for m in who.ephemerals.values() if place in (None, m.channel)]
    return {
        "notifications": who.notifications,
        "ephemerals": own,
        "errors": who.seen_errors,
    }


@verb("see/direct")
async def direct(desk: Desk, args: Json) -> Json:
    """The id of a person's direct message with the bot: person."""
    return {"channel": desk.direct(desk.person(args)).id}


@verb("changes")
async def changes(desk: Desk, args: Json) -> Json:
    """Wait until something visible changed since version `since`, at most `seconds`; return the version."""
    seconds = min(float(args.get("seconds") or 1), 60.0)
    return {"version": await desk.world.wait_past(int(args.get("since") or 0), seconds)}
