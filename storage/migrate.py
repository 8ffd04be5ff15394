"""Bringing a database to the newest version, under a lock."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseAhead, SettingsError
from storage.engines import parse_url
from storage.reference import load_municipalities
from storage.refusals import in_words

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK = 0x62616E736F  # "banso": the advisory lock that two replicas starting together meet at

_PATIENCE = 60.0
"""Seconds for which SQLite waits for a migration that was first. PostgreSQL's lock is waited for as long as it takes."""
_LOOK = "DATABASE_URL と、データベースが動いているかを確かめてください。"

SchemaState = Literal["ok", "behind", "ahead", "unreachable", "read_only"]


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _engine(url: str) -> Engine:
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed)
    if parsed.database and "uri" not in parsed.query:
        _make_private(Path(parsed.database))
    return create_engine(parsed, connect_args={"timeout": _PATIENCE})


def _make_private(file: Path) -> None:
    """It will hold telephone numbers and what was asked in private: for nobody else on this machine. What SQLite puts beside
    it (-wal, -shm, -journal) takes the file's own mode. What is there already is as its owner wants it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # the database says it better, when it is opened
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))


@contextlib.contextmanager
def _locked(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.isolation_level = None  # type: ignore[union-attr]
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield connection
        connection.commit()


def upgrade(url: str) -> None:
    """Bring the database and its reference data to the newest version; several at once wait for one another.

    Raises:
        SettingsError: the address is none, or the database cannot be reached or written.
        DatabaseAhead: a newer program was here before.
    """
    from alembic import command

    try:
        engine = _engine(url)
        try:
            with _locked(engine) as connection:
                if (present := _present(connection)) is not None and present not in versions():
                    raise DatabaseAhead()
                command.upgrade(_config(connection), "head")
                load_municipalities(connection)
        finally:
            engine.dispose()
    except (DBAPIError, OSError) as error:
        raise SettingsError(f"データベースを新しくできません({in_words(error)})。{_LOOK}") from error


def schema_state(url: str) -> tuple[SchemaState, str]:
    """How the database stands against this program, and the version, "present → wanted", or why it is unreachable.

    Alembic is not asked: every start would wait a fifth of a second for its import. `check` holds the two together.
    """
    known = versions()
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and not Path(parsed.database).exists():
        return "behind", f"なし → {known[-1]}"  # looking must not create the file
    engine = create_engine(parsed)
    try:
        with engine.connect() as connection:
            present = _present(connection)
    except DBAPIError as error:
        return "unreachable", in_words(error)
    finally:
        engine.dispose()
    if present == known[-1]:
        return "ok", known[-1]
    said = f"{present or 'なし'} → {known[-1]}"
    return ("behind" if present is None or present in known else "ahead"), said


def _present(connection: Connection) -> str | None:
    """The version of the database; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def versions() -> list[str]:
    """The versions we know, in their order: migrations/versions/0001_what_it_does.py is version 0001."""
    files = (Path(__file__).parent / "migrations" / "versions").glob("[0-9]*_*.py")
    return sorted(path.name.split("_")[0] for path in files)


def check(url: str) -> None:
    """Fail when the tables in code differ from those that the migrations made in this database (`alembic check`).

    Raises:
        alembic.util.exc.AutogenerateDiffsDetected: with the differences.
    """
    from alembic import command
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    assert [script.revision for script in scripts] == versions()[::-1]
    engine = create_engine(parse_url(url))
    try:
        with engine.connect() as connection:
            command.check(_config(connection))
    finally:
        engine.dispose()
