"""Rate limits and order: what must wait waits in a row, everything else goes on."""

from __future__ import annotations

import asyncio
from datetime import datetime

from sqlalchemy import select

from bot.domain.question import Verb
from handlers.questions.lifecycle.actions import act
from storage.database import Transaction
from storage.outbox import Kind
from storage.tables import outbox
from tests.scenarios.conftest import Town
from tests.scenarios.story import question, rung, settled, until

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


def _due(tx: Transaction, channel: str) -> list[datetime]:
    rows = tx.connection.execute(
        select(outbox.c.due_at).where(
            outbox.c.channel == channel, outbox.c.kind == Kind.CARD, outbox.c.wanted > outbox.c.sent
        )
    )
    return list(rows.scalars())


async def test_a_channel_told_to_wait_waits_in_its_row_and_the_others_go_on(town: Town) -> None:
    await town.ws.faults("429", method="chat.postMessage", channel=town.channel.id, retry_after=4, count=1)
    async with town.bot() as banso:
        limited = await town.asker.says(BROKEN, town.channel)

        async def refused() -> bool:
            return bool(await town.ws.calls("chat.postMessage", outcome="429"))

        await until(refused)
        (waiting,) = await town.ws.calls("chat.postMessage", outcome="429")

        async def put_off() -> datetime | None:
            (due,) = await banso.database.read(_due, town.channel.id)
            return due if due.timestamp() - waiting["time"] >= 3.9 else None

        due = await until(put_off)
        assert (due - banso.database.clock.real_now()).total_seconds() <= 4
        other = await town.asker.mentions_bot(BROKEN, town.other)
        await town.other.shows("受け付けました", thread=other)
        await town.channel.shows("受け付けました", thread=limited)
        posted = [each for each in await town.ws.calls("chat.postMessage", outcome="ok")]
        by_channel = {each["args"]["channel"]: each["time"] for each in posted}
        assert by_channel[town.channel.id] - waiting["time"] >= 3.9, "never earlier than Slack asked"
        assert by_channel[town.other.id] < by_channel[town.channel.id]
        assert len(await town.ws.calls("chat.postMessage")) == 3


async def test_updates_told_to_wait_do_not_hold_up_first_posts(town: Town) -> None:
    async with town.bot() as banso:
        first = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=first)
        await settled(town, banso)
        await town.ws.faults("429", method="chat.update", retry_after=3, count=1)
        await town.talent.clicks("対応します", on=card)
        second = await town.neighbour.says("無線LANにつながりません", town.channel)
        await town.channel.shows("受け付けました", thread=second)
        assert (await town.ws.counters())["updates"] == 0
        await town.channel.changed(card, "森脇さんが対応しています")
        assert len(await town.ws.calls("chat.update")) == 2


async def test_ten_quick_changes_are_few_updates_and_the_last_one_shows(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        number = (await question(banso)).id
        deeds = [(Verb.CLAIM, town.talent), (Verb.ANSWER, town.talent), (Verb.REOPEN, town.asker)] * 3
        deeds.append((Verb.CLAIM, town.pm))
        await asyncio.gather(
            *(
                banso.database.write(act, number, verb, person.id, source=str(place))
                for place, (verb, person) in enumerate(deeds)
            )
        )
        await town.channel.changed(card, "戸叶さんが対応しています")
        await settled(town, banso)
        assert (await town.ws.counters())["updates"] <= 3
        (parent,) = [m for m in await town.channel.top() if m.ts == asked.ts]
        assert parent.reactions == ["raising_hand"]


async def test_a_card_that_comes_after_a_hand_over_rings_nobody_a_second_time(town: Town) -> None:
    await town.ws.faults("429", method="chat.postMessage", channel=town.channel.id, retry_after=2, count=1)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)

        async def there() -> bool:
            return bool(await town.ws.calls("chat.postMessage"))

        await until(there)
        number = (await question(banso)).id
        await banso.database.write(
            act, number, Verb.HAND_OVER, town.coordinator.id, source="x", person=town.pm.id
        )
        await town.pm.sees("担当をお願いします")
        card = await town.channel.shows("受け付けました", thread=asked)
        assert "次は 戸叶さん" in card.words
        await settled(town, banso)
        assert len(await rung(town.pm)) == 1
        assert await rung(town.talent) == []


async def test_slacks_own_limits_are_not_run_into(town: Town) -> None:
    """Eight questions in one channel: our pacing keeps under a message a second by itself."""
    async with town.bot() as banso:
        people = [await town.ws.person(f"職員 {n}", channels=[town.channel]) for n in range(8)]
        await asyncio.gather(*(each.says(BROKEN, town.channel) for each in people))
        await settled(town, banso)
        assert (await town.ws.counters())["posts"] == 8 + 8, "a card, and to each once: where do you belong?"
        assert await town.ws.calls(outcome="429") == []
        assert banso.services.metrics.rate_limited._value.get() == 0
