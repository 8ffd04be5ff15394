"""`python -m sandbox`: starts, says where it is, serves, stops. Source: docs/architecture.md, "The stand-in"."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Workspace

MANIFEST = """
features:
  bot_user: {display_name: banso}
oauth_config:
  scopes: {bot: [chat:write, channels:history]}
settings:
  event_subscriptions: {bot_events: [message.channels]}
"""


@asynccontextmanager
async def program(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, Any]]]:
    """Run a sandbox as a program; yield it and what it printed, and make sure it ends."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", *arguments, stdout=PIPE, stderr=PIPE
    )
    assert running.stdout is not None
    try:
        line = await asyncio.wait_for(running.stdout.readline(), 20)
        yield running, json.loads(line) if line else {}
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_serves_until_it_is_told_to_stop(number: signal.Signals) -> None:
    async with program() as (running, values):
        async with Workspace(values["control_url"]) as ws:
            await ws.channel("相談")
            client = AsyncWebClient(token=values["bot_token"], base_url=values["api_url"])
            assert (await client.auth_test())["user_id"] == values["bot_user_id"]
        assert not await _listens(values, "127.0.0.2")  # on this machine's own name alone
        running.send_signal(number)
        assert await asyncio.wait_for(running.wait(), 10) == 0
        assert running.stderr is not None
        assert await running.stderr.read() == b""


async def _listens(values: dict[str, Any], host: str) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, urlsplit(values["browser_url"]).port)
    except OSError:
        return False
    writer.close()
    return True


async def test_it_reads_a_manifest(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    path.write_text(MANIFEST, "utf-8")
    async with program("--manifest", str(path)) as (_, values), Workspace(values["control_url"]) as ws:
        assert (await ws.info())["scopes"] == ["channels:history", "chat:write"]


async def test_it_can_be_pointed_at_an_app_in_http_mode() -> None:
    asked: list[str] = []

    async def answers(request: web.Request) -> web.Response:
        body = await request.json()
        asked.append(body["type"])
        return web.Response(text=body.get("challenge", ""))

    application = web.Application()
    application.router.add_post("/slack/events", answers)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        async with program("--request-url", url) as (_, values), Workspace(values["control_url"]) as ws:
            room = await ws.channel("相談")
            person = await ws.person("山田 花子", channels=[room])
            await person.says("x", room)
            await ws.quiet(for_=0.05)
    finally:
        await runner.cleanup()
    assert asked[0] == "url_verification"
    assert "event_callback" in asked


async def test_a_port_that_is_taken_is_said_and_ends_it() -> None:
    async with program() as (_, values):
        port = values["api_url"].split(":")[2].split("/")[0]
        async with program("--port", port) as (second, nothing):
            assert nothing == {}
            assert await asyncio.wait_for(second.wait(), 10) != 0
