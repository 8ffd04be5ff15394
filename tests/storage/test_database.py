"""The writer: durable together, failing alone, tried again on conflict, refusing in time."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, ProgrammingError

from benchmarks.databases import Databases
from bot.clock import Clock
from bot.errors import DatabaseUnavailable, UserError
from storage import database as writer
from storage.database import Database, Transaction
from storage.engines import Trouble, parse_url, trouble
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


async def queued(database: Database, *actions: Any) -> list[asyncio.Task[Any]]:
    """The actions wait together behind one that is under way, and then go."""
    hold = threading.Event()
    first = asyncio.ensure_future(database.write(lambda tx: hold.wait(5)))
    waiting = [asyncio.ensure_future(database.write(action)) for action in actions]
    await asyncio.sleep(0)
    hold.set()
    await first
    return waiting


async def soon(*waiting: Awaitable[Any]) -> list[Any]:
    """What became of them, within a deadline."""
    return await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 10)


async def test_the_first_of_many_hurts_nobody_who_waits_behind_it(database: Database) -> None:
    def breaks(tx: Transaction) -> None:
        note(tx, "half")
        raise OperationalError("", None, sqlite3.OperationalError("disk I/O error"))

    results = await soon(*await queued(database, breaks, lambda tx: note(tx, "a"), lambda tx: note(tx, "b")))
    assert [type(result) for result in results] == [DatabaseUnavailable, type(None), type(None)]
    assert await database.read(notes) == ["a", "b"]


async def test_what_is_durable_is_said_before_what_comes_after_it_is_done(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "BATCH_SECONDS", 0.0)
    hold = threading.Event()
    quick, slow = await queued(database, lambda tx: note(tx, "quick"), lambda tx: hold.wait(10))
    try:
        await asyncio.wait_for(quick, 5)
        assert await database.read(notes) == ["quick"]
        assert not slow.done()
    finally:
        hold.set()
    await slow


async def test_no_mistake_of_ours_ends_the_writer(
    database: Database, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in an action, not in the clock, not in the metrics: every later write is still done."""

    def next_of_none(tx: Transaction) -> None:
        next(iter(()))

    def cancelled(tx: Transaction) -> None:
        raise asyncio.CancelledError

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    together = await queued(database, next_of_none, cancelled, lambda tx: note(tx, "neighbour"))
    assert [type(result) for result in await soon(*together)] == [RuntimeError, RuntimeError, type(None)]
    with monkeypatch.context() as broken:
        broken.setattr(clock, "real_now", fails)
        assert [type(result) for result in await soon(database.write(note, "no"))] == [ZeroDivisionError]
    database.observe_commits(fails)
    assert await soon(database.write(note, "a")) == [None]
    assert await soon(database.write(note, "b")) == [None]
    with pytest.raises(RuntimeError):
        await asyncio.wait_for(database.read(next_of_none), 5)
    assert await database.read(notes) == ["neighbour", "a", "b"]


async def test_what_met_a_conflict_is_done_before_what_came_after_it(database: Database) -> None:
    class Conflict(Exception):
        sqlstate, sqlite_errorcode = "40001", None

    done, refused = list[str](), list[int]()

    def take(_: Transaction, name: str) -> None:
        if name == "1" and len(refused) < 3:
            refused.append(1)
            raise OperationalError("take", {}, Conflict())
        done.append(name)

    hold = threading.Event()
    first = asyncio.ensure_future(database.write(lambda tx: hold.wait(5)))
    rest = [asyncio.ensure_future(database.write_later(take, name)) for name in "123"]
    await asyncio.sleep(0)
    hold.set()
    await asyncio.gather(first, *rest)
    assert done == ["1", "2", "3"]
    assert len(refused) == 3


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


async def test_a_locked_database_is_refused_within_slacks_three_seconds(databases: Databases) -> None:
    url = databases.fresh("sqlite")
    async with Database(url, Clock(), WORKSPACE) as opened:
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        results = await asyncio.wait_for(
            asyncio.gather(*(opened.write(note, "no") for _ in range(5)), return_exceptions=True), 5
        )
        assert {type(result) for result in results} == {DatabaseUnavailable}
        other.execute("ROLLBACK")
        other.close()
        await opened.write(note, "yes")
        assert await opened.read(notes) == ["yes"]


async def test_somebody_elses_lock_is_waited_for_no_longer_than_slack_waits(
    databases: Databases,
) -> None:
    url = databases.fresh("postgresql")
    async with Database(url, Clock(), WORKSPACE) as opened:
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE audit IN ACCESS EXCLUSIVE MODE")
            for refused in (opened.write(note, "no"), opened.read(notes)):
                with pytest.raises(DatabaseUnavailable):
                    await asyncio.wait_for(refused, 5)
        await opened.write(note, "yes")
        assert await opened.read(notes) == ["yes"]


async def test_what_the_operator_asks_of_a_connection_is_kept(databases: Databases) -> None:
    url = parse_url(databases.fresh("postgresql")).update_query_dict(
        {"options": "-c statement_timeout=54321"}
    )
    address = url.render_as_string(hide_password=False)

    def shows(tx: Transaction) -> tuple[str, str]:
        names = ("statement_timeout", "lock_timeout")
        asked, ours = (tx.connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names)
        return asked, ours

    async with Database(address, Clock(), WORKSPACE) as opened:
        assert await opened.write(shows) == await opened.read(shows) == ("54321ms", "2s")


async def test_a_full_disk_is_said_and_what_was_there_stays(databases: Databases) -> None:
    url = databases.fresh("sqlite")
    async with Database(url, Clock(), WORKSPACE) as opened:
        await opened.write(note, "kept")

        def fill(tx: Transaction) -> None:
            pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            for _ in range(200):
                note(tx, "x" * 1000)

        with pytest.raises(DatabaseUnavailable):
            await opened.write(fill)
        assert await opened.read(notes) == ["kept"]


async def test_a_read_only_database_is_refused(databases: Databases) -> None:
    url = databases.fresh("sqlite")
    async with Database(url, Clock(), WORKSPACE) as opened:

        def read_only(tx: Transaction) -> None:
            tx.connection.exec_driver_sql("PRAGMA query_only=ON")

        await opened.write(read_only)
        with pytest.raises(DatabaseUnavailable):
            await opened.write(note, "no")


async def test_after_a_failover_the_writer_looks_for_the_server_that_writes(database: Database) -> None:
    """The server we talk to has become read-only; another connection finds the right one."""
    if database.url.startswith("sqlite"):
        pytest.skip("SQLite has no second server")

    def demoted(tx: Transaction) -> None:
        tx.connection.exec_driver_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")

    await database.write(demoted)
    with pytest.raises(DatabaseUnavailable):
        await database.write(note, "no")
    await database.write(note, "yes")
    assert await database.read(notes) == ["yes"]


async def test_a_file_that_is_no_database_is_said_by_readers_and_the_writer(tmp_path: Path) -> None:
    path = tmp_path / "wrong.sqlite3"
    path.write_bytes(b"no database at all" * 1000)
    async with Database(f"sqlite:///{path}", Clock(), WORKSPACE) as opened:
        with pytest.raises(DatabaseUnavailable):
            await opened.write(note, "no")
        with pytest.raises(DatabaseUnavailable):
            await opened.read(notes)


@pytest.mark.parametrize(
    ("state", "means"),
    [
        ("25006", Trouble.BROKEN),
        ("53300", Trouble.BROKEN),
        ("57P01", Trouble.BROKEN),
        ("58030", Trouble.BROKEN),
        ("XX000", Trouble.BROKEN),
        ("08006", Trouble.BROKEN),
        ("53100", Trouble.BROKEN),
        ("55P03", Trouble.AWAY),
        ("40001", Trouble.AGAIN),
        ("23505", Trouble.AGAIN),
        ("42P01", Trouble.OWN),
        ("22001", Trouble.OWN),
    ],
)
def test_postgresqls_words_are_understood(state: str, means: Trouble) -> None:
    original = psycopg.errors.lookup(state)()
    kind: type[DBAPIError] = (
        InternalError if isinstance(original, psycopg.InternalError) else ProgrammingError
    )
    assert trouble(kind("", None, original)) is means


async def test_our_own_wrong_sql_is_our_own_mistake(database: Database) -> None:
    with pytest.raises(DBAPIError):
        await database.write(lambda tx: tx.connection.exec_driver_sql("SELECT * FROM nowhere"))
    await database.write(note, "a")
    assert await database.read(notes) == ["a"]
