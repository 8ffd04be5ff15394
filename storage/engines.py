"""Engines for SQLite and PostgreSQL: how a connection is opened, how a transaction begins, what a failure means."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from enum import Enum
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import SettingsError

BUSY_SECONDS = (
    2.0  # under Slack's 3 s to acknowledge: a locked database is refused in time, and Slack sends again
)


_FORM: Final = (
    "DATABASE_URL を読み取れません。sqlite:///ファイルの場所 か postgresql://利用者:パスワード@宛先/名前 "
    "の形で書いてください。"
)

_BEGIN: Final = "banso_begin"
"""Execution option of an engine: the statement with which its transactions begin."""


class Trouble(Enum):
    """What a failure in a transaction means.

    OWN: the action's own mistake. AGAIN: another transaction was in the way, run it again. AWAY: the database cannot
    serve us now. BROKEN: neither can this connection ever.
    """

    OWN = "own"
    AGAIN = "again"
    AWAY = "away"
    BROKEN = "broken"


_AGAIN: Final = frozenset({"40001", "40P01", "23505"})
"""serialization_failure, deadlock_detected, unique_violation (PostgreSQL error codes, appendix A). The last is how two
replicas learn that they captured the same thing at once: run again, the second finds it."""

_AWAY_CLASSES: Final = frozenset({"08", "53", "57", "58", "F0", "XX"})
"""Connection, resources, operator intervention, system, configuration file, internal error (the same appendix)."""

_AWAY: Final = frozenset({"25006", "0A000"})
"""read_only_sql_transaction and feature_not_supported ("cannot use serializable mode in a hot standby"): after a failover
we may still talk to the server that was the first one before."""

_LOCKED: Final = "55P03"
"""lock_not_available: somebody else holds a row for longer than we may wait."""

_POSTGRES: Final = {
    "connect_timeout": 2,  # the least libpq allows
    "tcp_user_timeout": 2000,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}
"""A server that is gone without a word is noticed in seconds (libpq, "Connection Control Functions"; by default after
hours). What DATABASE_URL says itself goes before."""

_SESSION: Final = (
    "SET lock_timeout = '2s'",  # as BUSY_SECONDS
    "SET idle_in_transaction_session_timeout = '10s'",  # a replica that is frozen holds no row for ever
)

_SQLITE: Final = {
    sqlite3.SQLITE_PERM: Trouble.AWAY,
    sqlite3.SQLITE_BUSY: Trouble.AWAY,
    sqlite3.SQLITE_LOCKED: Trouble.AWAY,
    sqlite3.SQLITE_NOMEM: Trouble.AWAY,
    sqlite3.SQLITE_READONLY: Trouble.AWAY,
    sqlite3.SQLITE_INTERRUPT: Trouble.AWAY,
    sqlite3.SQLITE_FULL: Trouble.AWAY,
    sqlite3.SQLITE_PROTOCOL: Trouble.AWAY,
    sqlite3.SQLITE_AUTH: Trouble.AWAY,
    sqlite3.SQLITE_IOERR: Trouble.BROKEN,
    sqlite3.SQLITE_CORRUPT: Trouble.BROKEN,
    sqlite3.SQLITE_CANTOPEN: Trouble.BROKEN,
    sqlite3.SQLITE_NOTADB: Trouble.BROKEN,
}


def trouble(error: BaseException) -> Trouble:
    """What a failure means, by SQLite's primary result code or PostgreSQL's SQLSTATE."""
    if isinstance(error, PoolTimeout):
        return Trouble.AWAY
    if not isinstance(error, DBAPIError):
        return Trouble.OWN
    code: int | None = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF, Trouble.OWN)
    state: str = getattr(error.orig, "sqlstate", None) or ""
    if state in _AGAIN:
        return Trouble.AGAIN
    if state == _LOCKED:
        return Trouble.AWAY
    away = state in _AWAY or state[:2] in _AWAY_CLASSES
    return Trouble.BROKEN if away or isinstance(error, OperationalError | InterfaceError) else Trouble.OWN


@contextlib.contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction; a connection that turns out to be broken is thrown away, the next one is fresh.

    How it begins is said here and not by an event of the engine: one listener there makes every statement a tenth dearer.
    """
    with engine.connect() as connection:
        try:
            with connection.begin():
                if begin := connection.get_execution_options().get(_BEGIN):
                    connection.exec_driver_sql(begin)
                yield connection
        except DBAPIError as error:
            if trouble(error) is Trouble.BROKEN and not connection.invalidated:
                connection.invalidate(error)
            raise


def parse_url(url: str) -> URL:
    """The address with the driver we use: `sqlite:///file` or `postgresql://…` (psycopg 3).

    Raises:
        SettingsError: it is something else; the address, which may hold a password, is not repeated.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise SettingsError(_FORM) from None
    kind = parsed.drivername.split("+")[0]
    if kind == "sqlite" and parsed.host is None and parsed.database not in {None, "", ":memory:"}:
        return parsed.set(drivername="sqlite")
    if kind == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise SettingsError(_FORM)


def writer_engine(url: str) -> Engine:
    """One connection that writes: `BEGIN IMMEDIATE` and synchronous=FULL on SQLite, SERIALIZABLE on PostgreSQL."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, "BEGIN IMMEDIATE", 1, ["PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"])
    return _postgres(parsed, "SERIALIZABLE", 1)


def reader_engine(url: str, connections: int) -> Engine:
    """Several connections that only read, each transaction one snapshot."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, "BEGIN", connections, ["PRAGMA query_only=ON"])
    return _postgres(parsed, "REPEATABLE READ", connections, read_only=True)


def _postgres(url: URL, isolation: IsolationLevel, connections: int, *, read_only: bool = False) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,
        isolation_level=isolation,
        connect_args={name: value for name, value in _POSTGRES.items() if name not in url.query},
    )

    def connected(connection: Any, _record: Any) -> None:
        for setting in _SESSION:
            connection.execute(setting)
        connection.commit()
        if read_only:
            connection.read_only = True  # its transactions begin so, without a statement of its own each time

    event.listen(engine, "connect", connected)
    return engine


def _sqlite(url: URL, begin: str, connections: int, pragmas: list[str]) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        execution_options={_BEGIN: begin},
    )

    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `transaction` does
        for pragma in [f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}", "PRAGMA foreign_keys=ON", *pragmas]:
            connection.execute(pragma)

    event.listen(engine, "connect", connected)
    return engine
