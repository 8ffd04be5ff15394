"""Nobody knows whether Slack took it: look, wait, look again, and only then post again. Everything is there once."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from slack_sdk.errors import SlackApiError

from bot import posting
from bot.slack import Outcome, outcome
from tests.scenarios.conftest import Town
from tests.scenarios.story import rung, settled, until

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


@pytest.mark.parametrize(
    ("fault", "later"), [("500", "503"), ("drop_before", "502"), ("drop_after", "drop_after")]
)
async def test_a_post_that_went_wrong_is_there_once(town: Town, fault: str, later: str) -> None:
    await town.ws.faults(fault, method="chat.postMessage", count=1)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await town.ws.faults(later, method="chat.update", count=1)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        await settled(town, banso)
        counted = await town.ws.counters()
        assert counted["duplicates"] == []
        assert len([m for m in await town.channel.thread(asked) if m.by_bot]) == 1
        assert len(await rung(town.talent)) == 1
        assert banso.services.metrics.unsure._value.get() >= 2, "both were unsure, and both came right"
        assert (await banso.health()).ok


async def test_a_history_that_lags_behind_is_given_time(town: Town) -> None:
    await town.ws.faults("drop_after", method="chat.postMessage", count=1)
    await town.ws.faults("history_delay", seconds=60)
    async with town.bot(unsure_wait_seconds=1) as banso:
        asked = await town.asker.says(BROKEN, town.channel)

        async def looks() -> int:
            calls = await town.ws.calls("conversations.replies")
            return len([each for each in calls if "include_all_metadata" in each["args"]])

        await until(looks)
        await town.ws.faults("history_delay", seconds=0)
        await settled(town, banso)
        assert await looks() == 2
        assert (await town.ws.counters())["posts"] == 1
        assert len([m for m in await town.channel.thread(asked) if m.by_bot]) == 1


async def test_an_answer_that_comes_too_late_is_looked_up(town: Town) -> None:
    """A call is given up well before its lease ends; Slack carried it out all the same."""
    await town.ws.faults("slow", method="chat.postMessage", seconds=1.0, count=1)
    async with town.bot(lease_seconds=2, unsure_wait_seconds=0.7) as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        assert (await town.ws.counters())["posts"] == 1
        assert (await town.ws.counters())["duplicates"] == []
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")


async def test_a_direct_message_and_a_reaction_are_there_once_and_a_private_offer_at_most(town: Town) -> None:
    await town.ws.faults("drop_after", method="chat.postMessage", count=2)
    await town.ws.faults("drop_after", method="reactions.add", count=1)
    await town.ws.faults("drop_after", method="conversations.open", count=1)
    await town.ws.faults("drop_after", method="chat.postEphemeral", count=1)
    async with town.bot() as banso:
        asked = await town.asker.says("VPNがつながりません。どうすればいいですか", town.channel)
        await town.second.sees("No.1 が届きました")
        await town.channel.shows("受け付けました", thread=asked)
        await town.neighbour.says("ありがとうございます", town.channel)
        await settled(town, banso)
        assert len(await (await town.second.dm()).messages()) == 1
        (parent,) = [m for m in await town.channel.top() if m.ts == asked.ts]
        assert parent.reactions == ["inbox_tray"]
        assert len(await town.neighbour.ephemerals()) == 1
        assert (await banso.health()).ok


def test_a_proxys_page_instead_of_slacks_answer_gives_nothing_up() -> None:
    """「http_200」 without Slack's words: nobody knows who answered."""

    def said(response: object) -> SlackApiError:
        return SlackApiError("", response)  # type: ignore[no-untyped-call]

    page = SimpleNamespace(status_code=200, headers={}, data="<html>ログインしてください</html>")
    assert outcome(said(page)) == (Outcome.UNSURE, "http_200")
    assert outcome(said(SimpleNamespace(status=503, headers={}))) == (Outcome.UNSURE, "http_503")
    assert outcome(TimeoutError())[0] is Outcome.UNSURE
    with pytest.raises(ZeroDivisionError):
        outcome(ZeroDivisionError())


async def test_a_message_is_found_at_the_end_of_a_long_thread(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page conversations.replies: a thread is read from its beginning."""
    monkeypatch.setattr(posting, "PAGE", 2)
    asked = await town.asker.says(BROKEN, town.channel)
    for number in range(9):
        await town.neighbour.says(f"わたしも {number}", town.channel, thread=asked)
    await town.ws.faults("drop_after", method="chat.postMessage", count=1)
    async with town.bot() as banso:
        await town.asker.mentions_bot("これも教えてください", town.channel, thread=asked)
        await settled(town, banso)
        assert banso.services.metrics.unsure._value.get() == 1
        assert (await town.ws.counters())["duplicates"] == []


async def test_looking_itself_may_fail(town: Town) -> None:
    await town.ws.faults("drop_after", method="chat.postMessage", count=1)
    await town.ws.faults("429", method="conversations.replies", retry_after=1, count=1)
    await town.ws.faults("500", method="conversations.replies", count=1)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)

        async def looked() -> bool:
            return len(await town.ws.calls("conversations.replies")) >= 3

        await until(looked)
        await settled(town, banso)
        assert (await town.ws.counters())["posts"] == 1
        assert len([m for m in await town.channel.thread(asked) if m.by_bot]) == 1
