"""The glass wall: what goes to and fro between the workspace and the app, live; and the board of those outside."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

from sandbox.control.desk import Desk, verb
from sandbox.courier import Delivery
from sandbox.state import Json

ROWS = 80
LOOKED_AT = 5_000
"""Of each log the latest so many are looked through."""
_WELL = frozenset({"ok", "delivered", "waiting"})
LIMITED = ("ratelimited", "429")


@verb("jumps")
async def jumps(desk: Desk, args: Json) -> Json:
    """Put up moments to which the clock can be moved (jumps: [{name, to}], see sandbox/board.py), or read them."""
    board = desk.world.board
    if "jumps" in args and board.put_jumps(args["jumps"]):
        desk.world.touch("clock")
    return {"jumps": board.jumps}


@verb("says")
async def says(desk: Desk, args: Json) -> Json:
    """Put up what the app says of itself (says: [{title, items, state, note}], see sandbox/board.py), or read it."""
    board = desk.world.board
    if "says" in args:
        board.put_says(args["says"])
    return {"says": board.says}


@verb("wall")
async def wall(desk: Desk, args: Json) -> Json:
    """The latest envelopes and calls (last, at most 80), newest first; with `trouble` true only those that did not go well.

    Beside them sums, the planned faults and what the app says. `way` is "in" (to the app) or "out" (from it), `time` real
    Unix seconds, `ms` until the acknowledgement or the answer, `wait` the seconds the app was told to wait.
    """
    world, last = desk.world, min(int(args.get("last") or ROWS), ROWS)
    sent = (each for each in reversed(world.courier.log) if each.outcome != "dropped")
    envelopes = (_envelope(each) for each in islice(sent, LOOKED_AT))
    made = (_call(each) for each in islice(reversed(world.tally.log), LOOKED_AT))
    found = [*_first(envelopes, last, args), *_first(made, last, args)]
    found.sort(key=lambda row: row["time"], reverse=True)
    return {
        "rows": found[:last],
        "sums": _sums(desk),
        "faults": _faults(desk),
        "says": world.board.says,
        "real_now": time.time(),
    }


def _first(rows: Iterable[Json], count: int, args: Json) -> Iterator[Json]:
    wanted = (row for row in rows if not args.get("trouble") or not row["well"])
    return islice(wanted, count)


def _envelope(parcel: Delivery) -> Json:
    row = parcel.row()
    return {
        "key": f"in{parcel.number}",
        "way": "in",
        "name": parcel.name,
        "kind": parcel.kind,
        "who": _who(parcel.payload),
        "time": parcel.made,
        "outcome": parcel.outcome,
        "ms": row["ms"],
        "attempts": row["attempts"],
        "failures": list(parcel.failures),
        "well": parcel.outcome in _WELL and not parcel.failures,
    }


def _who(payload: Json) -> str:
    """Return the id of whose doing an envelope tells of, "" if it is nobody's."""
    for place in (payload, payload.get("event") or {}):
        user = place.get("user_id") or place.get("user")
        if user:
            return str(user["id"] if isinstance(user, dict) else user)
    return ""


def _call(row: dict[str, Any]) -> Json:
    return {
        "key": f"out{row['number']}",
        "way": "out",
        "name": row["method"],
        "channel": row["args"].get("channel"),
        "time": row["time"] - row["seconds"],
        "outcome": row["outcome"],
        "ms": round(row["seconds"] * 1000, 3),
        "wait": row["retry_after"],
        "well": row["outcome"] in _WELL,
    }


def _sums(desk: Desk) -> Json:
    world = desk.world
    tally, courier = world.tally, world.courier
    outcomes = tally.outcomes.items()
    return {
        "envelopes": courier.number - courier.outcomes["dropped"],
        "acknowledged": courier.outcomes["delivered"],
        "again": courier.outcomes["retries"],
        "lost": courier.outcomes["failed"] + courier.outcomes["given_up"],
        **courier.pending(),
        "calls": sum(tally.calls.values()),
        "limited": sum(count for name, count in outcomes if name.split()[-1] in LIMITED),
        "failed": sum(count for name, count in outcomes if name.split()[-1] not in (*LIMITED, "ok")),
        "asked": tally.asked,
        "duplicates": len(tally.duplicates()),
        "connections": desk.sandbox.sockets.connections,
    }


def _faults(desk: Desk) -> Json:
    own = desk.world.faults
    return {
        "planned": [asdict(each) for each in own.planned],
        "history_delay": own.history_delay,
        "hold_events": own.hold_events,
        "drop_events": own.drop_events,
    }
