"""The loop: due rows are run as the business clock passes them; one bad row, one bad tick, one bad day stop nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.errors import DatabaseUnavailable
from bot.feature import DueWork, Feature
from scheduler.loop import Scheduler, Tick
from storage import due
from storage.database import Database, Transaction
from storage.tables import audit
from tests.conftest import StillClock


def remind(tx: Transaction, work: DueWork) -> None:
    tx.connection.execute(
        insert(audit).values(workspace=tx.workspace, at=tx.now, what=f"{work.record_id}", detail={})
    )
    if work.record_id == 13:
        raise ZeroDivisionError
    if work.record_id == 7:
        due.schedule(tx, "again", work.kind, 8, tx.now)


FEATURES: list[Feature[Transaction]] = [
    Feature(
        name="test",
        register=lambda *_: None,
        due_work={"remind": remind, "escalate": remind},
        depends_on_words=frozenset({"escalate"}),
    )
]


def done(tx: Transaction) -> list[str]:
    return list(tx.connection.execute(select(audit.c.what).order_by(audit.c.id)).scalars())


async def until(check: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + 20
    while not await check():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


@pytest.fixture
async def loop_of(database: Database) -> Scheduler:
    return Scheduler(database, FEATURES)


async def test_everything_that_is_due_runs_and_what_it_makes_due_runs_with_it(
    loop_of: Scheduler, database: Database, clock: StillClock
) -> None:
    for number, hours in ((7, 1), (1, 2), (2, 30)):
        await database.write(
            due.schedule, f"q{number}", "remind", number, clock.business + timedelta(hours=hours)
        )
    assert await loop_of.run_due() == 0
    clock.business += timedelta(hours=3)
    assert await loop_of.run_due() == 3
    assert await database.read(done) == ["7", "1", "8"]
    assert await loop_of.run_due() == 0


async def test_a_row_that_fails_is_undone_logged_and_holds_up_no_other(
    loop_of: Scheduler, database: Database, clock: StillClock
) -> None:
    await database.write(due.schedule, "bad", "remind", 13, clock.business - timedelta(days=1))
    await database.write(due.schedule, "good", "remind", 1, clock.business)
    assert await loop_of.run_due() == 1
    assert await database.read(done) == ["1"]
    assert await database.read(due.failing) == 1
    clock.real += timedelta(seconds=30)
    assert await loop_of.run_due() == 0
    assert await database.read(done) == ["1"]


async def test_a_sleeping_laptop_is_late_and_does_each_thing_once(
    loop_of: Scheduler, database: Database, clock: StillClock
) -> None:
    for number in range(1, 6):
        await database.write(
            due.schedule, f"q{number}", "remind", number, clock.business + timedelta(days=number)
        )
    clock.business += timedelta(days=365)
    assert await loop_of.run_due() == 5
    assert await database.read(done) == ["1", "2", "3", "4", "5"]


async def test_two_replicas_share_the_work(database: Database, database_url: str, clock: StillClock) -> None:
    for number in range(20, 40):
        await database.write(due.schedule, f"q{number}", "remind", number, clock.business)
    async with Database(database_url, clock, database.workspace) as other:
        both = [Scheduler(each, FEATURES) for each in (database, other)]
        assert sum(await asyncio.gather(*(each.run_due() for each in both))) == 20
    assert sorted(await database.read(done)) == [str(number) for number in range(20, 40)]


async def test_while_words_may_be_unknown_only_what_does_not_depend_on_them_runs(
    database: Database, database_url: str, clock: StillClock
) -> None:
    behind = True

    async def may_be_behind() -> bool:
        return behind

    await database.write(due.schedule, "words", "escalate", 1, clock.business)
    await database.write(due.schedule, "none", "remind", 2, clock.business)
    loop = Scheduler(database, FEATURES, behind=may_be_behind)
    assert await loop.run_due() == 1
    assert await database.read(done) == ["2"]
    async with Database(database_url, clock, database.workspace) as other:
        assert await Scheduler(other, FEATURES).run_due() == 1, "a replica that heard everything goes on"
    await database.write(due.schedule, "words", "escalate", 3, clock.business)
    assert await loop.run_due() == 0
    behind = False
    assert await loop.run_due() == 1
    assert await database.read(done) == ["2", "1", "3"]


async def test_ticks_go_on_whatever_they_meet(database: Database) -> None:
    calls: list[str] = []

    async def unlucky() -> None:
        calls.append("unlucky")
        raise ZeroDivisionError if len(calls) % 2 else DatabaseUnavailable()

    scheduler = Scheduler(database, FEATURES, [Tick("unlucky", 0.05, unlucky)])
    scheduler.start()

    async def four() -> bool:
        return len(calls) >= 4

    await until(four)
    await scheduler.stop()
    after = len(calls)
    await asyncio.sleep(0)
    assert len(calls) == after


async def test_a_tick_that_takes_long_does_not_run_beside_itself_and_is_cut_between_transactions(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    running, most, ended = 0, 0, False

    async def slow() -> None:
        nonlocal running, most, ended
        running += 1
        most = max(most, running)
        try:
            await asyncio.Event().wait()
        finally:
            running -= 1
            ended = True

    scheduler = Scheduler(database, [], [Tick("slow", 0.02, slow)])
    scheduler.start()

    async def begun() -> bool:
        return running > 0

    await until(begun)
    for _ in range(20):
        await database.read(done)
    await scheduler.stop()
    assert (most, running, ended) == (1, 0, True)
    await database.read(done)  # whoever waited for the tick hears of its end
    assert [each.message for each in caplog.records if each.levelno >= logging.ERROR] == []


async def test_a_stop_before_the_start_is_harmless(loop_of: Scheduler) -> None:
    await loop_of.stop()
