"""Statements are compiled once for a test worker, as they are once for a process of the bot, not once for each of the
thousands of databases that a worker opens: engines for the same driver share a dialect and what was compiled for it.

Nor is PostgreSQL asked for new connections by each test: a new one first learns what tables there are, which takes more of
a processor than what the test then asks of it. One that is closed waits, as good as new, for the next engine with the same
database."""

from __future__ import annotations

import contextlib
from typing import Any

import psycopg
from sqlalchemy import Engine, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_made: dict[Any, Any] = {}
_compiled: dict[Any, Any] = {}
_lent: set[str | None] = set()
_waiting: dict[str, list[psycopg.Connection]] = {}
_AS_NEW = (
    "CLOSE ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); RESET ALL; SET application_name = 'waiting'"
)


class _Shared:
    """Made once for each way to make it."""

    def __new__(cls, **how: Any) -> Any:
        key = (cls, *sorted((name, repr(value)) for name, value in how.items()))
        return _made.setdefault(key, super().__new__(cls))

    def __init__(self, **how: Any) -> None:
        if not hasattr(self, "identifier_preparer"):
            super().__init__(**how)

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_compiled)


class SharedSQLite(_Shared, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class SharedPostgreSQL(_Shared, PGDialect_psycopg):
    supports_statement_cache = True

    def connect(self, *address: Any, **how: Any) -> Any:
        waiting = _waiting.setdefault(repr((address, how)), [])
        with contextlib.suppress(IndexError):
            while True:
                connection = waiting.pop()
                with contextlib.suppress(psycopg.Error):  # it was closed from the other side
                    connection.execute("RESET application_name")
                    connection.autocommit = False
                    return connection
                connection.close()
        made = super().connect(*address, **how)
        if made.info.dbname in _lent:
            made.waits_in = waiting
        return made

    def do_close(self, connection: Any) -> None:
        with contextlib.suppress(psycopg.Error, AttributeError):
            if connection.info.dbname in _lent:
                waiting = connection.waits_in
                connection.rollback()
                connection.isolation_level = connection.read_only = None
                connection.autocommit = True
                connection.execute(_AS_NEW)
                waiting.append(connection)
                return
        connection.close()

    def do_terminate(self, connection: Any) -> None:
        """Whoever finds it broken must not be given it again."""
        connection.close()


def keep(url: str) -> None:
    """From now on, connections to this database of PostgreSQL."""
    _lent.add(make_url(url).database)


def keep_none(url: str) -> None:
    """Of a database that has shown them another face: a new one would see another."""
    _lent.discard(make_url(url).database)


def share() -> None:
    """From now on."""
    registry.register("sqlite", __name__, "SharedSQLite")
    registry.register("postgresql.psycopg", __name__, "SharedPostgreSQL")
