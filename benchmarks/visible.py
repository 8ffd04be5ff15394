"""From a person's message to the card with the mention in its thread, at ten messages a second over 40 channels.

Each channel gets a message every four seconds, so that Slack's limit of a post a second and channel is not what is
measured; the sandbox's limits stay on.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.candidates import Bench, Candidate, Mode, running
from benchmarks.databases import ENGINES
from benchmarks.figures import spread
from benchmarks.machine import say, until
from benchmarks.town import Town

PER_SECOND = 10
NUMBER = 200
WARM_UP = 40
WITHIN = 60.0
MODE: Mode = "socket"


async def measure(bench: Bench) -> dict[str, Any]:
    """Socket Mode (the default) on both databases; milliseconds."""
    return {f"{MODE}, {engine}": await _one(bench, Candidate(MODE, engine)) for engine in ENGINES}


async def _one(bench: Bench, candidate: Candidate) -> dict[str, Any]:
    say(f"visible: {candidate.name}")
    async with running(bench, candidate) as app:
        for first, number in ((0, WARM_UP), (WARM_UP, NUMBER)):
            await app.town.flood(first, number, PER_SECOND)
            await until("all cards", partial(_all_seen, app.town, first + number), WITHIN, app.child)
        waits = [wait for at, wait in sorted(seen(app.town))[WARM_UP:]]
        return {"ms": spread([wait * 1000 for wait in waits], digits=1)}


def _all_seen(place: Town, wanted: int) -> bool:
    return len(seen(place)) >= wanted


def seen(place: Town) -> list[tuple[float, float]]:
    """For every question whose card stands below it with a mention: when it was asked and the seconds until then."""
    found = []
    for channel in place.channels:
        stored = place.sandbox.world.channels[channel.id]
        for asked in (stored.messages[ts] for ts in stored.top):
            replies = [stored.messages[ts] for ts in asked.replies]
            card = next((one for one in replies if one.bot and _rings(place, one.text, one.blocks)), None)
            if card is not None:
                found.append((asked.created, card.created - asked.created))
    return found


def _rings(place: Town, text: str, blocks: Any) -> bool:
    said = f"{text}{blocks}"
    return any(f"<@{one.id}>" in said for one in place.helpers)
