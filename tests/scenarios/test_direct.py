"""Direct messages as a way in: recorded at once, shown to nobody until the asker has said before whom."""

from __future__ import annotations

import pytest

from bot.domain.asking import Audience
from bot.errors import NotPossibleNow, NotYours
from handlers.questions.intake import direct, registering
from sandbox.client import Channel, Shown
from storage import channels, ledger, questions
from tests.scenarios.conftest import Town, set_up
from tests.scenarios.story import all_questions, books, events_of, question, rung, settled, state_is, until
from tests.scenarios.test_private import desk_channel, seen_by

SECRET = "懲戒した職員のパソコンの画面に書類が残っています。どうすればいいですか"
CHOICES = ["県内のみんなに", "団体名だけ出して", "県と担当だけに"]


async def contact(town: Town) -> tuple[Channel, Shown]:
    """The asker's direct message and the first answer in it."""
    mine = await town.asker.dm()
    return mine, await mine.shows("だれに聞きますか")


async def test_it_is_kept_at_once_and_shown_to_nobody(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        asked = await town.asker.direct(SECRET)
        mine, first = await contact(town)
        assert first["thread_ts"] == asked.ts
        assert first.buttons == CHOICES
        assert "内容は保存しました(No.1)" in first.words
        assert "11/24(火)10:30 までに" in first.words
        await settled(town, banso)
        found = await question(banso)
        assert (found.channel, found.state, found.audience, found.way) == (
            mine.id,
            "received",
            "undecided",
            "direct",
        )
        assert found.responsible is None
        assert await banso.database.read(ledger.without_next_step) == [], "that it ends is its next step"
        assert (await books(banso)).waiting == 1
        everybody = await seen_by(town, town.talent, town.neighbour, town.pm, town.coordinator, town.second)
        assert SECRET not in everybody + str([dict(each) for each in await desk.messages()])
        for each in (town.talent, town.coordinator, town.pm):
            assert await rung(each) == []


@pytest.mark.screens
async def test_only_the_prefecture(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        asked = await town.asker.direct(SECRET)
        mine, first = await contact(town)
        await town.asker.clicks("県と担当だけに", on=first)
        card = await mine.changed(first, "受け付けました")
        assert "県と担当だけが見ます" in card.words
        at_desk = await desk.shows(SECRET)
        await town.talent.is_rung("No.1")
        await town.talent.says("まず書類の名前を教えてください", desk, thread=at_desk)
        await mine.shows("まず書類の名前を教えてください", thread=asked)
        await town.asker.says("処分の通知です。どう消しますか", mine, thread=asked)
        await desk.shows("処分の通知です", thread=at_desk)
        await settled(town, banso)
        assert (await question(banso)).state == "claimed"
        assert SECRET not in await seen_by(town, town.talent, town.neighbour, town.pm)
        assert len(await rung(town.asker)) == 2, (
            "the first answer and the word; the card is the first answer, edited"
        )
        assert len(await rung(town.talent)) == 1


@pytest.mark.screens
async def test_before_everybody(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.direct("パソコンの画面が真っ暗です。どうすればいいですか")
        mine, first = await contact(town)
        await town.asker.clicks("県内のみんなに", on=first)
        card = await town.channel.shows("パソコンの画面が真っ暗です")
        assert "*浜野さん*(波待島村 総務課)の相談" in card.words
        assert card.get("thread_ts") in {None, card.ts}
        await mine.changed(first, f"/archives/{town.channel.id}/p{card.ts.replace('.', '')}")
        await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=card)
        await mine.shows("電源ボタンを10秒長押し", thread=asked)
        await town.talent.clicks("回答した", on=card)
        await mine.changed(first, "回答があります")
        await town.asker.clicks("解決した", on=first)
        await town.channel.changed(card, "終わりました")
        await settled(town, banso)
        assert len(await rung(town.talent)) == 1
        assert len(await rung(town.asker)) == 2
        assert (await books(banso)).closed == {"resolved": 1}


@pytest.mark.screens
async def test_with_the_name_of_the_body_alone(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.direct("パソコンの画面が真っ暗です。どうすればいいですか")
        mine, first = await contact(town)
        await town.asker.clicks("団体名だけ出して", on=first)
        card = await town.channel.shows("*匿名さん*(波待島村)の相談")
        await mine.changed(first, "お名前を伏せて")
        await town.asker.says("昨日までは映りました。どうしてでしょう", mine, thread=asked)
        await town.channel.shows("昨日までは映りました", thread=card)
        await settled(town, banso)
        ours = [str(dict(each)) for each in await town.channel.messages() if each.by_bot]
        assert not [each for each in ours if "浜野" in each or town.asker.id in each or "総務課" in each]


async def test_half_an_hour_without_a_choice_is_for_the_prefecture_alone(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await town.asker.direct(SECRET)
        mine, first = await contact(town)
        await town.later(minutes=29)
        await banso.scheduler.run_due()
        assert (await question(banso)).audience == "undecided"
        await town.later(minutes=2)
        await banso.scheduler.run_due()
        await desk.shows(SECRET)
        await mine.changed(first, "県と担当だけが見ます")
        await settled(town, banso)
        found = await question(banso)
        assert (found.audience, found.state, found.responsible) == ("private", "assigned", town.talent.id)
        assert len(await rung(town.talent)) == 1
        late = await town.asker.clicks_stale("県内のみんなに", on=first, may_fail=True)
        assert late is not None
        await settled(town, banso)
        assert (await question(banso)).audience == "private"
        assert SECRET not in await seen_by(town, town.neighbour)


async def test_the_half_hour_is_counted_in_opening_hours(town: Town) -> None:
    await town.move_to(1795482000.0 + 8 * 3600)  # 18:00
    async with town.bot() as banso:
        await town.asker.direct(SECRET)
        _, first = await contact(town)
        assert "11/25(水)9:00 までに" in first.words
        await town.later(hours=2)
        await banso.scheduler.run_due()
        assert (await question(banso)).audience == "undecided"


async def test_further_words_belong_to_it_and_nobody_is_asked_twice(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await town.asker.direct("お世話になっております。")
        await town.asker.direct(SECRET)
        mine, first = await contact(town)
        await town.asker.direct("型番はAB-12です")
        await town.later(minutes=10)
        await town.asker.direct("昨日からです")
        await settled(town, banso)
        assert len([each for each in await mine.messages() if "だれに聞きますか" in each.words]) == 1
        await town.asker.clicks("県と担当だけに", on=first)
        card = await desk.shows(SECRET)
        assert "型番はAB-12です" in card.words
        assert "昨日からです" in card.words
        assert (await books(banso)).received == 1
        assert await banso.database.read(ledger.source_twice) == 0


@pytest.mark.screens
async def test_what_is_asked_next_is_another_question_but_an_answer_to_a_question_back_is_not(
    town: Town,
) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await town.asker.direct(SECRET)
        mine, first = await contact(town)
        await town.asker.clicks("県と担当だけに", on=first)
        at_desk = await desk.shows(SECRET)
        await town.talent.clicks("対応します", on=at_desk)
        await desk.changed(at_desk, "対応しています")
        await town.talent.says("型番を教えてください", desk, thread=at_desk)
        await town.coordinator.clicks("その他", on=at_desk)
        await town.coordinator.view()
        await town.coordinator.submits({"what": "ask_back"})
        await state_is(banso, "waiting")
        await town.later(minutes=5)
        await town.asker.direct("型番はAB-12です")
        await desk.shows("型番はAB-12です", thread=at_desk)
        await state_is(banso, "claimed")
        await town.later(minutes=5)
        await town.asker.direct("議員のタブレットも買い替えたいです。どう進めますか")
        await mine.shows("内容は保存しました(No.2)")
        await settled(town, banso)
        assert [each.audience for each in await all_questions(banso)] == ["private", "undecided"]


@pytest.mark.screens
async def test_thanks_are_no_question_and_get_no_answer(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.direct("ありがとうございました!")
        await settled(town, banso)
        mine = await town.asker.dm()
        assert [each for each in await mine.messages(to=town.asker) if each.by_bot] == []
        ledger_now = await books(banso)
        assert (ledger_now.received, ledger_now.set_aside) == (0, 1)


@pytest.mark.screens
async def test_a_greeting_that_nothing_follows_is_asked_about_and_can_become_a_question(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.direct("お世話になっております。")
        await settled(town, banso)
        await town.later(minutes=3)
        await banso.scheduler.run_due()
        await town.asker.sees("書き込みを保存しました")
        await town.asker.clicks("相談として登録")
        await contact(town)
        assert (await question(banso)).audience == "undecided"


@pytest.mark.screens
async def test_what_an_adviser_writes_to_the_bot_is_kept_and_offered(town: Town) -> None:
    async with town.bot() as banso:
        await town.talent.direct("明日の午後に庁舎へ伺う予定ですが、駐車場はありますか")
        await town.talent.sees("相談でしたら、下のボタンを押してください")
        await settled(town, banso)
        assert await all_questions(banso) == []
        assert (await books(banso)).set_aside == 1


@pytest.mark.screens
async def test_a_word_below_a_letter_is_an_answer_and_makes_no_question(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.direct(SECRET)
        mine, first = await contact(town)
        await town.asker.clicks("県と担当だけに", on=first)
        letter = await town.talent.sees("No.1 が届きました")
        await town.talent.direct("この書類はどこにありますか", thread=letter)
        await mine.shows("この書類はどこにありますか", thread=asked)
        await state_is(banso, "claimed")
        await settled(town, banso)
        await question(banso)


@pytest.mark.screens
async def test_an_edit_changes_what_is_asked_and_a_deletion_withdraws_it(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        asked = await town.asker.direct(SECRET + "山田という職員です")
        _, first = await contact(town)
        await town.asker.edits(asked, SECRET)
        await town.asker.clicks("県と担当だけに", on=first)
        card = await desk.shows(SECRET)
        await settled(town, banso)
        (card,) = [each for each in await desk.messages() if each.ts == card.ts]
        assert "山田" not in card.words
        await town.asker.edits(asked, SECRET + "型番はAB-12です")
        await desk.changed(card, "型番はAB-12です")
        await town.asker.deletes(asked)
        gone = await desk.changed(card, "取り下げられました")
        assert SECRET not in gone.words
        await settled(town, banso)
        assert (await books(banso)).closed == {"withdrawn": 1}


@pytest.mark.screens
async def test_what_is_deleted_before_the_choice_was_never_seen(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        asked = await town.asker.direct(SECRET)
        await contact(town)
        await town.asker.deletes(asked)
        await state_is(banso, "closed")
        await town.later(minutes=31)
        await banso.scheduler.run_due()
        await settled(town, banso)
        assert SECRET not in str([dict(each) for each in await desk.messages()])
        assert not await rung(town.talent)


async def test_what_comes_again_changes_nothing(town: Town) -> None:
    await town.ws.faults("duplicate", method="message", count=2, copies=3)
    async with town.bot() as banso:
        asked = await town.asker.direct(SECRET)
        _, first = await contact(town)
        await town.ws.faults("duplicate", method="block_actions", count=1, copies=2)
        await town.asker.clicks("県内のみんなに", on=first)
        await town.channel.shows(SECRET)
        await settled(town, banso)
        assert await events_of(town, asked)
        assert (await books(banso)).received == 1
        assert (await town.ws.counters())["posts"] == 2


async def test_what_was_written_while_the_bot_was_away_is_read_even_from_somebody_new(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.direct("ありがとうございました!")
        await settled(town, banso)
    await town.ws.faults("drop_events", on=True)
    await town.asker.direct(SECRET)
    await town.neighbour.direct("無線LANにつながりません。どうすればよいですか")
    await town.ws.faults("drop_events", on=False)
    async with town.bot() as banso:
        await contact(town)
        await town.neighbour.sees("だれに聞きますか")
        found = await all_questions(banso)
        assert {each.asker for each in found} == {town.asker.id, town.neighbour.id}
        assert {each.audience for each in found} == {"undecided"}


async def test_a_word_below_a_private_question_is_read_after_an_outage(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        asked = await town.asker.direct(SECRET)
        mine, first = await contact(town)
        await town.asker.clicks("県と担当だけに", on=first)
        at_desk = await desk.shows(SECRET)
        await settled(town, banso)
    await town.ws.faults("drop_events", on=True)
    await town.talent.says("まず書類の名前を教えてください", desk, thread=at_desk)
    await town.asker.says("処分の通知です。どう消しますか", mine, thread=asked)
    await town.ws.faults("drop_events", on=False)
    async with town.bot() as banso:
        await mine.shows("まず書類の名前を教えてください", thread=asked)
        await desk.shows("処分の通知です", thread=at_desk)
        await settled(town, banso)
        assert len([each for each in await desk.thread(at_desk) if "処分の通知" in each.words]) == 1


@pytest.mark.screens
async def test_nobody_chooses_for_another_and_nobody_registers_anothers_words(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.direct(SECRET)
        await contact(town)
        number = (await question(banso)).id
        for stranger in (town.neighbour, town.talent, town.coordinator):
            with pytest.raises(NotYours):
                await banso.database.write(
                    direct.choose, number, Audience.OPEN, stranger.id, source=f"forged:{stranger.id}"
                )
        thanks = await town.neighbour.direct("ありがとうございました!")
        await settled(town, banso)
        with pytest.raises(NotYours):
            await banso.database.write(registering.register, thanks.channel, thanks.ts, town.coordinator.id)
        assert asked.channel == (await question(banso)).channel


@pytest.mark.screens
async def test_without_a_channel_of_everybody_only_the_prefecture_is_offered(town: Town) -> None:
    await set_up(town, lambda raw: raw["channels"].__setitem__(0, {**raw["channels"][0], "purpose": "other"}))
    async with town.bot() as banso:
        await town.asker.direct(SECRET)
        _, first = await contact(town)
        assert first.buttons == ["県と担当だけに"]
        number = (await question(banso)).id
        with pytest.raises(NotPossibleNow):
            await banso.database.write(direct.choose, number, Audience.OPEN, town.asker.id, source="stale:1")


@pytest.mark.screens
async def test_it_appears_where_the_asker_asked_last(town: Town) -> None:
    second = await town.ws.channel("相談-契約", bot=True, members=[town.asker])
    await set_up(town, lambda raw: raw["channels"].append({"id": second.id, "name": "相談-契約"}))
    async with town.bot() as banso:
        await town.asker.says("パソコンの画面が真っ暗です。どうすればいいですか", second)
        await second.shows("受け付けました")
        assert await banso.database.read(direct.place_for, town.asker.id) == second.id
        assert await banso.database.read(direct.place_for, town.neighbour.id) == town.channel.id


@pytest.mark.screens
async def test_a_direct_message_is_no_channel_to_the_rest(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.direct(SECRET)
        mine, _ = await contact(town)
        places = await banso.database.read(channels.all_channels)
        assert mine.id not in {each.channel for each in places}

        async def known() -> bool:
            return await banso.database.read(channels.members_known)

        await until(known)
        found = await banso.database.read(channels.directs)
        assert [(each.channel, each.name) for each in found] == [(mine.id, town.asker.id)]
        assert await banso.database.read(questions.open_in, mine.id) == [1]


@pytest.mark.screens
async def test_a_question_too_long_for_a_card_crosses_message_by_message(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        asked = await town.asker.direct(SECRET + "あ" * 3900)
        await town.asker.direct("い" * 3900)
        await town.asker.direct("う" * 3900 + "おわり")
        mine, first = await contact(town)
        await town.asker.clicks("県と担当だけに", on=first)
        at_desk = await desk.shows(SECRET)
        await desk.shows("おわり", thread=at_desk)
        await settled(town, banso)
        words = "".join(each.words for each in (await desk.thread(at_desk))[1:])
        assert all(words.count(letter) >= 3900 for letter in "あいう")
        long = "え" * 11_990 + "おしまい"
        await town.asker.says(long, mine, thread=asked)
        copy = await desk.shows("おしまい", thread=at_desk)
        assert copy.words.count("え") >= 11_990


@pytest.mark.screens
async def test_what_is_undecided_is_nobody_s_even_when_it_is_asked_again(town: Town) -> None:
    """Withdrawn by deletion and taken up again: still nobody hears of it before its asker has chosen."""
    async with town.bot() as banso:
        written = await town.asker.direct(SECRET)
        await town.asker.sees("だれに聞きますか?")
        await town.asker.deletes(written)
        await state_is(banso, "closed")
        await town.asker.direct("やはり教えてください。画面が真っ暗です", thread=written)
        found = await state_is(banso, "reopened")
        assert found.responsible is None
        await settled(town, banso)
        for other in (town.talent, town.second, town.pm, town.coordinator, town.neighbour):
            assert await rung(other) == []
