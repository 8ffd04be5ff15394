"""Somebody is away for days with a question in hand: its asker reads so on the card, and only the desk is told of it."""

from __future__ import annotations

import pytest

from bot.app import Banso
from sandbox.client import Shown
from tests.scenarios.conftest import Town, set_up
from tests.scenarios.story import all_questions, rung, settled, until
from tests.scenarios.test_clock import ask, at
from tests.scenarios.test_rota import own


async def claims_and_opens(town: Town, banso: Banso) -> Shown:
    """The adviser has a question in hand, whose card is returned, and 「お休み・交代」 before them."""
    await at(town, banso, 11, 24, 10)
    _, card = await ask(town)
    await town.talent.clicks("対応します", on=card)
    await town.channel.changed(card, "森脇さんが対応しています")
    await own(town, town.talent)
    return card


@pytest.mark.screens
async def test_who_is_away_with_a_question_in_hand(town: Town) -> None:
    await set_up(town)
    async with town.bot() as banso:
        card = await claims_and_opens(town, banso)
        assert await town.talent.submits({"最初の日": "2026-11-25", "最後の日": "2026-11-27"}) is None
        await town.talent.view(title="当番")
        await settled(town, banso)
        before = [len(await rung(each)) for each in (town.asker, town.talent)]

        await at(town, banso, 11, 25, 8, 31)
        await town.channel.changed(card, "森脇さんが対応しています(お休み中です。次の対応日 11/30(月)")
        letter = await town.coordinator.is_rung("対応中の相談があります:No.1")
        assert "11月25日(水)〜11月27日(金)" in letter["text"]
        await at(town, banso, 11, 28, 0, 1)
        await town.channel.changed(card, "森脇さんが対応しています(次の対応日 11/30(月))")
        await settled(town, banso)
        assert [len(await rung(each)) for each in (town.asker, town.talent)] == before
        (question,) = await all_questions(banso)
        assert (question.responsible, question.state) == (town.talent.id, "claimed")


UNTIL_NOTICE = {"長いお休み": ["終わりの日は決まっていない"]}


@pytest.mark.screens
async def test_who_is_away_until_further_notice(town: Town) -> None:
    await set_up(town)
    async with town.bot() as banso:
        card = await claims_and_opens(town, banso)
        wrong = {"最初の日": "2026-11-25", "最後の日": "2026-11-27", **UNTIL_NOTICE}
        assert "どちらかに" in str(await town.talent.submits(wrong))
        right = {**wrong, "最後の日": None}
        assert await town.talent.submits(right) is None
        assert "11月25日(水)から(終わりは未定)" in (await town.talent.view(title="当番")).words
        await at(town, banso, 11, 25, 8, 31)
        await town.channel.changed(card, "森脇さんが対応しています(お休み中です。次の対応日 未定)")
        await town.coordinator.is_rung("対応中の相談があります:No.1")
        before = len(await rung(town.talent))
        await at(town, banso, 12, 7, 10)
        await settled(town, banso)
        assert len(await rung(town.talent)) == before, "no reminder reaches who is away"

        await own(town, town.talent)
        await town.talent.clicks("お休みを終える")

        async def says_so_no_longer() -> bool:
            (found,) = [each for each in await town.channel.messages() if each.ts == card.ts]
            return "お休み" not in found.words and "森脇さんが対応しています" in found.words

        await until(says_so_no_longer)
