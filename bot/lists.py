"""`banso import`, `banso export` and `banso report`: the lists of members, talents and bodies, from a file and to one; and
the figures of a period."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.app import database_for, services_for
from bot.domain.report import Period
from bot.errors import OperatorError
from bot.settings import Settings
from handlers.members.columns import NAMES, Kind
from handlers.members.exporting import export_list
from handlers.members.importing import import_list
from handlers.reports.files import Form
from handlers.reports.making import prepare
from storage import workspace
from storage.database import Transaction


def bring_in(settings: Settings, kind: Kind, file: Path, *, dry_run: bool, workspace: str | None) -> str:
    """Take in a list; the sentence for the operator.

    Raises:
        OperatorError, UserError: the sentence says what is wrong, line by line; nothing was changed.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise OperatorError(f"{file} を読めません({type(error).__name__})。") from None

    async def work() -> int:
        async with services_for(settings, workspace) as services:
            ask_slack = workspace is None
            return await import_list(services, kind, file.name, content, dry_run=dry_run, ask_slack=ask_slack)

    count = asyncio.run(work())
    if dry_run:
        return f"✅ {count} 行とも取り込めます。まだ何も変えていません"
    return f"✅ 取り込みました:{NAMES[kind]} {count}"


def take_out(settings: Settings, kind: Kind, file: Path) -> str:
    """Write a list; the sentence for the operator.

    Raises:
        OperatorError: the file cannot be written.
    """

    async def work() -> bytes:
        async with database_for(settings) as database:
            return await database.read(export_list, kind, file.name)

    _write(file, asyncio.run(work()))
    return f"✅ {file} に書き出しました:{NAMES[kind]}"


def report_to(settings: Settings, file: Path, first: str, last: str) -> str:
    """Write the report of a period, given by its days; the sentence for the operator.

    Raises:
        OperatorError: there is no such period or form, or the file cannot be written.
    """
    begins, ends, ending = _day("--from", first), _day("--to", last), file.suffix.lower().removeprefix(".")
    if ends < begins:
        raise OperatorError("--to は --from と同じ日か、それよりあとの日にしてください。")
    period = Period(begins, ends)
    if ending not in list(Form):
        raise OperatorError("ファイル名は .xlsx か .zip(CSV)で終わるものにしてください。")

    def read(tx: Transaction) -> tuple[Callable[[], bytes], str]:
        zone = workspace.workspace(tx).zone
        if period.bounds(zone)[0] > tx.now:
            raise OperatorError("--from は今日までの日にしてください。")
        at = period.as_of(tx.now, zone)
        return prepare(tx, period, at, Form(ending)), period.said_as_of(at, zone)

    async def work() -> tuple[Callable[[], bytes], str]:
        async with database_for(settings) as database:
            return await database.read(read)

    make, as_of = asyncio.run(work())
    _write(file, make())
    return f"✅ {file} に書き出しました:{period.title}({as_of})"


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OperatorError(f"{option} は 2026-04-01 のように書いてください。") from None


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise OperatorError(f"{file} に書き出せません({type(error).__name__})。") from None
