"""The sandbox as one aiohttp server: Web API, sockets, response_urls, files, control and the page on one port."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from aiohttp import web

from sandbox import manifest as manifests
from sandbox.api import WebApi
from sandbox.browser import Guard, Site
from sandbox.control import Control
from sandbox.files import FileServer
from sandbox.push import Push
from sandbox.responses import ResponseUrls
from sandbox.sockets import Sockets
from sandbox.state import World

MOST_BODY = 50 * 1024 * 1024


class Sandbox:
    """A Slack workspace with one app installed; use it with `async with`.

    `manifest` is the app's manifest (None: an app that may do everything), `port` 0 a free port, `request_url` where an
    app in HTTP mode listens (None: Socket Mode). `host` is the address to listen on, `names` are further names by which
    browsers may reach it. Raises ValueError for an unusable manifest.
    """

    def __init__(
        self,
        manifest: Path | Mapping[str, Any] | None = None,
        port: int = 0,
        request_url: str | None = None,
        host: str = "127.0.0.1",
        names: Iterable[str] = (),
    ) -> None:
        self.world = World(manifests.load(manifest))
        self.sockets = Sockets(self.world)
        self._push: Push | None = None
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None
        responses = ResponseUrls(self.world)
        self.world.new_link = self.sockets.issue
        self.world.new_response_url = responses.issue
        self.world.connected = self._connected
        self.world.courier.transport = self.sockets
        if request_url is not None:
            self.set_request_url(request_url)
        self._app = web.Application(client_max_size=MOST_BODY, middlewares=[Guard(host, names).middleware()])
        self._app.router.add_route("*", "/api/{method}", WebApi(self.world).handle)
        self._app.router.add_get("/link/", self.sockets.handle)
        self._app.router.add_post("/response/{team}/{secret}", responses.handle)
        files = FileServer(self.world)
        self._app.router.add_get("/files/{file}/{name}", files.download)
        self._app.router.add_post("/upload/{file}", files.upload)
        self._app.router.add_post("/control/{verb:.*}", Control(self.world, self).handle)
        self.site = Site(self.world)
        self.site.add_to(self._app)

    @property
    def api_url(self) -> str:
        """The address to give the SDK as base_url."""
        return f"{self.world.base_url}/api/"

    @property
    def control_url(self) -> str:
        """The address of the control API."""
        return f"{self.world.base_url}/control/"

    @property
    def browser_url(self) -> str:
        """The address to open in a browser."""
        return f"{self.world.base_url}/"

    @property
    def bot_token(self) -> str:
        """The bot's xoxb token."""
        return self.world.bot_token

    @property
    def app_token(self) -> str:
        """The app-level xapp token."""
        return self.world.app_token

    @property
    def signing_secret(self) -> str:
        """The secret that signs requests in HTTP mode."""
        return self.world.signing_secret

    @property
    def team_id(self) -> str:
        """The workspace's id."""
        return self.world.team_id

    @property
    def bot_user_id(self) -> str:
        """The id by which people mention the bot."""
        return self.world.bot_user_id

    def values(self) -> dict[str, str]:
        """Return everything an app needs to connect."""
        names = (
            "api_url",
            "control_url",
            "browser_url",
            "bot_token",
            "app_token",
            "signing_secret",
            "team_id",
            "bot_user_id",
        )
        return {name: getattr(self, name) for name in names}

    def set_request_url(self, url: str) -> Push:
        """Switch to HTTP mode; the first delivery sends the challenge if nobody did before."""
        if self._push is None:
            self._push = Push(self.world)
        self._push.point_at(url)
        self.world.courier.transport = self._push
        return self._push

    def _connected(self) -> bool:
        return self.sockets.connections > 0 or (self._push is not None and self._push.verified)

    async def start(self) -> None:
        """Listen."""
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.world.base_url = f"http://{_reachable(host)}:{port}"

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        await self.world.courier.close()
        await self.sockets.close()
        await self.site.close()
        if self._push is not None:
            await self._push.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Sandbox:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


def _reachable(host: str) -> str:
    """Return how a program on this machine reaches an address that is listened on."""
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "[::1]"
    return f"[{host}]" if address.version == 6 else host
