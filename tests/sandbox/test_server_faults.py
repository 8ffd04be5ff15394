"""The sandbox misbehaves exactly as it is told to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Workspace


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
async def ws(sandbox: Sandbox) -> AsyncIterator[Workspace]:
    async with Workspace(sandbox.control_url) as speaking:
        await speaking.limits("off")
        yield speaking


@pytest.fixture
async def desk(ws: Workspace) -> Channel:
    return await ws.channel("相談-端末")


def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


async def test_a_limit_strikes_as_often_as_planned_and_only_its_method(
    sandbox: Sandbox, ws: Workspace, desk: Channel
) -> None:
    slack = client(sandbox)
    await ws.faults("429", method="chat.postMessage", count=1, retry_after=7)
    await slack.auth_test()
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=desk.id, text="x")
    assert caught.value.response.headers["Retry-After"] == "7"
    await slack.chat_postMessage(channel=desk.id, text="x")
    assert [each["outcome"] for each in await ws.calls("chat.postMessage")] == ["429", "ok"]


async def test_a_dropped_call_was_carried_out_or_not_and_the_app_cannot_tell(
    sandbox: Sandbox, ws: Workspace, desk: Channel
) -> None:
    slack = client(sandbox)
    for kind in ("drop_before", "drop_after"):
        await ws.faults(kind, method="chat.postMessage", count=1)
        with pytest.raises(aiohttp.ClientError):
            await slack.chat_postMessage(channel=desk.id, text=kind)
    texts = [each.text for each in await desk.messages()]
    assert "drop_after" in texts
    assert "drop_before" not in texts
    assert (await ws.counters())["posts"] == 1


@pytest.mark.parametrize("kind", ["500", "502", "503"])
async def test_a_server_error_is_not_json(sandbox: Sandbox, ws: Workspace, kind: str) -> None:
    await ws.faults(kind, count=1)
    async with aiohttp.ClientSession() as http:
        answer = await http.post(f"{sandbox.api_url}auth.test")
        assert (answer.status, answer.content_type) == (int(kind), "text/html")


async def test_a_new_message_stays_out_of_history_while_it_is_delayed(
    sandbox: Sandbox, ws: Workspace, desk: Channel
) -> None:
    slack = client(sandbox)
    await ws.faults("history_delay", seconds=60)
    posted = await slack.chat_postMessage(channel=desk.id, text="まだ見えない")
    hidden = await slack.conversations_history(channel=desk.id)
    assert "まだ見えない" not in [each["text"] for each in hidden["messages"]]
    await ws.clear_faults()
    there = await slack.conversations_history(channel=desk.id, oldest=posted["ts"], inclusive=True)
    assert [each["text"] for each in there["messages"]] == ["まだ見えない"]


async def test_messages_posted_twice_under_one_id_are_reported(
    sandbox: Sandbox, ws: Workspace, desk: Channel
) -> None:
    slack = client(sandbox)
    for identity in ("a", "b", "a"):
        metadata = {"event_type": "outbox", "event_payload": {"id": identity}}
        await slack.chat_postMessage(channel=desk.id, text="x", metadata=metadata)
    assert [(each["id"], len(each["ts"])) for each in (await ws.counters())["duplicates"]] == [("a", 2)]


async def test_an_unknown_fault_is_refused(ws: Workspace) -> None:
    with pytest.raises(Exception, match="unknown fault"):
        await ws.faults("earthquake")
