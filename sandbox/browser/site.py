"""The routes a browser uses."""

from __future__ import annotations

import contextlib

from aiohttp import web

from sandbox.browser import pages
from sandbox.browser.feed import Feed
from sandbox.browser.shown_files import ShownFiles
from sandbox.state import World

HEARTBEAT = 20.0
"""Seconds after which a window that does not answer counts as gone."""


class Site:
    """The page, its feeds and its files."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: set[web.WebSocketResponse] = set()

    def add_to(self, app: web.Application) -> None:
        """Enter the routes."""
        app.router.add_get("/", pages.front)
        app.router.add_get("/static/{path:.+}", pages.static)
        app.router.add_get("/browser/feed", self.feed)
        app.router.add_get("/browser/file/{file}", ShownFiles(self._world).handle)

    async def feed(self, request: web.Request) -> web.StreamResponse:
        """Serve one window until it goes away; a person nobody knows is refused with 4004."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=64 * 1024)
        await socket.prepare(request)
        person = self._world.people.get(request.query.get("person", ""))
        if person is None or person.bot or person.deleted:
            await socket.close(code=4004, message=b"unknown person")
            return socket
        self._open.add(socket)
        try:
            with contextlib.suppress(ConnectionError):
                await Feed(self._world, person, socket).run()
        finally:
            self._open.discard(socket)
        return socket

    async def close(self) -> None:
        """Say goodbye to every window."""
        for socket in list(self._open):
            await socket.close(code=1001)
