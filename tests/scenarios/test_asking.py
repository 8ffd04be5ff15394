"""Ways in: whatever arrives, however often and in whatever order, is one question and never none."""

from __future__ import annotations

import pytest

from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, books, events_of, question, settled, until

pytestmark = pytest.mark.screens

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def test_a_mention_and_the_message_that_carries_it_are_one_question(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.mentions_bot(BROKEN, town.channel)
        await town.channel.shows("受け付けました")
        await settled(town, banso)
        assert sorted(each["name"] for each in await events_of(town, asked)) == ["app_mention", "message"]
        assert (await question(banso)).asker == town.asker.id
        assert (await town.ws.counters())["posts"] == 1


async def test_a_mention_asks_wherever_it_is_written_and_other_talk_elsewhere_is_left_alone(
    town: Town,
) -> None:
    async with town.bot() as banso:
        await town.neighbour.says("パソコンの画面が真っ暗なのですが、だれか直せますか", town.other)
        await settled(town, banso)
        assert await all_questions(banso) == []
        asked = await town.asker.mentions_bot("無線LANにつながりません", town.other)
        await town.other.shows("受け付けました", thread=asked)
        assert (await question(banso)).channel == town.other.id
        assert (await books(banso)).set_aside == 0


async def test_an_event_that_comes_again_and_again_changes_nothing(town: Town) -> None:
    await town.ws.faults("duplicate", method="message", count=1, copies=3)
    await town.ws.faults("lose_ack", method="message", count=5)
    await town.ws.delivery(retry_delays=[0.1, 0.1, 0.1], ack_seconds=1)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました", thread=asked)

        async def came_again() -> bool:
            (event,) = await events_of(town, asked)
            return bool(event["attempts"] > 1 and event["outcome"] == "delivered")

        await until(came_again)
        await settled(town, banso)
        await question(banso)
        assert (await books(banso)).received == 1
        assert (await town.ws.counters())["posts"] == 1


async def test_what_somebody_writes_within_two_minutes_is_one_question_however_often_they_go_on(
    town: Town,
) -> None:
    async with town.bot() as banso:
        greeting = await town.asker.says("お世話になっております。", town.channel)
        await town.later(seconds=100)
        await town.asker.says("窓口の端末からプリンターに印刷できません", town.channel)
        await town.later(seconds=100)
        await town.asker.says("昨日までは印刷できていました", town.channel)
        await town.later(seconds=100)
        await town.asker.says("よろしくお願いします", town.channel)
        await town.later(minutes=5)
        await banso.scheduler.run_due()
        await settled(town, banso)
        assert await town.asker.ephemerals() == [], "a greeting that goes on is nothing to be asked about"
        found = await question(banso)
        assert found.ts == greeting.ts
        ledger = await books(banso)
        assert (ledger.received, ledger.set_aside) == (1, 0)
        assert (await town.ws.counters())["asked"] == 1
        assert (await town.ws.counters())["posts"] == 1
        assert len(await town.channel.thread(greeting)) == 2, "the card stands below the first words"


async def test_thanks_right_after_a_question_belong_to_it(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.says(BROKEN, town.channel)
        await town.asker.says("ありがとうございます!", town.channel)
        await settled(town, banso)
        assert (await books(banso)).received == 1
        assert await town.asker.ephemerals() == []


async def test_after_two_minutes_and_from_another_asker_it_is_another_question(town: Town) -> None:
    async with town.bot() as banso:
        first = await town.asker.says(BROKEN, town.channel)
        other = await town.neighbour.says("電子申請の様式を直したいです。どうすればよいですか", town.channel)
        await town.asker.says("電源ランプは点いています", town.channel)
        await town.later(minutes=2, seconds=5)
        later = await town.asker.says("議員のタブレットを買い替えたいです", town.channel)
        for message in (first, other, later):
            await town.channel.shows("受け付けました", thread=message)
        found = await all_questions(banso)
        assert [(each.asker, each.ts) for each in found] == [
            (town.asker.id, first.ts),
            (town.neighbour.id, other.ts),
            (town.asker.id, later.ts),
        ]
        assert [each.number for each in found] == [1, 2, 3]
        counted = await town.ws.counters()
        assert counted["asked"] == (await books(banso)).received == 3


async def test_a_picture_alone_is_a_question(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says("", town.channel, files=[{"name": "gamen.png", "content": "x"}])
        await town.channel.shows("受け付けました", thread=asked)
        assert (await question(banso)).ts == asked.ts
