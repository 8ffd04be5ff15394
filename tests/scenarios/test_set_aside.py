"""Words that are no question are kept, counted and privately offered; what is not meant for us is left alone."""

from __future__ import annotations

import pytest

from bot.errors import NotYours
from handlers.questions.intake import registering
from sandbox.client import Person
from tests.scenarios.conftest import Town, set_up
from tests.scenarios.story import all_questions, books, question, rung, settled

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def test_thanks_a_greeting_and_emoji_are_set_aside_and_can_become_a_question(town: Town) -> None:
    async with town.bot() as banso:
        wrote = []
        for text in ("ありがとうございました", "おはようございます。", ":pray::pray:"):
            wrote.append(await town.asker.says(text, town.channel))
            await settled(town, banso)
            await town.later(minutes=3)
        await banso.scheduler.run_due()  # a greeting is asked about only when nothing followed it
        await settled(town, banso)
        ledger = await books(banso)
        assert (ledger.received, ledger.set_aside) == (0, 3)
        offers = await town.asker.ephemerals(town.channel)
        assert len(offers) == 3
        assert all("保存しました" in offer.words for offer in offers)
        assert (await town.ws.counters())["posts"] == 0, "what others see stays free of it"
        assert await town.neighbour.ephemerals() == []

        (offer,) = [each for each in offers if each["buttons"][0]["value"].endswith(wrote[1].ts)]
        await town.asker.clicks("相談として登録", on=offer)
        await town.channel.shows("受け付けました", thread=wrote[1])
        await town.asker.sees("相談として登録しました。", town.channel)
        ledger = await books(banso)
        assert (ledger.received, ledger.set_aside) == (1, 2)
        assert (await question(banso)).ts == wrote[1].ts


async def test_calling_the_bot_without_a_word_is_answered_privately(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.mentions_bot("", town.channel)
        offer = await town.asker.sees("お呼びでしょうか", town.channel)
        assert offer.ephemeral
        assert offer.buttons == [], "there is nothing to register yet"
        assert (await books(banso)).set_aside == 1
        await town.asker.says("電子申請の画面が開きません", town.channel)
        await town.channel.shows("受け付けました")
        assert (await books(banso)).set_aside == 0, "the call and the words after it are one asking"


async def test_a_message_that_says_nothing_any_more_is_not_registered_and_rings_nobody(town: Town) -> None:
    """The button is on the screen; the words it was for are edited away meanwhile."""
    async with town.bot() as banso:
        thanks = await town.asker.says("ありがとうございました", town.channel)
        offer = await town.asker.sees("保存しました", town.channel)
        await town.asker.edits(thanks, "。")
        await settled(town, banso)
        await town.asker.clicks("相談として登録", on=offer)
        told = await town.asker.sees("内容がまだ書かれていません", town.channel)
        assert told.ephemeral
        await settled(town, banso)
        assert await all_questions(banso) == []
        assert (await books(banso)).set_aside == 1
        for helper in (town.talent, town.second, town.pm, town.coordinator):
            assert await rung(helper) == []


async def test_what_talents_and_the_prefecture_announce_is_kept_without_an_offer_and_they_ask_by_calling(
    town: Town,
) -> None:
    async with town.bot() as banso:
        for person, text in (
            (town.talent, "来週の勉強会はどの内容がよいですか"),
            (town.coordinator, "調査の締切は金曜です。提出はお済みですか"),
        ):
            await person.says(text, town.channel)
        await settled(town, banso)
        assert await all_questions(banso) == []
        assert (await books(banso)).set_aside == 2
        assert await town.talent.ephemerals() == await town.coordinator.ephemerals() == []

        await town.later(minutes=5)
        await town.talent.mentions_bot("ほかの県ではVPNをどう決めましたか", town.channel)
        await town.channel.shows("受け付けました")
        found = await question(banso)
        assert found.asker == town.talent.id
        assert found.responsible not in {None, town.talent.id}, "nobody is asked their own question"


async def test_an_offer_that_was_not_taken_is_gone_with_the_message(town: Town) -> None:
    async with town.bot() as banso:
        thanks = await town.asker.says("ありがとうございました", town.channel)
        offer = await town.asker.sees("保存しました", town.channel)
        await town.asker.deletes(thanks)
        await settled(town, banso)
        await town.asker.clicks("相談として登録", on=offer)
        await town.asker.sees("消されています", town.channel)
        assert await all_questions(banso) == []


async def test_only_its_author_or_staff_registers_a_kept_message(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.says("ありがとうございました", town.channel)
        offer = await town.asker.sees("保存しました", town.channel)
        await settled(town, banso)
        channel, ts = str(offer["buttons"][0]["value"]).split(":")
        with pytest.raises(NotYours):
            await banso.database.write(registering.register, channel, ts, town.neighbour.id)
        assert await all_questions(banso) == []


async def test_a_reply_below_ones_own_kept_words_asks_and_somebody_elses_does_not(town: Town) -> None:
    async with town.bot() as banso:
        greeting = await town.asker.says("お世話になっております", town.channel)
        await town.neighbour.says("どうしましたか?", town.channel, thread=greeting)
        await settled(town, banso)
        assert await all_questions(banso) == []
        await town.asker.says(BROKEN, town.channel, thread=greeting)
        card = await town.channel.shows("受け付けました", thread=greeting)
        found = await question(banso)
        assert found.thread_ts == greeting.ts == card["thread_ts"]
        assert (await books(banso)).set_aside == 0


async def test_in_a_practice_channel_everything_works_and_nothing_is_counted(town: Town) -> None:
    practice = await town.ws.channel("練習", bot=True, members=[town.asker, town.talent])
    await set_up(
        town,
        lambda raw: raw["channels"].append({"id": practice.id, "name": "練習", "purpose": "practice"}),
    )
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, practice)
        card = await practice.shows("受け付けました", thread=asked)
        assert "練習 No.1" in card.words
        await town.later(minutes=5)
        await town.asker.says("ありがとうございました", practice)
        await settled(town, banso)
        ledger = await books(banso)
        assert (ledger.received, ledger.set_aside) == (0, 0)
        await town.asker.says(BROKEN, town.channel)
        assert "相談 No.1" in (await town.channel.shows("受け付けました")).words


async def test_who_hears_of_a_question_and_who_does_not(town: Town) -> None:
    """`<!channel>` and `<!subteam^…>` typed by an asker ring by Slack's own doing, once; ours never do."""
    everybody: list[Person] = [town.neighbour, town.pm, town.coordinator]
    group = await town.ws.group("dx-team", [town.pm, town.talent])
    async with town.bot() as banso:
        await town.asker.says(f"@channel {group} {BROKEN} {town.neighbour.mention}", town.channel)
        await town.talent.is_rung("No.1")
        await settled(town, banso)
        for person in everybody:
            assert [each for each in await rung(person) if each["by"] != town.asker.id] == []
        assert len([each for each in await rung(town.talent) if each["by"] != town.asker.id]) == 1
