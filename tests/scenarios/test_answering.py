"""From the first hand up to the last word: claiming, answering, resolving, reopening, by button and by word."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.client import Message, Person, Shown
from tests.scenarios.conftest import Town
from tests.scenarios.story import books, question, rung, settled, state_is, verbs

pytestmark = pytest.mark.screens

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def ask(town: Town) -> tuple[Message, Shown]:
    asked = await town.asker.says(BROKEN, town.channel)
    return asked, await town.channel.shows("受け付けました", thread=asked)


async def test_a_talents_first_reply_claims_and_stops_the_clock(town: Town) -> None:
    async with town.bot() as banso:
        asked, card = await ask(town)
        await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=asked)
        await town.channel.changed(card, "森脇さんが対応しています")
        found = await question(banso)
        assert (found.state, found.responsible) == ("claimed", town.talent.id)
        assert found.claimed_at is not None
        assert found.first_reply_at == found.talent_wrote_at == found.claimed_at
        assert found.next_step == "assume_answered"
        assert await verbs(banso, found) == ["receive", "assign", "claim", "talent_wrote"]


async def test_whoever_helps_first_has_it_even_if_somebody_else_was_asked(town: Town) -> None:
    async with town.bot() as banso:
        asked, card = await ask(town)
        await town.pm.says("同じ症状を見たことがあります。型番を教えてください", town.channel, thread=asked)
        await town.channel.changed(card, "戸叶さんが対応しています")
        await town.neighbour.says("うちも同じです", town.channel, thread=asked)
        await settled(town, banso)
        assert (await question(banso)).responsible == town.pm.id


async def test_what_is_not_ones_own_is_refused_in_private_in_words_that_fit(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        await settled(town, banso)
        before = await question(banso)
        for person in (town.neighbour, town.asker):
            await refused(town, person, "対応します", card, "アドバイザーと県の担当です。相談は届いています")
        await settled(town, banso)
        assert await question(banso) == before

        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応中")
        await refused(town, town.pm, "回答した", card, "いまの担当の方が押します")
        await refused(town, town.neighbour, "解決した", card, "相談者さんと担当の方が押します")
        await town.talent.clicks("回答した", on=card)
        await town.channel.changed(card, "回答があります")
        await refused(town, town.neighbour, "まだ聞きたい", card, "チャンネルに新しくお書きください")
        await settled(town, banso)
        assert (await question(banso)).state == "answered"
        public = "".join(m.words for m in await town.channel.messages())
        assert "県の担当です" not in public
        assert "押します" not in public


async def refused(town: Town, person: Person, label: str, card: Shown, words: str) -> None:
    await person.clicks(label, on=card)
    told = await person.sees(words, town.channel)
    assert told.ephemeral


async def test_a_double_click_is_one_click(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        await asyncio.gather(*(town.talent.clicks_stale("対応します", on=card) for _ in range(2)))
        await town.channel.changed(card, "森脇さんが対応しています")
        await asyncio.gather(*(town.talent.clicks_stale("回答した", on=card) for _ in range(2)))
        await town.channel.changed(card, "回答があります")
        await asyncio.gather(*(town.asker.clicks_stale("解決した", on=card) for _ in range(2)))
        await town.channel.changed(card, "終わりました")
        await settled(town, banso)
        assert await verbs(banso, await question(banso)) == [
            "receive",
            "assign",
            "claim",
            "answer",
            "resolve",
        ]
        assert await town.talent.ephemerals() == await town.asker.ephemerals() == []


async def test_of_two_talents_who_click_at_once_one_has_it_and_the_other_is_told(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        people = [town.talent, town.pm]
        await asyncio.gather(*(person.clicks_stale("対応します", on=card) for person in people))
        await settled(town, banso)
        found = await question(banso)
        (loser,) = [person for person in people if person.id != found.responsible]
        (winner,) = [person for person in people if person.id == found.responsible]
        assert (await loser.sees("ほかの操作で状態が変わりました", town.channel)).ephemeral
        assert await winner.ephemerals() == []
        assert (await verbs(banso, found)).count("claim") == 1


async def test_the_asker_has_the_last_word(town: Town) -> None:
    """Thanks do not reopen; a further question does, before and after the end, and who answers hears of it."""
    async with town.bot() as banso:
        asked, card = await ask(town)
        await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=asked)
        await town.talent.clicks("回答した", on=card)
        await town.channel.changed(card, "回答があります")
        await town.asker.says("ありがとうございました。助かりました", town.channel, thread=asked)
        await settled(town, banso)
        assert (await question(banso)).state == "answered"

        await town.asker.says("10秒押しましたがまだ映りません", town.channel, thread=asked)
        again = await town.channel.changed(card, "続きがあります")
        assert "森脇さん" in again.words
        reopened = await question(banso)
        assert (reopened.claimed_at, reopened.answered_at) == (None, None)

        await town.talent.clicks("対応します", on=card)
        await town.talent.clicks("解決した", on=card)
        await town.channel.changed(card, "終わりました(解決・11/24)")
        await town.asker.says("解決しました!ありがとうございます", town.channel, thread=asked)
        await settled(town, banso)
        assert (await question(banso)).state == "closed"

        await town.later(days=1)
        await town.asker.says("今朝また真っ暗になりました", town.channel, thread=asked)
        await town.channel.changed(card, "続きがあります")
        ledger = await books(banso)
        assert (ledger.received, ledger.waiting, ledger.closed) == (1, 1, {})
        texts = [each["text"] for each in await rung(town.talent)]
        assert len(texts) == 1, f"Slack itself rings who follows the thread; we rang once: {texts}"


async def test_a_button_reopens_too_and_rings_who_is_responsible_because_slack_does_not(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        await town.talent.clicks("対応します", on=card)
        await town.talent.clicks("回答した", on=card)
        await town.asker.is_rung("回答が届いています")
        await town.channel.changed(card, "回答があります")
        await town.asker.clicks("まだ聞きたい", on=card)
        await town.channel.changed(card, "続きがあります")
        await settled(town, banso)
        assert len(await rung(town.talent)) == 1, "the words that usually follow will ring by themselves"
        await town.later(minutes=3)
        await banso.scheduler.run_due()
        await town.talent.is_rung("続きが届いています")
        await settled(town, banso)
        assert len(await rung(town.asker)) == 1
        assert len(await rung(town.talent)) == 2

        await town.talent.clicks("対応します", on=card)
        await town.asker.clicks("解決した", on=card)
        await town.channel.changed(card, "終わりました")
        await town.asker.clicks("もう一度聞く", on=card)
        await state_is(banso, "reopened")


async def test_words_after_the_button_ring_once_by_themselves_or_by_us(town: Town) -> None:
    """「まだ聞きたい」, then words: Slack rings who follows the thread, we ring who does not, and nobody hears of the press
    as well."""
    async with town.bot() as banso:
        for helper, writes, first in (
            (town.talent, True, BROKEN),
            (town.pm, False, "印刷がずれます。なぜですか"),
        ):
            asked = await town.asker.says(first, town.channel)
            card = await town.channel.shows("受け付けました", thread=asked)
            await helper.clicks("対応します", on=card)
            if writes:
                await helper.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=asked)
            await helper.clicks("回答した", on=card)
            await town.channel.changed(card, "回答があります")
            await town.asker.clicks("まだ聞きたい", on=card)
            await town.channel.changed(card, "続きがあります")
            await settled(town, banso)
            before = len(await helper.notifications())
            await town.later(minutes=1)
            await town.asker.says("長押ししましたが、まだだめです", town.channel, thread=asked)
            await settled(town, banso)
            await town.later(minutes=4)
            await banso.scheduler.run_due()
            await settled(town, banso)
            (ring,) = (await helper.notifications())[before:]
            assert ring["kind"] == ("thread" if writes else "direct")
            if not writes:
                told = await helper.sees("続きが届いています")
                assert "長押ししましたが、まだだめです" in told.words
                assert first not in told.words


async def test_the_asker_may_resolve_before_anybody_answers(town: Town) -> None:
    async with town.bot() as banso:
        asked, card = await ask(town)
        await town.talent.says("見てみます", town.channel, thread=asked)
        await town.asker.clicks("解決した", on=card)
        await town.channel.changed(card, "終わりました")
        assert (await books(banso)).closed == {"resolved": 1}


async def test_what_was_asked_goes_on_below_any_of_its_messages(town: Town) -> None:
    """People answer below the words they read, which need not be the first."""
    async with town.bot() as banso:
        await town.asker.says("お世話になっております", town.channel)
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました")
        await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=asked)
        await town.channel.changed(card, "森脇さんが対応しています")
        await town.talent.clicks("回答した", on=card)
        await town.channel.changed(card, "回答があります")
        await town.asker.says("まだ映りません", town.channel, thread=asked)
        await town.channel.changed(card, "続きがあります")
        await question(banso)
