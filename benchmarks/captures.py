"""Durable captures a second: every message a new question, kept before it is acknowledged, counted afterwards.

A capture is kept when it is acknowledged and a question a little later; both rates are given. 64 messages are
unacknowledged at any time. The ratios are to a bare Bolt app under the same load in the same run: of events acknowledged in
a second, of questions made in a second to its events, and of processor time for an event. The last does not flatter: a bare
app is so quick that it waits for the load, whose core is full before the app's own is.
"""

from __future__ import annotations

import time
from typing import Any

from benchmarks.books import count
from benchmarks.candidates import MODES, Bench, Candidate, running
from benchmarks.databases import ENGINES
from benchmarks.figures import spread
from benchmarks.load import Asked, saturate
from benchmarks.machine import say

AT_ONCE = 64
WARM_UP = 200
SECONDS = 8.0
"""About how long each measurement takes; how many messages that is is estimated from the warm-up."""

AIM = 0.1

FULL = 0.95
"""From this share on a candidate fills its core; below it, something else was too slow to show what it can do."""


async def measure(bench: Bench) -> dict[str, Any]:
    """Both transports on both databases, and bare Bolt on both transports."""
    found: dict[str, Any] = {"at_once": AT_ONCE, "aim_ratio": AIM}
    for mode in MODES:
        bare = await _one(bench, Candidate(mode, None))
        found[f"{mode}, bare Bolt"] = bare
        for engine in ENGINES:
            own = await _one(bench, Candidate(mode, engine))
            found[f"{mode}, {engine}"] = own | compared(own, bare)
    return found


def compared(own: dict[str, Any], bare: dict[str, Any]) -> dict[str, float]:
    """The bot's figures as shares of bare Bolt's: 1 is as good. By processor time 0.1 is ten times as much an event."""
    return {
        "ratio_to_bare_bolt": round(own["per_second"] / bare["per_second"], 3),
        "questions_ratio_to_bare_bolt": round(own["questions_per_second"] / bare["per_second"], 3),
        "cpu_ratio_to_bare_bolt": round(bare["cpu_ms_each"] / own["cpu_ms_each"], 3),
    }


async def _one(bench: Bench, candidate: Candidate) -> dict[str, Any]:
    say(f"captures: {candidate.name}")
    async with running(bench, candidate) as app:
        warm = await saturate(app.town, WARM_UP, AT_ONCE)
        wanted = int(min(12_000, max(500, SECONDS * WARM_UP / warm.seconds)))
        before, began = app.child.cpu, time.monotonic()
        asked = await saturate(app.town, wanted, AT_ONCE, first=WARM_UP)
        slow = "the load or the database" if app.database_url else "the load"
        figures = _figures(asked, app.child.cpu - before, slow)
        if app.database_url:
            books = await count(app.database_url, app.town.sandbox.team_id)
            figures |= {"questions": books.questions, "lost": WARM_UP + wanted - books.questions}
            figures["questions_per_second"] = round(wanted / (books.at - began), 1)
    return figures


def _figures(asked: Asked, cpu: float, otherwise: str) -> dict[str, Any]:
    share = round(cpu / asked.seconds, 2)
    return {
        "per_second": round(asked.acked / asked.seconds, 1),
        "cpu_ms_each": round(cpu / asked.sent * 1000, 3),
        "share_of_its_core": share,
        "bounded_by": "its core" if share >= FULL else otherwise,
        "events": asked.sent,
        "acknowledged": asked.acked,
        "sent_again": asked.retried,
        "ack_ms": spread(asked.ms),
    }
