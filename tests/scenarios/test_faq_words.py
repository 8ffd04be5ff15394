"""Whose words an entry has, through the wire: nobody's typing is lost, the asker is asked for what is published, and what
they delete leads nowhere any more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.faq import Consent, Content, Kind, State
from handlers.faq.actions import edit
from handlers.faq.notices import ask_for_yes
from storage import faq
from storage.database import Transaction
from storage.faq import Entry
from tests.scenarios.conftest import Town
from tests.scenarios.story import question, settled
from tests.scenarios.test_faq import entries
from tests.scenarios.test_private import asks, both, desk_channel


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
