"""The rhythm of a week through the wire: what comes by itself, once, however Slack and the machine behave."""

from __future__ import annotations

import asyncio

import pytest

from bot.app import Banso
from sandbox.client import Shown
from tests.scenarios.conftest import Town, with_digests
from tests.scenarios.story import rung, settled, until
from tests.scenarios.test_clock import at
from tests.scenarios.test_home import home

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
SUMMARY = "今週の相談まとめ"


@pytest.fixture
async def weekly(town: Town) -> Town:
    await with_digests(town)
    return town


async def summaries(town: Town) -> list[Shown]:
    return [each for each in await town.channel.messages() if "相談まとめ(" in each.words]


async def chart(town: Town, below: Shown) -> Shown:
    """The chart below a summary, once it is there."""

    async def there() -> Shown | None:
        found = [each for each in await town.channel.thread(below) if each.get("files")]
        return found[0] if found else None

    return await until(there, within=90)


async def friday(town: Town, banso: Banso, month: int, day: int) -> None:
    await at(town, banso, month, day, 16, 1)
    await settled(town, banso)


async def test_fridays_summary_with_its_chart_while_slack_is_busy_then_a_week_without_questions(
    weekly: Town,
) -> None:
    """Nobody is rung by what everybody may read; the chart is described for who cannot see it."""
    town = weekly
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await town.talent.clicks("対応します", on=card)
        await settled(town, banso)
        before = {each.id: len(await rung(each)) for each in (town.asker, town.talent, town.pm)}
        for method in ("chat.postMessage", "files.getUploadURLExternal", "files.completeUploadExternal"):
            await town.ws.faults("429", method=method, retry_after=1, count=2)
        await at(town, banso, 11, 27, 15, 59)
        assert await summaries(town) == []
        await at(town, banso, 11, 27, 16, 1)
        found = await town.channel.shows("今週の相談まとめ(11/24〜27)")
        assert "受付1=未回答1+回答あり0+終了0" in found.words
        assert "<@" not in str(found)
        assert "波待島村" not in str(found)
        picture = await chart(town, found)
        (file,) = picture["files"]
        assert file["name"] == "今週の相談.png"
        assert file["alt_txt"] == "1週間ごとの受付(「県内みんな」への相談)の棒グラフです。〜11/27 1件。"
        await town.coordinator.is_rung("今週のまとめ|県の担当へ(11/24〜27):受付1")
        await settled(town, banso)
        assert before == {each.id: len(await rung(each)) for each in (town.asker, town.talent, town.pm)}

        await friday(town, banso, 12, 4)
        (_, second) = await summaries(town)
        assert "新しい相談がありませんでした" in second.words
        assert [each for each in await town.channel.thread(second) if each.get("files")] == []
        assert len(await summaries(town)) == 2
        assert (await town.ws.counters())["duplicates"] == []
        assert (await banso.health()).ok


async def test_after_a_week_asleep_two_replicas_tell_it_late_once(weekly: Town) -> None:
    town = weekly
    async with town.bot() as banso:
        await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました")
        await settled(town, banso)
    await town.later(days=8, hours=1)  # Wednesday 2 December, 11:00
    async with town.bot() as one, town.bot() as two:
        await asyncio.gather(*(each.scheduler.run_due() for each in (one, two) for _ in range(2)))
        found = await town.channel.shows("今週の相談まとめ(11/24〜27)")
        assert "Banso が止まっていたため、お知らせが遅れました" in found.words
        await chart(town, found)
        await settled(town, one)
    async with town.bot() as one:  # and again after a restart
        await one.scheduler.run_due()
        await friday(town, one, 12, 4)
        assert len(await summaries(town)) == 2
        office = [each for each in await rung(town.coordinator) if "県の担当へ" in each["text"]]
        assert len(office) == 2
        assert (await town.ws.counters())["duplicates"] == []


@pytest.mark.screens
async def test_a_coordinator_looks_beforehand_moves_one_and_switches_one_off(weekly: Town) -> None:
    town = weekly
    quiet = await town.ws.channel("まとめ", bot=False, members=[town.coordinator])
    async with town.bot() as banso:
        assert "週のお知らせ" not in (await home(town, town.asker)).buttons
        assert "週のお知らせ" not in (await home(town, town.talent)).buttons
        await home(town, town.coordinator)
        await town.coordinator.clicks("週のお知らせ", on="home")
        shown = await town.coordinator.view(title="週のお知らせ")
        assert "今週の相談まとめ*|次は 11月27日(金) 16:00" in shown.words
        await town.coordinator.clicks("見本を見る", on="view")
        assert "まだ、だれにも届いていません" in (await town.coordinator.view(title="見本")).words
        await town.coordinator.closes()
        moved = {
            "今週の相談まとめの曜日": "木曜日",
            "今週の相談まとめの時刻": "10:00",
            "県の担当へのまとめを送るか": None,
        }
        errors = await town.coordinator.submits(
            {**moved, "今週の相談まとめのチャンネル": quiet}, may_fail=True
        )
        assert "Banso がまだいません" in str(errors)
        await town.coordinator.submits({**moved, "今週の相談まとめのチャンネル": town.other})
        shown = await town.coordinator.view(title="週のお知らせ")
        assert "✅ 保存しました" in shown.words
        assert "今週の相談まとめ*|次は 11月26日(木) 10:00" in shown.words
        assert "県の担当へのまとめ*|送りません" in shown.words
        await at(town, banso, 11, 26, 10, 1)
        await town.other.shows("今週の相談まとめ(11/24〜26)")
        await friday(town, banso, 11, 27)
        assert await summaries(town) == []
        assert "県の担当へ" not in str(await rung(town.coordinator))


@pytest.mark.screens
async def test_somebody_has_the_summary_by_direct_message_as_well(weekly: Town) -> None:
    town = weekly
    async with town.bot() as banso:
        await home(town, town.asker)
        await town.asker.clicks("お知らせの設定", on="home")
        shown = await town.asker.view(title="お知らせの設定")
        assert "県の担当へのまとめ" not in str(dict(shown))
        await town.asker.submits({"週のお知らせを、自分にも": ["今週の相談まとめ"]})
        await friday(town, banso, 11, 27)
        await town.asker.is_rung("今週の相談まとめ(11/24〜27)")
        assert len(await summaries(town)) == 1
        assert [each for each in await rung(town.neighbour) if SUMMARY in each["text"]] == []
