"""Apps made with Bolt as any app is, connected to a sandbox; and a list that can be waited for."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Workspace

Json = dict[str, Any]

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
