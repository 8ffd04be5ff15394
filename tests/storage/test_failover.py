"""A PostgreSQL server that goes away, comes back, or is the first one no longer: refused in time, resumed by itself."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Iterator
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from benchmarks.databases import Databases
from bot.clock import Clock
from bot.errors import DatabaseUnavailable
from storage.database import Database, Transaction
from storage.tables import audit, workspaces
from tests.conftest import WORKSPACE
from tests.scenarios.story import until
from tests.scenarios.trouble import Server, own_server

IN_TIME = 5.0
"""Slack waits three seconds for an acknowledgement; this machine may be slow."""


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with own_server(tmp_path_factory.mktemp("own")) as found:
        yield found


def note(tx: Transaction, what: str) -> None:
    tx.connection.execute(insert(audit).values(workspace=tx.workspace, at=tx.now, what=what, detail={}))


def notes(tx: Transaction) -> list[str]:
    return list(tx.connection.execute(select(audit.c.what).order_by(audit.c.id)).scalars())


async def refused(*work: Awaitable[Any]) -> None:
    """All of it is refused as what it is, and in time."""
    begun = time.monotonic()
    results = await asyncio.gather(*work, return_exceptions=True)
    assert [type(result) for result in results] == [DatabaseUnavailable] * len(work)
    assert time.monotonic() - begun < IN_TIME


async def test_a_server_that_is_away_or_a_standby_is_refused_and_work_goes_on_by_itself(
    server: Server,
) -> None:
    async with Database(server.url, Clock(), WORKSPACE) as database:
        await database.write(note, "before")
        await asyncio.to_thread(server.stop)
        await refused(*(database.write(note, f"away {n}") for n in range(5)), database.read(notes))

        await asyncio.to_thread(server.start, standby=True)
        await refused(*(database.write(note, f"standby {n}") for n in range(5)))
        assert await database.read(notes) == ["before"]

        await asyncio.to_thread(server.promote)

        async def written() -> bool:
            try:
                await database.write(note, "after")
            except DatabaseUnavailable:
                return False
            return True

        await until(written)
        assert await database.read(notes) == ["before", "after"]


async def test_a_server_that_answers_nothing_is_refused_in_time() -> None:
    """It takes the connection and then says nothing, as behind a firewall or while it hangs."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://postgres@127.0.0.1:{silent.getsockname()[1]}/none"
        async with Database(url, Clock(), WORKSPACE) as database:
            await refused(database.write(note, "no"), database.read(notes))


async def test_what_the_address_says_itself_goes_before() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://postgres@127.0.0.1:{silent.getsockname()[1]}/none?connect_timeout=4"
        async with Database(url, Clock(), WORKSPACE) as database:
            begun = time.monotonic()
            with pytest.raises(DatabaseUnavailable):
                await database.write(note, "no")
            assert time.monotonic() - begun > 3.5


async def test_a_row_that_a_frozen_replica_holds_is_refused_in_time(databases: Databases) -> None:
    def begin(tx: Transaction) -> None:
        tx.connection.execute(insert(workspaces).values(workspace=WORKSPACE, name="", closures=[]))

    def count_up(tx: Transaction) -> None:
        tx.connection.execute(update(workspaces).values(last_number=workspaces.c.last_number + 1))

    held, go_on = threading.Event(), threading.Event()

    def frozen(tx: Transaction) -> None:
        count_up(tx)
        held.set()
        go_on.wait(20)

    url = databases.fresh("postgresql")
    async with Database(url, Clock(), WORKSPACE) as one, Database(url, Clock(), WORKSPACE) as other:
        await one.write(begin)
        freezing = asyncio.create_task(other.write(frozen))
        await asyncio.to_thread(held.wait, 10)
        await refused(one.write(count_up))
        await one.write(note, "what needs another row goes on")
        go_on.set()
        await freezing
        await one.write(count_up)
