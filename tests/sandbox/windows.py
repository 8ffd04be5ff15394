"""A window of the browser without a browser: what the feed tells it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from sandbox import Sandbox
from sandbox.client import Person


class Window:
    """One feed; `sections` is what it knows by now."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.sections: dict[str, Any] = {}
        self.heard = 0

    async def next(self, within: float = 10.0) -> dict[str, Any]:
        """The next frame."""
        text = await self.socket.receive_str(timeout=within)
        self.heard += len(text)
        frame: dict[str, Any] = json.loads(text)
        self.sections |= frame.get("sections", {})
        return frame

    async def until(self, kind: str, **about: Any) -> dict[str, Any]:
        """The next frame of this kind that says this."""
        while True:
            frame = await self.next()
            if frame["t"] == kind and all(frame.get(name) == value for name, value in about.items()):
                return frame

    async def opens(self, channel: str, thread: str = "") -> dict[str, Any]:
        """Show a channel and perhaps a thread; the page of the one asked for."""
        await self.socket.send_json({"open": channel, "thread": thread})
        return await self.until("page", channel=channel, thread=thread)

    async def message(self, ts: str) -> dict[str, Any] | None:
        """Wait until the feed tells of this message; None if it has gone."""
        while True:
            for each in (await self.until("change"))["messages"]:
                if each["ts"] == ts:
                    found: dict[str, Any] | None = each["message"]
                    return found


@asynccontextmanager
async def window(sandbox: Sandbox, http: aiohttp.ClientSession, person: Person) -> AsyncIterator[Window]:
    """Open a window and take in the hello."""
    async with http.ws_connect(f"{sandbox.browser_url}browser/feed?person={person.id}") as socket:
        opened = Window(socket)
        assert (await opened.next())["t"] == "hello"
        yield opened
