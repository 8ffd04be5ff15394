"""A stop takes nothing new, finishes what it has with its acknowledgements, sends what is due, and only then closes."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from bot import app, delivery
from bot.gate import Gate
from bot.metrics import Metrics
from handlers.questions.base.incoming import Incoming
from handlers.questions.catching import taking
from sandbox.client import Message
from storage.database import Transaction
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, events_of, settled, until

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
WIRELESS = "無線LANにつながりません。どうすればいいですか"


async def left_to_retry(town: Town, message: Message) -> bool:
    """Whether Slack got no acknowledgement for a message and means to try again."""
    return all(event["failures"] for event in await events_of(town, message))


def _gates(monkeypatch: pytest.MonkeyPatch) -> list[Gate]:
    """Where each bot that is started from now on counts what it is handling."""
    found: list[Gate] = []

    def gate(metrics: Metrics) -> Gate:
        found.append(Gate(metrics))
        return found[-1]

    monkeypatch.setattr(app, "Gate", gate)
    return found


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_what_is_under_way_is_acknowledged_and_its_answers_are_sent(
    town: Town, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    begun, go_on, real = threading.Event(), threading.Event(), taking.written
    gates = _gates(monkeypatch)

    def slow(tx: Transaction, message: Incoming, kind: str, owner: str) -> None:
        begun.set()
        go_on.wait(20)
        real(tx, message, kind, owner)

    async def two_under_way() -> bool:
        return begun.is_set() and gates[0].inside == 2

    await town.ws.delivery(retry_delays=[0.3] * 60, ack_seconds=20)
    more: dict[str, Any] = {} if mode == "socket" else {"slack_app_token": None}
    running = town.bot(**more)
    banso = await running.__aenter__()
    if mode == "http":
        assert await town.ws.request_url(f"http://127.0.0.1:{banso.port}/slack/events")
    asked = await town.asker.says(BROKEN, town.channel)
    card = await town.channel.shows("受け付けました", thread=asked)
    await settled(town, banso)

    monkeypatch.setattr(taking, "written", slow)
    other = await town.neighbour.says(WIRELESS, town.channel)
    press = asyncio.create_task(town.talent.clicks("対応します", on=card))
    await until(two_under_way)
    stopping = asyncio.create_task(running.__aexit__(None, None, None))
    await asyncio.sleep(0)
    await town.ws.delivery(ack_seconds=1)
    late = await town.pm.mentions_bot("会議室の予約はどうすればいいですか", town.other)

    await until(lambda: left_to_retry(town, late))
    assert not stopping.done()
    go_on.set()
    await stopping
    assert (await press).acked
    (event,) = await events_of(town, other)
    assert (event["outcome"], event["attempts"]) == ("delivered", 1)
    assert [m.by_bot for m in await town.channel.thread(other)] == [False, True], "the card is there already"
    await town.channel.changed(card, "森脇さんが対応しています", within=0.1)
    assert await town.other.thread(late) == [m for m in await town.other.top() if m.ts == late.ts]

    async with town.bot() as again:
        await town.other.shows("受け付けました", thread=late)
        await settled(town, again)
        assert len(await all_questions(again)) == 3
        assert (await town.ws.counters())["duplicates"] == []
        assert (await again.health()).ok


async def test_what_cannot_be_sent_yet_holds_up_no_stop(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A channel whose turn comes in a minute, and one more post than our pacing lets go within the patience."""
    monkeypatch.setattr(delivery, "DRAIN_SECONDS", 0.5)
    await town.ws.faults("429", method="chat.postMessage", channel=town.other.id, retry_after=60, count=1)
    async with town.bot():
        await town.asker.mentions_bot(BROKEN, town.other)

        async def limited() -> bool:
            return bool(await town.ws.calls("chat.postMessage", outcome="429"))

        await until(limited)
        people = [await town.ws.person(f"職員 {n}", channels=[town.channel]) for n in range(4)]
        asked = [await each.says(WIRELESS, town.channel) for each in people]
        await town.ws.quiet(0.1)
        begun = time.monotonic()
    assert time.monotonic() - begun < 5
    async with town.bot() as banso:
        for each in asked:
            await town.channel.shows("受け付けました", thread=each)
        assert len(await all_questions(banso)) == 5
        assert (await town.ws.counters())["duplicates"] == []


async def test_a_deaf_slack_ends_the_stop_as_well(town: Town) -> None:
    """The peer of the sockets is gone without a word: nobody waits for its farewell."""
    async with town.bot() as banso:
        await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました")
        await settled(town, banso)
        await town.ws.faults("500", method="apps.connections.open")
        await town.ws.disconnects("cut")
        begun = time.monotonic()
    assert time.monotonic() - begun < 6
