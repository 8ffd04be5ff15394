"""`banso load`, `banso import` and `banso export`: the workspace's set-up, and the lists of members, talents, bodies, FAQ
entries, opening days, who is in rotas, and duty, from a file and to one."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from pathlib import Path

from bot.app import database_for, services_for
from bot.errors import OperatorError
from bot.meter import Meter, meter
from bot.settings import Settings
from handlers.common.lists import Table
from handlers.common.services import Services
from handlers.common.sheets import exported
from handlers.faq.exporting import list_of_faq
from handlers.faq.importing import import_faq
from handlers.members import office_lists
from handlers.members.checking import load_checked
from handlers.members.columns import NAMES, Kind
from handlers.members.exporting import list_of
from handlers.members.form import parse
from handlers.members.importing import import_list
from handlers.members.office_lists import import_offices
from handlers.rota import member_lists
from handlers.rota.lists import import_duty, list_of_duty
from handlers.rota.member_lists import import_members, list_of_members
from storage.database import Database, Transaction

_SHOWN: Meter = functools.partial(meter, shown=True)


class What(StrEnum):
    """Which list."""

    MEMBERS = Kind.MEMBERS
    TALENTS = Kind.TALENTS
    BODIES = Kind.BODIES
    FAQ = "faq"
    OFFICES = "offices"
    ROTA = "rota"
    DUTY = "duty"


_OTHERS: Mapping[What, tuple[str, Callable[[Transaction], Table]]] = {
    What.FAQ: ("FAQ", list_of_faq),
    What.OFFICES: (office_lists.NAME, office_lists.list_of_offices),
    What.ROTA: (member_lists.NAME, list_of_members),
    What.DUTY: ("当番", list_of_duty),
}

_OF_ROTAS: Mapping[What, Callable[..., Awaitable[int]]] = {
    What.ROTA: import_members,
    What.DUTY: import_duty,
}


def bring_in_workspace(settings: Settings, file: Path, *, workspace: str | None) -> str:
    """Take in the JSON that names channels, people and talents; the sentence for the operator.

    Raises:
        OperatorError, UserError: the sentence says what is wrong; nothing was changed.
    """
    try:
        parsed = parse(json.loads(file.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError) as error:
        raise OperatorError(f"{file} を JSON として読めません({type(error).__name__})。") from None

    async def work() -> None:
        async with services_for(settings, workspace) as services:
            await load_checked(services, parsed, ask_slack=workspace is None)

    asyncio.run(work())
    return (
        f"✅ 取り込みました:チャンネル {len(parsed.channels)}・メンバー {len(parsed.members)}・"
        f"アドバイザー {len(parsed.talents)}"
    )


def bring_in(settings: Settings, what: What, file: Path, *, dry_run: bool, workspace: str | None) -> str:
    """Take in a list; the sentence for the operator.

    Raises:
        OperatorError, UserError: the sentence says what is wrong, line by line; nothing was changed.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise OperatorError(f"{file} を読めません({type(error).__name__})。") from None

    async def work() -> str:
        async with services_for(settings, workspace) as services:
            if what is What.FAQ:
                return await _faq(services, file.name, content, dry_run=dry_run)
            if what is What.OFFICES:
                return await _offices(services, file.name, content, dry_run=dry_run)
            if what in _OF_ROTAS:
                count = await _OF_ROTAS[what](services, file.name, content, dry_run=dry_run)
                name = _OTHERS[what][0]
                done = "とも取り込めます。まだ何も変えていません" if dry_run else f"を取り込みました:{name}"
                return f"✅ {count} 行{done}"
            ask_slack = workspace is None
            return await _list(services, Kind(what), file.name, content, dry_run=dry_run, ask_slack=ask_slack)

    return asyncio.run(work())


async def _list(
    services: Services, kind: Kind, name: str, content: bytes, *, dry_run: bool, ask_slack: bool
) -> str:
    count = await import_list(
        services, kind, name, content, dry_run=dry_run, ask_slack=ask_slack, meter=_SHOWN
    )
    if dry_run:
        return f"✅ {count} 行とも取り込めます。まだ何も変えていません"
    return f"✅ 取り込みました:{NAMES[kind]} {count}"


async def _faq(services: Services, name: str, content: bytes, *, dry_run: bool) -> str:
    done = await import_faq(services, name, content, dry_run=dry_run, meter=_SHOWN)
    counts = f"新しいもの {done.new}・直すもの {done.changed}・同じもの {done.same}"
    if dry_run:
        return (
            f"✅ {done.new + done.changed + done.same} 行とも取り込めます({counts})。まだ何も変えていません"
        )
    return f"✅ 取り込みました:FAQ({counts})"


async def _offices(services: Services, name: str, content: bytes, *, dry_run: bool) -> str:
    count = await import_offices(services, name, content, dry_run=dry_run)
    if dry_run:
        return f"✅ {count} 団体とも取り込めます。まだ何も変えていません"
    return f"✅ 取り込みました:{office_lists.NAME}({count} 団体)"


def take_out(settings: Settings, what: What, file: Path) -> str:
    """Write a list; the sentence for the operator.

    Raises:
        OperatorError: the file cannot be written.
    """
    put(file, asyncio.run(_read(settings, what, file.name)))
    name = _OTHERS[what][0] if what in _OTHERS else NAMES[Kind(what)]
    return f"✅ {file} に書き出しました:{name}"


async def _read(settings: Settings, what: What, name: str) -> bytes:
    async with database_for(settings) as database:
        return await _content(database, what, name)


async def _content(database: Database, what: What, name: str) -> bytes:
    query = _OTHERS[what][1] if what in _OTHERS else functools.partial(list_of, kind=Kind(what))
    return await exported(database, name, query)


def put(file: Path, content: bytes) -> None:
    """Write a file.

    Raises:
        OperatorError: it cannot be written.
    """
    try:
        file.write_bytes(content)
    except OSError as error:
        raise OperatorError(f"{file} に書き出せません({type(error).__name__})。") from None
