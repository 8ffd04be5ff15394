"""A fresh workspace for every test, the real SDK to talk to it, and apps made with Bolt."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from tests.sandbox.apps import Apps, Heard, acks, silently
from tests.sandbox.later import Later


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK reads these and ignores NO_PROXY (measured in test_calls.py)."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
async def ws(sandbox: Sandbox) -> AsyncIterator[Workspace]:
    async with Workspace(sandbox.control_url) as workspace:
        yield workspace


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def slack(sandbox: Sandbox, http: aiohttp.ClientSession) -> AsyncWebClient:
    """The SDK's client with the bot's token; it does not try again by itself."""
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http, retry_handlers=[])


@pytest.fixture
async def apps(sandbox: Sandbox, slack: AsyncWebClient) -> AsyncIterator[Apps]:
    """Makes Bolt apps, in Socket Mode or in HTTP mode, and ends them after the test."""
    async with AsyncExitStack() as stack:
        yield Apps(sandbox, slack, stack)


@pytest.fixture
async def desk(ws: Workspace) -> Channel:
    """A public channel with the bot in it."""
    async with silently(ws):
        return await ws.channel("相談-端末")


@pytest.fixture
async def town(ws: Workspace, desk: Channel) -> Person:
    """Somebody from a municipality, in that channel."""
    async with silently(ws):
        return await ws.person("山田 花子", channels=[desk])


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Real time that a test can let pass, for the modules that measure it."""
    clock = Later()
    for module in ("limits", "triggers", "responses"):
        monkeypatch.setattr(f"sandbox.{module}.time", clock)
    return clock


@pytest.fixture
async def heard(apps: Apps) -> Heard:
    """What an app connected by Socket Mode hears of people's doings; it acknowledges all."""
    heard, app = Heard(), apps.make()
    acks(app, heard)
    await apps.by_socket(app)
    return heard
