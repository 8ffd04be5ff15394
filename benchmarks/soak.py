"""`python -m benchmarks.soak [--kills 50]`: at least so many kills at each seam, on each database; JSON per seam.

Two trials run at once, each with a few kills, in workspaces of their own. The exit code is 1 when anything was lost or
came twice.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.candidates import Mode
from benchmarks.crash.trial import OVER_HTTP, SEAMS, NeverReached, Plan, trial
from benchmarks.databases import ENGINES, Databases, Engine, databases
from benchmarks.machine import say

KILLS_A_TRIAL = 5
AT_ONCE = 2


@dataclass(slots=True)
class Row:
    """The sum of one seam's trials. `wrong` holds what a reader needs to look into it."""

    seam: str
    mode: Mode
    engine: Engine
    kills: int = 0
    asked: int = 0
    messages: int = 0
    presses: int = 0
    dialogs: int = 0
    lost: int = 0
    captured_twice: int = 0
    posted_twice: int = 0
    books_wrong: int = 0
    never_reached: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing at all was wrong."""
        return not self.wrong

    def json(self) -> dict[str, Any]:
        """The row as it is printed."""
        found = {name: getattr(self, name) for name in self.__slots__ if name != "wrong"}
        return {**found, "seconds": round(self.seconds, 1), **({"wrong": self.wrong} if self.wrong else {})}


def rows() -> Iterator[Row]:
    """Every seam on every database; those before the acknowledgement over HTTP as well."""
    for engine in ENGINES:
        for seam in SEAMS:
            yield Row(seam, "socket", engine)
        for seam in OVER_HTTP:
            yield Row(seam, "http", engine)


async def soak(kills: int, made: Databases, directory: Path) -> list[Row]:
    """Run all trials."""
    table, gate = list(rows()), asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as tasks:
        for row in table:
            for number in range(0, kills, KILLS_A_TRIAL):
                tasks.create_task(_one(row, min(KILLS_A_TRIAL, kills - number), made, directory, gate))
    return table


async def _one(row: Row, kills: int, made: Databases, directory: Path, gate: asyncio.Semaphore) -> None:
    plan = Plan(row.seam, row.mode, kills, seed=random.randrange(10**9))
    async with gate:
        started = time.monotonic()
        with TemporaryDirectory(dir=directory) as own:
            try:
                verdict = await trial(plan, made.fresh(row.engine), Path(own))
            except (NeverReached, TimeoutError) as error:  # the other trials go on
                row.never_reached += 1
                row.wrong.append(f"{plan}: {error}")
                say(f"{row.engine} {row.mode} {row.seam}: {row.wrong[-1]}")
                return
            finally:
                row.seconds += time.monotonic() - started
    row.kills += verdict.kills
    row.asked += verdict.asked
    row.messages += verdict.written
    row.presses += verdict.presses
    row.dialogs += verdict.dialogs
    row.lost += len(verdict.lost)
    row.captured_twice += len(verdict.captured_twice)
    row.posted_twice += len(verdict.posted_twice)
    row.books_wrong += len(verdict.books)
    if not verdict.clean:
        row.wrong.append(f"{plan}: {verdict}")
    say(
        f"{row.engine} {row.mode} {row.seam}: {row.kills} kills{'' if verdict.clean else f'  {row.wrong[-1]}'}"
    )


def main() -> None:
    """Read the arguments, kill, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="at each seam, on each database (default: 50)")
    kills = parser.parse_args().kills
    os.nice(10)
    started = time.monotonic()
    with TemporaryDirectory(prefix="banso-soak-") as directory, databases(Path(directory)) as made:
        made.start_server()
        table = asyncio.run(soak(kills, made, Path(directory)))
    total = {
        name: sum(getattr(row, name) for row in table)
        for name in (
            "kills",
            "asked",
            "presses",
            "dialogs",
            "lost",
            "captured_twice",
            "posted_twice",
            "books_wrong",
        )
    }
    document = {
        "total": {**total, "minutes": round((time.monotonic() - started) / 60, 1)},
        "seams": [row.json() for row in table],
    }
    print(json.dumps(document, ensure_ascii=False, indent=2))
    raise SystemExit(0 if all(row.clean for row in table) else 1)


if __name__ == "__main__":
    main()
