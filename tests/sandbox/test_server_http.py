"""HTTP mode: signed requests to the app's URL, Slack's challenge, retries with their headers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Workspace


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
async def ws(sandbox: Sandbox) -> AsyncIterator[Workspace]:
    async with Workspace(sandbox.control_url) as speaking:
        yield speaking


class Site:
    """Serves an aiohttp application on a free port."""

    def __init__(self, app: web.Application) -> None:
        self.runner = web.AppRunner(app)

    async def __aenter__(self) -> str:
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        host, port = self.runner.addresses[0][:2]
        return f"http://{host}:{port}/slack/events"

    async def __aexit__(self, *_: object) -> None:
        await self.runner.cleanup()


async def test_bolt_accepts_the_signature_of_events_commands_and_the_challenge(
    sandbox: Sandbox, ws: Workspace
) -> None:
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    app = AsyncApp(name="test", client=client, signing_secret=sandbox.signing_secret)

    @app.event("message")
    async def message(event: dict[str, Any], say: Callable[..., Awaitable[Any]]) -> None:
        if "subtype" not in event:
            await say(text="受け付けました", thread_ts=event["ts"])

    @app.command("/banso")
    async def command(ack: Callable[..., Awaitable[None]], body: dict[str, Any]) -> None:
        await ack(f"はい、{body['text']}")

    desk = await ws.channel("相談")
    town = await ws.person("山田 花子", channels=[desk])
    async with Site(app.web_app()) as url:
        assert await ws.request_url(url)
        asked = await town.says("HTTPでも", desk)
        await desk.shows("受け付けました", thread=asked)
        await town.runs("/banso", "探す 印刷", desk)
        await town.sees("はい、探す 印刷", desk)


async def test_a_refused_event_comes_again_with_the_reason_and_a_command_never(
    sandbox: Sandbox, ws: Workspace
) -> None:
    seen: list[tuple[str | None, str | None]] = []

    async def refuse(request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            body = await request.json()
            if body["type"] == "url_verification":
                return web.json_response({"challenge": body["challenge"]})
        seen.append((request.headers.get("x-slack-retry-num"), request.headers.get("x-slack-retry-reason")))
        return web.Response(status=500)

    app = web.Application()
    app.router.add_post("/slack/events", refuse)
    await ws.delivery(retry_delays=[0.01, 0.01, 0.01])
    desk = await ws.channel("相談")
    town = await ws.person("山田 花子", channels=[desk])
    await ws.quiet(retries=True)
    async with Site(app) as url:
        assert await ws.request_url(url)
        await town.says("届きません", desk)
        await ws.quiet(retries=True)
        assert seen == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
        assert (await ws.deliveries("message"))[-1]["outcome"] == "given_up"
        seen.clear()
        outcome = await town.runs("/banso", channel=desk, may_fail=True)
        assert (outcome.reason, len(seen)) == ("http_error", 1)


async def test_an_app_without_the_challenge_gets_nothing(sandbox: Sandbox, ws: Workspace) -> None:
    async def say_nothing(request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_post("/slack/events", say_nothing)
    async with Site(app) as url:
        assert not await ws.request_url(url)
