"""Looking a workspace file over before anything is written: one line in Japanese for each mistake, with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.domain import closures
from bot.errors import SlackUnusable
from bot.reading import Reader
from bot.slack import outcome
from handlers.common.lists import UnreadableFile, told
from handlers.common.services import Services
from handlers.members.admins import leaves_no_admin
from handlers.members.form import OTHER, Mistake, WorkspaceFile
from handlers.members.loading import DESK, load
from storage import members, reference, talents, workspace
from storage.database import Transaction

FEW = 40
"""So many people are asked for one by one; more are compared with the list of everybody."""

_NOBODY = frozenset({"user_not_found", "users_not_found"})
_NOWHERE = frozenset({"channel_not_found"})


async def load_checked(services: Services, file: WorkspaceFile, *, ask_slack: bool) -> None:
    """Load a file in which nothing is wrong, as far as we and (if it is to be asked) Slack know.

    Raises:
        UnreadableFile: the mistakes; nothing was changed.
        SlackUnusable: Slack did not answer; nothing was changed.
    """
    wrong = await services.database.read(problems, file)
    if ask_slack:
        wrong += await unknown_to_slack(services, file)
    if wrong:
        raise UnreadableFile(told(wrong))
    await services.database.write(load, file)


def problems(tx: Transaction, file: WorkspaceFile, *, whole: bool = True) -> list[Mistake]:
    """What does not fit together in the file, or with what is stored already. A file that is not the `whole` set-up may
    come before there is anybody at the desk."""
    return [
        *_twice(file),
        *_days_that_are_none(file),
        *_unknown_bodies(tx, file),
        *_unknown_fields(tx, file),
        *_talents_as_askers(tx, file),
        *_nobody_at_the_desk(tx, file, whole=whole),
        *_no_admin(tx, file),
    ]


def _twice(file: WorkspaceFile) -> Iterator[Mistake]:
    lists: dict[str, Iterable[str]] = {
        "channels": (part.id for part in file.channels),
        "members": (part.id for part in file.members),
        "talents": (part.id for part in file.talents),
        "fields": (part.id for part in file.fields or ()),
        "municipalities": (part.code for part in file.municipalities),
    }
    for name, ids in lists.items():
        first: dict[str, int] = {}
        for number, each in enumerate(ids):
            if each in first:
                key = "code" if name == "municipalities" else "id"
                yield Mistake(
                    f"{name}.{number}.{key}",
                    f"{each} は{OTHER}にも書かれています。",
                    f"{name}.{first[each]}",
                )
            first.setdefault(each, number)


def _days_that_are_none(file: WorkspaceFile) -> Iterator[Mistake]:
    right = True
    for name, lines in (("closures", file.closures or ()), ("openings", file.openings or ())):
        for number, text in enumerate(lines):
            if not _is_kept(text, name):
                right, how = False, "12-28 のように、月-日で書いてください。"
                if name == "openings":
                    how = "2027-03-28 のように、年-月-日で書いてください。"
                yield Mistake(f"{name}.{number}", f"「{text}」は日付ではありません。{how}")
    if right and (wrong := closures.problem(file.closures or (), file.openings or ())):
        yield Mistake("closures", wrong)


def _is_kept(text: str, name: str) -> bool:
    """Whether a line is written as it is kept: 12-28, or 2026-12-28~2026-12-30 and a name."""
    try:
        spell = closures.spell_of(text)
    except closures.UnreadableClosures:
        return False
    return str(spell) == text and not (spell.yearly and name == "openings")


def _unknown_bodies(tx: Transaction, file: WorkspaceFile) -> Iterator[Mistake]:
    named = {
        f"members.{n}.municipality": part.municipality
        for n, part in enumerate(file.members)
        if part.municipality is not None
    }
    for n, talent in enumerate(file.talents):
        for m, conflict in enumerate(talent.conflicts):
            if conflict.startswith("body:"):
                named[f"talents.{n}.conflicts.{m}"] = conflict.removeprefix("body:")
    known = {body.code for body in file.municipalities} | reference.known_bodies(tx, set(named.values()))
    for place, code in named.items():
        if code not in known:
            yield Mistake(place, f"団体コード「{code}」の団体はありません。6桁のコードを確かめてください。")


def _unknown_fields(tx: Transaction, file: WorkspaceFile) -> Iterator[Mistake]:
    stored = [field.id for field in workspace.all_fields(tx)]
    own = [part.id for part in file.fields or ()]
    known = set(own or stored or [str(field["id"]) for field in reference.default_fields()])
    for n, part in enumerate(file.talents):
        named = {f"fields.{m}": field for m, field in enumerate(part.fields)}
        for m, conflict in enumerate(part.conflicts):
            if not conflict.startswith("body:"):
                named[f"conflicts.{m}"] = conflict
        for place, field in named.items():
            if field not in known:
                yield Mistake(f"talents.{n}.{place}", f"「{field}」という分野はありません。")


def _talents_as_askers(tx: Transaction, file: WorkspaceFile) -> Iterator[Mistake]:
    answer = {*talents.active(tx), *(part.id for part in file.talents)}
    for number, part in enumerate(file.members):
        if part.id in answer and part.says("permission") and part.permission == "asker":
            how = "相談者(asker)には、ホームの「メンバー」から変えてください。"
            words = f"{part.name}さん({part.id})はアドバイザーです。{how}"
            yield Mistake(f"members.{number}.permission", words)


def _nobody_at_the_desk(tx: Transaction, file: WorkspaceFile, *, whole: bool) -> Iterator[Mistake]:
    changed = {part.id: part.permission for part in file.members if part.says("permission")}
    there = [member.user_id for member in members.with_permission(tx, *DESK)]
    if set(there) <= changed.keys() and not DESK & set(changed.values()) and (whole or there):
        yield Mistake("members", "県の担当(coordinator)が一人もいません。")


def _no_admin(tx: Transaction, file: WorkspaceFile) -> Iterator[Mistake]:
    changed = {part.id: part.permission for part in file.members if part.says("permission")}
    if leaves_no_admin(tx, changed):
        yield Mistake("members", "管理者(admin)が一人もいなくなります。")


async def unknown_to_slack(services: Services, file: WorkspaceFile) -> list[Mistake]:
    """The people and channels of the file that do not exist in the workspace.

    Raises:
        SlackUnusable: Slack did not answer.
    """
    reader, client = Reader(50, 1.2), services.client
    people = {f"members.{n}.id": part.id for n, part in enumerate(file.members)}
    people |= {f"talents.{n}.id": part.id for n, part in enumerate(file.talents)}
    places = {f"channels.{n}.id": part.id for n, part in enumerate(file.channels)}
    try:
        strangers = await _strangers(reader, client, set(people.values()))
        nowhere = {
            each
            for each in set(places.values())
            if not await _is_there(reader, client.conversations_info, _NOWHERE, channel=each)
        }
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SlackUnusable(
            f"ID を Slack で確かめられません({outcome(error)[1]})。何も変えていません。"
            "--workspace にワークスペースの ID を書くと、確かめずに取り込みます。"
        ) from error
    return [
        Mistake(place, f"{user} の方は Slack にいません。")
        for place, user in people.items()
        if user in strangers
    ] + [
        Mistake(
            place,
            f"{channel} は Slack に見つかりません。非公開のチャンネルには、先にボットを招待してください。",
        )
        for place, channel in places.items()
        if channel in nowhere
    ]


async def _strangers(reader: Reader, client: Any, users: set[str]) -> set[str]:
    if len(users) > FEW:
        pages = reader.pages(client.users_list, "members")
        return users - {str(person["id"]) async for page in pages for person in page}
    return {each for each in users if not await _is_there(reader, client.users_info, _NOBODY, user=each)}


async def _is_there(reader: Reader, method: Callable[..., Any], missing: frozenset[str], **of: str) -> bool:
    try:
        await reader.call(method, **of)
    except SlackApiError as error:
        if error.response.get("error") not in missing:
            raise
        return False
    return True
