"""Fresh, migrated databases: SQLite files on a real disk, and a PostgreSQL server for the time of a run."""

from __future__ import annotations

import contextlib
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from sqlalchemy import create_engine

from benchmarks.server import postgresql
from storage.engines import parse_url
from storage.migrate import upgrade

Engine = Literal["sqlite", "postgresql"]
ENGINES: tuple[Engine, ...] = ("sqlite", "postgresql")


class Databases:
    """Makes databases in one directory. Each is a copy of a migrated template, so that making one is quick.

    Without `durable`, PostgreSQL may lose what it holds in a power cut (never when a process is killed).
    """

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        self._directory = directory
        self._durable = durable
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
        """Start PostgreSQL; a database needs it only once, and the first one starts it by itself."""
        address = self._stack.enter_context(postgresql(durable=self._durable))
        self._template = address.replace("/postgres?", "/template_banso?")
        self._admin = create_engine(parse_url(address), isolation_level="AUTOCOMMIT")
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
