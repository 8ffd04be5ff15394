"""The report of a year of 10,000 questions over 40 bodies, and Home of such a prefecture: how long they take, and what they
cost whoever writes to the bot meanwhile.

What is measured runs in this process, as it does in the bot: the event loop, the writer, readers, and a thread that makes
the file. `late` is how much later than it asked for a task was woken (docs/decisions/0023-the-report.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from benchmarks.candidates import Bench
from benchmarks.databases import ENGINES, Engine
from benchmarks.figures import spread
from benchmarks.machine import say
from bot.clock import MovableClock
from bot.domain.report import Period
from handlers.common.doors import Visitor
from handlers.home.page import page_for
from handlers.home.views import home
from handlers.members.form import parse
from handlers.members.loading import load
from handlers.reports.files import Form
from handlers.reports.making import prepare
from storage import failures, messages, questions, reference
from storage.database import Database, Transaction
from storage.workspace import save_workspace

QUESTIONS, PORTION, BODIES, ASKERS = 10_000, 250, 40, 400
YEAR, OVER = Period(date(2026, 4, 1), date(2027, 3, 31)), datetime(2027, 4, 1, 1, 0, tzinfo=UTC)
OPENS = 50
"""So often each kind of person opens Home."""
AIM_MS = 200
_TEXT = "パソコンの画面が真っ暗です。電源を入れ直しても変わりません。どうすればいいですか({n})"
_STEP, _PAUSE = 0.005, 0.01
_WAYS, _AUDIENCES = ("message", "form", "direct", "phone"), ("open", "open", "private", "open", "body")
_PEOPLE = {"asker": "U0S000", "adviser": "U0A00", "coordinator": "U0KEN"}


async def measure(bench: Bench) -> dict[str, Any]:
    """Both databases."""
    return {"aim_late_ms": AIM_MS, **{engine: await _one(bench, engine) for engine in ENGINES}}


async def _one(bench: Bench, engine: Engine) -> dict[str, Any]:
    say(f"report: {engine}, {QUESTIONS} questions")
    clock = MovableClock()
    async with Database(bench.databases.fresh(engine), clock, "T0ASAGI") as database:
        await fill(database, clock, QUESTIONS)
        clock.move_to(OVER)
        gc.collect()
        gc.freeze()  # as the bot does once it runs: what was imported is not walked through any more
        found = {"alone": await _beside(database, lambda: asyncio.sleep(2.0))}
        for form in Form:
            say(f"report: {engine}, {form}")
            found[f"report, {form}"] = await _beside(database, partial(_report, database, form))
        for who, user in _PEOPLE.items():
            found[f"home of the {who}"] = await _home(database, user)
        return found


async def _report(database: Database, form: Form) -> None:
    """As delivery does it."""
    make = await database.read(prepare, YEAR, OVER, form)
    await asyncio.to_thread(make)


async def _home(database: Database, user: str) -> dict[str, Any]:
    took: list[float] = []

    async def open_often() -> None:
        for _ in range(OPENS):
            begun = time.perf_counter()
            home(await database.read(page_for, Visitor(user, ""), None))
            took.append(1000 * (time.perf_counter() - begun))

    beside = await _beside(database, open_often)
    return {"ms": spread(took, digits=1), **beside}


@dataclass
class _Beside:
    """What happened while something else was done; milliseconds."""

    late: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)


async def _beside(database: Database, work: Callable[[], Awaitable[None]]) -> dict[str, Any]:
    """Do the work; how long it took, how late the loop was, and how long small writes."""
    async with _watching(database) as seen:
        begun = time.perf_counter()
        await work()
        seconds = time.perf_counter() - begun
    return {
        "seconds": round(seconds, 2),
        "late_ms": spread(seen.late, digits=1),
        "small_writes_ms": spread(seen.writes, digits=1),
    }


@contextlib.asynccontextmanager
async def _watching(database: Database) -> AsyncIterator[_Beside]:
    seen = _Beside()

    async def wake() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(_STEP)
            seen.late.append(1000 * (time.perf_counter() - begun - _STEP))

    async def write() -> None:
        while True:
            await asyncio.sleep(_PAUSE)
            begun = time.perf_counter()
            await database.write(lambda tx: failures.note(tx, "small"))
            seen.writes.append(1000 * (time.perf_counter() - begun))

    tasks = [asyncio.create_task(each()) for each in (wake, write)]
    try:
        yield seen
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def fill(database: Database, clock: MovableClock, many: int) -> None:
    """A prefecture that asked so much in the fiscal year, evenly; most of it is resolved."""
    clock.move_to(datetime(2026, 4, 1, 1, 0, tzinfo=UTC))
    await database.write(_people)
    portions = -(-many // PORTION)
    for number in range(portions):
        await database.write(_ask, number * PORTION, min(many, (number + 1) * PORTION))
        clock.advance(timedelta(days=350) / portions)


def _people(tx: Transaction) -> None:
    towns = [f"99{number:04}" for number in range(1, BODIES + 1)]
    fields = [field["id"] for field in reference.default_fields()]
    save_workspace(tx, name="あさぎ県", url="https://asagi.slack.com/")
    town = {"prefecture": "あさぎ県", "kana": "まち", "kind": "町"}
    file = {
        "municipalities": [{**town, "code": code, "name": f"{code[-2:]}町"} for code in towns],
        "channels": [{"id": "C0SOUDAN", "name": "相談"}],
        "members": [
            {"id": "U0KEN", "name": "県 太郎", "permission": "coordinator"},
            *(
                {"id": f"U0S{n:03}", "name": f"職員 {n}", "municipality": towns[n % BODIES], "section": "課"}
                for n in range(ASKERS)
            ),
        ],
        "talents": [
            {
                "id": f"U0A{n:02}",
                "name": f"支援者 {n}",
                "role": "engineer",
                "fields": [fields[n]],
                "hours": "平日 9:00-17:00",
            }
            for n in range(10)
        ],
    }
    load(tx, parse(file))


def _ask(tx: Transaction, first: int, end: int) -> None:
    fields = [field["id"] for field in reference.default_fields()]
    for n in range(first, end):
        asker, at, ts = f"U0S{n % ASKERS:03}", tx.now + timedelta(minutes=n % PORTION), f"{n}.000001"
        place: dict[str, Any] = {"channel": "C0SOUDAN", "ts": ts, "thread_ts": ts}
        question_id = questions.add(
            tx,
            actor=asker,
            verbs=[("receive", "received", None)],
            number=questions.next_number(tx, practice=False),
            practice=False,
            asker=asker,
            municipality_code=f"99{n % BODIES + 1:04}",
            section="課",
            field_id=fields[n % len(fields)],
            state="claimed",
            responsible=f"U0A{n % 10:02}",
            reasons=[],
            received_at=at,
            target_at=at + timedelta(hours=4),
            first_reply_at=at + timedelta(minutes=n % 500),
            audience=_AUDIENCES[n % 5],
            way=_WAYS[n % 4],
            **place,
        )
        words = {"channel": "C0SOUDAN", "ts": ts, "thread_ts": None, "author": asker}
        body = _TEXT.replace("{n}", str(n))
        more: dict[str, Any] = {"files": [], "question_id": question_id, "asks": True, "set_aside": None}
        messages.add(tx, **words, body=body, written_at=at, **more)
        if n % 20:
            asked = questions.need(tx, question_id)
            closed: dict[str, Any] = {"state": "closed", "close_reason": "resolved", "closed_at": tx.now}
            questions.change(tx, asked, verb="resolve", actor=asker, **closed)
