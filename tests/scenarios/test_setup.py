"""The set-up from nothing: a coordinator's half hour, interrupted and shared, to the first real question answered."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox.client import Person
from storage import workspace
from tests.scenarios.conftest import Town
from tests.scenarios.setting_up import (
    BROKEN,
    PHONE,
    begins,
    bot_of,
    known_here,
    new_town,
    next_is,
    nothing_came,
    opens,
    rooms,
    steps,
)
from tests.scenarios.story import books, settled, until

pytestmark = pytest.mark.screens


@pytest.fixture
async def new(own_database_url: str) -> AsyncIterator[Town]:
    async with new_town(own_database_url) as found:
        yield found


async def test_from_nothing_to_the_first_real_question_answered(new: Town) -> None:
    town = new
    desk, practice = await rooms(town)
    async with bot_of(town) as banso:
        await known_here(banso, town.channel, desk, practice)
        await town.coordinator.opens_home()
        assert "はじめの設定 0/7*|次は 1." in (await town.coordinator.home("はじめの設定")).words
        await town.coordinator.clicks("続ける", on="home")
        await steps(town, desk, practice)
        early = await town.asker.says(BROKEN, town.channel)
        await town.coordinator.sees("公開前の書き込みがありました")
        await next_is(town.coordinator, "はじめの設定 7/7")
        assert await town.coordinator.submits({"練習チャンネル": practice}) is None
        tried = await town.pm.says("練習です。プリンターの印刷がずれます。なぜですか", practice)
        card = await practice.shows("練習 No.1", thread=tried)
        await town.coordinator.clicks("対応します", on=card)
        await town.coordinator.clicks("解決した", on=card)
        await practice.changed(card, "終わりました")
        await nothing_came(town, town.asker, town.neighbour)
        assert (await books(banso)).received == 0

        assert "練習の相談:1 件" in (await begins(town)).words
        assert "公開を待っている書き込みが 1 件" in (await town.coordinator.view()).words
        await opens(town)
        welcome = await town.channel.shows("デジタルの相談窓口 Banso(伴走)を始めました")
        assert PHONE in welcome.words
        await town.channel.shows("受け付けました", thread=early)
        asked = await town.neighbour.says("Web会議の音が聞こえません。なぜですか", town.channel)
        card = await town.channel.shows("No.2", thread=asked)
        await town.coordinator.clicks("対応します", on=card)
        await town.coordinator.says("音量を確かめてください", town.channel, thread=asked)
        await town.coordinator.clicks("回答した", on=card)
        await town.neighbour.clicks("解決した", on=card)
        await town.channel.changed(card, "終わりました")
        await settled(town, banso)
        counted = await books(banso)
        assert (counted.received, counted.closed) == (2, {"resolved": 1})
        space = await banso.database.read(workspace.workspace)
        assert (space.prefecture, space.closures, space.emergency_phone) == ("北海道", ("11-26",), PHONE)
        assert (await banso.health()).ok


async def test_it_goes_on_where_it_stopped_and_another_may_go_on(new: Town) -> None:
    town = new
    desk, practice = await rooms(town)
    async with bot_of(town) as banso:
        await known_here(banso, town.channel, desk)
        await begins(town)
        await steps(town, desk, practice, last=2)
        await town.coordinator.closes(everything=True)
    async with bot_of(town) as banso:
        shown = await begins(town, town.pm)
        assert shown.title == "はじめの設定 3/7"
        await town.pm.chooses("ほかの項目へ", "1", on="view")
        shown = await town.pm.view(title="はじめの設定 1/7")
        assert "11月26日" in str(shown.entered)
        await town.pm.closes(everything=True)
        await begins(town)
        await steps(town, desk, practice, first=3)
        await next_is(town.coordinator, "はじめの設定 7/7")
        await town.pm.opens_home()
        assert "はじめの設定 6/7" in (await town.pm.home("はじめの設定")).words


async def test_after_it_opened_the_same_dialogs_change_the_settings(new: Town) -> None:
    town = new
    desk, practice = await rooms(town)
    async with bot_of(town) as banso:
        await known_here(banso, town.channel, desk)
        await begins(town)
        await steps(town, desk, practice)
        await next_is(town.coordinator, "はじめの設定 7/7")
        await opens(town)
        await town.coordinator.closes(everything=True)
        await town.coordinator.opens_home()
        assert "はじめの設定" not in (await town.coordinator.home("お待ちの相談はありません")).words
        assert (await begins(town)).title == "設定"
        await town.coordinator.chooses("ほかの項目へ", "4", on="view")
        await until(lambda: shows(town.coordinator, "はじめにだれが受けますか"))
        await town.coordinator.submits({"はじめにだれが受けますか": "当番のアドバイザーに直接届ける"})
        await until(lambda: shows(town.coordinator, "保存しました"))
        assert (await banso.database.read(workspace.workspace)).intake == "direct"


async def shows(person: Person, words: str) -> bool:
    return words in (await person.view()).words
