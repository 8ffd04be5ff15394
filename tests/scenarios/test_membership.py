"""Who is in a channel is known: a mention rings only members, and nobody else would hear of a question."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.app import Banso
from bot.reading import Reader
from handlers.members import actions
from handlers.members.sync import sync_channels
from sandbox.client import Channel, Person
from storage import channels, dead_letters
from tests.scenarios.conftest import Town
from tests.scenarios.story import question, rung, settled, until

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


class SlowAnswers(Reader):
    """Slack has answered; the answer is still under way until the test lets it arrive."""

    def __init__(self, method: str) -> None:
        super().__init__()
        self.method = method
        self.answered, self.arrives = asyncio.Event(), asyncio.Event()

    async def call(self, method: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
        answer = await super().call(method, **arguments)
        if getattr(method, "__name__", "") == self.method:
            self.answered.set()
            await self.arrives.wait()
        return answer


async def inside(banso: Banso, place: Channel, person: Person) -> bool:
    return await banso.database.read(channels.is_in_channel, place.id, person.id)


async def becomes(banso: Banso, place: Channel, person: Person, wanted: bool) -> None:
    async def so() -> bool:
        return await inside(banso, place, person) is wanted

    await until(so)


async def test_an_event_during_a_reading_is_newer_than_what_was_read(town: Town) -> None:
    async with town.bot() as banso:
        await settled(town, banso)
        reader = SlowAnswers("conversations_members")
        reading = asyncio.create_task(sync_channels(banso.services, reader))
        await asyncio.wait_for(reader.answered.wait(), 10)
        await town.talent.leaves(town.channel)
        await town.second.joins(town.channel)
        await becomes(banso, town.channel, town.talent, False)
        await becomes(banso, town.channel, town.second, True)
        reader.arrives.set()
        await reading
        assert not await inside(banso, town.channel, town.talent)
        assert await inside(banso, town.channel, town.second)
        assert await inside(banso, town.channel, town.pm)


async def test_a_channel_the_bot_comes_into_during_a_reading_is_not_taken_for_one_it_is_not_in(
    town: Town,
) -> None:
    new = await town.ws.channel("新しい相談", bot=False)
    async with town.bot() as banso:
        await settled(town, banso)
        await banso.database.write(
            lambda tx: channels.save_channel(tx, new.id, name="新しい相談", bot_is_member=True)
        )
        reader = SlowAnswers("users_conversations")
        reading = asyncio.create_task(sync_channels(banso.services, reader))
        await asyncio.wait_for(reader.answered.wait(), 10)
        await new.adds(bot=True)
        await settled(town, banso)
        reader.arrives.set()
        await reading
        found = await banso.database.read(channels.channel, new.id)
        assert found is not None
        assert found.bot_is_member


async def test_a_channel_archived_during_a_reading_stays_archived(town: Town) -> None:
    async with town.bot() as banso:
        await settled(town, banso)
        reader = SlowAnswers("conversations_members")
        reading = asyncio.create_task(sync_channels(banso.services, reader))
        await asyncio.wait_for(reader.answered.wait(), 10)
        for place in (town.channel, town.other):
            await place.archives()

        async def gone() -> bool:
            return all(place.archived for place in await banso.database.read(channels.all_channels))

        await until(gone)
        reader.arrives.set()
        await reading
        assert await gone()


async def test_an_event_that_comes_long_after_a_reading_that_knows_better_is_ignored(town: Town) -> None:
    """Slack sends an event again for minutes; meanwhile the person may have left."""
    async with town.bot() as banso:
        await settled(town, banso)
        known = await banso.database.read(channels.channel, town.channel.id)
        assert known is not None
        assert known.members_read_at is not None
        place, who, long_ago = town.channel.id, town.second.id, known.members_read_at - 2 * actions.SURELY
        await banso.database.write(actions.joined, place, who, is_bot=False, at=long_ago)
        assert not await inside(banso, town.channel, town.second)
        await banso.database.write(actions.joined, place, who, is_bot=False, at=known.members_read_at)
        assert await inside(banso, town.channel, town.second)


async def test_who_left_while_the_bot_was_away_is_rung_directly(town: Town) -> None:
    async with town.bot() as banso:
        await settled(town, banso)
    await town.ws.delivery(retry_delays=[])
    await town.talent.leaves(town.channel)
    await town.later(hours=1)
    asked = await town.asker.says(BROKEN, town.channel)
    async with town.bot() as banso:
        await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        assert (await question(banso)).responsible == town.talent.id
        assert [each["kind"] for each in await rung(town.talent)] == ["direct"]


async def test_a_channel_the_bot_is_invited_to_is_read_and_nothing_in_it_is_missed(town: Town) -> None:
    new = await town.ws.channel("新しい相談", bot=False, members=[town.asker, town.talent])
    async with town.bot() as banso:
        await settled(town, banso)
        await new.adds(bot=True)
        await town.pm.joins(new)
        await becomes(banso, new, town.pm, True)
        await becomes(banso, new, town.talent, True)  # who was there before us is read at once
        await settled(town, banso)
        assert await banso.database.read(channels.members_known)
    await town.ws.delivery(retry_delays=[])
    await town.later(minutes=30)
    asked = await town.asker.mentions_bot(BROKEN, new)
    async with town.bot() as banso:
        await new.shows("受け付けました", thread=asked)


async def test_slack_that_does_not_say_who_is_where_keeps_nobody_from_being_heard(town: Town) -> None:
    await town.ws.faults("error", method="conversations.members", error="fetch_members_failed")
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        assert [each["kind"] for each in await rung(town.talent)] == ["direct"]


async def test_back_in_a_channel_unnoticed_what_could_not_be_delivered_is_delivered(town: Town) -> None:
    """The event that the channel came back was missed; the next reading notices."""
    async with town.bot() as banso:
        await town.ws.faults("429", method="chat.postMessage", retry_after=1, count=1)
        asked = await town.asker.says(BROKEN, town.channel)
        await town.channel.archives()

        async def dead() -> bool:
            return bool(await banso.database.read(dead_letters.dead_letters))

        await until(dead)
    await town.ws.delivery(retry_delays=[])
    await town.channel.unarchives()
    await town.channel.adds(bot=True)
    async with town.bot() as banso:
        await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        assert await banso.database.read(dead_letters.dead_letters) == []
