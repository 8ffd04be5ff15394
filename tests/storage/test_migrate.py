"""Migrations: what state the tables are in, and several that start together."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command

from storage.migrate import _config, _engine, schema_state, upgrade


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


def test_a_database_of_the_first_version_comes_along_with_what_is_in_it(own_database_url: str) -> None:
    engine = _engine(own_database_url)
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0001")
        values = "('T1', 'C1', '相談', 'consultation')"
        connection.exec_driver_sql(f"INSERT INTO channel (workspace, channel, name, purpose) VALUES {values}")
    assert schema_state(own_database_url) == ("behind", "0001 → 0006")
    upgrade(own_database_url)
    assert schema_state(own_database_url) == ("ok", "0006")
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT name, members_read_at FROM channel").one()
    assert tuple(found) == ("相談", None)
    engine.dispose()
