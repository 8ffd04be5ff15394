"""Keeping a year's plan for 40 advisers: how long the one transaction takes behind which people's words wait."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.candidates import Bench
from benchmarks.databases import ENGINES, Engine
from benchmarks.figures import spread
from benchmarks.machine import say
from benchmarks.pool import PATTERNS
from bot.clock import MovableClock
from bot.domain.rota import Scope
from handlers.common.doors import Visitor
from handlers.members.form import parse
from handlers.members.loading import load
from handlers.rota import filling
from handlers.rota.filling import Wanted
from storage import duties, reference, rotas
from storage.database import Database, Transaction
from storage.rotas import Plan
from storage.workspace import save_workspace

TALENTS, TIMES = 40, 5
FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
WEDNESDAY_TEN = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
_PLANS = {
    "weekly, 2 seats and a deputy": Plan("週の当番", Scope(), "weekly", seats=2, deputies=1),
    "daily": Plan("日替わり", Scope(), "daily"),
}


async def measure(bench: Bench) -> dict[str, Any]:
    """Both databases: a year that is empty, and one that is planned anew from its second day on."""
    return {engine: await _one(bench, engine) for engine in ENGINES}


async def _one(bench: Bench, engine: Engine) -> dict[str, Any]:
    clock, found, views = MovableClock(), dict[str, Any](), itertools.count()
    clock.move_to(WEDNESDAY_TEN)
    async with Database(bench.databases.fresh(engine), clock, "T0ASAGI") as database:
        await database.write(_people)
        for name, plan in _PLANS.items():
            say(f"keeping: {engine}, {name}")
            empty, anew, turns = [], [], 0
            for _ in range(TIMES):
                rota_id = await database.write(_rota, plan)
                empty.append(await _keep(database, Wanted(rota_id, FIRST, LAST, "keep"), next(views)))
                anew.append(
                    await _keep(database, Wanted(rota_id, date(2026, 4, 2), LAST, "anew"), next(views))
                )
                turns = len(await database.read(duties.shifts))
                await database.write(_away, rota_id)
            found[name] = {
                "turns": turns,
                "ms": spread(empty, digits=0),
                "ms, planned anew": spread(anew, digits=0),
            }
    return found


async def _keep(database: Database, wanted: Wanted, number: int) -> float:
    outcome = await database.read(filling.compute, wanted)
    begun = time.perf_counter()
    await database.write(filling.keep, Visitor("U0KEN", ""), outcome, outcome.mark, f"view:{number}")
    return 1000 * (time.perf_counter() - begun)


def _rota(tx: Transaction, plan: Plan) -> int:
    rota_id = rotas.add(tx, plan)
    for number in range(TALENTS):
        rotas.add_member(tx, rota_id, f"U0A{number:02}")
    return rota_id


def _away(tx: Transaction, rota_id: int) -> None:
    """The next one begins with nothing."""
    duties.cancel(tx, [each.id for each in duties.shifts(tx) if each.rota_id == rota_id])
    rotas.archive(tx, rota_id)


def _people(tx: Transaction) -> None:
    fields = [field["id"] for field in reference.default_fields()]
    save_workspace(tx, name="あさぎ県", url="https://asagi.slack.com/")
    talents = [
        {
            "id": f"U0A{number:02}",
            "name": f"支援者{number} 花",
            "role": "engineer",
            "fields": [fields[number % len(fields)]],
            "hours": PATTERNS[number % len(PATTERNS)],
            "duty": False,
        }
        for number in range(TALENTS)
    ]
    member = {"id": "U0KEN", "name": "県 太郎", "permission": "coordinator"}
    file = {"channels": [{"id": "C0SOUDAN", "name": "相談"}], "members": [member], "talents": talents}
    load(tx, parse(file))
