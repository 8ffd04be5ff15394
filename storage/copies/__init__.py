"""Copies of the whole database: one is made while the bot runs, and put back while it does not.

What belongs here: making a copy and looking it over (`embedded` for SQLite, `server` for PostgreSQL), and putting it back.
What never does: rows of one table; what must be said to a restored database is in `storage.after_restore`. Tests run on both
databases, with real files and PostgreSQL's own programs.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType

from sqlalchemy import select

from bot.errors import SettingsError
from storage import after_restore
from storage.copies import embedded, server
from storage.copies.embedded import CannotCopy
from storage.database import Transaction
from storage.engines import parse_url, transaction, writer_engine
from storage.migrate import schema_state, upgrade, versions
from storage.search import INDEXES, place
from storage.tables import workspaces

__all__ = ["CannotCopy", "Restored", "back_up", "restore"]

_MAGIC = {b"SQLite format 3\x00": embedded, b"PGDMP": server}
"""How the copies of each begin (sqlite.org/fileformat.html; postgresql.org, pg_backup_archiver.c)."""
_NAMES = {embedded: "SQLite", server: "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a restore: the version of the backup, and where what was there before is kept (None: there was
    nothing)."""

    version: str
    aside: str | None


def back_up(url: str, file: Path) -> str:
    """Write a copy of the database as it is at this moment; returns its version. The bot may run meanwhile.

    Raises:
        CannotCopy, SettingsError: with the sentence for the operator; no file was left.
    """
    state, said = schema_state(url)
    if state == "unreachable":
        raise SettingsError(f"データベースに接続できません({said})。DATABASE_URL を確かめてください。")
    if state != "ok":
        raise CannotCopy(
            f"データベースの版が合いません({said})。banso migrate を実行してから、もう一度お願いします。"
        )
    if file.exists():
        raise CannotCopy(f"{file} はもうあります。別の名前にしてください。何も書いていません。")
    engine, part = _engine(url), file.with_name(f"{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)  # it holds what people asked
        engine.dump(url, part)
        version = _known(engine.version(part))
        part.rename(file)
    except OSError as error:
        raise CannotCopy(f"{file} に書き出せません({type(error).__name__})。") from None
    finally:
        if part.parent.is_dir():
            part.unlink(missing_ok=True)
    return version


def restore(
    url: str, file: Path, now: datetime, *, force: bool = False, search_dir: Path | None = None
) -> Restored:
    """Let the database hold what a backup holds, brought to the newest version. What was there is kept aside.

    Raises:
        CannotCopy, SettingsError: with the sentence for the operator; nothing was changed.
    """
    engine = _engine(url)
    version = _known(_looked_over(file, engine))
    full = engine.holds_records(url)
    if full and not force:
        raise CannotCopy(
            "データベースには記録があります。--force を付けると、いまの記録をわきに残したうえで、バックアップの内容に"
            "置き換えます。何も変えていません。"
        )
    stamp = now.strftime("%Y%m%dT%H%M%S")
    aside = engine.put_back(url, file, stamp, _prepared(now), keep=full)
    _forget_index(url, search_dir)
    return Restored(version, aside)


def _engine(url: str) -> ModuleType:
    return embedded if parse_url(url).get_backend_name() == "sqlite" else server


def _looked_over(file: Path, engine: ModuleType) -> str | None:
    """The version of a backup for this kind of database."""
    try:
        with file.open("rb") as opened:
            begins = opened.read(16)
    except OSError as error:
        raise CannotCopy(f"{file} を読めません({type(error).__name__})。何も変えていません。") from None
    kind = next((found for magic, found in _MAGIC.items() if begins.startswith(magic)), None)
    if kind is not None and kind is not engine:
        raise CannotCopy(
            f"{file} は {_NAMES[kind]} のバックアップです。DATABASE_URL は {_NAMES[engine]} です。何も変えていません。"
        )
    found: str | None = engine.version(file) if kind is not None else None
    return found


def _known(version: str | None) -> str:
    if version is None:
        raise CannotCopy("Banso のバックアップではありません。何も変えていません。")
    if version not in versions():
        raise CannotCopy(
            f"このバックアップは、新しい版のプログラムで作られています({version})。プログラムを新しくしてください。"
            "何も変えていません。"
        )
    return version


def _prepared(now: datetime) -> Callable[[str], None]:
    def prepare(url: str) -> None:
        upgrade(url)
        engine = writer_engine(url)
        try:
            with transaction(engine) as connection:
                for workspace in connection.execute(select(workspaces.c.workspace)).scalars().all():
                    after_restore.mark(Transaction(connection, workspace, now, now))
        finally:
            engine.dispose()

    return prepare


def _forget_index(url: str, search_dir: Path | None) -> None:
    """The index was made of what is lost: it is made again."""
    engine = writer_engine(url)
    try:
        with transaction(engine) as connection:
            found = connection.execute(select(workspaces.c.workspace)).scalars().all()
    finally:
        engine.dispose()
    for workspace in found:
        for of in INDEXES:
            shutil.rmtree(place(url, f"{workspace}{of}", search_dir), ignore_errors=True)
