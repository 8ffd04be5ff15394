"""A workspace in which nothing is set up yet, and the words of setting it up."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from bot.app import Banso
from bot.clock import MovableClock
from sandbox import Sandbox
from sandbox.client import Channel, Person, ShownView, Workspace
from storage import channels, members
from tests.pace import unhurried
from tests.scenarios.conftest import TUESDAY_TEN, Town, directory_of_its_own
from tests.scenarios.story import rung, until

ROOT = Path(__file__).parents[2]
BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
PHONE = "000-000-0000(夜間 000-000-0001)"


@contextlib.asynccontextmanager
async def new_town(database_url: str) -> AsyncIterator[Town]:
    """A workspace in which people talk already, and a database in which nothing is."""
    async with (
        Sandbox(manifest=ROOT / "app.yaml") as sandbox,
        Workspace(sandbox.control_url) as ws,
        directory_of_its_own() as directory,
    ):
        await ws.set_clock(TUESDAY_TEN)
        await unhurried(ws)
        channel, other = await ws.channel("相談-端末", bot=True), await ws.channel("雑談", bot=True)
        both = [channel, other]
        names = ("浜野 凪", "峰岸 樹", "森脇 一葉", "有馬 駿介", "戸叶 梨紗", "県 太郎")
        asker, neighbour, talent, second, pm, desk = [await ws.person(name, channels=both) for name in names]
        clock = MovableClock()
        found = Town(
            sandbox,
            ws,
            channel,
            other,
            asker,
            neighbour,
            talent,
            second,
            pm,
            desk,
            database_url,
            clock,
            directory,
        )
        await found.move_to(TUESDAY_TEN)
        yield found


@contextlib.asynccontextmanager
async def bot_of(town: Town) -> AsyncIterator[Banso]:
    """The bot, whose operator named the coordinator, when it knows everybody."""
    async with town.bot(banso_admin=town.coordinator.id) as banso:

        async def known() -> bool:
            found = await banso.database.read(members.member, town.neighbour.id)
            return found is not None

        await until(known)
        yield banso


async def begins(town: Town, person: Person | None = None) -> ShownView:
    """`/banso 設定`, at the present step."""
    await (person or town.coordinator).runs("/banso", "設定")
    return await (person or town.coordinator).view()


async def next_is(person: Person, title: str) -> ShownView:
    return await person.view(title=title)


async def steps(town: Town, desk: Channel, practice: Channel, *, first: int = 1, last: int = 6) -> None:
    """Enter the steps from `first` to `last`; the dialog is open."""
    entered: list[dict[str, Any]] = [
        {"県": "北海道", "閉庁日": "11月26日"},
        {"県の担当": [town.coordinator, town.pm], "緊急のときの電話": PHONE},
        {"相談チャンネル": [town.channel], "非公開の対応場所": desk},
        {"相談を、はじめにだれが受けますか": "県が先に受ける(おすすめ)"},
        {},
        {},
    ]
    for number in range(first, last + 1):
        await next_is(town.coordinator, f"はじめの設定 {number}/7")
        assert await town.coordinator.submits(entered[number - 1]) is None


async def rooms(town: Town) -> tuple[Channel, Channel]:
    """The private desk and the practice channel, into which the bot has been invited."""
    desk = await town.ws.channel("県の対応", private=True, bot=True, members=[town.coordinator, town.pm])
    return desk, await town.ws.channel("練習", bot=True, members=[town.coordinator, town.pm])


async def known_here(banso: Banso, *places: Channel) -> None:
    for place in places:

        async def here(channel: str = place.id) -> bool:
            found = await banso.database.read(channels.channel, channel)
            return found is not None and found.bot_is_member and found.name != channel

        await until(here)


async def opens(town: Town) -> None:
    """The last step: from the last dialog to the opening."""
    await town.coordinator.clicks("県内に公開する")
    await town.coordinator.view(title="県内に公開する")
    assert await town.coordinator.submits({}) is None
    await town.coordinator.view(title="公開しました")


async def nothing_came(town: Town, *people: Person) -> None:
    for person in people:
        assert await rung(person) == []
        assert await person.ephemerals() == []
    assert not [each for each in await town.channel.messages() if each.by_bot]
