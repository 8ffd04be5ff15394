"""How long Slack waits for an acknowledgement at 50 and at 200 messages a second, each of them a new question.

The ratio is to the milliseconds of a bare Bolt app under the same load in the same run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.books import count
from benchmarks.candidates import MODES, Bench, Candidate, running
from benchmarks.databases import ENGINES
from benchmarks.figures import spread
from benchmarks.machine import say

RATES: dict[int, int] = {50: 300, 200: 1200}
"""Messages a second → how many messages: six seconds each."""

WARM_UP_RATE, WARM_UP = 25, 50
AIM_MS = 30


async def measure(bench: Bench) -> dict[str, Any]:
    """Both transports; bare Bolt, SQLite and PostgreSQL."""
    found: dict[str, Any] = {"aim_p99_ms_at_200_on_sqlite": AIM_MS}
    for mode in MODES:
        bare = Candidate(mode, None)
        found[bare.name] = await _one(bench, bare)
        for engine in ENGINES:
            own = Candidate(mode, engine)
            found[own.name] = await _one(bench, own)
            for at in map(_at, RATES):
                found[own.name][at]["ratio_to_bare_bolt"] = _ratios(found[own.name][at], found[bare.name][at])
    return found


def _at(rate: int) -> str:
    return f"at_{rate}_a_second"


def _ratios(own: Mapping[str, float], bare: Mapping[str, float]) -> dict[str, float | None]:
    """None where one of them acknowledged nothing."""
    return {
        name: round(own[name] / bare[name], 2) if own.get(name) and bare.get(name) else None
        for name in ("p50", "p99")
    }


async def _one(bench: Bench, candidate: Candidate) -> dict[str, Any]:
    say(f"acks: {candidate.name}")
    async with running(bench, candidate) as app:
        asked, found = 0, dict[str, Any]()
        for rate, number in {WARM_UP_RATE: WARM_UP, **RATES}.items():
            done = await app.town.flood(asked, number, rate)
            asked += number
            found[_at(rate)] = spread(done["ms"]) | {
                "unacknowledged": done["sent"] - done["acked"],
                "sent_again": done["retried"],
            }
        del found[_at(WARM_UP_RATE)]
        if app.database_url:
            books = await count(app.database_url, app.town.sandbox.team_id)
            found["lost"] = asked - books.questions
    return found
