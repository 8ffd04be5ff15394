"""What people do without the app: talk to each other, and read."""

from __future__ import annotations

from sandbox.channels import direct
from sandbox.control.desk import Desk, verb
from sandbox.errors import Refused
from sandbox.state import Json


@verb("act/direct")
async def open_direct(desk: Desk, args: Json) -> Json:
    """Open the direct message of two people: person, other (id; the bot's too)."""
    person, other = desk.person(args), desk.person(args, "other")
    if person is other:
        raise Refused("bad_arguments", "a direct message needs two people")
    return {"channel": direct(desk.world, [person.id, other.id])[0].id}


@verb("act/read")
async def read(desk: Desk, args: Json) -> Json:
    """Note how far somebody has read: person, channel, ts, thread; with everything true all there is."""
    world, person = desk.world, desk.person(args)
    if args.get("everything"):
        marks = {channel.id: channel.order[-1] for channel in world.channels.values() if channel.order}
        marks |= {_place(ring["channel"], ring["thread_ts"]): ring["ts"] for ring in person.notifications}
    else:
        marks = {_place(desk.channel(args).id, args.get("thread")): str(args["ts"])}
    newer = {place: ts for place, ts in marks.items() if ts > person.read.get(place, "")}
    if newer:
        person.read |= newer
        world.touch("read", person.id)
    return {}


def _place(channel: str, thread: str | None) -> str:
    return f"{channel}:{thread}" if thread else channel
