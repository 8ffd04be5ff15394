"""Looking for something, through the wire: narrowed, marked, turned, and honest when there is nothing."""

from __future__ import annotations

from datetime import date

import pytest

from bot.app import Banso
from bot.domain.faq import Consent, Content, Kind, State, Verb
from storage import faq
from storage.database import Transaction
from storage.faq import Entry
from tests.scenarios.conftest import Town
from tests.scenarios.test_faq import found, ready

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
