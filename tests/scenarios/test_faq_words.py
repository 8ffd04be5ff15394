"""Whose words an entry has, through the wire: nobody's typing is lost, the asker is asked for what is published, and what
they delete leads nowhere any more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.faq import Consent, Content, Kind, State
from handlers.faq.actions import edit
from handlers.faq.notices import ask_for_yes
from handlers.faq.parts import begun
from storage import faq
from storage.database import Transaction
from storage.faq import Entry
from tests.scenarios.conftest import Town, hear_at_once
from tests.scenarios.story import question, settled, until
from tests.scenarios.test_faq import BROKEN, entries, opens, published, publishes, solved
from tests.scenarios.test_private import asks, both, desk_channel

pytestmark = pytest.mark.screens


@pytest.fixture(autouse=True)
async def at_once(town: Town) -> None:
    """What can wait is said at once here; `test_quiet` is about when."""
    await hear_at_once(town)


async def test_the_asker_is_asked_again_for_words_they_once_agreed_to(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        await asks(town, banso, town.asker)
        mine, *_ = await both(town, desk)
        question_id = (await question(banso)).id
        first = Content(
            Kind.FAQ, "処分の書類の扱いは", "第3条です。", field_id="device", owner=town.talent.id
        )

        def keeps(tx: Transaction) -> Entry:
            entry = faq.add(tx, first, actor=town.talent.id, consent=Consent.ASKED, question_id=question_id)
            ask_for_yes(tx, entry)
            return entry

        entry = await banso.database.write(keeps)
        asked = await town.asker.sees("第3条です。", mine)
        await town.asker.clicks("この文面で載せてよい", on=asked)
        await town.coordinator.sees("FAQの確認をお願いします")
        for n, (answer, count) in enumerate((("第4条です。", 2), ("第3条です。", 3)), start=1):
            seen = (await banso.database.read(faq.need, entry.id)).revision
            other = replace(first, answer=answer)
            how: dict[str, Any] = {"seen": seen, "source": f"edit:{n}"}
            await banso.database.write(edit, entry.id, other, town.coordinator.id, **how)
            await settled(town, banso)
            letters = [each for each in await mine.messages() if "下の文面でFAQに載せ" in each.words]
            assert len(letters) == count
        await town.asker.clicks("この文面で載せてよい", on=letters[-1])
        await settled(town, banso)
        (waiting,) = await entries(banso, State.REVIEW)
        assert (waiting.content.answer, waiting.consent) == ("第3条です。", Consent.GIVEN)


async def test_two_who_write_at_once_lose_no_word(town: Town) -> None:
    async with town.bot() as banso:
        entry = await published(town, banso)
        for person in (town.coordinator, town.talent):
            await opens(person, town)
            await person.clicks("直す")
            await person.view(title="FAQを直す")
        assert await town.coordinator.submits({"検索のことば": "電源"}) is None
        await town.coordinator.view(title="FAQ")
        assert await town.talent.submits({"回答": "長い時間をかけて書いた回答です。"}) is None
        view = await town.talent.view(title="FAQを直す")
        assert "県さんが先に直しました" in view.words
        assert "➕ 検索のことば:電源" in view.words
        assert view.entered["faq_answer"]["faq_answer"]["value"] == "長い時間をかけて書いた回答です。"
        assert await town.talent.submits() is None
        await town.talent.view(title="FAQ")
        await town.coordinator.sees("公開中のFAQを直した文面の確認")
        waiting = await banso.database.read(lambda tx: begun(tx, faq.need(tx, entry.id)))
        assert (waiting.answer, waiting.tags) == ("長い時間をかけて書いた回答です。", ("電源",))


async def test_words_somebody_deletes_lead_to_no_entry_any_more(town: Town) -> None:
    async with town.bot() as banso:
        said = await solved(town, banso)
        await town.later(minutes=11)
        await town.talent.clicks("FAQに残す", on=await town.talent.sees("FAQに残しませんか"))
        await town.talent.view(title="FAQに残す")
        assert await town.talent.submits({"質問": "電源の入れ方", "回答": "長押しします。"}) is None
        await publishes(town)
        (entry,) = await entries(banso, State.PUBLISHED)

        async def is_found() -> bool:
            return entry.id in [hit.id for hit in await banso.services.search.find(BROKEN) if not hit.weak]

        await until(is_found)
        await town.asker.deletes(said)

        async def is_gone() -> bool:
            return not await is_found()

        await until(is_gone)
        await town.coordinator.runs("/faq", "電源の入れ方", channel=town.channel)
        await town.coordinator.clicks("全文", on=await town.coordinator.sees("近い回答 1件", town.channel))
        await town.coordinator.view(title="FAQ")
        await town.coordinator.clicks("聞き方の例")
        view = await town.coordinator.view(title="聞き方の例")
        assert "外しました" in view.words
        assert "真っ暗" not in view.words
