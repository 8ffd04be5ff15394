"""Stopping, starting again and running twice: nothing is cut off, nothing is done twice."""

from __future__ import annotations

import asyncio
import threading

import pytest

from handlers.questions.base.incoming import Incoming
from handlers.questions.catching import taking
from sandbox.client import Shown
from storage.database import Transaction
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, books, events_of, question, rung, settled, until, verbs

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def test_a_stop_finishes_what_was_begun(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, real = threading.Event(), threading.Event(), taking.written

    def slow(tx: Transaction, message: Incoming, kind: str, owner: str) -> None:
        begun.set()
        go_on.wait(20)
        real(tx, message, kind, owner)

    async def has_begun() -> bool:
        return begun.is_set()

    running = town.bot()
    await running.__aenter__()
    monkeypatch.setattr(taking, "written", slow)
    asked = await town.asker.says(BROKEN, town.channel)
    await until(has_begun)
    stopping = asyncio.create_task(running.__aexit__(None, None, None))
    await asyncio.sleep(0)
    assert not stopping.done()
    go_on.set()
    await stopping
    (event,) = await events_of(town, asked)
    assert (event["outcome"], event["attempts"]) == ("delivered", 1)
    async with town.bot() as banso:
        await town.channel.shows("受け付けました", thread=asked)
        await question(banso)


async def test_a_restart_goes_on_where_it_was(town: Town) -> None:
    await town.ws.faults("429", method="chat.postMessage", retry_after=2, count=1)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)

        async def refused() -> bool:
            return bool(await town.ws.calls("chat.postMessage"))

        await until(refused)
    assert (await town.ws.counters())["posts"] == 0
    async with town.bot() as banso:
        card = await town.channel.shows("受け付けました", thread=asked)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応中")
    async with town.bot() as banso:
        await settled(town, banso)
        assert len(await rung(town.talent)) == 1
        assert (await town.ws.counters())["posts"] == 1
        assert (await town.ws.counters())["duplicates"] == []


async def test_two_replicas_do_nothing_twice(town: Town) -> None:
    await town.ws.faults("duplicate", method="message", count=20, copies=1)
    places = [town.channel, *[await town.ws.channel(f"相談{n}", members=[town.asker]) for n in range(3)]]
    async with town.bot() as one, town.bot() as two:
        await town.ws.connected(4)
        asked = [await town.asker.mentions_bot(BROKEN, place) for place in places]
        cards: list[Shown] = [
            await place.shows("受け付けました", thread=message)
            for place, message in zip(places, asked, strict=True)
        ]
        await asyncio.gather(
            *(
                person.clicks_stale("対応します", on=cards[0], may_fail=True)
                for person in (town.talent, town.pm, town.coordinator)
            )
        )
        await town.talent.says("電源ボタンを長押ししてください", places[0], thread=asked[0])
        await settled(town, one)
        for _ in range(3):
            await town.later(days=2)
            await asyncio.gather(*(replica.scheduler.run_due() for replica in (one, two)))
        await settled(town, two)
        found = await all_questions(one)
        assert [each.number for each in found] == [1, 2, 3, 4]
        for each in found:
            done = await verbs(two, each)
            assert done.count("receive") == 1
            assert done.count("claim") == (1 if each.ts == asked[0].ts else 0)
            assert done.count("escalate") <= 3
        assert (await books(one)).received == 4
        counted = await town.ws.counters()
        assert counted["duplicates"] == []
        assert counted["asked"] == 4
        assert (await one.health()).ok
        assert (await two.health()).ok
        for person in (town.pm, town.coordinator):
            texts = [(each["channel"], each["text"]) for each in await rung(person)]
            assert len(texts) == len(set(texts)), "nobody is rung twice for the same"


async def test_two_replicas_that_catch_up_at_once_disturb_nobody_twice(town: Town) -> None:
    """Both were away; both read the same words, and both find the same work due."""
    await town.ws.delivery(retry_delays=[])
    async with town.bot() as banso:
        waiting = await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました", thread=waiting)
        await settled(town, banso)
    await town.later(hours=5)
    await town.neighbour.says("お疲れ様です", town.other)
    await town.neighbour.says("ありがとうございます", town.channel)
    places = [
        await town.ws.channel(f"相談{n}", bot=True, members=[town.asker, town.second]) for n in range(3)
    ]
    called = [await town.asker.mentions_bot(BROKEN, place) for place in (town.other, *places)]
    below = await town.neighbour.mentions_bot("無線LANにつながりません", town.other, thread=called[0])
    await town.pm.says("見てみます", town.other, thread=called[0])
    await town.later(hours=1)
    async with town.bot(caught_up=False) as one, town.bot(caught_up=False) as two:
        both = (one, two)
        await asyncio.gather(*(replica.catch_up.run() for replica in both))
        await asyncio.gather(*(replica.scheduler.run_due() for replica in both for _ in range(3)))
        await asyncio.gather(*(replica.health() for replica in both))
        await settled(town, one)
        found = {each.ts: each for each in await all_questions(one)}
        assert {waiting.ts, called[0].ts} <= set(found)
        assert below.ts not in found, "it is in somebody's thread"
        assert (await verbs(one, found[waiting.ts])).count("escalate") == 1
        assert (await verbs(one, found[called[0].ts])).count("claim") == 1
        counted = await town.ws.counters()
        assert counted["duplicates"] == []
        for person in (town.talent, town.second, town.pm, town.coordinator, town.asker, town.neighbour):
            texts = [(each["channel"], each["text"]) for each in await rung(person)]
            assert len(texts) == len(set(texts)), "nobody is rung twice for the same"
        offered = [each for each in await town.neighbour.ephemerals() if "相談でしたら" in each.words]
        assert len(offered) == 1
