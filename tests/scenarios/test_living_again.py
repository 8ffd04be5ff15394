"""A question that lives again: with whoever had it if they work in time, else with somebody new, for today's reasons."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import Banso
from handlers.members.hours import DAY
from sandbox.client import Message, Shown
from storage import due, duties
from storage.database import Transaction
from tests.scenarios.conftest import Town, set_up
from tests.scenarios.story import question, rung, settled

TOKYO = ZoneInfo("Asia/Tokyo")
BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
WEDNESDAY = datetime(2026, 11, 25, 10, tzinfo=TOKYO)


def hours(first: str, second: str = "月・火・水・木・金 9:00-17:00") -> Any:
    """When the first talent works, and the second, who is not in the channel."""

    def change(raw: dict[str, Any]) -> None:
        raw["talents"][0]["hours"] = first
        raw["talents"][1]["hours"] = second

    return change


async def answered(town: Town, banso: Banso) -> tuple[Message, Shown]:
    """Asked on Tuesday, answered in the thread by the first talent."""
    asked = await town.asker.says(BROKEN, town.channel)
    card = await town.channel.shows("操作の担当・今日の当番", thread=asked)
    await town.talent.says("電源ボタンを長押ししてみてください", town.channel, thread=asked)
    await town.talent.clicks("回答した", on=card)
    await town.channel.changed(card, "回答があります")
    await settled(town, banso)
    return asked, card


async def test_who_works_only_next_week_keeps_nobody_waiting(town: Town) -> None:
    await set_up(town, hours("火 9:00-17:00"))
    async with town.bot() as banso:
        asked, card = await answered(town, banso)
        await town.move_to(WEDNESDAY.timestamp())
        before = len(await rung(town.talent))
        await town.asker.says("まだ映りません。今日中に直したいです", town.channel, thread=asked)
        again = await town.channel.changed(card, "続きがあります")
        assert "次は 有馬さん(専門が近い・今日の当番)" in again.words
        assert "次の対応日" not in again.words
        direct = await town.second.sees("担当をお願いします")
        assert BROKEN in direct.words
        assert "今日中に直したいです" in direct.words
        await settled(town, banso)
        await town.later(minutes=5)
        await banso.scheduler.run_due()
        await settled(town, banso)
        assert len(await rung(town.second)) == 1
        assert len(await rung(town.talent)) == before
        await town.second.clicks("対応します", on=direct)
        await town.channel.changed(card, "有馬さんが対応しています")


async def test_the_button_alone_rings_whoever_has_it_now_once_and_words_with_it(town: Town) -> None:
    await set_up(town, hours("火 9:00-17:00"))
    async with town.bot() as banso:
        for week, say in enumerate((None, "長押ししましたが、まだだめです")):
            wednesday = WEDNESDAY + timedelta(weeks=week)
            await town.move_to((wednesday - timedelta(days=1)).timestamp())
            asked, card = await answered(town, banso)
            await town.move_to(wednesday.timestamp())
            before = len(await rung(town.second))
            await town.asker.clicks("まだ聞きたい", on=card)
            await town.channel.changed(card, "次は 有馬さん")
            if say is not None:
                await town.asker.says(say, town.channel, thread=asked)
            await settled(town, banso)
            await town.later(minutes=3)
            await banso.scheduler.run_due()
            await settled(town, banso)
            (ring,) = (await rung(town.second))[before:]
            assert "担当をお願いします" in ring["text"]
            newest = (await (await town.second.dm()).messages())[-1]
            assert BROKEN in newest.words
            assert (say or "") in newest.words
            await town.second.clicks("対応します", on=newest)
            await town.channel.changed(card, "対応中")
            await town.asker.clicks("解決した", on=card)
            await town.channel.changed(card, "終わりました")


async def test_who_still_works_in_time_keeps_it_for_reasons_that_are_true_today(town: Town) -> None:
    def off_duty(tx: Transaction) -> None:
        everybody = [each.id for each in (town.talent, town.second, town.pm)]
        duties.remove_hours(tx, WEDNESDAY.replace(hour=0), WEDNESDAY.replace(hour=23), users=everybody)
        due.cancel(tx, DAY)  # or the morning would put them there again

    async with town.bot() as banso:
        asked, card = await answered(town, banso)
        await banso.database.write(off_duty)
        await town.move_to(WEDNESDAY.timestamp())
        await town.asker.says("まだ映りません", town.channel, thread=asked)
        again = await town.channel.changed(card, "続きがあります")
        assert "次は 森脇さん(操作の担当・以前も対応" in again.words
        assert "当番" not in again.words


async def test_the_reasons_are_those_of_the_person(town: Town) -> None:
    """Whoever takes what somebody else was asked has not their reasons."""
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("操作の担当・今日の当番", thread=asked)
        await town.pm.clicks("対応します", on=card)
        await town.channel.changed(card, "戸叶さんが対応しています")
        await settled(town, banso)
        assert list((await question(banso)).reasons) == []
        await town.pm.clicks("その他", on=card)
        assert "操作の担当" not in (await town.pm.view()).words


async def test_with_nobody_else_in_time_it_goes_to_the_desk(town: Town) -> None:
    only_tuesday = hours("火 9:00-17:00", "火 9:00-17:00")

    def change(raw: dict[str, Any]) -> None:
        only_tuesday(raw)
        raw["talents"][2]["hours"] = "火 9:00-17:00"

    await set_up(town, change)
    async with town.bot() as banso:
        asked, card = await answered(town, banso)
        await town.move_to(WEDNESDAY.timestamp())
        await town.asker.says("まだ映りません", town.channel, thread=asked)
        again = await town.channel.changed(card, "続きがあります")
        assert "次は 県さん(県の担当)" in again.words
        assert BROKEN in (await town.coordinator.sees("担当をお願いします")).words
        await settled(town, banso)
        assert len(await rung(town.coordinator)) == 1
