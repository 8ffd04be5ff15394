"""Somebody else writes in the database for a second and a half: everybody is answered all the same, within three."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.app import Banso
from bot.bolt import FEATURES
from sandbox.client import Shown
from sandbox.client.things import Outcome
from tests.scenarios.conftest import Town, set_up
from tests.scenarios.story import all_questions, question, settled
from tests.scenarios.trouble import locked

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
BUSY, SLACK_WAITS_MS = 1.5, 3000

Doing = Callable[[Town, Shown], Coroutine[Any, Any, Outcome]]


async def claims(town: Town, card: Shown) -> Outcome:
    return await town.talent.clicks("対応します", on=card)


async def opens_more(town: Town, card: Shown) -> Outcome:
    outcome = await town.talent.clicks("その他", on=card)
    await town.talent.view()
    return outcome


async def asks_for_help(town: Town, card: Shown) -> Outcome:
    return await town.asker.runs("/banso", channel=town.channel)


async def looks_who_is_on_duty(town: Town, card: Shown) -> Outcome:
    return await town.asker.runs("/toban", channel=town.channel)


async def opens_the_dialog(town: Town, card: Shown) -> Outcome:
    outcome = await town.asker.runs("/soudan", BROKEN, channel=town.channel)
    await town.asker.view(title="相談する")
    return outcome


async def uses_the_shortcut(town: Town, card: Shown) -> Outcome:
    outcome = await town.asker.shortcut("question_ask")
    await town.asker.view(title="相談する")
    return outcome


async def enters_a_call(town: Town, card: Shown) -> Outcome:
    outcome = await town.coordinator.shortcut("question_phone")
    await town.coordinator.view(title="電話・訪問の相談")
    return outcome


async def while_busy(town: Town, banso: Banso, doing: Doing, card: Shown) -> Outcome:
    async with locked(banso):
        task = asyncio.create_task(doing(town, card))
        await asyncio.sleep(BUSY)  # this is the trouble itself, not a wait for something
    return await task


@pytest.mark.parametrize(
    "doing",
    [
        claims,
        opens_more,
        asks_for_help,
        looks_who_is_on_duty,
        opens_the_dialog,
        uses_the_shortcut,
        enters_a_call,
    ],
)
async def test_whoever_presses_or_types_is_answered(town: Town, doing: Doing) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        outcome = await while_busy(town, banso, doing, card)
        assert outcome.acked
        assert outcome.ms is not None
        assert outcome.ms < SLACK_WAITS_MS
        if doing is claims:
            assert (await question(banso)).state == "claimed"


async def test_every_command_and_home_are_answered_meanwhile(town: Town) -> None:
    """Each by a coordinator of their own, all at once."""
    words = [command.words[0] for feature in FEATURES for command in feature.commands]
    assert len(words) > 5
    people = [await town.ws.person(f"県 {word}", channels=[town.channel]) for word in ["ヘルプ", *words]]
    wanted = [
        {"id": each.id, "name": f"県 {number}", "permission": "admin"} for number, each in enumerate(people)
    ]
    await set_up(town, lambda raw: raw["members"].extend(wanted))
    async with town.bot() as banso:
        await settled(town, banso)
        runs = [
            each.runs("/banso", word, channel=town.channel)
            for each, word in zip(people, ["ヘルプ", *words], strict=True)
        ]
        async with locked(banso):
            tasks = [asyncio.create_task(run) for run in runs]
            tasks_home = asyncio.create_task(town.asker.opens_home())
            await asyncio.sleep(BUSY)  # the trouble itself
        for word, outcome in zip(["ヘルプ", *words], await asyncio.gather(*tasks), strict=True):
            assert outcome.acked, word
            assert outcome.ms is not None
            assert outcome.ms < SLACK_WAITS_MS, word
        await tasks_home
        await town.asker.home("相談する")


async def test_a_dialog_that_is_sent_meanwhile_is_kept(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.runs("/soudan", BROKEN, channel=town.channel)
        await town.asker.view(title="相談する")

        async def sends(town: Town, card: Shown) -> Outcome:
            assert await town.asker.submits({"だれに聞きますか": "県内のみんなに"}) is None
            return Outcome(True, ms=0.0)

        await while_busy(town, banso, sends, Shown({}))
        assert "No.1" in (await town.asker.view(title="受け付けました")).words
        assert len(await all_questions(banso)) == 1
