"""Migrations: what state the tables are in, and several that start together."""

from __future__ import annotations

import asyncio
from pathlib import Path

from storage.migrate import _engine, schema_state, upgrade


async def test_the_schema_says_whether_it_is_behind(database_url: str, tmp_path: Path) -> None:
    assert schema_state(database_url)[0] == "ok"
    assert schema_state(f"sqlite:///{tmp_path / 'new.sqlite3'}")[0] == "behind"
    assert schema_state("postgresql://nobody@127.0.0.1:1/none")[0] == "unreachable"


async def test_migrating_twice_at_once_is_harmless(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'twice.sqlite3'}"
    await asyncio.gather(*(asyncio.to_thread(upgrade, url) for _ in range(3)))
    assert schema_state(url)[0] == "ok"


def test_a_migration_waits_for_another_far_longer_than_it_takes(tmp_path: Path) -> None:
    engine = _engine(f"sqlite:///{tmp_path / 'slow.sqlite3'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 60_000
    engine.dispose()
