"""A copy is whole and of one moment, also while somebody writes; putting it back loses nothing that was there, and refuses
what it cannot do."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, select

from bot.domain.asking import Details
from handlers.emergency import values as emergency_values
from handlers.emergency.views import Numbers
from handlers.members.form import parse
from handlers.members.loading import load
from handlers.questions.lifecycle.opening import Asking, open_question
from storage import after_restore, emergency_guide, faq_searches, outbox, questions, workspace
from storage.copies import CannotCopy, Restored, back_up, embedded, restore, server
from storage.database import Database, Transaction
from storage.emergency_guide import Guide
from storage.engines import parse_url, transaction, writer_engine
from storage.migrate import schema_state, versions
from storage.outbox import Kind
from storage.search import place
from storage.tables import metadata
from storage.tables import outbox as outbox_table
from tests.conftest import WORKSPACE, StillClock
from tests.programs import OLD, PROGRAMS

NEWEST = versions()[-1]
NOON = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own programs, as `postgresql-client` installs them."""
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def url(own_database_url: str) -> str:
    """A database with a workspace in it."""
    write(own_database_url, lambda tx: workspace.save_workspace(tx, name="あさぎ県", url=""))
    write(own_database_url, load, parse(FILE))
    return own_database_url


FILE = {
    "intake": "desk",
    "channels": [{"id": "C1", "name": "相談"}],
    "members": [{"id": "U0KEN", "name": "県 太郎", "permission": "coordinator"}],
}


def write(url: str, action: Any, *args: Any, now: datetime = NOON) -> Any:
    engine = writer_engine(url)
    try:
        with transaction(engine) as connection:
            return action(Transaction(connection, WORKSPACE, now, now), *args)
    finally:
        engine.dispose()


def asks(url: str, ts: str) -> int:
    """Somebody asks something; returns the question's id."""
    asking = Asking("C1", ts, None, "U1", ("画面が真っ暗です",))
    found: int = write(
        url, lambda tx: open_question(tx, asking, actor="U1", details=Details(), practice=False)
    )
    return found


def rows(url: str) -> dict[str, list[Any]]:
    """Everything in the database."""
    engine = create_engine(parse_url(url))
    try:
        with engine.connect() as connection:
            return {
                table.name: sorted(connection.execute(select(table)).all(), key=str)
                for table in metadata.sorted_tables
            }
    finally:
        engine.dispose()


async def test_a_copy_is_made_while_the_bot_writes_and_put_back_when_it_stopped(
    url: str, clock: StillClock, tmp_path: Path
) -> None:
    first = asks(url, "1.000001")
    file = tmp_path / "copy"
    async with Database(url, clock, WORKSPACE) as running:
        before = rows(url)
        assert back_up(url, file) == NEWEST
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert await running.read(questions.get, first) is not None
        with pytest.raises(CannotCopy, match="止めてから"):
            restore(url, file, NOON, force=True)
    asks(url, "2.000001")
    late = rows(url)
    assert late != before
    with pytest.raises(CannotCopy, match="--force"):
        restore(url, file, NOON)
    assert rows(url) == late

    index = place(url, WORKSPACE, tmp_path / "search")
    index.mkdir(parents=True)
    done = restore(url, file, NOON, force=True, search_dir=tmp_path / "search")
    assert done.version == NEWEST
    assert not index.exists()
    after = rows(url)
    assert [row.id for row in after["question"]] == [first]
    assert after["message"] == before["message"]
    assert old_rows(url, done, "question") == len(late["question"]) == 2
    assert names_in(tmp_path) == ["copy"]


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir() if path.is_file())


def old_rows(url: str, done: Restored, table: str) -> int:
    """How many rows there are in what was kept aside."""
    assert done.aside is not None
    if url.startswith("sqlite"):
        with sqlite3.connect(done.aside) as aside:
            return int(aside.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    plain = parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        row = connection.execute(f'SELECT count(*) FROM "{done.aside}".{table}'.encode()).fetchone()
        return int(row[0]) if row else -1


def test_numbers_and_ids_that_may_have_been_given_are_not_given_again(url: str, tmp_path: Path) -> None:
    first = asks(url, "1.000001")
    back_up(url, tmp_path / "copy")
    lost = asks(url, "2.000001")
    restore(url, tmp_path / "copy", NOON, force=True)
    again = asks(url, "2.000001")
    assert again > 1_000_000 > lost > first
    assert write(url, questions.need, again).number == 1001
    assert asks(url, "3.000001") == again + 1
    assert write(url, faq_searches.searched, "端末", 1) > 1_000_000
    assert write(url, workspace.workspace).name == "あさぎ県"


def test_the_emergency_numbers_and_steps_are_there_again(url: str, tmp_path: Path) -> None:
    """Whoever restores a database may need them that very hour."""
    night = Guide(night="090-0000-0119", hours="8:30〜17:15", steps="1. 線を抜く")
    write(url, lambda tx: workspace.set_workspace(tx, emergency_phone="011-000-0110"))
    write(url, emergency_guide.set_guide, night, "U0KEN")
    back_up(url, tmp_path / "copy")
    write(url, lambda tx: workspace.set_workspace(tx, emergency_phone="0"))
    write(url, emergency_guide.set_guide, Guide(), "U0KEN")
    restore(url, tmp_path / "copy", NOON, force=True)
    assert write(url, emergency_values.numbers) == Numbers("011-000-0110", "090-0000-0119", "8:30〜17:15")
    assert write(url, emergency_values.own_steps) == "1. 線を抜く"


def test_what_may_be_on_slack_is_looked_for_and_for_an_hour_so_is_what_is_new(
    url: str, tmp_path: Path
) -> None:
    def unsure(key: str) -> bool:
        o = outbox_table.c
        found = select(o.unsure_since).where(o.key == f"direct:{key}")
        return write(url, lambda tx: tx.connection.execute(found).scalar_one()) is not None

    def tells(key: str, now: datetime) -> bool:
        write(url, lambda tx: outbox.send(tx, Kind.DIRECT, key, "x", 1, user_id="U1"), now=now)
        return unsure(key)

    assert not tells("waits", NOON)
    back_up(url, tmp_path / "copy")
    restore(url, tmp_path / "copy", NOON, force=True)
    assert unsure("waits")
    later = NOON + timedelta(days=3)
    assert tells("before the start", later)
    write(url, after_restore.begins, now=later)
    write(url, after_restore.begins, now=later + timedelta(minutes=50))
    assert tells("soon", later + timedelta(minutes=59))
    assert not tells("later", later + timedelta(minutes=61))


def test_an_older_backup_is_brought_to_the_newest_version_and_a_newer_one_refused(
    url: str, tmp_path: Path
) -> None:
    asks(url, "1.000001")
    for name, version in (("older", "0004"), ("newer", "0099")):
        _set_version(url, NEWEST, version, tables=name == "older")
        file = tmp_path / name
        _engine(url).dump(url, _empty(file))
        if name == "newer":
            break
        done = restore(url, file, NOON, force=True)
        assert done.version == "0004"
        assert schema_state(url) == ("ok", NEWEST)
        assert len(rows(url)["question"]) == 1
    with pytest.raises(CannotCopy, match="新しい版のプログラム"):
        restore(url, tmp_path / "newer", NOON, force=True)
    assert schema_state(url)[0] == "ahead"


def _empty(file: Path) -> Path:
    file.touch()
    return file


def _engine(url: str) -> Any:
    return embedded if url.startswith("sqlite") else server


def _set_version(url: str, present: str, wanted: str, *, tables: bool) -> None:
    """Make the database one of another version."""
    from alembic import command

    from storage.migrate import _config

    engine = create_engine(parse_url(url))
    with engine.begin() as connection:
        if tables:
            command.downgrade(_config(connection), wanted)
        else:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{wanted}'")
    engine.dispose()


def test_a_restore_that_fails_on_the_way_changes_nothing(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(url, "1.000001")
    back_up(url, tmp_path / "copy")
    asks(url, "2.000001")
    before = rows(url)

    def breaks(tx: Transaction) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr(after_restore, "mark", breaks)
    with pytest.raises(RuntimeError):
        restore(url, tmp_path / "copy", NOON, force=True)
    assert rows(url) == before
    monkeypatch.undo()
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    whole = (tmp_path / "copy").read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CannotCopy):
        restore(url, tmp_path / "half", NOON, force=True)
    assert rows(url) == before


def test_an_empty_database_needs_no_force(
    url: str, databases: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    asks(url, "1.000001")
    back_up(url, tmp_path / "copy")
    other = databases.fresh("sqlite" if url.startswith("sqlite") else "postgresql")
    assert restore(other, tmp_path / "copy", NOON) == Restored(NEWEST, None)
    assert len(rows(other)["question"]) == 1
    if url.startswith("sqlite"):
        nowhere = f"sqlite:///{tmp_path / 'new' / 'banso.sqlite3'}"
        assert restore(nowhere, tmp_path / "copy", NOON) == Restored(NEWEST, None)


def test_what_is_no_backup_is_a_sentence(url: str, tmp_path: Path) -> None:
    good, bad = tmp_path / "copy", tmp_path / "bad"
    back_up(url, good)
    with pytest.raises(CannotCopy, match="もうあります"):
        back_up(url, good)
    with pytest.raises(CannotCopy, match="書き出せません"):
        back_up(url, tmp_path / "nowhere" / "copy")
    assert names_in(tmp_path) == ["copy"]
    bad.write_text("no backup")
    for file, why in ((bad, "バックアップではありません"), (tmp_path / "none", "読めません")):
        with pytest.raises(CannotCopy, match=why):
            restore(url, file, NOON, force=True)
    bad.write_bytes(b"PGDMP" if url.startswith("sqlite") else b"SQLite format 3\x00")
    with pytest.raises(CannotCopy, match="のバックアップです"):
        restore(url, bad, NOON, force=True)


def test_without_postgresqls_programs_it_is_said_what_to_install(
    databases: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = databases.fresh("postgresql")  # whose server needs a shell
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotCopy, match="pg_dump が見つかりません"):
        back_up(url, tmp_path / "copy")
    assert names_in(tmp_path) == []


def test_programs_that_are_older_than_the_server_are_said_to_be(
    databases: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = databases.fresh("postgresql")
    monkeypatch.setenv("PATH", str(OLD))
    with pytest.raises(CannotCopy, match="古い版"):
        back_up(url, tmp_path / "copy")
    assert names_in(tmp_path) == []


def test_a_password_stands_on_no_command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Any] = []

    def run(arguments: list[str], **how: Any) -> subprocess.CompletedProcess[str]:
        seen.append((arguments, how["env"]))
        return subprocess.CompletedProcess(arguments, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    server.dump("postgresql://banso:geheim@db.example/banso?sslmode=require", tmp_path / "copy")
    ((arguments, environment),) = seen
    assert "geheim" not in " ".join(arguments)
    names = ("PGPASSWORD", "PGHOST", "PGUSER", "PGDATABASE", "PGSSLMODE")
    assert [environment[name] for name in names] == ["geheim", "db.example", "banso", "banso", "require"]
