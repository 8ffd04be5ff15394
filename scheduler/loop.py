"""Interval ticks (APScheduler) over rows that are due.

Only interval jobs, coalesced, without a misfire limit and one instance each: a date or cron job is skipped when the
loop was blocked at its moment, an interval tick is merely late.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import DatabaseUnavailable
from bot.feature import DueAction, Feature
from storage import due
from storage.database import Database, Transaction

log = structlog.get_logger("scheduler")

DUE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Tick:
    """Something the app wants called again and again: its name for the log, every how many seconds, what."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[Any]]


class Scheduler:
    """Runs due work each second and the app's own ticks. `start` and `stop` belong to one event loop.

    While `behind` says that people may have written what we do not know yet, what depends on their words waits.
    """

    def __init__(
        self,
        database: Database,
        features: Sequence[Feature[Transaction]],
        ticks: Sequence[Tick] = (),
        *,
        behind: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self._db = database
        self._behind = behind
        self._on_words = frozenset(kind for feature in features for kind in feature.depends_on_words)
        self._actions: Mapping[str, DueAction[Transaction]] = {
            kind: action for feature in features for kind, action in feature.due_work.items()
        }
        self._ticks = [Tick("due work", DUE_SECONDS, self.run_due), *ticks]
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._under_way: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin ticking."""
        for tick in self._ticks:
            self._scheduler.add_job(
                self._safely,
                "interval",
                args=[tick],
                seconds=tick.seconds,
                coalesce=True,
                misfire_grace_time=None,
                max_instances=1,
                name=tick.name,
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Tick no more. A tick under way is cancelled between two transactions: each is whole or not at all."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _safely(self, tick: Tick) -> None:
        task = asyncio.ensure_future(self._guarded(tick))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        with contextlib.suppress(asyncio.CancelledError):  # by `stop`: APScheduler would log it as a failure
            await task

    async def _guarded(self, tick: Tick) -> None:
        try:
            await tick.run()
        except DatabaseUnavailable:
            log.warning("tick waits for the database", tick=tick.name)
        except Exception:
            log.exception("tick failed", tick=tick.name)

    async def run_due(self) -> int:
        """Run everything that is due now; returns how many rows ran. A row that fails is tried again later."""
        done = 0
        while await self._db.read(due.anything_due, list(actions := await self._may_run())):
            try:
                row = await self._db.write_later(due.run_next, actions)
            except due.RowFailed as error:
                await self._db.write_later(due.failed, error.row, type(error.__cause__).__name__)
                log.exception("due work failed", key=error.row.key)
                continue
            if row is None:  # another replica was quicker
                break
            done += 1
        return done

    async def _may_run(self) -> Mapping[str, DueAction[Transaction]]:
        if self._behind is None or not await self._behind():
            return self._actions
        return {kind: action for kind, action in self._actions.items() if kind not in self._on_words}
