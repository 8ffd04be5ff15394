"""Questions without a message of the asker: the card stands in the channel itself and begins the thread."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.app import Banso
from bot.domain.asking import Audience, Details, Urgency, Way
from handlers.questions.lifecycle.asking import ask
from sandbox.client import Person, Shown
from storage import ledger, members, questions, timelines
from storage.questions import Question
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, books, question, rung, settled, until

pytestmark = pytest.mark.screens

BROKEN = "パソコンの画面が真っ暗です。\nどうすればいいですか"


async def asks(town: Town, banso: Banso, person: Person, text: str = BROKEN, **how: Any) -> Question:
    """What a dialog does when it is sent."""
    source = how.pop("source", "view:V01")
    details = Details(**{"way": Way.FORM, **how})
    number = await banso.database.write(ask, person.id, text, details, source=source, channel=town.channel.id)
    return await banso.database.read(questions.need, number)


async def card_of(town: Town) -> Shown:
    return await town.channel.shows("受け付けました")


async def test_the_card_shows_the_whole_question_and_begins_the_thread(town: Town) -> None:
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        card = await card_of(town)
        assert card.get("thread_ts") in {None, card.ts}
        assert "パソコンの画面が真っ暗です。" in card.words
        assert "どうすればいいですか" in card.words
        assert "(波待島村 総務課)の相談" in card.words
        assert card.text.startswith("相談 No.1(波待島村 総務課):パソコンの画面が真っ暗です。")
        await settled(town, banso)
        found = await question(banso)
        assert (found.channel, found.thread_ts, found.way) == (town.channel.id, card.ts, "form")
        assert not card.reactions
        assert (await town.ws.counters())["posts"] == 1
        assert len(await rung(town.talent)) == 1


async def test_it_is_answered_in_its_thread_and_the_asker_hears_every_word_once(town: Town) -> None:
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        card = await card_of(town)
        await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        await settled(town, banso)
        mine = [each for each in await town.asker.notifications() if each["kind"] != "mention"]
        assert [each["kind"] for each in mine] == ["thread"], (
            "Slack rings them; a direct message would be twice"
        )
        await town.asker.says("まだ映りません。どうすればいいですか", town.channel, thread=card)
        await settled(town, banso)
        await town.talent.clicks("回答した", on=card)
        await town.channel.changed(card, "回答があります")
        await town.asker.clicks("解決した", on=card)
        await town.channel.changed(card, "終わりました")
        await settled(town, banso)
        assert len([each for each in await town.asker.notifications() if each["kind"] == "direct"]) == 0
        assert (await books(banso)).closed == {"resolved": 1}


async def test_an_asker_who_is_not_in_the_channel_gets_the_answer_directly(town: Town) -> None:
    outside = await town.ws.person("沖田 湊", channels=[])
    async with town.bot() as banso:
        await asks(town, banso, outside)
        card = await card_of(town)
        await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=card)
        letter = await outside.sees("返信がありました")
        assert "電源ボタンを10秒長押ししてみてください" in letter.words
        assert f"/archives/{town.channel.id}/p{card.ts.replace('.', '')}" in letter.words
        await town.talent.clicks("回答した", on=card)
        await outside.sees("回答が届いています")
        await settled(town, banso)
        await outside.sees("ご所属を教えてください")
        assert len(await rung(outside)) == 3, "the reply, the answer, and once where they belong"


async def test_the_same_form_again_is_the_same_question_and_another_form_another(town: Town) -> None:
    async with town.bot() as banso:
        first = await asks(town, banso, town.asker)
        assert (await asks(town, banso, town.asker)).id == first.id
        second = await asks(town, banso, town.asker, "印刷できません", source="view:V02")
        assert second.id != first.id
        await settled(town, banso)
        assert (await town.ws.counters())["posts"] == 2
        assert (await books(banso)).received == 2
        assert await banso.database.read(ledger.source_twice) == 0


async def test_a_form_without_a_natural_key_is_refused(town: Town) -> None:
    async with town.bot() as banso:
        with pytest.raises(ValueError, match="natural key"):
            await asks(town, banso, town.asker, source="1795482000.000100")
        assert await all_questions(banso) == []


async def test_a_word_that_is_known_before_the_card_is_known_to_stand_there_counts(town: Town) -> None:
    async with town.bot() as banso:
        await town.ws.faults("drop_after", method="chat.postMessage", count=1)
        await asks(town, banso, town.asker)
        card = await card_of(town)
        await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        await settled(town, banso)
        found = await question(banso)
        assert (found.state, found.thread_ts) == ("claimed", card.ts)
        assert (await town.ws.counters())["posts"] == 1


async def test_a_card_that_was_deleted_is_posted_again_and_the_question_follows_it(town: Town) -> None:
    admin = await town.ws.person("管理 者", channels=[town.channel], admin=True)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        card = await card_of(town)
        await settled(town, banso)
        await admin.deletes(card, as_admin=True)
        await town.talent.clicks_stale("対応します", on=card)
        again = await town.channel.shows("森脇さんが対応しています")
        assert again.ts != card.ts
        assert again.get("thread_ts") in {None, again.ts}
        await settled(town, banso)
        assert (await question(banso)).thread_ts == again.ts
        await town.asker.says("昨日までは映りました", town.channel, thread=again)

        async def asked_on() -> bool:
            return (await question(banso)).asker_wrote_at is not None

        await until(asked_on)
        await settled(town, banso)
        assert len(await rung(town.talent)) == 1
        assert len(await rung(town.asker)) == 1, "named once, when it was asked"


async def test_what_was_written_below_it_while_the_bot_was_away_is_read(town: Town) -> None:
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        card = await card_of(town)
        await settled(town, banso)
    await town.ws.faults("drop_events", on=True)
    await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=card)
    await town.ws.faults("drop_events", on=False)
    async with town.bot() as banso:
        await town.channel.changed(card, "森脇さんが対応しています")
        assert (await question(banso)).state == "claimed"


async def test_what_the_form_says_stands_on_the_card_and_the_number_does_not(town: Town) -> None:
    async with town.bot() as banso:
        found = await asks(
            town,
            banso,
            town.asker,
            urgency=Urgency.TODAY,
            needed_on=date(2026, 12, 3),
            needed_for="assembly",
            phone="0857-00-0000",
            field_id="net",
        )
        card = await card_of(town)
        assert "返信の目安 11/24(火)13:00" in card.words
        assert "今日中|必要な日 12月3日(木)(議会)|電話での返事を希望" in card.words
        assert "(推定)" not in card.words
        assert found.field_id == "net"
        assert found.responsible == town.second.id, "the field that was chosen decides"
        letter = await town.second.sees("No.1 が届きました")
        assert "0857-00-0000" in letter.words
        await settled(town, banso)
        assert all("0857" not in each.words for each in await town.channel.messages())


async def test_who_asks_with_the_name_of_their_body_alone_is_named_nowhere(town: Town) -> None:
    async with town.bot() as banso:
        await asks(town, banso, town.asker, audience=Audience.BODY)
        card = await card_of(town)
        assert "*匿名さん*(波待島村)の相談" in card.words
        await settled(town, banso)
        for each in [message for message in await town.channel.messages() if message.by_bot]:
            assert "浜野" not in each.words
            assert town.asker.id not in str(dict(each)), "a mention would name them"
            assert "総務課" not in each.words


async def test_a_call_that_was_taken_yesterday_counts_from_yesterday(town: Town) -> None:
    called = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
    async with town.bot() as banso:
        details: dict[str, Any] = {
            "way": Way.PHONE,
            "entered_by": town.coordinator.id,
            "minutes": 15,
            "received_at": called,
        }
        found = await asks(town, banso, town.asker, **details)
        assert (found.received_at, found.minutes, found.entered_by) == (called, 15, town.coordinator.id)
        card = await card_of(town)
        assert "返信の目安 11/24(火)15:00" in card.words
        assert "受付が遅れて" not in card.words
        await settled(town, banso)
        assert len(await rung(town.talent)) == 1
        (first, *_) = await banso.database.read(timelines.timeline, found.id)
        assert (first.verb, first.actor) == ("receive", town.coordinator.id)


async def test_somebody_nobody_knows_may_ask_too(town: Town) -> None:
    stranger = await town.ws.person("沖田 湊", channels=[town.channel])
    async with town.bot() as banso:
        await asks(town, banso, stranger)
        await card_of(town)
        assert await banso.database.read(members.member, stranger.id) is not None


async def test_who_is_rung_by_the_card_finds_the_number_where_only_they_look(town: Town) -> None:
    async with town.bot() as banso:
        await asks(town, banso, town.asker, phone="0857-00-0000")
        card = await card_of(town)
        await town.talent.clicks("その他", on=card)
        assert "0857-00-0000" in (await town.talent.view()).words
        await town.coordinator.clicks("その他", on=card)
        assert "0857" not in (await town.coordinator.view()).words
