"""Engines for SQLite and PostgreSQL: how a connection is opened and how a transaction begins."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

BUSY_SECONDS = (
    2.0  # under Slack's 3 s to acknowledge: a locked database is refused in time, and Slack sends again
)


def parse_url(url: str) -> URL:
    """The address with the driver we use: `sqlite:///file` or `postgresql://…` (psycopg 3).

    Raises:
        ValueError: another kind of database.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return parsed.set(drivername="sqlite")
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise ValueError("DATABASE_URL は sqlite:///… か postgresql://… です")


def writer_engine(url: str) -> Engine:
    """One connection that writes: `BEGIN IMMEDIATE` and synchronous=FULL on SQLite, SERIALIZABLE on PostgreSQL."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, "BEGIN IMMEDIATE", 1, ["PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"])
    return create_engine(
        parsed, pool_size=1, max_overflow=0, pool_pre_ping=True, isolation_level="SERIALIZABLE"
    )


def reader_engine(url: str, connections: int) -> Engine:
    """Several connections that only read, each transaction one snapshot."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, "BEGIN", connections, ["PRAGMA query_only=ON"])
    engine = create_engine(
        parsed, pool_size=connections, max_overflow=0, pool_pre_ping=True, isolation_level="REPEATABLE READ"
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("SET TRANSACTION READ ONLY"))
    return engine


def _sqlite(url: URL, begin: str, connections: int, pragmas: list[str]) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `began` below does
        for pragma in [f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}", "PRAGMA foreign_keys=ON", *pragmas]:
            connection.execute(pragma)

    def began(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)
    return engine
