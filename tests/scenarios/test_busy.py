"""Somebody else writes in the database for most of a second: everybody is answered all the same, within three."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.app import Banso
from bot.bolt import FEATURES
from sandbox.client import Shown
from sandbox.client.things import Outcome
from tests.listeners import heard, whole_app
from tests.scenarios.conftest import Town, set_up
from tests.scenarios.odd_payloads import encoded, templates
from tests.scenarios.story import all_questions, question, settled
from tests.scenarios.test_http_mode import post
from tests.scenarios.trouble import locked

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
BUSY, SLACK_WAITS_MS = 0.8, 3000
AT_ONCE = 6

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


async def test_every_listener_answers_meanwhile(town: Town, tmp_path: Path) -> None:
    """One right payload for each of them, some at a time, each within Slack's three seconds."""
    async with town.bot(slack_app_token=None) as banso:
        await town.ws.request_url(f"http://127.0.0.1:{banso.port}/slack/events")
        await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました")
        await settled(town, banso)
        bodies = templates(
            list(heard(whole_app(tmp_path))),
            user=town.asker.id,
            channel=town.channel.id,
            team=town.sandbox.team_id,
            question=(await question(banso)).id,
            respond=f"{town.sandbox.api_url}nothing",
        )
        assert len(bodies) > 90
        for some in batched(bodies, AT_ONCE):
            async with locked(banso):
                tasks = [asyncio.create_task(_answered_in(town, banso, body)) for body in some]
                await asyncio.sleep(BUSY)  # the trouble itself
            for body, (status, ms) in zip(some, await asyncio.gather(*tasks), strict=True):
                assert (status, ms < SLACK_WAITS_MS) == (200, True), f"{ms:.0f} ms {body!r:.600}"


async def _answered_in(town: Town, banso: Banso, body: Any) -> tuple[int, float]:
    raw, kind = encoded(body)
    begun = time.monotonic()
    status, _ = await post(banso, town.sandbox.signing_secret, raw, int(time.time()), kind)
    return status, 1000 * (time.monotonic() - begun)


def batched(bodies: Sequence[Any], many: int) -> Iterator[Sequence[Any]]:
    return (bodies[start : start + many] for start in range(0, len(bodies), many))


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
