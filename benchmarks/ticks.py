"""A tick over 100,000 open questions with 500,000 due rows, against one over a hundredth of that in the same run.

`idle`: nothing is due, as nearly always; `step`: one row is due and done; `look`: what the auditor reads. The ratio is of
the large database to the small one: 1 is flat. The auditor looks at every open question, and need not be flat.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from benchmarks.candidates import Bench
from benchmarks.databases import ENGINES, Engine
from benchmarks.figures import spread
from benchmarks.machine import say
from benchmarks.report import fill
from bot import auditor
from bot.bolt import FEATURES
from bot.clock import MovableClock
from scheduler.loop import Scheduler
from storage import due
from storage.database import Database, Transaction
from storage.tables import due_work, events, questions

LARGE, SMALL = 100_000, 1_000
ROWS_EACH = 5
"""Due rows to each open question: its own, and others' in the future."""
TICKS, STEPS, LOOKS = 300, 200, 5
NEXT, OTHER = "question.next", "faq.review_due"
PORTION = 5_000
NOW = datetime.fromisoformat("2027-04-01T01:00:00+00:00")
"""A Thursday, ten o'clock in Tokyo."""


async def measure(bench: Bench, large: int = LARGE, small: int = SMALL) -> dict[str, Any]:
    """Both databases, small and large."""
    found: dict[str, Any] = {"questions": large, "due_rows": large * ROWS_EACH, "aim_ratio": 1.5}
    for engine in ENGINES:
        few, many = await _one(bench, engine, small), await _one(bench, engine, large)
        found[engine] = {"small": few, "large": many, "ratio": _ratios(few, many)}
    return found


def _ratios(few: dict[str, Any], many: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {each: round(many[name][each] / max(few[name][each], 0.001), 2) for each in ("p50", "p99")}
        for name in ("idle", "step", "look")
    }


async def _one(bench: Bench, engine: Engine, count: int) -> dict[str, Any]:
    say(f"ticks: {engine}, {count} open questions, {count * ROWS_EACH} due rows")
    clock = MovableClock()
    async with Database(bench.databases.fresh(engine), clock, "T0ASAGI") as database:
        await fill(database, clock, 50)
        clock.move_to(NOW)
        await _many(database, count)
        scheduler = Scheduler(database, FEATURES)
        await scheduler.run_due()
        idle = await _timed(TICKS, scheduler.run_due)
        step = [await _step(database, scheduler, count, n) for n in range(STEPS)]
        look = await _timed(LOOKS, lambda: database.read(auditor.read))
    return {"idle": spread(idle, digits=3), "step": spread(step, digits=3), "look": spread(look, digits=1)}


async def _timed(times: int, work: Callable[[], Awaitable[Any]]) -> list[float]:
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        await work()
        took.append(1000 * (time.perf_counter() - begun))
    return took


async def _step(database: Database, scheduler: Scheduler, count: int, number: int) -> float:
    """Milliseconds for a tick that finds one row; the question is of a part of the database of its own."""
    question_id = _FIRST + number * (count // STEPS)
    await database.write(_falls_due, question_id)
    begun = time.perf_counter()
    done = await scheduler.run_due()
    took = 1000 * (time.perf_counter() - begun)
    if done != 1:
        raise RuntimeError(f"{done} rows were due rather than one")
    return took


def _falls_due(tx: Transaction, question_id: int) -> None:
    at = tx.now - timedelta(minutes=1)
    table = questions.update().where(questions.c.id == question_id)
    tx.connection.execute(table.values(next_at=at))
    due.schedule(tx, f"{NEXT}:{question_id}", NEXT, question_id, at)


_FIRST = 1_000_000


async def _many(database: Database, count: int) -> None:
    for start in range(0, count, PORTION):
        await database.write(_portion, start, min(PORTION, count - start), NOW)
    await database.write(_known)


def _known(tx: Transaction) -> None:
    """Let the database know what it holds, as it finds out by itself in the course of a day."""
    tx.connection.execute(text("ANALYZE"))


def _portion(tx: Transaction, start: int, count: int, now: datetime) -> None:
    rows: list[dict[str, Any]] = []
    past: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for n in range(start, start + count):
        claimed, later = n % 2 == 0, now + timedelta(days=1, minutes=n % 5_000)
        state, step = ("claimed", "remind") if claimed else ("assigned", "escalate")
        rows.append(
            _question(tx, n, state=state, next_step=step, next_at=later, claimed_at=now if claimed else None)
        )
        past.append(
            {"workspace": tx.workspace, "question_id": _FIRST + n, "at": now, "before": {}, **_RECEIVED}
        )
        mine = (f"{NEXT}:{_FIRST + n}", NEXT, _FIRST + n, later)
        others = [(f"{OTHER}:{n}:{i}", OTHER, n, later + timedelta(days=i)) for i in range(1, ROWS_EACH)]
        rest += [
            {
                "workspace": tx.workspace,
                "key": key,
                "kind": kind,
                "record_id": record,
                "due_at": at,
                "attempts": 0,
            }
            for key, kind, record, at in (mine, *others)
        ]
    tx.connection.execute(insert(questions), rows)
    tx.connection.execute(insert(events), past)
    tx.connection.execute(insert(due_work), rest)


_RECEIVED = {"actor": "U0S000", "verb": "receive", "state": "received", "why": None, "undoes": None}


def _question(tx: Transaction, n: int, **values: Any) -> dict[str, Any]:
    return {
        "id": _FIRST + n,
        "workspace": tx.workspace,
        "number": _FIRST + n,
        "practice": False,
        "channel": "C0SOUDAN",
        "ts": f"{1_790_000_000 + n}.000000",
        "thread_ts": f"{1_790_000_000 + n}.000000",
        "asker": f"U0S{n % 400:03}",
        "field_id": "device",
        "responsible": f"U0A{n % 10:02}",
        "reasons": [],
        "received_at": NOW - timedelta(days=1),
        "target_at": NOW - timedelta(hours=1),
        "way": "message",
        "audience": "open",
        "urgency": "week",
        **values,
    }
