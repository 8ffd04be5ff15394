"""Looking for something, through the wire: narrowed, marked, turned, and honest when there is nothing."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.app import Banso
from bot.domain.faq import Consent, Content, Kind, State, Verb
from bot.domain.word_table import WordTable
from storage import faq, faq_searches, faq_use, word_table
from storage.database import Transaction
from storage.faq import Entry
from tests.scenarios.conftest import Town
from tests.scenarios.story import until
from tests.scenarios.test_faq import BROKEN, found, ready, solved

SEARCH = "FAQを探す"


async def publish(town: Town, banso: Banso, *contents: Content) -> list[Entry]:
    """Entries that everybody finds."""

    def write(tx: Transaction) -> list[Entry]:
        made = [faq.add(tx, each, actor=town.talent.id, consent=Consent.NOT_NEEDED) for each in contents]
        by = town.coordinator.id
        return [faq.change(tx, each, Verb.PUBLISH, by, state=State.PUBLISHED) for each in made]

    made = await banso.database.write(write)
    await found(banso, made[-1])
    return made


def content(town: Town, question: str, answer: str, *, size: str | None = None) -> Content:
    """What an entry says; of a 好事例 with a size."""
    kind = Kind.CASE if size else Kind.FAQ
    on = date(2027, 11, 24)
    return Content(
        kind.value,
        question,
        answer,
        field_id="device",
        owner=town.talent.id,
        review_on=on,
        size_band=size,
    )


@pytest.mark.screens
async def test_what_is_found_is_marked_narrowed_turned_and_read(town: Town) -> None:
    async with town.bot() as banso:
        many = [
            content(town, f"公用車の予約{n}", f"第{n}課の<!channel>公用車の予約は<b>紙</b>です。")
            for n in range(6)
        ]
        case = content(town, "公用車の予約の電子化", "共有の予定表に変えました。", size="s")
        await publish(town, banso, *many, case)
        await town.asker.runs("/faq", "公用車の予約", channel=town.channel)
        shown = await town.asker.sees("近い回答 6件", town.channel)
        assert "「公用車」" in shown.words
        assert "第0課の<!channel>" in shown.words, "what somebody wrote is read, and rings nobody"
        assert await town.neighbour.notifications() == []
        await town.asker.clicks("しぼりこむ・続きを見る(全7件)", on=shown)
        first = await town.asker.view(title=SEARCH)
        assert "1〜5件目" in first.words
        await town.asker.clicks("次の2件")
        assert "6〜7件目" in (await town.asker.view(title=SEARCH)).words
        await town.asker.clicks("前の5件")
        await town.asker.chooses("種類", "好事例")
        only = await town.asker.view(title=SEARCH)
        assert "共有の予定表" in only.words
        assert "近い回答 1件" in only.words
        await town.asker.chooses("人口の規模", "10万人以上")
        assert "ほかも含めて探しました" in (await town.asker.view(title=SEARCH)).words
        await town.asker.chooses("人口の規模", "1万人未満")
        await town.asker.chooses("年度", "令和8年度(2026年度)")
        assert "近い回答 1件" in (await town.asker.view(title=SEARCH)).words
        await town.asker.clicks("全文")
        assert "共有の予定表" in (await town.asker.view(title="好事例")).words
        await town.asker.closes()
        await town.asker.clicks("これで解決")
        assert "よかったです" in (await town.asker.view(title=SEARCH)).words


@pytest.mark.screens
async def test_nothing_of_what_was_chosen_leads_back_or_on(town: Town) -> None:
    async with town.bot() as banso:
        await ready(banso)
        await town.asker.runs("/faq", channel=town.channel)
        await town.asker.view(title=SEARCH)
        assert await town.asker.submits({"探したいこと": "公用車の予約", "種類": "好事例"}) is None
        shown = await town.asker.view(title=SEARCH)
        assert "条件を「すべて」に戻すか" in shown.words
        await town.asker.chooses("種類", "種類:すべて")
        assert "近い回答は、まだありません" in (await town.asker.view(title=SEARCH)).words
        await town.asker.clicks("相談する")
        asking = await town.asker.view(title="相談する")
        assert asking.entered["text"]["text"]["value"] == "公用車の予約"


@pytest.mark.screens
async def test_who_mistypes_is_led_on_and_it_is_the_same_search(town: Town) -> None:
    """A slip below a message, kana for kanji in a dialog; what was meant is no second gap, and what was typed is learned."""
    async with town.bot() as banso:
        made = await publish(
            town,
            banso,
            content(town, "プロジェクターの貸出", "総務課の窓口で借りられます。"),
            content(town, "住民票の様式の変更", "様式を差し替えます。"),
        )
        await ready(banso)

        await town.asker.runs("/faq", "プロジャクターを", channel=town.channel)
        shown = await town.asker.sees("「プロジャクターを」", town.channel)
        await town.asker.clicks("もしかして:プロジェクター", on=shown)
        shown = await town.asker.sees("「プロジェクターを」に近い回答 1件", town.channel)
        assert not [each for each in shown.buttons if each.startswith("もしかして")]
        assert await banso.database.read(gaps) == []
        await town.asker.clicks("これで解決", on=shown)
        phrasings = await banso.database.read(faq_use.phrasings_of, made[0].id)
        assert [each.words for each in phrasings] == ["プロジャクターを"]

        await town.neighbour.runs("/faq", channel=town.channel)
        await town.neighbour.view(title=SEARCH)
        assert await town.neighbour.submits({"探したいこと": "じゅうみんひょうのようしき"}) is None
        await town.neighbour.view(title=SEARCH)
        assert await banso.database.read(gaps) == ["じゅうみんひょうのようしき"]
        await town.neighbour.clicks("もしかして:住民票")
        found = await town.neighbour.view(title=SEARCH)
        assert "住民票のようしき" in found.words
        await town.neighbour.chooses("種類", "FAQ")
        assert await banso.database.read(gaps) == [], "narrowed afterwards, it is still the same search"


def gaps(tx: Transaction) -> list[str]:
    """What was looked for in vain."""
    return [each.words for each in faq_searches.found_nothing(tx, tx.now - timedelta(days=1))]


async def test_a_solved_question_is_found_until_it_is_withdrawn(town: Town) -> None:
    """Another body's staff reads it, without names; what is not before everybody any more is gone at once."""
    async with town.bot() as banso:
        said = await solved(town, banso)

        async def known() -> bool:
            return bool(await banso.services.past.find(BROKEN, kind="past"))

        await until(known)
        await town.neighbour.runs("/faq", "画面が真っ暗です", channel=town.channel)
        shown = await town.neighbour.sees("解決した過去の相談があります", town.channel)
        assert "電源を長押し" in shown.words
        assert "過去の相談 No.1" in shown.words
        assert "浜野" not in shown.words
        assert shown.buttons == ["しぼりこむ", "相談する"]
        await town.neighbour.clicks("しぼりこむ", on=shown)
        await town.neighbour.chooses("種類", "過去の相談")
        assert "近い過去の相談 1件" in (await town.neighbour.view(title=SEARCH)).words
        await town.neighbour.chooses("種類", "FAQ")
        assert "過去の相談 No.1" not in (await town.neighbour.view(title=SEARCH)).words
        await town.neighbour.chooses("種類", "種類:すべて")
        assert "過去の相談 No.1" in (await town.neighbour.view(title=SEARCH)).words
        await town.asker.deletes(said)

        async def gone() -> bool:
            return not await banso.services.past.find(BROKEN, kind="past")

        await until(gone)
        await town.neighbour.chooses("種類", "過去の相談")
        assert "えらんだ条件ではまだありません" in (await town.neighbour.view(title=SEARCH)).words


async def test_words_that_mean_the_same_hold_at_once(town: Town) -> None:
    """A coordinator edits them; bad ones are refused in a sentence, and who was overtaken hears it."""
    async with town.bot() as banso:
        (entry,) = await publish(town, banso, content(town, "共用車の予約のしかた", "台帳に書きます。"))
        search = banso.services.search
        assert entry.id not in [hit.id for hit in await search.find("公用車") if hit.strong]
        await town.coordinator.runs("/banso", "FAQ一覧", channel=town.channel)
        await town.coordinator.view(title="FAQの一覧")
        await town.coordinator.clicks("検索のことば")
        await town.coordinator.view(title="検索のことば")
        assert "「=」でつないで" in str(await town.coordinator.submits({"同じ意味のことば": "公用車"}))
        filled = {"同じ意味のことば": "公用車=共用車", "検索で見ないことば": "お世話になります"}
        assert await town.coordinator.submits(filled) is None
        assert "いまから検索に効きます" in (await town.coordinator.view(title="検索のことば")).words
        assert [hit.id for hit in await search.find("公用車の予約") if hit.strong] == [entry.id]
        words, version = await banso.database.read(word_table.versioned)
        assert (words.alike, version) == ((("公用車", "共用車"),), 1)
        later = await banso.database.write(lambda tx: word_table.save(tx, words, town.talent.id, seen=0))
        assert not later, "made of a version that is not the latest"
        await town.asker.runs("/banso", "FAQ一覧", channel=town.channel)
        await town.asker.sees("いまの権限ではできません", town.channel)


@pytest.mark.screens
async def test_what_is_missing_is_told_and_led_to_what_there_is(town: Town) -> None:
    """A number of Home opens its list; the words of a search in vain lead to an entry from then on."""
    async with town.bot() as banso:
        (entry,) = await publish(town, banso, content(town, "共用車の使い方", "台帳に書きます。"))
        await ready(banso)
        for text in ("ドライブレコーダーの電子台帳", "ドライブレコーダー 電子台帳"):
            await town.neighbour.runs("/faq", text, channel=town.channel)
        await town.neighbour.sees("ドライブレコーダー 電子台帳」", town.channel)
        await town.coordinator.opens_home()
        home = await town.coordinator.home("FAQの検索(30日)")
        assert "2回(解決 0%)・見つからない 2・次に書くとよいこと 1" in home.words
        await town.coordinator.clicks("次に書くとよいこと 1", on="home")
        topics = await town.coordinator.view(title="次に書くとよいこと")
        assert "2回さがされました" in topics.words
        await town.coordinator.clicks("FAQと結ぶ")
        await town.coordinator.view(title="FAQと結ぶ")
        assert await town.coordinator.submits({"どのFAQのことでしたか": str(entry.id)}) is None
        assert "このことばでも「共用車の使い方」" in (await town.coordinator.view(title="FAQと結ぶ")).words

        async def led() -> bool:
            hits = await banso.services.search.find("ドライブレコーダーの電子台帳")
            return [hit.id for hit in hits if hit.strong] == [entry.id]

        await until(led)
        await town.coordinator.closes(everything=True)
        await town.coordinator.opens_home()
        await town.coordinator.home("見つからない 0・次に書くとよいこと 0")


async def test_who_asks_hears_that_others_want_to_know_the_same(town: Town) -> None:
    """On the card and before it is sent, without whose it is."""
    async with town.bot() as banso:
        await ready(banso)
        first = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=first)
        assert "ほかの団体も" not in card.words

        async def known() -> bool:
            return bool(await banso.services.past.find(BROKEN, kind="open"))

        await until(known)
        second = await town.neighbour.says(BROKEN, town.channel)
        shown = await town.channel.shows("ほかの団体も同じことを知りたがっています", thread=second)
        assert "波待島村" not in shown.words
        await town.neighbour.runs("/soudan", BROKEN, channel=town.channel)
        await town.neighbour.view(title="相談する")
        await town.neighbour.chooses("だれに聞きますか", "県と担当だけに")
        asking = await town.neighbour.view(title="相談する")
        assert "ほかの団体も同じことを知りたがっています" in asking.words


async def test_what_one_replica_learns_the_other_knows_within_two_seconds(town: Town, tmp_path: Path) -> None:
    """Each with an index of its own, as on two machines; the machine of the test may be busy once or twice."""
    one_dir, two_dir = tmp_path / "one", tmp_path / "two"
    async with town.bot(search_dir=one_dir) as one, town.bot(search_dir=two_dir) as two:
        (first,) = await publish(town, one, content(town, "画面の掃除", "布でふきます。"))
        await found(two, first)
        seconds = []
        for n in range(3):
            (entry,) = await publish(town, one, content(town, f"第{n}会議室の鍵", "庶務にあります。"))
            began = time.monotonic()
            await found(two, entry)
            seconds.append(time.monotonic() - began)
            if seconds[-1] <= 2:
                break
        assert min(seconds) <= 2
        table = WordTable(alike=(("ディスプレイ掃除", "画面の掃除"),))
        assert await one.database.write(lambda tx: word_table.save(tx, table, town.coordinator.id, seen=0))
        hits = await two.services.search.find("ディスプレイ掃除")
        assert [hit.id for hit in hits if hit.strong] == [first.id]
