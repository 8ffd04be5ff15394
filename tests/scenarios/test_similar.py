"""What is like a question: on its card, in the dialog before it is asked; it may end the question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.fields import OTHER
from bot.domain.finding import Hit
from bot.domain.question import Verb
from bot.errors import SearchUnavailable
from handlers.common.doors import Visitor
from handlers.faq import searching
from handlers.faq.wanted import Wanted
from handlers.questions.surface import forms
from storage import faq_searches, faq_use, questions, timelines
from tests.scenarios.conftest import Town, hear_at_once
from tests.scenarios.story import books, settled
from tests.scenarios.test_faq import BROKEN, published
from tests.scenarios.test_private import asks, both, desk_channel
from tests.scenarios.test_search import content, publish


@pytest.fixture(autouse=True)
async def at_once(town: Town) -> None:
    """What can wait is said at once here; `test_quiet` is about when."""
    await hear_at_once(town)


@pytest.mark.screens
async def test_the_card_leads_to_what_is_like_it_and_that_may_end_it(town: Town) -> None:
    async with town.bot() as banso:
        entry = await published(town, banso)
        said = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("近い回答を見る(1)", thread=said)
        assert card.buttons == ["近い回答を見る(1)", "対応します", "その他"]
        await town.neighbour.clicks("近い回答を見る", on=card)
        others = await town.neighbour.view(title="近い回答")
        assert "電源を長押し" in others.words
        assert "これで解決" not in others.words
        await town.asker.clicks("近い回答を見る", on=card)
        await town.asker.view(title="近い回答")
        await town.asker.clicks("これで解決")
        assert "よかったです" in (await town.asker.view()).words
        closed = await town.channel.changed(card, "終わりました(FAQで解決・11/24)")
        assert closed.buttons == ["全文", "もう一度聞く", "その他"]
        await settled(town, banso)
        assert (await books(banso)).closed == {"faq": 1}
        await town.later(days=1, minutes=1)
        await town.talent.sees("1件の困りごとが解決しました")
        (phrasing,) = await banso.database.read(faq_use.phrasings_of, entry.id)
        assert (phrasing.words, phrasing.author) == (BROKEN, town.asker.id)
        assert [each for each in await town.talent.notifications() if "残しませんか" in each["text"]] == []


@pytest.mark.screens
async def test_a_private_question_s_likeness_is_shown_to_its_own_people_alone(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        entry = await published(town, banso, question="懲戒した職員のパソコンの画面に書類が残っています")
        await asks(town, banso, town.asker)
        mine, _, at_desk = await both(town, desk)
        card = await mine.shows("近い回答を見る(1)")
        assert card.buttons == ["近い回答を見る(1)", "その他"]
        await desk.changed(at_desk, "近い回答を見る(1)")
        await town.asker.clicks("近い回答を見る", on=card)
        await town.asker.view(title="近い回答")
        await town.asker.clicks("これで解決")
        await mine.changed(card, "FAQで解決")
        await town.later(days=1, minutes=1)
        await town.talent.sees("1件の困りごとが解決しました")
        assert await banso.database.read(faq_use.phrasings_of, entry.id) == []


@pytest.mark.screens
async def test_what_is_like_it_stands_above_what_one_is_about_to_ask(town: Town) -> None:
    async with town.bot() as banso:
        await published(town, banso)
        await town.asker.runs("/soudan", BROKEN, channel=town.channel)
        view = await town.asker.view(title="相談する")
        assert "近い回答があります" in view.words
        await town.asker.clicks("全文")
        assert "電源を長押し" in (await town.asker.view(title="FAQ")).words
        await town.asker.closes()
        assert (await town.asker.view(title="相談する")).entered["text"]["text"]["value"] == BROKEN
        await town.asker.closes()
        await town.asker.runs("/soudan", "公用車の予約の電子化", channel=town.channel)
        assert "近い回答" not in (await town.asker.view(title="相談する")).words
        await town.asker.closes()
        guest = await town.ws.person("山田 客", channels=[town.channel], guest=True)
        await settled(town, banso)
        await guest.runs("/soudan", BROKEN, channel=town.channel)
        assert "近い回答" not in (await guest.view(title="相談する")).words


@pytest.mark.screens
async def test_what_is_like_it_is_shown_before_it_is_sent(town: Town) -> None:
    """Once somebody has written and says whom they ask; what they wrote stays, and nothing is sent by it."""
    async with town.bot() as banso:
        entry = await published(town, banso)
        await town.asker.shortcut("question_ask")
        await town.asker.view(title="相談する")
        await town.asker.chooses("相談したいこと", BROKEN)
        await town.asker.chooses("だれに聞きますか", "県内のみんなに")
        view = await town.asker.view(title="相談する")
        assert "近い回答があります" in view.words
        await town.asker.clicks("これで解決")
        assert "相談は送っていません" in (await town.asker.view(title="近い回答")).words
        (phrasing,) = await banso.database.read(faq_use.phrasings_of, entry.id)
        assert (phrasing.words, phrasing.author) == (BROKEN, None)
        await town.asker.closes()
        view = await town.asker.view(title="相談する")
        assert view.entered["text"]["text"]["value"] == BROKEN
        assert (await books(banso)).received == 0
        await town.asker.chooses("相談したいこと", "公用車の予約の電子化")
        await town.asker.chooses("だれに聞きますか", "県と担当だけに")
        assert "近い回答" not in (await town.asker.view(title="相談する")).words
        await town.ws.faults("duplicate", method="view_submission", count=1)
        assert await town.asker.submits({"相談したいこと": BROKEN}) is None
        await settled(town, banso)
        assert (await books(banso)).received == 1
        assert await banso.database.read(faq_use.phrasings_of, entry.id) == [], "they asked all the same"


@pytest.mark.screens
async def test_words_that_are_for_few_teach_nothing_before_they_are_asked(town: Town) -> None:
    async with town.bot() as banso:
        entry = await published(town, banso)
        await town.asker.runs("/soudan", BROKEN, channel=town.channel)
        await town.asker.view(title="相談する")
        await town.asker.chooses("だれに聞きますか", "県と担当だけに")
        await town.asker.clicks("これで解決")
        assert "残します" not in (await town.asker.view(title="近い回答")).words
        assert await banso.database.read(faq_use.phrasings_of, entry.id) == []
        await town.later(days=1, minutes=1)
        await town.talent.sees("1件の困りごとが解決しました")


@pytest.mark.screens
async def test_a_dialog_that_was_sent_meanwhile_is_left_alone(town: Town) -> None:
    async with town.bot() as banso:
        await published(town, banso)
        await town.asker.shortcut("question_ask")
        await town.asker.view(title="相談する")
        await town.asker.chooses("相談したいこと", BROKEN)
        for error in ("hash_conflict", "not_found"):
            await town.ws.faults("error", method="views.update", count=1, error=error)
            done = await town.asker.chooses("だれに聞きますか", "県内のみんなに")
            assert done.acked
        assert await town.asker.errors() == []


@pytest.mark.screens
async def test_what_is_like_it_says_the_field_where_words_do_not(town: Town) -> None:
    """On the card, once somebody has answered the same, and in the dialog; 「その他」 that was chosen stays."""
    key = "庁舎の鍵の置き場"
    async with town.bot() as banso:
        await publish(town, banso, content(town, key, "一階の棚にあります。"))
        said = await town.asker.says(f"{key}はどこですか", town.channel)
        card = await town.channel.shows("近い回答を見る(1)", thread=said)
        assert "分野:操作(推定)" in card.words

        *_, given, guessed = await banso.database.read(lambda tx: timelines.timeline(tx, 1))
        assert (given.verb, guessed.verb) == (Verb.ASSIGN, Verb.SET_FIELD), "nobody else gets it for that"
        assert (guessed.actor, guessed.before["field_id"]) == (None, OTHER)

        await town.neighbour.runs("/soudan", key, channel=town.channel)
        asking = await town.neighbour.view(title="相談する")
        assert "内容から推定しました" in asking.words
        assert asking.entered["field"]["field"]["selected_option"]["value"] == "device"
        other = {"分野": "その他・どこに聞けばよいかわからない", "だれに聞きますか": "県内のみんなに"}
        assert await town.neighbour.submits(other) is None
        await settled(town, banso)
        second = await town.channel.shows("No.2")
        await town.channel.changed(second, "近い回答を見る(1)")
        assert await banso.database.read(lambda tx: questions.need(tx, 2).field_id) == OTHER


class Broken:
    """A search that knows nothing yet, or cannot be asked."""

    ready = False

    def __init__(self, *, raises: bool) -> None:
        self._raises = raises

    async def find(self, text: str, **_: Any) -> list[Hit]:
        if self._raises:
            raise SearchUnavailable()
        return []

    async def meant(self, text: str) -> None:
        raise SearchUnavailable()


async def test_while_the_index_is_made_nobody_hears_that_there_is_nothing(town: Town) -> None:
    async with town.bot() as banso:
        for raises in (False, True):
            services = replace(banso.services, search=Broken(raises=raises))
            with pytest.raises(SearchUnavailable):
                await searching.look(services, Wanted(BROKEN), town.asker.id)
        assert await banso.database.read(lambda tx: faq_searches.found_nothing(tx, tx.now)) == []


async def test_asking_waits_for_no_search(town: Town) -> None:
    async with town.bot() as banso:
        await published(town, banso)
        services = replace(banso.services, search=Broken(raises=True))
        visitor = Visitor(town.asker.id, "")
        assert await forms.like(services, BROKEN, visitor) == []
        assert len(await forms.like(banso.services, BROKEN, visitor)) == 1
