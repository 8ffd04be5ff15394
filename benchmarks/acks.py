"""How long Slack waits for an acknowledgement at 50 and at 200 messages a second, each of them a new question."""

from __future__ import annotations

from typing import Any

from benchmarks.books import count
from benchmarks.candidates import MODES, Bench, Candidate, running
from benchmarks.databases import ENGINES, Engine
from benchmarks.figures import spread
from benchmarks.machine import say

RATES: dict[int, int] = {50: 300, 200: 1200}
"""Messages a second → how many messages: six seconds each."""

WARM_UP = 50
AIM_MS = 30


async def measure(bench: Bench) -> dict[str, Any]:
    """Both transports; bare Bolt, SQLite and PostgreSQL."""
    choices: list[Engine | None] = [None, *ENGINES]
    candidates = [Candidate(mode, engine) for mode in MODES for engine in choices]
    return {"aim_p99_ms_at_200_on_sqlite": AIM_MS} | {one.name: await _one(bench, one) for one in candidates}


async def _one(bench: Bench, candidate: Candidate) -> dict[str, Any]:
    say(f"acks: {candidate.name}")
    async with running(bench, candidate) as app:
        asked, found = 0, dict[str, Any]()
        for rate, number in {25: WARM_UP, **RATES}.items():
            done = await app.town.flood(asked, number, rate)
            asked += number
            found[f"at_{rate}_a_second"] = spread(done["ms"]) | {
                "unacknowledged": done["sent"] - done["acked"],
                "sent_again": done["retried"],
            }
        del found["at_25_a_second"]  # the warm-up
        if app.database_url:
            books = await count(app.database_url, app.town.sandbox.team_id)
            found["lost"] = asked - books.questions
    return found
