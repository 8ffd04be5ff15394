"""What was learned is found again, through the wire: kept, agreed to, reviewed, found, shared, put right."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot.app import Banso
from bot.domain.faq import Consent, Content, Kind, State, Verb
from bot.domain.question import UNDO_WITHIN
from handlers.faq.changing import schedule_review
from sandbox.client import Channel, Message, Person, Shown
from storage import faq, faq_searches, faq_use
from storage.database import Transaction
from storage.faq import Entry
from tests.scenarios.conftest import BODY, Town, hear_at_once
from tests.scenarios.story import books, question, settled, state_is, until
from tests.scenarios.test_private import asks, both, desk_channel

pytestmark = pytest.mark.screens

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
ANSWER = "浜野さん、電源を長押ししてください"


@pytest.fixture(autouse=True)
async def at_once(town: Town) -> None:
    """What can wait is said at once here; `test_quiet` is about when."""
    await hear_at_once(town)


async def solved(town: Town, banso: Banso) -> Message:
    """A question is asked, answered and resolved; returns its message."""
    said = await town.asker.says(BROKEN, town.channel)
    card = await town.channel.shows("受け付けました", thread=said)
    await town.talent.clicks("対応します", on=card)
    await town.talent.says(ANSWER, town.channel, thread=said)
    await state_is(banso, "claimed")
    await town.talent.clicks("回答した", on=card)
    await town.channel.changed(card, "回答があります")
    await town.asker.clicks("解決した", on=card)
    await town.channel.changed(card, "終わりました")
    await settled(town, banso)
    return said


async def entries(banso: Banso, state: State) -> list[Entry]:
    """The entries in a state."""
    return await banso.database.read(lambda tx: faq.in_state(tx, state))


async def published(town: Town, banso: Banso, **more: Any) -> Entry:
    """An entry of the talent's that everybody finds."""
    values = {
        "kind": Kind.FAQ.value,
        "question": "画面が真っ暗なときはどうしますか",
        "answer": "電源を長押ししてください。",
        "field_id": "device",
        "owner": town.talent.id,
        "review_on": date(2027, 11, 24),
        **more,
    }

    def publish(tx: Transaction) -> Entry:
        entry = faq.add(tx, Content(**values), actor=town.talent.id, consent=Consent.NOT_NEEDED)
        return faq.change(tx, entry, Verb.PUBLISH, town.coordinator.id, state=State.PUBLISHED)

    entry = await banso.database.write(publish)

    await found(banso, entry)
    return entry


async def found(banso: Banso, entry: Entry) -> None:
    """Wait until the search has heard of an entry."""

    async def heard() -> bool:
        hits = await banso.services.search.find(entry.content.question)
        return entry.id in [hit.id for hit in hits]

    await until(heard)


async def ready(banso: Banso) -> None:
    """Wait until the search can say that there is nothing."""

    async def looked() -> bool:
        return banso.services.search.ready

    await until(looked)


async def test_an_answer_becomes_an_entry_that_the_next_one_finds(town: Town) -> None:
    async with town.bot() as banso:
        await solved(town, banso)
        await town.later(seconds=UNDO_WITHIN.total_seconds() + 60)
        letter = await town.talent.sees("FAQに残しませんか")
        await town.talent.clicks("FAQに残す", on=letter)
        view = await town.talent.view(title="FAQに残す")
        assert view.entered["faq_answer"]["faq_answer"]["value"] == "担当の方、電源を長押ししてください"
        assert "浜野" in view.words  # what was taken out is said
        assert await town.talent.submits({"質問": "画面が真っ暗なときはどうしますか"}) is None
        await town.talent.view(title="FAQ")
        review = await town.coordinator.sees("FAQの確認をお願いします")
        await town.coordinator.clicks("読んで確認する", on=review)
        await town.coordinator.view(title="FAQの確認")
        back = {"検索のことば": "画面、電源", "どうしますか": "内容の担当に戻す"}
        assert "ひとことお書きください" in str(await town.coordinator.submits(back))
        assert await town.coordinator.submits({"どうしますか": "公開する"}) is None
        said = await town.coordinator.view(title="FAQ")
        assert "公開しました" in said.words
        await town.talent.sees("FAQを公開しました")
        (entry,) = await entries(banso, State.PUBLISHED)
        assert entry.content.tags == ("画面", "電源")
        await found(banso, entry)
        await town.neighbour.runs("/banso", "探す 画面が真っ暗です", channel=town.channel)
        shown = await town.neighbour.sees("近い回答 1件", town.channel)
        assert "電源を長押し" in shown.words
        assert shown.buttons == ["全文", "これで解決", "チャンネルで共有", "しぼりこむ", "相談する"]
        await takes_it_back(town, banso)


async def takes_it_back(town: Town, banso: Banso) -> None:
    """Whoever published it changes their mind within ten minutes: it waits for review again, and nobody finds it."""
    await town.coordinator.closes(everything=True)
    await opens(town.coordinator, town)
    await town.coordinator.clicks("公開を取り消す")
    (entry,) = await until(lambda: entries(banso, State.REVIEW))
    assert await entries(banso, State.PUBLISHED) == []

    async def forgotten() -> bool:
        hits = await banso.services.search.find(entry.content.question)
        return entry.id not in [hit.id for hit in hits]

    await until(forgotten)


async def publishes(town: Town, letter: str = "FAQの確認をお願いします") -> str:
    """The coordinator reads what waits and publishes it; returns what they read."""
    await town.coordinator.clicks("読んで確認する", on=await town.coordinator.sees(letter))
    view = await town.coordinator.view(title="FAQの確認")
    assert await town.coordinator.submits({"どうしますか": "公開する"}) is None
    await town.coordinator.view(title="FAQ")
    await town.coordinator.closes(everything=True)
    return view.words


async def shares(person: Person, text: str, where: Channel, town: Town) -> Shown:
    """Somebody finds an entry by a text and shares it; returns what they found."""
    await person.runs("/faq", text, channel=town.channel)
    found = await person.sees("近い回答 1件", town.channel)
    await person.clicks("チャンネルで共有", on=found)
    assert await person.submits({"どのチャンネルに共有しますか": where.id}) is None
    return found


async def opens(person: Person, town: Town, *, title: str = "FAQ") -> str:
    """Somebody finds the entry about a dark screen and opens it; returns what they read."""
    await person.runs("/faq", "画面が真っ暗です", channel=town.channel)
    await person.clicks("全文", on=await person.sees("近い回答 1件", town.channel))
    return (await person.view(title=title)).words


async def test_nothing_found_leads_to_asking_with_the_words(town: Town) -> None:
    async with town.bot() as banso:
        await ready(banso)
        typed = f"{BODY['name']}の浜野です。公用車の予約の電子化" + "を考えています。" * 30
        await town.asker.runs("/faq", typed, channel=town.channel)
        shown = await town.asker.sees("まだありません", town.channel)
        assert shown.buttons == ["相談する"]
        await town.asker.clicks("相談する", on=shown)
        view = await town.asker.view(title="相談する")
        assert view.entered["text"]["text"]["value"] == typed
        (search,) = await banso.database.read(
            lambda tx: faq_searches.found_nothing(tx, tx.now - timedelta(1))
        )
        assert search.words.startswith("ある村の浜野です。公用車")


async def test_looking_in_a_dialog_by_field_and_kind(town: Town) -> None:
    async with town.bot() as banso:
        entry = await published(town, banso)
        await town.asker.runs("/faq", channel=town.channel)
        await town.asker.view(title="FAQを探す")
        wanted = {"探したいこと": "画面が真っ暗です", "種類": "好事例"}
        assert await town.asker.submits(wanted) is None
        words = (await town.asker.view(title="FAQを探す")).words
        assert "近い回答 1件" in words
        assert "ほかも含めて探しました" in words
        assert (
            await banso.database.read(lambda tx: faq_searches.found_nothing(tx, tx.now - timedelta(1))) == []
        )
        await town.asker.clicks("相談する")
        asking = await town.asker.view(title="相談する")
        assert asking.entered["text"]["text"]["value"] == "画面が真っ暗です"
        await town.asker.closes(everything=True)
        await town.asker.runs("/banso", "探す", channel=town.channel)
        await town.asker.view(title="FAQを探す")
        assert await town.asker.submits({**wanted, "種類": "FAQ", "分野": "device"}) is None
        assert "近い回答 1件" in (await town.asker.view(title="FAQを探す")).words
        await town.asker.clicks("チャンネルで共有")
        await town.asker.view(title="チャンネルで共有")
        await town.asker.closes()
        await town.asker.clicks("全文")
        await town.asker.view(title="FAQ")
        await town.asker.closes()
        await town.asker.clicks("これで解決")
        assert "よかったです" in (await town.asker.view(title="FAQを探す")).words
        (phrasing,) = await banso.database.read(faq_use.phrasings_of, entry.id)
        assert phrasing.author is None, "who looked for what is kept nowhere"


async def test_what_solved_it_is_learned_and_its_author_thanked(town: Town) -> None:
    async with town.bot() as banso:
        entry = await published(town, banso)
        await town.neighbour.runs("/banso", "探す 画面が真っ暗で困る", channel=town.channel)
        shown = await town.neighbour.sees("近い回答 1件", town.channel)
        await town.neighbour.clicks("これで解決", on=shown)
        await town.neighbour.sees("よかったです", town.channel)
        (phrasing,) = await banso.database.read(faq_use.phrasings_of, entry.id)
        assert (phrasing.words, phrasing.author) == ("画面が真っ暗で困る", None)
        assert await town.talent.notifications() == []
        await town.later(days=1, minutes=1)
        thanks = await town.talent.sees("1件の困りごとが解決しました")
        assert "峰岸" not in thanks.words
        await town.coordinator.runs("/banso", "探す 画面が真っ暗で困る", channel=town.channel)
        again = await town.coordinator.sees("近い回答 1件", town.channel)
        await town.coordinator.clicks("全文", on=again)
        await town.coordinator.view(title="FAQ")
        await town.coordinator.clicks("聞き方の例")
        await town.coordinator.view(title="聞き方の例")
        await town.coordinator.clicks("取り消す")
        await settled(town, banso)
        (phrasing,) = await banso.database.read(faq_use.phrasings_of, entry.id)
        assert phrasing.undone_by == town.coordinator.id


async def test_an_entry_is_shared_where_one_is(town: Town) -> None:
    async with town.bot() as banso:
        await published(town, banso)
        await town.asker.runs("/faq", "画面が真っ暗です", channel=town.channel)
        shown = await town.asker.sees("近い回答 1件", town.channel)
        await town.asker.clicks("チャンネルで共有", on=shown)
        await town.asker.view(title="チャンネルで共有")
        elsewhere = await town.ws.channel("総務課だけ", bot=False, members=[town.asker])
        errors = await town.asker.submits({"どのチャンネルに共有しますか": elsewhere.id})
        assert "Banso がいない" in str(errors)
        assert await town.asker.submits({"どのチャンネルに共有しますか": town.other.id}) is None
        shown = await town.other.shows("浜野さんがFAQを共有しました")
        assert "助言です" in shown.words
        await town.neighbour.clicks("全文", on=shown)
        view = await town.neighbour.view(title="FAQ")
        assert "電源を長押し" in view.words
        assert "直す" not in view.words


async def test_a_private_question_s_answer_is_published_with_the_askers_yes_alone(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, card, at_desk = await both(town, desk)
        await town.talent.clicks("対応します", on=at_desk)
        await town.talent.says("規則の第3条をご覧ください", desk, thread=at_desk)
        await state_is(banso, "claimed")
        await town.asker.clicks("解決した", on=card)
        await mine.changed(card, "終わりました")
        await town.later(minutes=11)
        letter = await town.talent.sees("FAQに残しませんか")
        await town.talent.clicks("FAQに残す", on=letter)
        view = await town.talent.view(title="FAQに残す")
        assert "同意があるまで" in view.words
        filled = {"質問": "処分の書類の扱いは", "回答": "規則の第3条です。", "分野": "device"}
        assert await town.talent.submits(filled) is None
        asked = await town.asker.sees("下の文面でFAQに載せ", mine)
        assert "規則の第3条です。" in asked.words
        assert await entries(banso, State.REVIEW) == []
        await town.asker.clicks("この文面で載せてよい", on=asked)
        await town.coordinator.sees("FAQの確認をお願いします")
        (entry,) = await entries(banso, State.REVIEW)
        assert entry.consent == Consent.GIVEN
        await publishes(town)
        await found(banso, entry)
        await shares(town.neighbour, "処分の書類の扱いは", town.channel, town)
        copy = await town.channel.shows("規則の第3条です。")
        await town.asker.clicks("全文", on=copy)
        assert "いつでもやめられます" in (await town.asker.view(title="FAQ")).words
        await town.asker.clicks("載せるのをやめる")
        assert "公開をやめた表示に替わります" in (await town.asker.view(title="FAQ")).words
        await town.talent.sees("載せないことになりました")
        ended = await town.channel.changed(copy, "このFAQは公開をやめました")
        assert "規則" not in ended.words
        assert await entries(banso, State.PUBLISHED) == []


async def test_put_right_compared_and_put_away(town: Town) -> None:
    """Other words of its owner wait for who reviews; what was shared shows what is published, or that nothing is."""
    async with town.bot() as banso:
        entry = await published(town, banso)
        found = await shares(town.asker, "画面が真っ暗です", town.other, town)
        copy = await town.other.shows("浜野さんがFAQを共有しました")
        await town.asker.clicks("全文", on=found)
        assert "履歴" not in (await town.asker.view(title="FAQ")).words
        await town.asker.closes(everything=True)
        await opens(town.talent, town)
        await town.talent.clicks("直す")
        assert "県の担当が確かめてから" in (await town.talent.view(title="FAQを直す")).words
        case = {"種類": "好事例(うまくいった取り組み)", "団体(名前を出すとき)": BODY["name"]}
        assert "確かめてから" in str(await town.talent.submits(case))
        filled = {"確認": ["yes"], "回答": "電源を10秒押してください。", "かかった費用": "0円"}
        assert await town.talent.submits(filled) is None
        assert "前の文面のまま公開しています" in (await town.talent.view(title="FAQ")).words
        await town.asker.clicks("全文", on=found)
        assert "10秒" not in (await town.asker.view(title="FAQ")).words
        read = await publishes(town, "公開中のFAQを直した文面の確認")
        assert "➕ 電源を10秒押してください。" in read
        assert "➖ 電源を長押ししてください。" in read
        await town.talent.sees("FAQを公開しました")
        copy = await town.other.changed(copy, "電源を10秒押してください。")
        assert "波待島村" in await opens(town.coordinator, town, title="好事例")
        await town.coordinator.clicks("履歴")
        past = await town.coordinator.view(title="履歴")
        assert "➕ 電源を10秒押してください。" in past.words
        assert "➕ 団体:波待島村" in past.words
        await town.coordinator.closes()
        await town.coordinator.clicks("しまう")
        await settled(town, banso)
        assert (await banso.database.read(faq.need, entry.id)).state == "archived"
        assert "10秒" not in (await town.other.changed(copy, "このFAQは公開をやめました")).words
        await town.neighbour.runs("/faq", "画面が真っ暗です", channel=town.channel)
        await town.neighbour.sees("まだありません", town.channel)


async def test_the_owner_is_asked_when_it_is_time_to_look_again(town: Town) -> None:
    async with town.bot() as banso:
        entry = await published(town, banso, review_on=date(2026, 11, 25))
        await banso.database.write(schedule_review, entry)
        await town.later(days=1)
        letter = await town.talent.sees("FAQの見直しの時期です")
        await town.talent.clicks("いまも正しい", on=letter)
        await town.talent.sees("1年後に、またお尋ねします")
        assert (await banso.database.read(faq.need, entry.id)).content.review_on == date(2027, 11, 25)


async def test_what_waits_is_listed_and_written_without_a_question(town: Town) -> None:
    async with town.bot() as banso:
        await town.talent.runs("/banso", "FAQを書く", channel=town.channel)
        await town.talent.view(title="FAQを書く")
        filled = {"質問": "印刷できないとき", "回答": "電源を入れ直します。", "分野": "device"}
        assert await town.talent.submits(filled) is None
        await town.talent.closes()
        await town.coordinator.runs("/banso", "FAQ一覧", channel=town.channel)
        view = await town.coordinator.view(title="FAQの一覧")
        assert "確認待ちのFAQ 1件" in view.words
        await town.coordinator.clicks("読む")
        await town.coordinator.view(title="FAQの確認")
        await town.asker.runs("/banso", "FAQ一覧", channel=town.channel)
        await town.asker.sees("いまの権限ではできません", town.channel)
        assert (await books(banso)).received == 0


async def test_names_of_the_question_stay_with_it(town: Town) -> None:
    """What is published holds neither the asker's name nor their body, though the thread does."""
    async with town.bot() as banso:
        await solved(town, banso)
        asked = await question(banso)
        await town.later(minutes=11)
        await town.talent.clicks("FAQに残す", on=await town.talent.sees("FAQに残しませんか"))
        await town.talent.view(title="FAQに残す")
        assert await town.talent.submits() is None
        await settled(town, banso)
        (entry,) = await entries(banso, State.REVIEW)
        assert entry.question_id == asked.id
        assert "浜野" not in f"{entry.content.question}{entry.content.answer}"
