"""A Socket Mode connection without any SDK, to see what really goes over it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from sandbox import Sandbox


class Line:
    """One connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self, within: float = 5.0) -> dict[str, Any]:
        """Return the next payload; fail if none comes."""
        payload: dict[str, Any] = json.loads(await self.socket.receive_str(timeout=within))
        return payload

    async def closes(self, within: float = 5.0) -> None:
        """Wait until the other side has closed."""
        message = await self.socket.receive(timeout=within)
        assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING)

    async def acks(self, envelope: dict[str, Any], payload: Any = None) -> None:
        """Acknowledge an envelope, with an answer in it if there is one."""
        answer = {"envelope_id": envelope["envelope_id"]}
        await self.socket.send_json(answer if payload is None else answer | {"payload": payload})


async def ticket(sandbox: Sandbox, http: aiohttp.ClientSession) -> str:
    """Ask for the address of one connection."""
    headers = {"Authorization": f"Bearer {sandbox.app_token}"}
    async with http.post(f"{sandbox.api_url}apps.connections.open", headers=headers) as answer:
        return str((await answer.json())["url"])


@asynccontextmanager
async def line(sandbox: Sandbox, http: aiohttp.ClientSession) -> AsyncIterator[Line]:
    """Open a connection and read the hello."""
    async with http.ws_connect(await ticket(sandbox, http)) as socket:
        opened = Line(socket)
        assert (await opened.next())["type"] == "hello"
        yield opened
