"""A start asks Slack each thing once, and still learns of everything that changed before it could be told."""

from __future__ import annotations

from collections import Counter

from storage import channels
from tests.scenarios.conftest import Town
from tests.scenarios.story import settled

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
ONCE = {
    "auth.test": 1,
    "apps.connections.open": 2,  # one for each connection
    "users.conversations": 2,  # the channels; the direct messages
    "conversations.members": 2,  # one for each channel
    "users.list": 1,
}


async def asked(town: Town) -> Counter[str]:
    """How often each method was called so far."""
    return Counter(str(each["method"]) for each in await town.ws.calls())


async def test_a_start_asks_each_thing_once(town: Town) -> None:
    async with town.bot() as banso:
        await settled(town, banso)
        assert await banso.database.read(channels.members_known)
    first = await asked(town)
    assert first == ONCE
    async with town.bot() as banso:
        await settled(town, banso)
    assert await asked(town) - first == {**ONCE, "conversations.history": 2}


async def test_what_a_start_finds_is_read_once_as_well(town: Town) -> None:
    """Somebody invites the bot and asks while it is away: one reading tells it where it is and what was written there."""
    async with town.bot() as banso:
        await settled(town, banso)
    before = await asked(town)
    await town.ws.delivery(retry_delays=[])
    new = await town.ws.channel("新しい相談", bot=True, members=[town.asker, town.talent])
    said = await town.asker.mentions_bot(BROKEN, new)
    async with town.bot() as banso:
        await new.shows("受け付けました", thread=said)
        await settled(town, banso)
    # The new channel's history is asked when the bot came, what was written since, and what is in its thread.
    found = await asked(town) - before
    assert {name: found[name] for name in ONCE} == {**ONCE, "conversations.members": 3}
    assert found["conversations.history"] == 4


async def test_a_start_in_a_storm_waits_for_its_turn(town: Town) -> None:
    await town.ws.faults("429", method="auth.test", count=2, retry_after=1)
    async with town.bot() as banso:
        await settled(town, banso)
    outcomes = (await town.ws.counters())["outcomes"]
    assert outcomes["auth.test 429"] == 2
    assert outcomes["auth.test ok"] == 1
