"""SQLite: by its online backup, never by copying the file, of which a part is beside it while the bot runs."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.errors import OperatorError
from storage.engines import parse_url
from storage.refusals import in_words


class CannotCopy(OperatorError):
    """バックアップを扱えませんでした。"""


IN_USE = "Banso かほかのプログラムがデータベースを使っています。止めてから、もう一度お願いします。何も変えていません。"


def path_of(url: str) -> Path:
    """Where the database lies."""
    return Path(str(parse_url(url).database))


def dump(url: str, part: Path) -> None:
    """Copy the database as it is at one moment into an empty file. Whoever writes meanwhile is not kept waiting: the copy
    reads one snapshot (sqlite.org/backup.html; with WAL readers do not block writers)."""
    _copy(path_of(url), part)


def _copy(source: Path, target: Path) -> None:
    try:
        with _opened(source) as here, _opened(target) as there:
            here.backup(there, pages=-1)
            there.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
            found = there.execute("PRAGMA integrity_check").fetchone()
            if found != ("ok",):
                raise CannotCopy("写したものが壊れています。もとのデータベースを確かめてください。")
    except sqlite3.Error as error:
        raise CannotCopy(f"データベースを写せませんでした({in_words(error)})。") from error


@contextlib.contextmanager
def _opened(file: Path, *, patience: float = 30.0) -> Iterator[sqlite3.Connection]:
    if not file.exists():
        raise CannotCopy(f"{file} がありません。")
    with contextlib.closing(sqlite3.connect(file, timeout=patience, isolation_level=None)) as connection:
        yield connection


def version(file: Path) -> str | None:
    """The version of the tables in a copy; None when they are not ours."""
    try:
        with _opened(file) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


def holds_records(url: str) -> bool:
    """Whether somebody's workspace is in the database."""
    file = path_of(url)
    if not file.exists() or file.stat().st_size == 0:
        return False
    try:
        with _opened(file) as connection:
            there = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE name = 'workspace'"
            ).fetchone()
            return (
                bool(there[0])
                and connection.execute("SELECT 1 FROM workspace LIMIT 1").fetchone() is not None
            )
    except sqlite3.Error:
        return True  # whatever it is, it is not nothing


@contextlib.contextmanager
def alone(url: str) -> Iterator[None]:
    """Nobody else has the database open, as long as this lasts.

    Raises:
        CannotCopy: somebody has. A connection in WAL mode holds a lock on the file as long as it is open, also when it does
            nothing (sqlite.org/wal.html), and keeps everybody from leaving that mode.
    """
    file = path_of(url)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        yield
        return
    try:
        with _opened(file, patience=0.0) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            if mode != "delete":
                raise CannotCopy(IN_USE)
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        raise CannotCopy(IN_USE) from error
    except sqlite3.DatabaseError:
        yield  # no database at all: nobody has it open as one


def put_back(url: str, file: Path, stamp: str, prepare: Callable[[str], None], *, keep: bool) -> str | None:
    """Let the copy be the database, once it was `prepare`d at another address; returns where what was there is kept."""
    target = path_of(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f"{target.name}.restoring")
    new.unlink(missing_ok=True)
    try:
        new.touch(mode=0o600)
        _copy(file, new)
        prepare(f"sqlite:///{new}")
        with _opened(new) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        aside = target.with_name(f"{target.name}.before-{stamp}") if keep else None
        with alone(url):
            if aside is not None:
                os.link(target, aside)  # and not renamed: at no moment is there no database
            os.replace(new, target)
    except OSError as error:
        raise CannotCopy(f"{target} に書き込めません({type(error).__name__})。何も変えていません。") from None
    finally:
        for beside in (new, *(new.with_name(new.name + end) for end in ("-wal", "-shm", "-journal"))):
            beside.unlink(missing_ok=True)
    return str(aside) if aside is not None else None
