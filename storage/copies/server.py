"""PostgreSQL: by its own programs, `pg_dump` and `pg_restore`, which must be as new as the server."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import pq
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import URL

from bot.errors import SettingsError
from storage.copies.embedded import IN_USE, CannotCopy
from storage.engines import parse_url
from storage.refusals import in_words
from storage.tables import metadata

ASIDE = "banso_before_"
"""What begins the name of a schema in which the tables before a restore are kept."""
_OURS = [*(table.name for table in metadata.sorted_tables), "alembic_version"]
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def _plain(url: str) -> URL:
    return parse_url(url).set(drivername="postgresql")


def _environment(url: str) -> dict[str, str]:
    """How to reach the database, as libpq's variables: a password on a command line could be read by everybody on the
    machine (postgresql.org, "Environment Variables")."""
    address = _plain(url).render_as_string(hide_password=False)
    said = pq.Conninfo.parse(address.encode())
    found = {o.envvar.decode(): o.val.decode() for o in said if o.envvar and o.val is not None}
    return {**os.environ, **found, "PGCONNECT_TIMEOUT": "10"}


def _run(program: str, *arguments: str, url: str | None = None) -> str:
    """What a program of PostgreSQL says.

    Raises:
        CannotCopy: it is not installed, or failed.
    """
    where = shutil.which(program)
    if where is None:
        raise CannotCopy(
            f"{program} が見つかりません。PostgreSQL の道具(postgresql-client、サーバーと同じか新しい版)を入れて、"
            "PATH を確かめてください。何も変えていません。"
        )
    done = subprocess.run(
        [where, *arguments],
        env=None if url is None else _environment(url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        if "server version mismatch" in done.stderr:
            raise CannotCopy(
                f"{program} がサーバーより古い版です。サーバーと同じか新しい版の道具を入れてください。"
            )
        why = (done.stderr.strip().splitlines() or [f"終了コード {done.returncode}"])[0]
        raise CannotCopy(f"{program} が失敗しました:{why}")
    return done.stdout


def dump(url: str, part: Path) -> None:
    """Copy the database as it is at one moment."""
    shape = ("--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={ASIDE}*")
    _run("pg_dump", *shape, f"--file={part}", url=url)


def version(file: Path) -> str | None:
    """The version of the tables in a copy; None when they are not ours."""
    said = _run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file)).splitlines()
    begins = next((n for n, line in enumerate(said) if line.startswith("COPY ")), None)
    return said[begins + 1].strip() if begins is not None else None


def holds_records(url: str) -> bool:
    """Whether somebody's workspace is in the database."""
    with _connected(url) as connection:
        there = connection.execute("SELECT to_regclass('workspace')").fetchone()
        if there is None or there[0] is None:
            return False
        return connection.execute("SELECT 1 FROM workspace LIMIT 1").fetchone() is not None


def _connected(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(_plain(url).render_as_string(hide_password=False), connect_timeout=10)
    except psycopg.Error as error:
        raise SettingsError(
            f"データベースに接続できません({in_words(error)})。何も変えていません。"
        ) from error


def put_back(url: str, file: Path, stamp: str, prepare: Callable[[str], None], *, keep: bool) -> str | None:
    """Let the copy be what the database holds, and `prepare` it; returns where what was there is kept. If that fails, what
    was there is there again."""
    aside = f"{ASIDE}{stamp.lower()}"
    with _connected(url) as connection:
        if not _alone(connection):
            raise CannotCopy(IN_USE)
        _move(connection, "public", aside)
    try:
        name = str(_plain(url).database)
        how = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _run("pg_restore", *how, f"--dbname={name}", str(file), url=url)
        prepare(url)
    except BaseException:
        with _connected(url) as connection:
            _drop(connection, "public")
            _move(connection, aside, "public")
            connection.execute(SQL("DROP SCHEMA {}").format(Identifier(aside)))
        raise
    if not keep:
        with _connected(url) as connection:
            connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(aside)))
        return None
    return aside


def _alone(connection: psycopg.Connection) -> bool:
    """Whether nobody else is connected. Who has just left, as we ourselves a moment ago, is still seen for a while."""
    for _ in range(20):
        (others,) = connection.execute(_OTHERS).fetchone() or (0,)
        connection.rollback()  # or the next look sees the same (postgresql.org, "Cumulative Statistics System")
        if not others:
            return True
        time.sleep(0.1)
    return False


def _there(connection: psycopg.Connection, schema: str) -> list[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename = ANY(%s)"
    return [name for (name,) in connection.execute(query, [schema, _OURS])]


def _move(connection: psycopg.Connection, here: str, there: str) -> None:
    connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(there)))
    for name in _there(connection, here):
        which = SQL("ALTER TABLE {} SET SCHEMA {}")
        connection.execute(which.format(Identifier(here, name), Identifier(there)))


def _drop(connection: psycopg.Connection, schema: str) -> None:
    for name in _there(connection, schema):
        connection.execute(SQL("DROP TABLE {} CASCADE").format(Identifier(schema, name)))
