"""Fresh, migrated databases: SQLite files on a real disk, and a PostgreSQL server for the time of a run."""

from __future__ import annotations

import contextlib
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import psycopg
from sqlalchemy import create_engine

from benchmarks.server import postgresql
from storage.engines import parse_url
from storage.migrate import upgrade
from storage.tables import metadata, municipalities

Engine = Literal["sqlite", "postgresql"]
ENGINES: tuple[Engine, ...] = ("sqlite", "postgresql")

_ALONE = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'waiting'
"""
_BODIES = "SELECT count(*), max(xmin::text::bigint) FROM municipality"
_EMPTY = "; ".join(
    [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables) if table is not municipalities]
    + ["SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"]
).encode()


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
        self._returned: list[str] = []
        self._emptying: dict[str, psycopg.Connection] = {}

    def fresh(self, engine: Engine) -> str:
        """The address of a new, migrated, empty database."""
        number = next(self._numbers)
        return self._sqlite(number) if engine == "sqlite" else self._postgresql(number)

    @contextlib.contextmanager
    def lent(self, engine: Engine) -> Iterator[str]:
        """The address of a migrated, empty database, to be used for a while and without changing its tables.

        PostgreSQL takes six times as long to make one as to empty one, so they are lent again and again.
        """
        if engine == "sqlite":
            yield self.fresh(engine)
            return
        url = self._returned.pop() if self._returned else self.fresh(engine)
        yield url
        if self._emptied(url):
            self._returned.append(url)

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
        with psycopg.connect(self._template) as connection:
            self._bodies, self._written = connection.execute(_BODIES).fetchone() or (0, 0)

    def _emptied(self, url: str) -> bool:
        """Make it as after the migrations: only municipalities, and every id begins at 1 again. False if it is not, because
        one of them was changed; writing them anew takes longer than making another database. The connection is kept: a new
        one takes five times as long to learn what tables there are as to empty them."""
        connection = self._emptying.get(url)
        if connection is None or not _answers(connection):
            connection = self._emptying[url] = psycopg.connect(url, autocommit=True)
            self._stack.callback(connection.close)
        with connection.transaction():
            connection.execute(_ALONE)
            connection.execute(_EMPTY)
            connection.execute("DELETE FROM municipality WHERE xmin::text::bigint > %s", [self._written])
            found = connection.execute(_BODIES).fetchone()
        return found == (self._bodies, self._written)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def close(self) -> None:
        """Stop the server."""
        self._stack.close()


def _answers(connection: psycopg.Connection) -> bool:
    with contextlib.suppress(psycopg.Error):
        connection.execute("")
        return True
    return False


@contextlib.contextmanager
def databases(directory: Path | None = None) -> Iterator[Databases]:
    """Databases in a directory that is gone afterwards, or in one of the caller's."""
    with contextlib.ExitStack() as stack:
        place = directory or Path(stack.enter_context(TemporaryDirectory(prefix="banso-")))
        made = Databases(place)
        stack.callback(made.close)
        yield made
