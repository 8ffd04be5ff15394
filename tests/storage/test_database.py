"""The writer: durable together, failing alone, tried again on conflict, refusing in time."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from bot.clock import Clock
from bot.errors import DatabaseUnavailable, UserError
from storage.database import Database, Transaction
from storage.migrate import schema_state, upgrade
from storage.tables import audit, workspaces
from tests.conftest import WORKSPACE


def note(tx: Transaction, what: str) -> None:
    tx.connection.execute(insert(audit).values(workspace=tx.workspace, at=tx.now, what=what, detail={}))


def notes(tx: Transaction) -> list[str]:
    return list(tx.connection.execute(select(audit.c.what).order_by(audit.c.id)).scalars())


def count_up(tx: Transaction) -> int:
    number = tx.connection.execute(
        update(workspaces)
        .where(workspaces.c.workspace == tx.workspace)
        .values(last_number=workspaces.c.last_number + 1)
        .returning(workspaces.c.last_number)
    ).scalar_one()
    return int(number)


async def test_what_was_written_can_be_read_at_once(database: Database) -> None:
    await database.write(note, "a")
    assert await database.read(notes) == ["a"]


async def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    await database.write(note, "a")
    (at,) = await database.read(lambda tx: list(tx.connection.execute(select(audit.c.at)).scalars()))
    assert at == database.clock.business_now()
    assert at.tzinfo is not None


async def test_an_action_that_fails_takes_none_of_its_neighbours_with_it(database: Database) -> None:
    hold = threading.Event()

    def waits(tx: Transaction) -> None:
        hold.wait(5)
        note(tx, "first")

    def fails(tx: Transaction) -> None:
        note(tx, "half")
        raise UserError()

    async def together() -> list[object]:
        first = asyncio.ensure_future(database.write(waits))
        rest = [database.write(note, "before"), database.write(fails), database.write(note, "after")]
        tasks = [asyncio.ensure_future(job) for job in rest]
        await asyncio.sleep(0)
        hold.set()
        return await asyncio.gather(first, *tasks, return_exceptions=True)

    results = await together()
    assert [type(result) for result in results] == [type(None), type(None), UserError, type(None)]
    assert await database.read(notes) == ["first", "before", "after"]


async def test_what_waits_is_committed_together(database: Database) -> None:
    sizes: list[int] = []
    database.observe_commits(lambda seconds, actions: sizes.append(actions))
    hold = threading.Event()
    first = asyncio.ensure_future(database.write(lambda tx: hold.wait(5)))
    rest = [asyncio.ensure_future(database.write(note, str(n))) for n in range(10)]
    await asyncio.sleep(0)
    hold.set()
    await asyncio.gather(first, *rest)
    assert sum(sizes) == 11
    assert len(sizes) < 11


async def test_a_commit_wakes_those_who_wait_for_it_and_a_failure_does_not(database: Database) -> None:
    woken: list[str] = []
    database.on_commit("outbox", lambda: woken.append("outbox"))

    def speaks(tx: Transaction, fail: bool) -> None:
        tx.wakes.add("outbox")
        if fail:
            raise UserError()

    await database.write(speaks, False)
    assert woken == ["outbox"]
    with pytest.raises(UserError):
        await database.write(speaks, True)
    assert woken == ["outbox"]


async def test_two_replicas_count_without_a_gap_or_a_repeat(database: Database, database_url: str) -> None:
    def begin(tx: Transaction) -> None:
        tx.connection.execute(insert(workspaces).values(workspace=WORKSPACE, name="", closures=[]))

    await database.write(begin)
    async with Database(database_url, Clock(), WORKSPACE) as other:
        numbers = await asyncio.gather(
            *(replica.write(count_up) for _ in range(40) for replica in (database, other))
        )
    assert sorted(numbers) == list(range(1, 81))


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises((DatabaseUnavailable, Exception)) as refused:
        await database.read(note, "no")
    assert "read" in str(refused.value.__cause__ or refused.value).lower()
    assert await database.read(notes) == []


async def test_everything_that_waits_is_written_before_it_closes(database_url: str, clock: Clock) -> None:
    async with Database(database_url, clock, WORKSPACE) as opened:
        tasks = [asyncio.ensure_future(opened.write(note, str(n))) for n in range(50)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    async with Database(database_url, clock, WORKSPACE) as again:
        assert len(await again.read(notes)) == 50


async def test_a_locked_database_is_refused_within_slacks_three_seconds(tmp_path: Path) -> None:
    path = tmp_path / "locked.sqlite3"
    upgrade(f"sqlite:///{path}")
    async with Database(f"sqlite:///{path}", Clock(), WORKSPACE) as opened:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable):
            await asyncio.wait_for(opened.write(note, "no"), 3)
        other.execute("ROLLBACK")
        other.close()
        await opened.write(note, "yes")
        assert await opened.read(notes) == ["yes"]


async def test_a_full_disk_is_said_and_what_was_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "full.sqlite3"
    upgrade(f"sqlite:///{path}")
    async with Database(f"sqlite:///{path}", Clock(), WORKSPACE) as opened:
        await opened.write(note, "kept")

        def fill(tx: Transaction) -> None:
            pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            for _ in range(200):
                note(tx, "x" * 1000)

        with pytest.raises(DatabaseUnavailable):
            await opened.write(fill)
        assert await opened.read(notes) == ["kept"]


async def test_a_read_only_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ro.sqlite3"
    upgrade(f"sqlite:///{path}")
    async with Database(f"sqlite:///{path}", Clock(), WORKSPACE) as opened:

        def read_only(tx: Transaction) -> None:
            tx.connection.exec_driver_sql("PRAGMA query_only=ON")

        await opened.write(read_only)
        with pytest.raises(DatabaseUnavailable):
            await opened.write(note, "no")


async def test_the_schema_says_whether_it_is_behind(database_url: str, tmp_path: Path) -> None:
    assert schema_state(database_url)[0] == "ok"
    assert schema_state(f"sqlite:///{tmp_path / 'new.sqlite3'}")[0] == "behind"
    assert schema_state("postgresql://nobody@127.0.0.1:1/none")[0] == "unreachable"


async def test_migrating_twice_at_once_is_harmless(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'twice.sqlite3'}"
    await asyncio.gather(*(asyncio.to_thread(upgrade, url) for _ in range(3)))
    assert schema_state(url)[0] == "ok"
