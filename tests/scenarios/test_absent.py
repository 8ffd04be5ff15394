"""Somebody is away for days with a question in hand: its asker reads so on the card, and only the desk is told of it."""

from __future__ import annotations

import pytest

from tests.scenarios.conftest import Town, set_up
from tests.scenarios.story import all_questions, rung, settled
from tests.scenarios.test_clock import ask, at
from tests.scenarios.test_rota import own


@pytest.mark.screens
async def test_who_is_away_with_a_question_in_hand(town: Town) -> None:
    await set_up(town)
    async with town.bot() as banso:
        await at(town, banso, 11, 24, 10)
        _, card = await ask(town)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        await own(town, town.talent)
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
