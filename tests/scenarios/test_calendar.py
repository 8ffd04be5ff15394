"""Offices open and close on days of their own, as coordinators enter it; what people read and wait for follows."""

from __future__ import annotations

import pytest

from bot.domain import words
from sandbox.client import ShownView
from storage import offices, workspace
from tests.scenarios.conftest import BODY, Town
from tests.scenarios.story import all_questions, rung, settled
from tests.scenarios.test_clock import ask, at
from tests.scenarios.test_home import home
from tests.scenarios.test_ways_in import OPEN

OWN = "市町村・団体の開庁日・電話"


async def chosen(town: Town, name: str = BODY["name"]) -> ShownView:
    """From the settings to the dialog of a body."""
    await town.coordinator.runs("/banso", "設定")
    await town.coordinator.view(title="設定")
    await town.coordinator.clicks(OWN, on="view")
    await town.coordinator.view(title=OWN)
    await town.coordinator.types_into("どの市町村・団体ですか", "なみ", on="view")
    await town.coordinator.chooses("どの市町村・団体ですか", name, on="view")
    return await town.coordinator.view(title=OWN)


async def test_who_asked_is_not_asked_after_on_a_day_their_town_hall_is_closed(town: Town) -> None:
    """The prefecture is open on that Friday; the village celebrates."""
    async with town.bot() as banso:
        asked, card = await ask(town)
        await town.talent.says("電源ボタンを長押ししてください", town.channel, thread=asked)
        await town.talent.clicks("回答した", on=card)
        await town.channel.changed(card, "回答があります")
        await chosen(town)
        assert await town.coordinator.submits({"閉庁日": "11月27日 開庁記念日"}) is None
        assert "保存しました" in (await town.coordinator.view(title=OWN)).words
        await at(town, banso, 11, 24, 17)
        await at(town, banso, 11, 27, 16)
        await settled(town, banso)
        assert await rung(town.asker) == []
        await at(town, banso, 11, 30, 10, 1)
        await at(town, banso, 12, 1, 8, 31)
        await town.asker.is_rung("その後いかがですか")
        assert (await banso.health()).ok


async def test_a_promise_of_the_last_afternoon_stays_when_the_office_opens_after_all(town: Town) -> None:
    """12/28 at four, wanted today: an hour and a quarter is left, the rest is next year's. Then a day is added."""
    async with town.bot() as banso:
        await at(town, banso, 12, 28, 16)
        assert "1/4(月)9:15" in await _asks_today(town, "会議室の画面が映りません。どうすればよいですか")
        await town.coordinator.runs("/banso", "設定")
        await town.coordinator.view(title="設定")
        assert await town.coordinator.submits({"臨時に開く日": "2026年12月29日 臨時窓口"}) is None
        await town.later(minutes=4)
        assert "12/29(火)9:19" in await _asks_today(town, "プリンターの印刷がずれます。なぜですか")
        await settled(town, banso)
        first, _ = await all_questions(banso)
        assert words.short(first.target_at) == "1/4(月)9:15", "told, and so it stays"
        assert first.next_at == first.target_at


async def _asks_today(town: Town, text: str) -> str:
    """Ask by the dialog, wanted today; what it says then."""
    await town.asker.runs("/banso", f"相談 {text}", channel=town.channel)
    await town.asker.view(title="相談する")
    await town.asker.submits({**OPEN, "いつごろまでに": "今日中"})
    shown = await town.asker.view(title="受け付けました")
    await town.asker.closes(everything=True)
    return shown.words


@pytest.mark.screens
async def test_what_cannot_be_is_said_at_its_place_and_nobody_overwrites_another(town: Town) -> None:
    async with town.bot() as banso:
        shown = await chosen(town)
        assert "県の開庁時間:8:30〜12:00、13:00〜17:15" in shown.words
        wrong = {"開庁時間": "朝から", "閉庁日": "11月27日(月) 記念日", "臨時に開く日": "3月28日 窓口"}
        said = str(await town.coordinator.submits(wrong))
        for each in (
            "開庁時間として読めません",
            "年がありません。2026年12月28日(月)",
            "臨時に開く日は、2027年3月28日",
        ):
            assert each in said
        both = {"開庁時間": "", "閉庁日": "2027/3/27〜28", "臨時に開く日": "2027/3/28"}
        assert "両方にあります" in str(await town.coordinator.submits(both))
        assert await banso.database.read(offices.own_offices) == {}
        other = offices.Office(closures=("11-27 開庁記念日",))
        await banso.database.write(offices.save_office, BODY["code"], other)
        await town.coordinator.submits({"閉庁日": "11/28"})
        shown = await town.coordinator.view(title=OWN)
        assert "ほかの方が先に変えました" in shown.words
        assert "11月27日 開庁記念日" in str(shown.entered)
        assert await town.coordinator.submits({"開庁時間": "9:00〜16:00", "閉庁日": "11/27〜28"}) is None
        found = await banso.database.read(offices.office, BODY["code"])
        assert (found.closures, found.hours is not None) == (("11-27~11-28",), True)
        await town.coordinator.closes(everything=True)
        await town.coordinator.runs("/banso", "設定")
        await town.coordinator.view(title="設定")
        assert await town.coordinator.submits({"年度の書き方": "西暦だけ:2026年度"}) is None
        assert (await banso.database.read(workspace.workspace)).years == "west"
        shown = await home(town, town.coordinator, "2026年度")
        assert "令和" not in shown.words
