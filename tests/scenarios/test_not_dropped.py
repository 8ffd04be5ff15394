"""What a shy clerk writes in an unexpected place, or after an answer, is not dropped."""

from __future__ import annotations

from handlers.members.form import parse
from handlers.members.loading import load
from handlers.questions.base.incoming import read_message
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, books, question, rung, settled, verbs

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def test_calling_the_bot_first_and_asking_after_that_works_in_any_channel(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.mentions_bot("", town.other)
        await town.asker.sees("続けてこのチャンネルにお書きください", town.other)
        await town.asker.says(BROKEN, town.other)
        await town.other.shows("受け付けました")
        await town.asker.says("電源は入っています", town.other)
        await settled(town, banso)
        assert (await books(banso)).received == 1
        await town.later(minutes=5)
        await town.asker.says("ところでお昼はどこで食べますか", town.other)
        await settled(town, banso)
        assert len(await all_questions(banso)) == 1, (
            "what does not call the bot there is none of its business"
        )


async def test_the_same_in_a_thread(town: Town) -> None:
    async with town.bot() as banso:
        said = await town.coordinator.says("来週は庁舎の停電です", town.other)
        await town.asker.mentions_bot("", town.other, thread=said)
        await town.asker.sees("お呼びでしょうか", town.other)
        await town.asker.says(BROKEN, town.other, thread=said)
        await town.other.shows("受け付けました", thread=said)
        assert (await question(banso)).thread_ts == said.ts


async def test_a_question_below_an_announcement_is_offered_to_be_registered(town: Town) -> None:
    async with town.bot() as banso:
        said = await town.coordinator.says("調査票は金曜までにお願いします", town.channel)
        asked = await town.asker.says("うちの村は対象外ですか?", town.channel, thread=said)
        offer = await town.asker.sees("相談でしたら", town.channel)
        await settled(town, banso)
        assert await all_questions(banso) == []
        await town.asker.clicks("相談として登録", on=offer)
        await town.channel.shows("受け付けました", thread=said)
        assert (await question(banso)).ts == asked.ts


async def test_somebody_who_calls_the_bot_in_anothers_thread_hears_where_to_ask(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        await town.neighbour.mentions_bot("うちも同じです。どうすれば?", town.channel, thread=asked)
        await town.neighbour.sees("チャンネルに新しく書いてください", town.channel)
        await settled(town, banso)
        assert len(await all_questions(banso)) == 1


async def test_an_askers_further_question_is_owed_an_answer_and_never_closed_for_no_reply(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        await town.talent.says("電源ボタンを10秒押してください", town.channel, thread=asked)
        await settled(town, banso)
        await town.asker.says("押しましたが映りません。どうしたらいいですか", town.channel, thread=asked)
        await settled(town, banso)
        for _ in range(14):
            await town.later(days=1)
            await banso.scheduler.run_due()
        await settled(town, banso)
        assert (await question(banso)).state == "claimed"
        told = [each["text"] for each in await rung(town.talent)]
        assert any("返信をお待ちです" in text for text in told)
        assert not any("その後いかがですか" in each["text"] for each in await rung(town.asker))


async def test_prefecture_staff_who_answer_can_claim(town: Town) -> None:
    async with town.bot() as banso:
        staff = {"id": town.neighbour.id, "name": "峰岸 樹", "permission": "staff"}
        await banso.database.write(load, parse({"members": [staff]}))
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await town.neighbour.clicks("対応します", on=card)
        await town.channel.changed(card, "峰岸さんが対応しています")
        assert (await verbs(banso, await question(banso)))[-1] == "claim"


async def test_reminders_begin_anew_when_a_question_is_reopened(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応中")
        for _ in range(4):
            await town.later(days=1)
            await banso.scheduler.run_due()
        await town.talent.clicks("解決した", on=card)
        await town.channel.changed(card, "終わりました")
        await town.asker.says("また真っ暗になりました。どうすればいいですか", town.channel, thread=asked)
        await town.channel.changed(card, "続きがあります")
        before = len(await rung(town.pm)) + len(await rung(town.coordinator))
        for _ in range(6):
            await town.later(days=1)
            await banso.scheduler.run_due()
        await settled(town, banso)
        assert len(await rung(town.pm)) + len(await rung(town.coordinator)) > before


def test_a_forwarded_message_carries_its_words_and_files() -> None:
    shared = {"is_share": True, "text": "どの様式を使いますか", "files": [{"id": "F1", "name": "様式.xlsx"}]}
    raw = {"user": "U1", "ts": "1.0", "text": "", "attachments": [shared, {"text": "リンクの説明"}]}
    found = read_message(raw, "C1", "UBOT")
    assert found is not None
    assert found.text == "どの様式を使いますか"
    assert [file["name"] for file in found.files] == ["様式.xlsx"]
