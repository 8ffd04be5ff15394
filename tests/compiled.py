"""Statements are compiled once for a test worker, as they are once for a process of the bot, not once for each of the
thousands of databases that a worker opens: engines for the same driver share a dialect and what was compiled for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_made: dict[Any, Any] = {}
_compiled: dict[Any, Any] = {}


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


def share() -> None:
    """From now on."""
    registry.register("sqlite", __name__, "SharedSQLite")
    registry.register("postgresql.psycopg", __name__, "SharedPostgreSQL")
