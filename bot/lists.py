"""`banso import` and `banso export`: the lists of members, talents and bodies, from a file and to one."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.app import database_for, services_for
from bot.errors import OperatorError
from bot.settings import Settings
from handlers.members.columns import NAMES, Kind
from handlers.members.exporting import export_list
from handlers.members.importing import import_list


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

    content = asyncio.run(work())
    try:
        file.write_bytes(content)
    except OSError as error:
        raise OperatorError(f"{file} に書き出せません({type(error).__name__})。") from None
    return f"✅ {file} に書き出しました:{NAMES[kind]}"
