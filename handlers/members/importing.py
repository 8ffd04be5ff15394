"""`banso import`: a list is looked over whole; only when nothing is wrong with it, all of it is taken in.

Ten thousand people go in in portions, so that nobody's click waits; each portion is whole, and doing it again goes on
where it stopped.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.errors import DatabaseUnavailable, OperatorError, SlackUnusable
from bot.meter import Meter, Step, unseen
from bot.reading import Reader
from bot.slack import outcome
from handlers.common.lists import PAUSE, Fault, UnreadableFile, in_order, told
from handlers.common.services import Services
from handlers.common.sheets import read
from handlers.members.cells import Known
from handlers.members.checking import problems, unknown_to_slack
from handlers.members.columns import Kind
from handlers.members.lists import Listed, entries, rows_of
from handlers.members.loading import load, portions
from storage import reference, workspace
from storage.database import Transaction


async def import_list(
    services: Services,
    kind: Kind,
    name: str,
    content: bytes,
    *,
    dry_run: bool = False,
    ask_slack: bool = True,
    meter: Meter = unseen,
) -> int:
    """Take in a list in which nothing is wrong, as far as we and (if it is to be asked) Slack know; `dry_run` only looks.
    Returns how many lines it has.

    Raises:
        UnreadableFile: every bad line; nothing was changed.
        SlackUnusable: Slack did not answer; nothing was changed.
        OperatorError: the database went away; the same again goes on from there.
    """
    rows = rows_of(kind, read(name, content))
    known = await services.database.read(_known)
    if ask_slack and any("mail" in row.cells and "id" not in row.cells for row in rows):
        known = replace(known, ids=await _accounts(services))
    listed = entries(kind, rows, known)
    faults = [*listed.faults, *await _faults(services, listed, ask_slack=ask_slack)]
    if faults:
        raise UnreadableFile(told(map(str, in_order(faults))))
    if not dry_run:
        with meter(len(listed.parts)) as step:
            await _take_in(services, listed, step)
    return len(listed.parts)


def _known(tx: Transaction) -> Known:
    fields = workspace.all_fields(tx) or tuple(map(workspace.field_of, reference.default_fields()))
    return Known(reference.directory(tx), fields, national=reference.national_codes())


async def _faults(services: Services, listed: Listed, *, ask_slack: bool) -> list[Fault]:
    """What is wrong with the entries beside one another, beside what is stored and, if it is to be asked, for Slack."""
    wrong = await services.database.read(lambda tx: problems(tx, listed.file, whole=False))
    if ask_slack and listed.kind is not Kind.BODIES:
        wrong += await unknown_to_slack(services, listed.file)
    return [listed.fault(mistake) for mistake in wrong]


async def _accounts(services: Services) -> dict[str, str]:
    """Whose Slack account a mail address belongs to. The addresses are looked at and kept nowhere.

    Raises:
        SlackUnusable: Slack did not answer, or does not tell addresses.
    """
    found: dict[str, str] = {}
    try:
        async for people in Reader(50, 1.2).pages(services.client.users_list, "members"):
            for person in people:
                mail = (person.get("profile") or {}).get("email")
                if mail and not person.get("deleted"):
                    found[str(mail).lower()] = str(person["id"])
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
        why = outcome(error)[1]
        raise SlackUnusable(f"Slack に名簿を尋ねられません({why})。何も変えていません。") from error
    if not found:
        raise SlackUnusable(
            "Slack がメールアドレスを教えません。アプリに権限 users:read.email を足して入れ直すか、"
            "「Slack ID」の列を書いてください。何も変えていません。"
        )
    return found


async def _take_in(services: Services, listed: Listed, step: Step) -> None:
    done, files = 0, await services.database.read(portions, listed.file)
    for file in files:
        try:
            await services.database.write(load, file)
        except DatabaseUnavailable as error:
            raise OperatorError(
                f"{len(listed.parts)} 行のうち {done} 行を取り込んだところで、データベースを使えなくなりました。"
                "同じファイルをもう一度取り込めば、残りも入ります。"
            ) from error
        count = len(file.members) + len(file.talents) + len(file.municipalities)
        done += count
        step("取り込んでいます", count)
        await asyncio.sleep(PAUSE)
