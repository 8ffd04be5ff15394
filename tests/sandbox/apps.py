"""Apps made with Bolt as any app is, connected to a sandbox; and a list that can be waited for."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Shown, Workspace
from tests.sandbox.kit import actions, button, mrkdwn, section

Json = dict[str, Any]

QUICK = [0.02, 0.02, 0.02]
"""Slack's three retries, scaled down (seconds)."""

# Tests provoke errors on purpose; Bolt would print each with its traceback.
QUIET = logging.getLogger("tests.sandbox.bolt")
QUIET.setLevel(logging.CRITICAL)


@asynccontextmanager
async def silently(ws: Workspace) -> AsyncIterator[None]:
    """Do something that the app shall not hear of, such as filling a channel before it connects."""
    await ws.faults("drop_events")
    yield
    await ws.faults("drop_events", on=False)


async def sent(ws: Workspace, name: str | None = None) -> list[Json]:
    """Return what became of everything that was really sent to the app, oldest first."""
    return [each for each in await ws.deliveries(name) if each["outcome"] != "dropped"]


class Heard:
    """What listeners have heard, in order, with waiting for more."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._more = asyncio.Condition()

    async def add(self, thing: Any) -> None:
        async with self._more:
            self.all.append(thing)
            self._more.notify_all()

    async def event(self, event: Json) -> None:
        """Be a listener of Bolt that notes each event."""
        await self.add(event)

    async def count(self, number: int, within: float = 5.0) -> list[Any]:
        """Wait until `number` things were heard; fail after `within` seconds."""
        return await self.until(lambda heard: len(heard) >= number, within)

    async def until(self, enough: Callable[[list[Any]], bool], within: float = 5.0) -> list[Any]:
        """Wait until `enough` says so of what was heard; fail after `within` seconds."""
        try:
            async with self._more, asyncio.timeout(within):
                await self._more.wait_for(lambda: enough(self.all))
        except TimeoutError:
            raise AssertionError(f"heard only this within {within} s: {self.all}") from None
        return list(self.all)


class Apps:
    """Makes and connects apps for one test."""

    def __init__(self, sandbox: Sandbox, client: AsyncWebClient, stack: AsyncExitStack) -> None:
        self._sandbox = sandbox
        self._client = client
        self._stack = stack

    def make(self, **options: Any) -> AsyncApp:
        """Return an app that is not connected yet."""
        given: Json = {
            "name": "test",  # without one Bolt reads the source of everything that called us
            "client": self._client,
            "signing_secret": self._sandbox.signing_secret,
            "logger": QUIET,
        }
        return AsyncApp(**given | options)

    async def by_socket(
        self, app: AsyncApp, sockets: int = 1, **options: Any
    ) -> list[AsyncSocketModeHandler]:
        """Connect an app in Socket Mode, over so many sockets."""
        handlers = []
        for _ in range(sockets):
            handler = AsyncSocketModeHandler(app, self._sandbox.app_token, logger=QUIET, **options)
            await handler.connect_async()  # type: ignore[no-untyped-call]
            self._stack.push_async_callback(handler.close_async)
            handlers.append(handler)
        return handlers

    async def by_http(self, app: AsyncApp) -> str:
        """Serve an app in HTTP mode, tell the sandbox where, and return the address."""
        return await self.serve(app.web_app(path="/slack/events"))

    async def serve(self, application: web.Application) -> str:
        """Serve /slack/events of any application, tell the sandbox where, and return the address."""
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        self._sandbox.set_request_url(url)
        return url

    async def connect(self, app: AsyncApp, mode: str) -> None:
        """Connect an app by "socket" or "http"."""
        await (self.by_socket(app) if mode == "socket" else self.by_http(app))


MODES = ["socket", "http"]


async def told(heard: Heard, number: int) -> list[Json]:
    """Wait for so many events and return them in the order in which they happened (listeners run side by side)."""
    return sorted(await heard.count(number), key=lambda event: str(event["event_ts"]))


def kinds(events: list[Json]) -> list[str]:
    """Return type and subtype of events."""
    return [".".join(filter(None, (each["type"], each.get("subtype")))) for each in events]


async def hears_everything(apps: Apps) -> Heard:
    """Connect an app that notes every event, its own doings too."""
    heard, app = Heard(), apps.make(ignoring_self_events_enabled=False)
    app.event(re.compile(""))(heard.event)
    await apps.by_socket(app)
    return heard


def acks(app: AsyncApp, heard: Heard) -> None:
    """Let an app acknowledge and note every button, command and shortcut."""

    async def listener(ack: Any, body: Json) -> None:
        await ack()
        await heard.add(body)

    app.action(re.compile(""))(listener)
    app.command("/soudan")(listener)
    app.shortcut("ask")(listener)
    app.shortcut("ask_about")(listener)


async def card(slack: AsyncWebClient, desk: Channel, *elements: Json) -> Shown:
    """Post a card with these elements, or one button, and return it as people see it."""
    shown = elements or (button("対応します", value="128", action_id="claim"),)
    blocks = [section(mrkdwn("相談 No.128")), actions(*shown, block_id="row")]
    await slack.chat_postMessage(channel=desk.id, text="相談 No.128", blocks=blocks)
    return await desk.shows("相談 No.128")


def listens(app: AsyncApp, heard: Heard, event: str = "message", *, fails: int = 0) -> None:
    """Let an app hear an event; its listener raises the first `fails` times."""

    async def listener(body: Json, request: Any) -> None:
        await heard.add({**body, "headers": dict(request.headers)})
        if len(heard.all) <= fails:
            raise RuntimeError("the listener fails")

    app.event(event)(listener)
