"""Due work: a row is run once or not at all, moved rather than doubled, and tried again when it failed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.feature import DueWork
from storage import due
from storage.database import Database, Transaction
from storage.tables import audit
from tests.conftest import StillClock

KINDS = ["remind"]


def remind(tx: Transaction, work: DueWork) -> None:
    tx.connection.execute(
        insert(audit).values(
            workspace=tx.workspace, at=tx.now, what=f"{work.kind} {work.record_id}", detail={}
        )
    )


def fails(tx: Transaction, work: DueWork) -> None:
    remind(tx, work)
    raise ZeroDivisionError


def done(tx: Transaction) -> list[str]:
    return list(tx.connection.execute(select(audit.c.what).order_by(audit.c.id)).scalars())


async def run(database: Database) -> str | None:
    row = await database.write(due.run_next, {"remind": remind})
    return None if row is None else row.key


async def test_rows_run_when_their_time_has_come_earliest_first_and_once(
    opened: Database, clock: StillClock
) -> None:
    start = clock.business
    for minutes in (30, 10, 20):
        await opened.write(due.schedule, f"q{minutes}", "remind", minutes, start + timedelta(minutes=minutes))
    assert await run(opened) is None
    clock.business = start + timedelta(minutes=25)
    assert [await run(opened) for _ in range(3)] == ["q10", "q20", None]
    assert await opened.read(done) == ["remind 10", "remind 20"]


async def test_the_same_key_is_moved_and_can_be_called_off(opened: Database, clock: StillClock) -> None:
    await opened.write(due.schedule, "q", "remind", 1, clock.business)
    await opened.write(due.schedule, "q", "remind", 1, clock.business + timedelta(days=1))
    assert await run(opened) is None
    clock.business += timedelta(days=2)
    await opened.write(due.cancel, "q")
    assert await run(opened) is None


async def test_only_kinds_that_are_known_are_run(opened: Database, clock: StillClock) -> None:
    await opened.write(due.schedule, "q", "of another version", 1, clock.business)
    assert not await opened.read(due.anything_due, KINDS)
    assert await run(opened) is None


async def test_what_fails_is_undone_and_tried_again_later_and_later(
    opened: Database, clock: StillClock
) -> None:
    await opened.write(due.schedule, "q", "remind", 1, clock.business)
    waits = [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    for wait in waits:
        with pytest.raises(due.RowFailed) as said:
            await opened.write(due.run_next, {"remind": fails})
        assert isinstance(said.value.__cause__, ZeroDivisionError)
        await opened.write(due.failed, said.value.row, "ZeroDivisionError")
        assert not await opened.read(due.anything_due, KINDS)
        clock.real += timedelta(seconds=wait - 1)
        assert not await opened.read(due.anything_due, KINDS)
        clock.real += timedelta(seconds=1)
        assert await opened.read(due.anything_due, KINDS)
    assert await opened.read(done) == []
    assert await opened.read(due.failing) == 1
    assert await run(opened) == "q"
    assert await opened.read(due.failing) == 0
    assert await opened.read(done) == ["remind 1"]


async def test_a_failing_row_holds_up_no_other(opened: Database, clock: StillClock) -> None:
    await opened.write(due.schedule, "bad", "remind", 1, clock.business - timedelta(hours=1))
    await opened.write(due.schedule, "good", "remind", 2, clock.business)
    with pytest.raises(due.RowFailed) as said:
        await opened.write(due.run_next, {"remind": fails})
    await opened.write(due.failed, said.value.row, "ZeroDivisionError")
    assert await run(opened) == "good"


async def test_what_the_database_refuses_to_an_action_is_the_actions_failure(
    opened: Database, clock: StillClock
) -> None:
    def breaks_a_rule(tx: Transaction, work: DueWork) -> None:
        tx.connection.execute(insert(audit).values(workspace=tx.workspace, at=None, what="", detail={}))

    await opened.write(due.schedule, "q", "remind", 1, clock.business)
    with pytest.raises(due.RowFailed):
        await opened.write(due.run_next, {"remind": breaks_a_rule})
    assert await run(opened) == "q"


async def test_a_row_that_was_moved_or_done_elsewhere_is_not_made_to_wait(
    opened: Database, database_url: str, clock: StillClock
) -> None:
    async with Database(database_url, clock, opened.workspace) as other:
        await opened.write(due.schedule, "q", "remind", 1, clock.business - timedelta(hours=1))
        with pytest.raises(due.RowFailed) as said:
            await opened.write(due.run_next, {"remind": fails})
        assert await run(other) == "q", "another replica, which has the mended version, did it"
        await other.write(due.schedule, "innocent", "remind", 2, clock.business)
        await opened.write(due.failed, said.value.row, "ZeroDivisionError")
        assert await run(other) == "innocent"
        assert await opened.read(due.failing) == 0


async def test_two_replicas_run_each_row_once(opened: Database, database_url: str, clock: StillClock) -> None:
    for number in range(20):
        await opened.write(due.schedule, f"q{number}", "remind", number, clock.business)
    async with Database(database_url, clock, opened.workspace) as other:
        keys = await asyncio.gather(*(run(each) for _ in range(15) for each in (opened, other)))
    assert len([key for key in keys if key]) == 20
    assert len(set(await opened.read(done))) == len(await opened.read(done)) == 20
