"""Misbehaviour on request; the kinds are described in sandbox/faults.py."""

from __future__ import annotations

from dataclasses import asdict

from sandbox.control.desk import Desk, verb
from sandbox.state import Json


@verb("faults")
async def faults(desk: Desk, args: Json) -> Json:
    """Plan a fault (kind and its options) or list those planned.

    Lasting states are kinds too: history_delay (seconds), hold_events, drop_events and mute_pongs (on true or false);
    ending hold_events sends what was held.
    """
    own = desk.world.faults
    options = dict(args)
    kind = str(options.pop("kind", ""))
    released = 0
    if kind == "history_delay":
        own.history_delay = float(options["seconds"])
    elif kind in ("hold_events", "drop_events", "mute_pongs"):
        setattr(own, kind, bool(options.get("on", True)))
        if kind == "hold_events" and not own.hold_events:
            released = desk.world.courier.release()
    elif kind:
        own.add(kind, **options)
    return {"planned": [asdict(each) for each in own.planned], "released": released}


@verb("faults/clear")
async def clear(desk: Desk, args: Json) -> Json:
    """Behave well again, in one way (kind) or in all, and send the events that are not held back any more."""
    own = desk.world.faults
    own.clear(args.get("kind"))
    return {"released": 0 if own.hold_events else desk.world.courier.release()}
