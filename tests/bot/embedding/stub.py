"""A server on this machine that speaks as `/v1/embeddings` does, with moods."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

MEANINGS = (
    ("公用車", "出張の足"),
    ("住民票", "居住の証明"),
    ("ごみ", "廃棄物", "捨てたい"),
    ("図書館", "本を借り"),
)
"""What means the same, in words that share nothing."""

DIMENSIONS = len(MEANINGS) + 8


def vector(text: str) -> list[float]:
    """One direction for each meaning, and a little of the text's own."""
    own = [byte / 255 for byte in hashlib.sha256(text.encode()).digest()[:8]]
    return [3.0 * any(word in text for word in words) for words in MEANINGS] + own


@dataclass
class Stub:
    """Answers as it is told: `answer` may be changed by a test, `held` keeps every answer back while it is cleared."""

    seen: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    calls: int = 0
    status: int = 200
    raw: bytes | None = None
    longest: int = 10_000
    refused_with: int = 400
    embed: Callable[[str], list[float]] = vector
    held: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def _embeddings(self, request: web.Request) -> web.Response:
        wanted: dict[str, Any] = await request.json()
        self.calls += 1
        self.seen += wanted["input"]
        self.keys.add(request.headers.get("Authorization", ""))
        await self.held.wait()
        if any(len(each) > self.longest for each in wanted["input"]):
            return web.json_response({"error": "too long"}, status=self.refused_with)
        if self.status != 200:
            headers = {"Location": self.url.replace("/v1", "/elsewhere/embeddings")}
            return web.Response(status=self.status, text="no", headers=headers)
        if self.raw is not None:
            return web.Response(body=self.raw, content_type="application/json")
        data = [{"index": at, "embedding": self.embed(each)} for at, each in enumerate(wanted["input"])]
        return web.json_response({"data": data[::-1], "model": wanted["model"]})

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[Stub]:
        app = web.Application()
        app.router.add_post("/v1/embeddings", self._embeddings)
        app.router.add_post("/elsewhere/embeddings", self._embeddings)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        await site.start()
        self.held.set()
        _, self.port = runner.addresses[0]
        try:
            yield self
        finally:
            self.held.set()
            await runner.cleanup()
