"""Calling the bot below an announcement, or below anybody's words: each asker has a question of their own there."""

from __future__ import annotations

import pytest

from sandbox.client import Channel, Message, Shown
from storage import messages
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, books, rung, settled, until, verbs

pytestmark = pytest.mark.screens

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
WLAN = "無線LANにつながりません。どうすればいいですか"


async def announces(town: Town, place: Channel) -> Message:
    return await town.coordinator.says("来週は庁舎の停電です。ご協力をお願いします", place)


async def card(place: Channel, thread: Message, number: int) -> Shown:
    return await place.shows(f"No.{number}", thread=thread)


async def test_each_who_calls_below_an_announcement_has_a_question_of_their_own(town: Town) -> None:
    for place in (town.channel, town.other):
        async with town.bot() as banso:
            before = len(await all_questions(banso))
            said = await announces(town, place)
            first = await town.asker.mentions_bot(BROKEN, place, thread=said)
            await card(place, said, before + 1)
            second = await town.neighbour.mentions_bot(WLAN, place, thread=said)
            await card(place, said, before + 2)
            await settled(town, banso)
            mine, theirs = (await all_questions(banso))[before:]
            assert [(q.ts, q.thread_ts, q.asker) for q in (mine, theirs)] == [
                (first.ts, said.ts, town.asker.id),
                (second.ts, said.ts, town.neighbour.id),
            ]
            assert (await town.ws.counters())["duplicates"] == []
            assert (await banso.health()).ok
            row = await banso.database.read(messages.find, place.id, said.ts)
            assert (row is None) == (place is town.other), "the announcement is none of these questions"
            assert row is None or (row.question_id, row.set_aside) == (None, "staff")


async def test_words_in_a_thread_of_two_questions_concern_the_right_one(town: Town) -> None:
    async with town.bot() as banso:
        said = await announces(town, town.other)
        await town.asker.mentions_bot(BROKEN, town.other, thread=said)
        mine = await card(town.other, said, 1)
        await town.talent.clicks("対応します", on=mine)
        await town.neighbour.mentions_bot(WLAN, town.other, thread=said)
        theirs = await card(town.other, said, 2)
        await town.pm.clicks("対応します", on=theirs)
        await town.other.changed(theirs, "戸叶さんが対応しています")
        await town.talent.says("電源ボタンを長押ししてください", town.other, thread=said)
        await settled(town, banso)
        one, two = await all_questions(banso)
        assert (await verbs(banso, one))[-1] == "talent_wrote"
        assert (await verbs(banso, two))[-1] == "claim"
        await town.talent.clicks("回答した", on=mine)
        await town.other.changed(mine, "回答があります")
        await town.pm.says("設定を見てみます", town.other, thread=said)
        await town.asker.says("押しましたが映りません。次はどうすればいいですか", town.other, thread=said)
        await town.other.changed(mine, "続きがあります")
        await settled(town, banso)
        one, two = await all_questions(banso)
        assert (one.state, two.state) == ("reopened", "claimed")
        assert (await verbs(banso, two))[-1] == "talent_wrote"
        for person in (town.talent, town.pm):
            texts = [each["text"] for each in await rung(person)]
            assert len(texts) == len(set(texts))


async def test_who_answers_first_takes_the_question_nobody_has(town: Town) -> None:
    async with town.bot() as banso:
        said = await announces(town, town.other)
        await town.asker.mentions_bot(BROKEN, town.other, thread=said)
        await card(town.other, said, 1)
        await town.pm.says("見てみます", town.other, thread=said)
        await settled(town, banso)
        await town.neighbour.mentions_bot(WLAN, town.other, thread=said)
        await card(town.other, said, 2)
        await town.coordinator.says("こちらで見ます", town.other, thread=said)
        await settled(town, banso)
        one, two = await all_questions(banso)
        assert (one.responsible, two.responsible) == (town.pm.id, town.coordinator.id)


async def test_others_words_beside_a_question_below_an_announcement_are_kept_and_offered(town: Town) -> None:
    async with town.bot() as banso:
        said = await announces(town, town.channel)
        await town.asker.mentions_bot(BROKEN, town.channel, thread=said)
        await card(town.channel, said, 1)
        await town.neighbour.says("うちの村は対象外ですか?", town.channel, thread=said)
        offer = await town.neighbour.sees("相談でしたら", town.channel)
        await town.neighbour.clicks("相談として登録", on=offer)
        await card(town.channel, said, 2)
        await settled(town, banso)
        assert (await books(banso)).received == 2
        assert [q.asker for q in await all_questions(banso)] == [town.asker.id, town.neighbour.id]


async def test_calling_first_and_asking_after_that_works_beside_anothers_question(town: Town) -> None:
    async with town.bot() as banso:
        said = await announces(town, town.other)
        await town.asker.mentions_bot(BROKEN, town.other, thread=said)
        await card(town.other, said, 1)
        await town.neighbour.mentions_bot("", town.other, thread=said)
        await town.neighbour.sees("お呼びでしょうか", town.other)
        await town.neighbour.says(WLAN, town.other, thread=said)
        await card(town.other, said, 2)
        await settled(town, banso)
        assert [q.asker for q in await all_questions(banso)] == [town.asker.id, town.neighbour.id]


async def test_below_words_that_are_no_question_their_author_asks_beside_somebody_elses_question(
    town: Town,
) -> None:
    async with town.bot() as banso:
        said = await town.neighbour.says("お疲れ様です", town.channel)
        await town.asker.mentions_bot(BROKEN, town.channel, thread=said)
        await card(town.channel, said, 1)
        await town.later(minutes=5)
        await town.neighbour.says(WLAN, town.channel, thread=said)
        await card(town.channel, said, 2)
        await settled(town, banso)
        one, two = await all_questions(banso)
        assert (one.ts != said.ts, two.ts) == (True, said.ts)
        await town.talent.says("電源ボタンを長押ししてください", town.channel, thread=said)
        await town.asker.says("映りました", town.channel, thread=said)
        await settled(town, banso)
        assert {q.state for q in await all_questions(banso)} == {"claimed", "assigned"}


async def test_the_direct_message_leads_to_the_words_below_the_announcement(town: Town) -> None:
    async with town.bot() as banso:
        said = await announces(town, town.other)
        asked = await town.asker.mentions_bot(WLAN, town.other, thread=said)
        await card(town.other, said, 1)
        await settled(town, banso)
        (found,) = await all_questions(banso)
        told = town.second if found.responsible == town.second.id else None
        assert told is not None, "the one for networks, who is not in the channel"
        direct = await told.sees("無線LAN")
        place = f"/p{asked.ts.replace('.', '')}?thread_ts={said.ts}&cid={town.other.id}"
        assert place in direct.words.replace("&amp;", "&")


async def test_nothing_of_a_thread_with_two_questions_is_lost_in_an_outage(town: Town) -> None:
    await town.ws.delivery(retry_delays=[])
    async with town.bot() as banso:
        said = await announces(town, town.other)
        await town.asker.mentions_bot(BROKEN, town.other, thread=said)
        await card(town.other, said, 1)
        await settled(town, banso)
    await town.later(hours=1)
    await town.neighbour.mentions_bot(WLAN, town.other, thread=said)
    await town.later(minutes=5)
    word = await town.neighbour.says("電波の印が消えています", town.other, thread=said)
    async with town.bot() as banso:

        async def both() -> bool:
            return len(await all_questions(banso)) == 2

        await until(both)
        await settled(town, banso)
        _, theirs = await all_questions(banso)
        row = await banso.database.read(messages.find, town.other.id, word.ts)
        assert row is not None
        assert row.question_id == theirs.id
