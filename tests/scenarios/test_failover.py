"""The database server is replaced while the bot runs: people are told in time, nothing is lost, nobody restarts anything."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, books, events_of, rung, settled, until
from tests.scenarios.trouble import Server, own_server

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with own_server(tmp_path_factory.mktemp("own")) as found:
        yield found


@pytest.fixture
def database_url(server: Server) -> str:
    """SQLite has no second server."""
    return server.url


async def test_a_failover_is_refused_in_words_and_everything_goes_on_after_it(
    town: Town, server: Server
) -> None:
    await town.ws.delivery(retry_delays=[0.5] * 60)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)

        await asyncio.to_thread(server.stop)
        while_away = await town.neighbour.says("無線LANにつながりません", town.channel)
        await asyncio.to_thread(server.start, standby=True)
        await town.talent.clicks("対応します", on=card, may_fail=True)
        told = await town.talent.sees("いま記録できませんでした", town.channel)
        assert "お問い合わせ番号" in told.words
        while_standby = await town.asker.mentions_bot("会議室の予約はどうすればいいですか", town.other)

        async def refused() -> bool:
            events = [*await events_of(town, while_away), *await events_of(town, while_standby)]
            return all(event["failures"] for event in events)

        await until(refused)
        assert (await books(banso)).received == 1, "what is there can be read from a standby"

        await asyncio.to_thread(server.promote)
        await town.channel.shows("受け付けました", thread=while_away)
        await town.other.shows("受け付けました", thread=while_standby)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        await settled(town, banso)
        assert len(await all_questions(banso)) == 3
        counted = await town.ws.counters()
        assert counted["duplicates"] == []
        direct = [*await rung(town.second), *await rung(town.neighbour)]
        assert counted["posts"] == 3 + len(direct)
        assert (await banso.health()).ok
