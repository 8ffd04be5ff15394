"""Reading in the background is patient with bad luck and with limits, and with nothing else."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.reading import Reader
from bot.settings import Settings
from bot.slack import web_client
from sandbox import Sandbox
from sandbox.client import Channel, Workspace

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=ROOT / "app.yaml") as found:
        yield found


@pytest.fixture
async def ws(sandbox: Sandbox) -> AsyncIterator[Workspace]:
    async with Workspace(sandbox.control_url) as found:
        yield found


@pytest.fixture
async def channel(ws: Workspace) -> Channel:
    return await ws.channel("相談", bot=True)


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        settings = Settings(_env_file=None, slack_bot_token=sandbox.bot_token, slack_api_url=sandbox.api_url)
        yield web_client(settings, session)


@pytest.mark.parametrize("kind", ["500", "502", "503", "drop_before", "drop_after"])
async def test_bad_luck_is_met_with_a_few_more_tries_after_growing_pauses(
    ws: Workspace, client: AsyncWebClient, channel: Channel, kind: str
) -> None:
    await ws.faults(kind, method="conversations.history", count=2)
    began = time.monotonic()
    answer = await Reader(pauses=[0.1, 0.3, 9]).call(client.conversations_history, channel=channel.id)
    assert answer["ok"]
    # aiohttp itself makes a dropped GET again once; what it cannot mend is ours.
    assert (0.1 if "drop" in kind else 0.4) <= time.monotonic() - began < 8


async def test_bad_luck_to_the_end_is_said(ws: Workspace, client: AsyncWebClient, channel: Channel) -> None:
    await ws.faults("500", method="conversations.history")
    with pytest.raises(SlackApiError):
        await Reader(pauses=[0.01, 0.01]).call(client.conversations_history, channel=channel.id)
    assert len(await ws.calls("conversations.history")) == 3


async def test_nobody_at_home_is_bad_luck(client: AsyncWebClient) -> None:
    client.base_url = "http://127.0.0.1:9/api/"
    tries = 0

    async def ask() -> object:
        nonlocal tries
        tries += 1
        return await client.auth_test()

    with pytest.raises(aiohttp.ClientConnectorError):
        await Reader(pauses=[0.01]).call(ask)
    assert tries == 2


async def test_a_refusal_is_not_asked_again(ws: Workspace, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await Reader(pauses=[9.0]).call(client.conversations_history, channel="C0NOWHERE")
    assert len(await ws.calls("conversations.history")) == 1


async def test_a_limit_is_waited_for_and_uses_up_no_try(
    ws: Workspace, client: AsyncWebClient, channel: Channel
) -> None:
    await ws.faults("429", method="conversations.history", count=2, retry_after=1)
    began = time.monotonic()
    assert (await Reader(pauses=[]).call(client.conversations_history, channel=channel.id))["ok"]
    assert time.monotonic() - began >= 2


async def test_bad_luck_in_the_middle_of_the_pages_loses_none(
    ws: Workspace, client: AsyncWebClient, channel: Channel
) -> None:
    person = await ws.person("浜野 凪", channels=[channel])
    for number in range(5):
        await person.says(f"{number}", channel)
    await ws.faults("drop_after", method="conversations.history", probability=0.5)
    pages = Reader(pauses=[0.01] * 20).pages(
        client.conversations_history, "messages", channel=channel.id, limit=1
    )
    found = [message["text"] async for page in pages for message in page if not message.get("subtype")]
    assert found == ["4", "3", "2", "1", "0"]
