"""Filling a year's rota for 40 advisers: how long it takes, how evenly it falls, how often it passes on."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from benchmarks import keeping
from benchmarks.candidates import Bench
from benchmarks.figures import spread
from benchmarks.machine import say
from benchmarks.pool import CALENDAR, FIRST, LAST, absences, people
from bot.domain.rota import Absence, Filled, Handoff, Rota, RotaMember, Turn
from bot.domain.rota_filling import fill
from bot.domain.rota_gaps import worth_telling
from bot.domain.rota_people import people_of
from bot.domain.rota_time import OpenMinutes

MANY, RUNS = 40, 7
ROTAS = {
    "weekly": Rota("w", "週の当番"),
    "weekly, 2 seats and a deputy": Rota("s", "2人", seats=2, deputies=1),
    "daily": Rota("d", "日替わり", Handoff.DAILY),
}
_HOUR = timedelta(hours=1)


async def measure(bench: Bench) -> dict[str, Any]:
    """Filling needs no database; keeping what was filled is measured on both."""
    members = people(MANY)
    away = absences(members, Random(6))
    list(
        CALENDAR.open_spans(FIRST - timedelta(days=500), LAST)
    )  # holidays are looked up once in the bot's life
    found: dict[str, Any] = {"advisers": MANY}
    for name, rota in ROTAS.items():
        say(f"rota: {name}")
        found[name] = _one(rota, members, away)
    found["keeping it"] = await keeping.measure(bench)
    return found


def _one(rota: Rota, members: list[RotaMember], away: list[Absence]) -> dict[str, Any]:
    last_year = timedelta(days=364)
    past = fill(rota, members, [], [], [], FIRST - last_year, FIRST - timedelta(days=1), CALENDAR)
    took, again = [], []
    filled = past
    for _ in range(RUNS):
        begun = time.perf_counter()
        filled = fill(rota, members, away, [], [], FIRST, LAST, CALENDAR)
        took.append(1000 * (time.perf_counter() - begun))
        begun = time.perf_counter()
        fill(rota, members, away, [], past.turns, FIRST, LAST, CALENDAR)
        again.append(1000 * (time.perf_counter() - begun))
    return {
        "ms": spread(took, digits=0),
        "ms, after a year of history": spread(again, digits=0),
        **figures(rota, filled, members, away),
    }


def figures(
    rota: Rota, filled: Filled, members: Sequence[RotaMember], away: Sequence[Absence]
) -> dict[str, Any]:
    """How a year fell: `load` is the share of the time somebody could have served in which they did, by person; people with
    few contract hours could have served these."""
    minutes = OpenMinutes(CALENDAR, FIRST, LAST)
    could = {
        user: person.works.bit_count() * person.usual // person.week
        for user, person in people_of(minutes, CALENDAR, members, away).items()
    }
    served: Counter[str] = Counter()
    for turn in filled.turns:
        if not turn.deputy:
            served[turn.user_id] += minutes.within(turn.starts, turn.ends).bit_count()
    loads = [served[user] / could[user] for user in could if could[user]]
    mean = sum(loads) / len(loads)
    told = worth_telling(filled.gaps, CALENDAR)
    return {
        "load_over_mean": {"least": round(min(loads) / mean, 2), "most": round(max(loads) / mean, 2)},
        "turns": len(filled.turns),
        "people_a_week": round(_people_a_week(filled.turns) / rota.seats, 2),
        "gaps_told": len(told),
        "hours_uncovered": round(
            sum((CALENDAR.elapsed(g.starts, g.ends) * g.missing for g in filled.gaps), timedelta()) / _HOUR
        ),
    }


def _people_a_week(turns: Sequence[Turn]) -> float:
    weeks: dict[tuple[int, int], set[str]] = {}
    for turn in turns:
        if not turn.deputy:
            year, week, _ = CALENDAR.day_of(turn.starts).isocalendar()
            weeks.setdefault((year, week), set()).add(turn.user_id)
    return sum(len(each) for each in weeks.values()) / len(weeks)
