"""The HTTP link to the control API, and waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds to wait for what should come. Where all goes well it costs nothing; too little calls late on a busy machine
missing."""


class SandboxError(Exception):
    """The sandbox refused: `code` is for programs, the message for whoever reads the test."""

    def __init__(self, verb: str, body: dict[str, Any]) -> None:
        self.code = str(body.get("error"))
        self.body = body
        rest = {key: value for key, value in body.items() if key not in ("ok", "error", "detail")}
        super().__init__(f"{verb}: {self.code} {body.get('detail') or ''} {rest or ''}".strip())


class Link:
    """One connection to a sandbox's control API."""

    def __init__(self, url: str) -> None:
        self._url = url if url.endswith("/") else f"{url}/"
        self._session: aiohttp.ClientSession | None = None

    async def call(self, verb: str, **args: Any) -> dict[str, Any]:
        """Run a control verb; arguments that are None are left out. Raises SandboxError."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        given = {name: value for name, value in args.items() if value is not None}
        async with self._session.post(self._url + verb, json=given) as response:
            body: dict[str, Any] = await response.json()
        if not body.get("ok"):
            raise SandboxError(verb, body)
        return body

    async def close(self) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def until(self, look: Callable[[], Awaitable[tuple[T | None, int]]], within: float) -> T | None:
        """Call `look` after every change of the workspace until it finds something; None after `within` seconds.

        `look` returns what it found, or None, and the version of the world it saw.
        """
        deadline = time.monotonic() + within
        while True:
            found, version = await look()
            if found is not None:
                return found
            rest = deadline - time.monotonic()
            if rest <= 0:
                return None
            await self.call("changes", since=version, seconds=rest)
            # Under load something changes all the time; looking a hundred times a second is enough.
            await asyncio.sleep(0.01)
