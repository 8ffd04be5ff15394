"""Private questions: the asker in their direct message, those who answer in the desk channel, nobody else anywhere."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.app import Banso
from bot.domain.asking import Audience, Details, Way
from bot.domain.question import Verb
from bot.errors import NotYours
from handlers.questions.lifecycle import actions
from handlers.questions.lifecycle.asking import ask
from handlers.questions.surface import more
from sandbox.client import Channel, Person, Shown
from storage.database import Transaction
from storage.tables import outbox
from tests.scenarios.conftest import Town, set_up
from tests.scenarios.story import all_questions, books, question, rung, settled, state_is, until

PICTURE = {"name": "gamen.png", "content": "a picture"}
SECRET = "懲戒した職員のパソコンの画面に書類が残っています。どうすればいいですか"


async def desk_channel(town: Town, *people: Person) -> Channel:
    """A private channel of the prefecture, known to the bot as the desk."""
    desk = await town.ws.channel("県の対応", private=True, bot=True, members=[town.coordinator, *people])
    await set_up(
        town, lambda raw: raw["channels"].append({"id": desk.id, "name": "県の対応", "purpose": "desk"})
    )
    return desk


async def asks(town: Town, banso: Banso, person: Person, text: str = SECRET, **how: Any) -> None:
    """What a dialog does when it is sent."""
    details = Details(**{"way": Way.FORM, "audience": Audience.PRIVATE, **how})
    await banso.database.write(ask, person.id, text, details, source="view:V01", channel=town.channel.id)


async def both(town: Town, desk: Channel) -> tuple[Channel, Shown, Shown]:
    """The asker's direct message and card, and the card at the desk."""
    mine = await town.asker.dm()
    return mine, await mine.shows("相談 No.1"), await desk.shows("相談 No.1")


async def seen_by(town: Town, *people: Person) -> str:
    """Everything these people could read of what the bot says: channels of everybody, and their direct messages."""
    places = [town.channel, town.other, *[await each.dm() for each in people]]
    shown = [str(dict(message)) for place in places for message in await place.messages()]
    return "\n".join([*shown, *[str(dict(each)) for one in people for each in await one.ephemerals()]])


@pytest.mark.screens
async def test_each_side_has_a_card_of_its_own_and_nobody_else_learns_of_it(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        await settled(town, banso)
        assert card.buttons == ["その他"]
        assert "県と担当だけが見ます" in card.words
        assert SECRET in card.words
        assert at_desk.buttons == ["対応します", "その他"]
        assert "浜野さん" in at_desk.words
        assert "相談者さんにも届きます" in at_desk.words
        assert SECRET in at_desk.words
        found = await question(banso)
        assert (found.channel, found.thread_ts) == (mine.id, card.ts)
        assert (found.desk_channel, found.desk_ts) == (desk.id, at_desk.ts)
        assert len(await rung(town.talent)) == 1, "by the mention at the desk"
        assert SECRET not in await seen_by(town, town.neighbour, town.second, town.pm, town.talent)
        assert (await town.ws.counters())["posts"] == 2


@pytest.mark.screens
async def test_words_go_over_to_the_other_side_and_ring_there_once(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        await town.talent.says("まず経緯を教えてください", desk, thread=at_desk)
        word = await mine.shows("まず経緯を教えてください", thread=card)
        assert "森脇さん" in word.words
        await state_is(banso, "claimed")
        await mine.changed(card, "森脇さんが対応しています")
        await town.asker.says("昨年の9月のことです。よろしくお願いします", mine, thread=card)
        back = await desk.shows("昨年の9月のことです", thread=at_desk)
        assert "浜野さん" in back.words
        await settled(town, banso)
        assert [each["kind"] for each in await town.talent.notifications()] == ["mention", "thread"]
        assert len(await rung(town.asker)) == 2, "the card and the answer"
        assert (await town.ws.counters())["posts"] == 4
        assert "昨年" not in await seen_by(town, town.neighbour, town.second, town.pm, town.talent)


@pytest.mark.screens
async def test_an_edit_changes_the_copy_and_a_deletion_empties_it(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        said = await town.talent.says("まず規則の写しをください", desk, thread=at_desk)
        word = await mine.shows("まず規則の写しをください", thread=card)
        await town.talent.edits(said, "まず経緯を教えてください")
        changed = await mine.changed(word, "まず経緯を教えてください")
        assert "規則" not in changed.words
        await town.talent.deletes(said)
        empty = await mine.changed(word, "(書いた方が消しました)")
        assert "経緯" not in empty.words
        asked = await town.asker.says("名前は山田です", mine, thread=card)
        copy = await desk.shows("名前は山田です", thread=at_desk)
        await town.asker.deletes(asked)
        gone = await desk.changed(copy, "(書いた方が消しました)")
        assert "山田" not in str(dict(gone))
        await settled(town, banso)
        assert len(await rung(town.asker)) == 2


async def test_the_whole_life_of_a_private_question(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        await town.talent.clicks("対応します", on=at_desk)
        await desk.changed(at_desk, "森脇さんが対応しています")
        taken = await mine.changed(card, "森脇さんが対応しています")
        assert taken.buttons == ["解決した", "その他"]
        await town.talent.says("規則の第3条をご覧ください", desk, thread=at_desk)
        await town.talent.clicks("回答した", on=at_desk)
        answered = await mine.changed(card, "回答があります")
        assert answered.buttons == ["解決した", "まだ聞きたい", "その他"]
        await town.asker.clicks("解決した", on=card)
        await desk.changed(at_desk, "終わりました")
        await settled(town, banso)
        assert (await books(banso)).closed == {"resolved": 1}
        assert len(await rung(town.asker)) == 2, "the card and the answer; pressing and editing ring nobody"


@pytest.mark.screens
async def test_without_a_desk_the_responsible_person_gets_a_letter_and_answers_below_it(
    town: Town,
) -> None:
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine = await town.asker.dm()
        card = await mine.shows("相談 No.1")
        assert "返事は、ここに届きます" in card.words
        letter = await town.talent.sees("No.1 が届きました")
        assert SECRET in letter.words
        assert "このメッセージに返信して書くと、相談した浜野さんに届きます" in letter.words
        assert "slack.com/archives" not in letter.words
        await town.talent.clicks("対応します", on=letter)
        await mine.changed(card, "森脇さんが対応しています")
        await town.asker.says("急いでいます。明日までに知りたいです", mine, thread=card)
        again = await town.talent.sees("明日までに知りたいです")
        await town.talent.clicks("回答した", on=again)
        await mine.changed(card, "回答があります")
        await town.asker.sees("回答が届いています")
        await town.talent.direct("規則の第3条をご覧ください", thread=letter)
        await mine.shows("規則の第3条をご覧ください", thread=card)
        await settled(town, banso)
        assert SECRET not in await seen_by(town, town.neighbour, town.second, town.pm)


@pytest.mark.screens
async def test_who_is_not_at_the_desk_gets_the_words_by_letter(town: Town) -> None:
    desk = await desk_channel(town)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        assert (await question(banso)).responsible == town.coordinator.id, "who can answer where they talk"
        await town.coordinator.clicks("その他", on=at_desk)
        await town.coordinator.view()
        await town.coordinator.submits({"what": "hand_over", "who": town.talent.id})
        letter = await town.talent.sees("担当をお願いします")
        assert f"/archives/{desk.id}/p{at_desk.ts.replace('.', '')}" not in letter.words
        await town.talent.clicks("対応します", on=letter)
        await desk.changed(at_desk, "森脇さんが対応しています")
        await town.asker.says("急いでいます。明日までに知りたいです", mine, thread=card)
        await desk.shows("明日までに知りたいです", thread=at_desk)
        word = await town.talent.sees("明日までに知りたいです")
        assert "このメッセージに返信して書くと" in word.words
        said = await town.talent.direct("規則の第3条をご覧ください", thread=word)
        answer = await mine.shows("規則の第3条をご覧ください", thread=card)
        await desk.shows("規則の第3条をご覧ください", thread=at_desk)
        await town.talent.edits(said, "規則の第5条をご覧ください")
        await mine.changed(answer, "第5条")
        await settled(town, banso)
        assert len(await rung(town.asker)) == 2, "the card and the answer"


@pytest.mark.screens
async def test_others_can_do_nothing_with_a_private_question_even_with_its_number(town: Town) -> None:
    await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        found = await state_is(banso, "assigned")
        for stranger in (town.second, town.pm, town.neighbour):
            with pytest.raises(NotYours):
                await banso.database.write(
                    actions.act, found.id, Verb.CLAIM, stranger.id, source=f"forged:{stranger.id}"
                )
            with pytest.raises(NotYours):
                await banso.database.read(more.open_for, found.id, stranger.id)
        assert (await question(banso)).responsible == town.talent.id
        assert await banso.database.read(more.open_for, found.id, town.coordinator.id)


@pytest.mark.screens
async def test_a_word_written_before_the_other_side_stands_is_shown_there_later(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await town.ws.faults("error", method="conversations.open", error="internal_error", count=3)
        await asks(town, banso, town.asker)
        at_desk = await desk.shows("相談 No.1")
        await town.talent.says("まず経緯を教えてください", desk, thread=at_desk)
        mine = await town.asker.dm()
        card = await mine.shows("相談 No.1")
        await mine.shows("まず経緯を教えてください", thread=card)
        await settled(town, banso)
        assert (await town.ws.counters())["posts"] == 3


async def test_a_crash_between_posting_and_marking_makes_no_second_copy(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        await settled(town, banso)
        await town.ws.faults("drop_after", method="chat.postMessage", count=1)
        await town.talent.says("まず経緯を教えてください", desk, thread=at_desk)
        await mine.shows("まず経緯を教えてください", thread=card)
        await settled(town, banso)
        copies = [each for each in await mine.thread(card) if "まず経緯を" in each.words]
        assert len(copies) == 1


async def test_the_desk_is_archived_and_the_words_go_by_letter(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, _ = await both(town, desk)
        await settled(town, banso)
        await desk.archives()
        await town.talent.sees("場所に書き込めない")
        await town.asker.says("急いでいます。明日までに知りたいです", mine, thread=card)
        await town.talent.sees("明日までに知りたいです")
        assert "チャンネルに書き込めなくなりました" not in str(await town.asker.notifications())


@pytest.mark.screens
async def test_handing_over_a_private_question_gives_it_to_whoever_is_chosen(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        _, _, at_desk = await both(town, desk)
        await town.coordinator.clicks("その他", on=at_desk)
        await town.coordinator.view()
        await town.coordinator.submits({"what": "hand_over", "who": town.second.id})
        letter = await town.second.sees("担当をお願いします")
        assert SECRET in letter.words
        await town.second.clicks("対応します", on=letter)
        await desk.changed(at_desk, "有馬さんが対応しています")


@pytest.mark.screens
async def test_a_hidden_name_stays_hidden_though_everybody_reads_the_question(town: Town) -> None:
    async with town.bot() as banso:
        await asks(
            town, banso, town.asker, "期日前投票の人手が足りません。どうしていますか", audience=Audience.BODY
        )
        card = await town.channel.shows("期日前投票の人手")
        mine = await town.asker.dm()
        own = await mine.shows("お名前を伏せて")
        await town.talent.says("隣の町は会計年度任用の方を募りました", town.channel, thread=card)
        await mine.shows("会計年度任用", thread=own)
        await town.neighbour.says("うちは学生さんにお願いしました", town.channel, thread=card)
        await mine.shows("学生さん", thread=own)
        await town.asker.says("助かります。募集の文面はありますか", mine, thread=own)
        word = await town.channel.shows("募集の文面はありますか", thread=card)
        assert "匿名さん" in word.words
        await settled(town, banso)
        everything = [str(dict(each)) for each in await town.channel.messages() if each.by_bot]
        assert not [
            each for each in everything if "浜野" in each or town.asker.id in each or "総務課" in each
        ]


@pytest.mark.screens
async def test_an_asker_can_ask_everybody_as_well_in_words_they_have_read_again(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        await town.talent.says("まず経緯を教えてください", desk, thread=at_desk)
        await mine.shows("まず経緯を教えてください", thread=card)
        await town.asker.clicks("その他", on=card)
        await town.asker.view()
        await town.asker.submits({"what": "widen"})
        view = await town.asker.view(title="相談する")
        assert view.entered["text"]["text"]["value"] == SECRET
        await town.asker.submits({"text": "古いパソコンの書類は、どう消していますか", "audience": "open"})
        public = await town.channel.shows("古いパソコンの書類は")
        await settled(town, banso)
        everything = await seen_by(town, town.neighbour)
        assert SECRET not in everything
        assert "経緯" not in everything
        assert [each.audience for each in await all_questions(banso)] == ["private", "open"]
        await town.talent.clicks("その他", on=at_desk)
        assert "県内のみんなにも聞く" not in (await town.talent.view()).words
        with pytest.raises(NotYours):
            await banso.database.read(more.widened, (await all_questions(banso))[0].id, town.talent.id)
        await town.asker.clicks("その他", on=public)
        assert "「県と担当だけに」変えると" in (await town.asker.view()).words


@pytest.mark.screens
async def test_what_the_bot_posted_for_everybody_can_be_taken_back_to_the_prefecture(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        asked = await town.asker.direct(SECRET)
        mine = await town.asker.dm()
        first = await mine.shows("だれに聞きますか")
        await town.asker.clicks("県内のみんなに", on=first)
        public = await town.channel.shows(SECRET)
        await town.asker.says("昨年の9月のことです", mine, thread=asked, files=[PICTURE])
        await town.channel.shows("昨年の9月", thread=public)
        await town.talent.says("まず規則の写しを見ます", town.channel, thread=public)
        await mine.shows("規則の写し", thread=asked)
        await settled(town, banso)
        before = len(await rung(town.talent))
        await town.asker.clicks("その他", on=first)
        shown = await town.asker.view()
        assert "元には戻せません" in shown.words
        await town.asker.submits({"what": "narrow"})
        at_desk = await desk.shows(SECRET)
        await desk.shows("昨年の9月", thread=at_desk)
        await desk.shows("規則の写し", thread=at_desk)
        await town.channel.changed(public, "「県と担当だけに」変わりました")
        await mine.changed(first, "県と担当だけが見ます")
        await settled(town, banso)
        assert len(await rung(town.talent)) == before + 1, "by the new card"
        everything = str([dict(each) for each in await town.channel.messages() if each.by_bot])
        assert not [word for word in (SECRET, "昨年の9月", "gamen.png") if word in everything]
        late = await town.neighbour.says("うちもそうでした。どうなりましたか", town.channel, thread=public)
        await town.neighbour.sees("相談者さんには届きません", town.channel)
        await town.talent.says("規則の第3条をご覧ください", desk, thread=at_desk)
        await mine.shows("規則の第3条", thread=asked)
        await settled(town, banso)
        assert "うちも" not in str([dict(each) for each in [*await mine.messages(), *await desk.messages()]])
        assert late.ts
        assert (await question(banso)).state == "claimed"


async def test_no_row_of_the_outbox_sends_a_private_word_to_another_place(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        await town.talent.says("まず経緯を教えてください", desk, thread=at_desk)
        await town.asker.says("昨年の9月のことです", mine, thread=card)
        await settled(town, banso)
        places = await banso.database.read(_places)
        assert places <= {desk.id, mine.id, ""}

        async def quiet() -> bool:
            return not (await town.ws.counters()).get("warnings")

        await until(quiet)


def _places(tx: Transaction) -> set[str]:
    query = select(outbox.c.posted_channel, outbox.c.channel)
    return {place or "" for row in tx.connection.execute(query) for place in row}
