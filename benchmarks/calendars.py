"""A feed of a year of duty for 40 talents: the first read, one after a change, and one when nothing changed, beside the
same for a feed with nothing in it, in the same run.

What is measured is what a read costs the bot, in this process: the token, the database, the mark, and the file on a thread
(docs/decisions/0033-calendars.md). HTTP itself is left out.
"""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.candidates import Bench
from benchmarks.databases import ENGINES, Engine
from benchmarks.figures import spread
from benchmarks.machine import say
from bot import ics
from bot.clock import MovableClock
from bot.domain.rota import Scope, Turn
from bot.metrics import Metrics
from handlers.calendars import taking, tokens
from handlers.calendars.feeding import Feeds
from handlers.calendars.tokens import Token
from handlers.common.doors import Visitor
from handlers.common.services import Services
from handlers.members.form import parse
from handlers.members.loading import load
from storage import duties, reference, rotas
from storage.database import Database, Transaction
from storage.rotas import Plan
from storage.workspace import save_workspace

TALENTS, ROTAS, WEEKS, READS = 40, 4, 52, 50
URL = "https://banso.example.jp"
BEGINS = datetime(2026, 4, 5, 23, 30, tzinfo=UTC)
"""A Monday at 8:30 in Tokyo."""
_EMPTY, _ONE, _ALL = "a feed with nothing in it", "one talent", "the whole rota"


async def measure(bench: Bench) -> dict[str, Any]:
    """Both databases."""
    found: dict[str, Any] = {"talents": TALENTS, "rotas": ROTAS, "turns": ROTAS * WEEKS * 2}
    return {**found, **{engine: await _one(bench, engine) for engine in ENGINES}}


async def _one(bench: Bench, engine: Engine) -> dict[str, Any]:
    say(f"calendars: {engine}, {TALENTS} talents")
    clock = MovableClock()
    clock.move_to(BEGINS - timedelta(days=3))
    async with Database(bench.databases.fresh(engine), clock, "T0ASAGI") as database:
        await database.write(_people)
        await database.write(_year)
        seconds = itertools.count(0.0, 60.0)  # nobody is told to come again later
        feeds = Feeds(Services(database, AsyncWebClient(), "U0", Metrics()), lambda: next(seconds))
        found = {}
        for name, user, kind in (
            (_EMPTY, "U0NAGI", "mine"),
            (_ONE, "U0A00", "mine"),
            (_ALL, "U0KEN", "rota"),
        ):
            token = tokens.new()
            await database.write(taking.make, Visitor(user, ""), kind, token, URL)
            found[name] = await _reads(database, feeds, token)
        return {**found, "times the empty one": _times(found[_ALL], found[_EMPTY])}


def _times(found: dict[str, Any], empty: dict[str, Any]) -> dict[str, float]:
    """How much more the whole rota costs than nothing."""
    named = ("first_ms", "changed_ms", "unchanged_ms")
    return {name: round(_middle(found[name]) / max(0.01, _middle(empty[name])), 1) for name in named}


def _middle(value: Any) -> float:
    return float(value["p50"] if isinstance(value, dict) else value)


async def _reads(database: Database, feeds: Feeds, token: Token) -> dict[str, Any]:
    ics.forget()
    begun = time.perf_counter()
    first = await feeds.fetch(str(token))
    took, changed, same = 1000 * (time.perf_counter() - begun), [], []
    for number in range(READS):
        await database.write(_change, number)
        begun = time.perf_counter()
        again = await feeds.fetch(str(token), {first.mark})
        changed.append(1000 * (time.perf_counter() - begun))
        begun = time.perf_counter()
        assert (await feeds.fetch(str(token), {again.mark})).status == 304
        same.append(1000 * (time.perf_counter() - begun))
    return {
        "bytes": len(first.body),
        "events": first.body.count(b"BEGIN:VEVENT"),
        "first_ms": round(took, 1),
        "changed_ms": spread(changed, digits=1),
        "unchanged_ms": spread(same, digits=1),
    }


def _change(tx: Transaction, number: int) -> None:
    """One turn of the year ends earlier than before."""
    shift = next(each for each in duties.shifts(tx) if each.user_id == "U0A00" and not each.deputy)
    turn = Turn(shift.user_id, shift.starts, shift.ends - timedelta(minutes=1 + number % 3), shift.deputy)
    duties.give(tx, shift.rota_id, [turn], duties.HAND)


def _people(tx: Transaction) -> None:
    fields = [field["id"] for field in reference.default_fields()]
    save_workspace(tx, name="あさぎ県", url="https://asagi.slack.com/")
    file = {
        "channels": [{"id": "C0SOUDAN", "name": "相談"}],
        "members": [
            {"id": "U0KEN", "name": "県 太郎", "permission": "coordinator"},
            {"id": "U0NAGI", "name": "浜野 凪"},
        ],
        "talents": [
            {
                "id": f"U0A{n:02}",
                "name": f"支援者{n} 花",
                "role": "engineer",
                "fields": [fields[n % len(fields)]],
                "hours": "平日 9:00-17:00",
                "duty": False,
            }
            for n in range(TALENTS)
        ],
    }
    load(tx, parse(file))


def _year(tx: Transaction) -> None:
    """Weekly rotas with a deputy each, among all talents in turn."""
    for number in range(ROTAS):
        rota = rotas.add(tx, Plan(f"当番その{number + 1}", Scope(), "weekly", deputies=1))
        turns = []
        for week in range(WEEKS):
            starts = BEGINS + timedelta(weeks=week)
            for place, deputy in ((week * ROTAS + number, False), (week * ROTAS + number + 20, True)):
                turns.append(Turn(f"U0A{place % TALENTS:02}", starts, starts + timedelta(weeks=1), deputy))
        duties.give(tx, rota, turns, duties.AUTO)
