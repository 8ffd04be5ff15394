"""How long a start takes and how much memory the bot holds: idle, and after 10,000 questions."""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks.books import count
from benchmarks.candidates import MODES, Bench, Candidate, begin, running
from benchmarks.databases import ENGINES
from benchmarks.load import saturate
from benchmarks.machine import say
from benchmarks.town import set_up, town

STARTS = 3
QUESTIONS = 10_000
AT_ONCE = 64
AIM_SECONDS, AIM_MIB = 2.0, 250


async def measure(bench: Bench) -> dict[str, Any]:
    """Starts on both databases and transports; memory on SQLite in Socket Mode, the default."""
    starts = {}
    for mode in MODES:
        for engine in ENGINES:
            starts[f"{mode}, {engine}"] = await _starts(bench, Candidate(mode, engine))
        starts[f"{mode}, bare Bolt"] = await _starts(bench, Candidate(mode, None))
    return {
        "start_to_ready": {"aim_seconds": AIM_SECONDS, **starts},
        "memory_mib": {"aim": AIM_MIB, **await _memory(bench, Candidate("socket", "sqlite"))},
    }


async def _starts(bench: Bench, candidate: Candidate) -> dict[str, Any]:
    """From the process's start until it takes events. The database has been used before."""
    say(f"starts: {candidate.name}")
    async with town() as place:
        database_url = bench.databases.fresh(candidate.database) if candidate.database else None
        if database_url:
            await set_up(place, database_url)
        seconds = []
        for _ in range(STARTS):
            app = await begin(bench, candidate, place, database_url)
            seconds.append(app.seconds)
            rss = app.child.rss
            await app.child.stop()
    return {"seconds": round(median(seconds), 2), "idle_mib": round(rss, 1)}


async def _memory(bench: Bench, candidate: Candidate) -> dict[str, Any]:
    say(f"memory: {candidate.name}, {QUESTIONS} questions")
    async with running(bench, candidate) as app:
        idle = app.child.rss
        await saturate(app.town, QUESTIONS, AT_ONCE)
        books = await count(app.database_url or "", app.town.sandbox.team_id)
        return {
            "idle": round(idle, 1),
            "after_questions": round(app.child.rss, 1),
            "questions": books.questions,
        }
