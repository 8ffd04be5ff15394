"""Misbehaviour on request, seen through the real SDK. What the SDK does was measured
with slack-sdk 3.47 (docs/slack.md, "The client")."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Workspace
from tests.sandbox.test_calls import refusal


def client(sandbox: Sandbox, slack: AsyncWebClient, *handlers: Any, **more: Any) -> AsyncWebClient:
    """Return the SDK's client with these retry handlers."""
    return AsyncWebClient(
        token=sandbox.bot_token,
        base_url=sandbox.api_url,
        session=slack.session,
        retry_handlers=list(handlers),
        **more,
    )


async def test_a_drop_before_leaves_nothing(slack: AsyncWebClient, ws: Workspace, desk: Channel) -> None:
    await ws.faults("drop_before", method="chat.postMessage", count=1)
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel=desk.id, text="一度だけ")
    await desk.never_shows("一度だけ", for_=0.05)
    await slack.chat_postMessage(channel=desk.id, text="一度だけ")
    assert len([each for each in await desk.messages() if each.text == "一度だけ"]) == 1


async def test_a_drop_after_leaves_the_post(slack: AsyncWebClient, ws: Workspace, desk: Channel) -> None:
    """The app cannot tell one from the other; it has to look."""
    await ws.faults("drop_after", method="chat.postMessage", count=1)
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel=desk.id, text="一度だけ")
    await desk.shows("一度だけ")
    assert [each["outcome"] for each in await ws.calls("chat.postMessage")] == ["drop_after"]


async def test_the_sdks_default_posts_twice(
    sandbox: Sandbox, slack: AsyncWebClient, ws: Workspace, desk: Channel
) -> None:
    """Measured: a connection dropped after Slack processed the post makes two posts."""
    await ws.faults("drop_after", method="chat.postMessage", count=1)
    default = client(sandbox, slack, AsyncConnectionErrorRetryHandler())
    await default.chat_postMessage(
        channel=desk.id, text="二度", metadata={"event_type": "a", "event_payload": {"id": "k1"}}
    )
    assert len([each for each in await desk.messages() if each.text == "二度"]) == 2
    assert [each["id"] for each in (await ws.counters())["duplicates"]] == ["k1"]


async def test_connection_errors_are_retried_by_default_once(sandbox: Sandbox) -> None:
    """Measured: the default retry handler is for connection errors, once; nothing else."""
    default = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    assert [type(each).__name__ for each in default.retry_handlers] == ["AsyncConnectionErrorRetryHandler"]
    assert [each.max_retry_count for each in default.retry_handlers] == [1]


@pytest.mark.parametrize("kind", ["500", "502", "503"])
async def test_a_server_error_is_not_json(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, kind: str
) -> None:
    await ws.faults(kind, method="chat.postMessage", count=1)
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=desk.id, text="届かない")
    assert caught.value.response.status_code == int(kind)
    await desk.never_shows("届かない", for_=0.05)


@pytest.mark.parametrize(("kind", "again"), [("500", True), ("503", True), ("502", False)])
async def test_the_sdks_server_error_handler(
    sandbox: Sandbox, slack: AsyncWebClient, ws: Workspace, kind: str, again: bool
) -> None:
    """Measured: server-error handlers (500, 503; not 502) are off; here one is on."""
    await ws.faults(kind, method="auth.test", count=1)
    patient = client(sandbox, slack, AsyncServerErrorRetryHandler(max_retry_count=1))
    if again:
        assert (await patient.auth_test())["ok"]
    else:
        with pytest.raises(SlackApiError):
            await patient.auth_test()
    assert len(await ws.calls("auth.test")) == 1 + again


async def test_a_slow_answer_outlasts_the_clients_patience(
    sandbox: Sandbox, ws: Workspace, desk: Channel
) -> None:
    """Measured: time-outs are never retried, and the post is made all the same."""
    await ws.faults("slow", method="chat.postMessage", count=1, seconds=1.2)
    hasty = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, timeout=1)
    with pytest.raises(TimeoutError):
        await hasty.chat_postMessage(channel=desk.id, text="遅い")
    await desk.shows("遅い")
    assert [each["outcome"] for each in await ws.calls("chat.postMessage")] == ["ok"]


async def test_any_error_can_be_made_to_happen(slack: AsyncWebClient, ws: Workspace) -> None:
    await ws.faults("error", method="users.list", count=2, error="internal_error")
    assert await refusal(slack.users_list()) == "internal_error"
    assert await refusal(slack.users_list()) == "internal_error"
    assert (await slack.users_list())["ok"]


async def test_a_fault_may_strike_one_channel_only(
    slack: AsyncWebClient, ws: Workspace, desk: Channel
) -> None:
    other = await ws.channel("ほか")
    await ws.faults("error", method="chat.postMessage", channel=desk.id, error="fatal_error")
    assert await refusal(slack.chat_postMessage(channel=desk.id, text="x")) == "fatal_error"
    assert (await slack.chat_postMessage(channel=other.id, text="x"))["ok"]
    await ws.clear_faults()
    assert (await slack.chat_postMessage(channel=desk.id, text="x"))["ok"]


async def test_a_fault_may_strike_by_chance_the_same_every_run(slack: AsyncWebClient, ws: Workspace) -> None:
    await ws.faults("error", method="auth.test", probability=0.5)
    struck = 0
    for _ in range(40):
        try:
            await slack.auth_test()
        except SlackApiError:
            struck += 1
    assert 10 < struck < 30


async def test_a_slow_call_holds_up_nobody_else(slack: AsyncWebClient, ws: Workspace) -> None:
    await ws.faults("slow", method="users.list", count=1, seconds=0.5)
    slow = asyncio.create_task(slack.users_list())
    for _ in range(5):
        await slack.auth_test()
    assert not slow.done()
    assert (await slow)["ok"]


async def test_a_slow_answer_may_be_a_refusal_too(
    sandbox: Sandbox, ws: Workspace, slack: AsyncWebClient
) -> None:
    await ws.faults("slow", seconds=0.2)
    await ws.faults("429", method="auth.test", count=1)
    with pytest.raises(SlackApiError, match="ratelimited"):
        await slack.auth_test()
    assert (await slack.auth_test())["ok"]
    first, second = await ws.calls("auth.test")
    assert (first["outcome"], second["outcome"]) == ("429", "ok")
    assert min(first["seconds"], second["seconds"]) >= 0.2
