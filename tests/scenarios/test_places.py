"""A channel the bot was taken out of, or that was archived: it is said once, and nothing is missed when it is back."""

from __future__ import annotations

from functools import partial
from typing import Any

from storage import channels
from tests.scenarios.conftest import Town, set_up
from tests.scenarios.story import all_questions, rung, settled, state_is, until

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
WIRELESS = "無線LANにつながりません。どうすればいいですか"


async def test_a_removed_bot_is_said_once_and_the_gap_is_covered_when_it_is_back(town: Town) -> None:
    async with town.bot() as banso:
        await settled(town, banso)
        await town.channel.removes(bot=True)
        told = await town.coordinator.sees("ボットがチャンネルから外されています")
        for words in ("「相談-端末」", "受け取れません", "失われていません", "招待し直すと"):
            assert words in told.words
        unseen = await town.asker.says(BROKEN, town.channel)
        await town.other.removes(bot=True)  # nobody consults there
        await settled(town, banso)
        assert await all_questions(banso) == []

        await town.channel.adds(bot=True)
        await town.channel.shows("受け付けました", thread=unseen)
        newest = await town.neighbour.says(WIRELESS, town.channel)
        await town.channel.shows("受け付けました", thread=newest)
        await settled(town, banso)
        assert len(await all_questions(banso)) == 2
        assert len(await rung(town.coordinator)) == 1
        assert (await banso.health()).ok


async def test_an_archived_public_channel_comes_back_without_the_bot_and_that_is_said(town: Town) -> None:
    """slack.com/help, "Archive or delete a channel": members of a public channel are not restored."""
    async with town.bot() as banso:
        await settled(town, banso)
        await town.channel.archives()
        await town.coordinator.sees("「相談-端末」はアーカイブされています")
        await town.channel.unarchives()
        await town.channel.adds(town.asker, town.talent)
        await town.coordinator.sees("「相談-端末」では、ボットがチャンネルから外されています")
        unseen = await town.asker.says(BROKEN, town.channel)
        await settled(town, banso)
        assert await all_questions(banso) == []
        await town.channel.adds(bot=True)
        card = await town.channel.shows("受け付けました", thread=unseen)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        assert len(await rung(town.coordinator)) == 2


async def test_what_was_asked_in_an_archived_channel_goes_on_by_direct_message(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        await town.channel.archives()
        told = await town.asker.sees("書き込めなくなりました")
        assert "ご相談は届いていて、続いています。返事は、ここに直接メッセージで届きます" in told.words
        assert "これまでのやりとりを読む" in told.words
        direct = await town.talent.sees("No.1 の場所に書き込めない")
        assert BROKEN in direct.words
        assert "このメッセージに返信して書くと、相談した浜野さんに届きます" in direct.words
        assert "スレッド" not in direct.words + told.words
        assert "直接メッセージでお知らせして続けます" in (await town.coordinator.sees("アーカイブ")).words

        await town.talent.clicks("対応します", on=direct)
        await state_is(banso, "claimed")
        await town.talent.clicks("その他", on=direct)
        await town.talent.view()
        await town.talent.submits({"何をしますか": "回答した"})
        answer = await town.asker.sees("担当の森脇さんが回答しました")
        await town.asker.clicks("まだ聞きたい", on=answer)
        await state_is(banso, "reopened")
        await town.later(minutes=3)
        await banso.scheduler.run_due()
        again = await town.talent.sees("続きが届いています")
        assert again.buttons == ["対応します", "その他"]
        await town.asker.clicks("解決した", on=answer)
        await state_is(banso, "closed")
        await settled(town, banso)
        assert [each["text"][:8] for each in await rung(town.asker)] == ["ご相談 No.1"] * 2
        assert len(await rung(town.talent)) == 3

        await town.channel.unarchives()
        await town.channel.adds(town.asker, town.talent, bot=True)
        await town.channel.shows("終わりました", thread=asked)
        await settled(town, banso)
        assert (await banso.health()).ok
        assert [len(await rung(each)) for each in (town.asker, town.talent)] == [2, 3]


async def test_what_an_asker_is_waited_for_is_asked_where_they_can_answer(town: Town) -> None:
    """Archived while the asker has the word, and then deleted: there is nothing to open any more."""
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await town.talent.says("型番を教えてください", town.channel, thread=asked)
        await town.talent.clicks("その他", on=card)
        await town.talent.view()
        await town.talent.submits({"何をしますか": "相談者に確認している(返事を待つ)"})
        await town.channel.changed(card, "確認があります")
        await settled(town, banso)
        before = len(await rung(town.talent))
        await town.channel.archives()
        told = await town.asker.sees("書き込めなくなりました")
        assert "このメッセージに返信してお答えください" in told.words
        assert told.buttons == ["解決した", "その他"]
        await town.channel.deletes()
        await town.later(days=3, hours=1)
        await banso.scheduler.run_due()
        await town.later(days=3)  # the next open morning is Monday's
        await banso.scheduler.run_due()
        asked_again = await town.asker.sees("その後いかがですか")
        assert "まだのときは、このメッセージに返信してください" in asked_again.words
        assert "読む" not in asked_again.words
        assert asked_again.buttons == ["解決した", "その他"]
        await settled(town, banso)
        assert [len(await rung(each)) for each in (town.asker, town.talent)] == [2, before]


async def test_what_happened_while_we_were_away_is_found_out_at_the_start(town: Town) -> None:
    async with town.bot() as banso:
        await settled(town, banso)
    await town.ws.delivery(retry_delays=[])  # Slack has given up sending the events
    await town.channel.removes(bot=True)
    for _ in range(2):
        async with town.bot() as banso:
            await town.coordinator.sees("ボットがチャンネルから外されています")
            await settled(town, banso)
    assert len(await rung(town.coordinator)) == 1
    await town.channel.adds(bot=True)
    unseen = await town.asker.says(BROKEN, town.channel)
    async with town.bot() as banso:
        await town.channel.shows("受け付けました", thread=unseen)
        await settled(town, banso)
        assert (await banso.health()).ok


async def test_who_is_back_before_the_word_was_out_disturbs_nobody(town: Town) -> None:
    await town.ws.faults("429", method="conversations.open", retry_after=2, count=1)
    async with town.bot() as banso:
        await settled(town, banso)
        await town.channel.removes(bot=True)

        async def limited() -> bool:
            return bool(await town.ws.calls("conversations.open"))

        await until(limited)
        await town.channel.adds(bot=True)
        await settled(town, banso)
        assert await rung(town.coordinator) == []


async def test_a_public_channel_is_no_place_for_private_questions(town: Town) -> None:
    def public_desk(raw: dict[str, Any]) -> None:
        raw["channels"].append({"id": town.other.id, "name": "雑談", "purpose": "desk"})

    await set_up(town, public_desk)
    async with town.bot() as banso:
        letter = await town.coordinator.sees("「雑談」は公開チャンネルです")
        assert "/banso 設定" in letter.words
        assert await banso.database.read(channels.with_purpose, "desk") == []
        await settled(town, banso)
    async with town.bot() as banso:
        await settled(town, banso)
        assert len(await rung(town.coordinator)) == 1


async def test_whether_a_channel_is_private_is_read_of_those_we_know_as_well(town: Town) -> None:
    room = await town.ws.channel("人事の内輪", private=True, bot=True)
    for _ in range(2):
        async with town.bot() as banso:
            await settled(town, banso)
            known = [await banso.database.read(channels.channel, each.id) for each in (town.channel, room)]
            assert [each.is_private for each in known if each] == [False, True]
            for each in (town.channel.id, room.id):  # as it was before that was kept
                await banso.database.write(partial(channels.save_channel, channel=each, is_private=None))
