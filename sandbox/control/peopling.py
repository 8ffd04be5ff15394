"""People and channels: who is there and where."""

from __future__ import annotations

import re

from sandbox import channels, events
from sandbox.control.desk import Desk, verb
from sandbox.errors import Refused
from sandbox.state import Channel, Group, Json, Person
from sandbox.wire import channel_json, person_json

_PLAIN = re.compile(r"[^a-z0-9._-]+")
_CHANGEABLE = ("name", "real_name", "email", "title", "guest", "admin", "deleted", "external", "zone")


@verb("people")
async def people(desk: Desk, args: Json) -> Json:
    """Add a person, or find them by id or real_name; without arguments list everybody.

    real_name, name, email, id, guest, admin, title, external_team (id of another organisation's team), channels (ids),
    quiet (no team_join).
    """
    world = desk.world
    if "real_name" not in args:
        return {"people": [person_json(world, each, email=True) for each in world.people.values()]}
    return {"person": person_json(world, _found_or_made(desk, args), email=True)}


@verb("people/many")
async def crowd(desk: Desk, args: Json) -> Json:
    """Add many people at once and quietly: people (each as for `people`); return their ids."""
    made = [_found_or_made(desk, {**each, "quiet": True}) for each in args["people"]]
    return {"ids": [each.id for each in made]}


def _found_or_made(desk: Desk, args: Json) -> Person:
    world, number, real = desk.world, args.get("id"), args["real_name"]
    found = world.people.get(number or world.real_names.get(real, ""))
    quiet = bool(args.get("quiet"))
    if found is None:
        number = number or world.new_id("U")
        name = args.get("name") or _PLAIN.sub("", real.lower()) or f"user{number[-4:]}"
        found = Person(number, name, real, args.get("external_team") or world.team_id)
        found.external = bool(args.get("external_team"))
        found.updated = int(world.clock.now())
        for field in ("email", "title", "guest", "admin"):
            if args.get(field):
                setattr(found, field, args[field])
        world.people[number] = found
        world.real_names[real] = number
        world.touch("people")
        if not quiet and not found.external:
            events.person_event(world, found, "team_join")
    for each in args.get("channels") or ():
        channels.join(world, desk.channel({"channel": each}), found, quiet=quiet)
    return found


@verb("people/change")
async def change_person(desk: Desk, args: Json) -> Json:
    """Change fields of a person (deleted true deactivates them) and send user_change."""
    person = desk.person(args)
    for name in _CHANGEABLE:
        if name in args:
            setattr(person, name, args[name])
    desk.world.real_names[person.real_name] = person.id
    person.updated = int(desk.world.clock.now())
    desk.world.touch("people")
    events.person_event(desk.world, person, "user_change")
    return {"person": person_json(desk.world, person, email=True)}


@verb("groups")
async def group(desk: Desk, args: Json) -> Json:
    """Make a user group or change who is in it: handle, members (ids). People in it are members of the workspace."""
    world = desk.world
    members = [desk.person({"person": each}) for each in args.get("members") or ()]
    for each in members:
        if each.guest or each.external:
            # slack.com/help, "Create a user group": neither guests nor people of other organisations can be added.
            raise Refused("not_a_member", each.real_name)
    found = next((each for each in world.groups.values() if each.handle == args["handle"]), None)
    if found is None:
        found = Group(world.new_id("S"), args["handle"], [])
        world.groups[found.id] = found
    found.members = [each.id for each in members]
    return {"id": found.id}


def _channel(desk: Desk, channel: Channel) -> Json:
    body = channel_json(desk.world, channel, members=True)
    return {"channel": body | {"members": list(channel.members), "name": channel.name}}


@verb("channels")
async def make_channel(desk: Desk, args: Json) -> Json:
    """Make a channel or find it by name; without a name list all.

    name, private, bot (whether the bot is in it), members (ids), topic, purpose.
    """
    world = desk.world
    if "name" not in args:
        return {"channels": [_channel(desk, each)["channel"] for each in world.channels.values()]}
    number = world.names.get(args["name"])
    if number is not None:
        channel = world.channels[number]
    else:
        channel = channels.create(world, args["name"], "USLACKBOT", private=bool(args.get("private")))
        channel.topic, channel.purpose = args.get("topic") or "", args.get("purpose") or ""
    if args.get("bot", False):
        channels.join(world, channel, world.people[world.bot_user_id])
    for each in args.get("members") or ():
        channels.join(world, channel, desk.person({"person": each}))
    return _channel(desk, channel)


@verb("channels/members")
async def members(desk: Desk, args: Json) -> Json:
    """Add and remove people (ids; the bot's too): add, remove, by (id of who does it)."""
    channel = desk.channel(args)
    for each in args.get("add") or ():
        channels.join(desk.world, channel, desk.person({"person": each}), args.get("by"))
    for each in args.get("remove") or ():
        channels.leave(desk.world, channel, desk.person({"person": each}), args.get("by"))
    return _channel(desk, channel)


@verb("channels/end")
async def end(desk: Desk, args: Json) -> Json:
    """Archive, unarchive, delete or rename (new_name) a channel: how, by."""
    world, channel = desk.world, desk.channel(args)
    actor = world.people[args.get("by") or "USLACKBOT"]
    how = args["how"]
    if how in ("archive", "unarchive"):
        channels.set_archived(world, channel, actor, how == "archive")
    elif how == "delete":
        channels.delete(world, channel, actor.id)
        return {}
    elif how == "rename":
        channels.rename(world, channel, actor, args["new_name"])
    else:
        raise Refused("bad_arguments", f"how: {how}")
    return _channel(desk, channel)
