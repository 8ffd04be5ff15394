"""The guided tour of the page: handed over by whoever owns the workspace, since only they know what there is to see."""

from __future__ import annotations

import secrets

from sandbox.control.desk import Desk, verb
from sandbox.errors import Refused
from sandbox.state import Json
from sandbox.tours import objection


@verb("tour")
async def tour(desk: Desk, args: Json) -> Json:
    """Read the tour, or with `tour` hand one over (`sandbox.tours`).

    `number` differs in every workspace, so that a page knows that what it remembers was another one.
    """
    world = desk.world
    if "tour" in args:
        channels = {each.name for each in world.channels.values() if each.name}
        wrong = objection(args["tour"], world.people.keys(), channels)
        if wrong is not None:
            raise Refused("bad_arguments", wrong)
        world.tour = {**args["tour"], "number": secrets.token_hex(8)}
        world.touch("tour")
    return {"tour": world.tour}
