"""Odd networks for the checks: a Slack that answers as it is told, a certificate authority, a proxy with moods."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.manifest import bot_scopes


@dataclass
class FakeSlack:
    """Answers of a few Web API methods, to be changed by a test before it asks."""

    answers: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {
            "auth.test": {"ok": True, "team": "あさぎ県", "user": "banso", "user_id": "UBOT"},
            "users.info": {"ok": True, "user": {"profile": {"api_app_id": "A1"}}},
            "conversations.info": {"ok": True, "channel": {"is_member": True, "is_archived": False}},
        }
    )
    scopes: str | None = ",".join(sorted(bot_scopes()))
    date: str | None = None
    page: str | None = None
    hello: dict[str, Any] | None = field(
        default_factory=lambda: {"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}}
    )
    upgrade: bool = True
    tokens: list[str] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"
    host: str = "localhost"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}/api/"

    async def _api(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers.get("Authorization", ""))
        if self.page is not None:
            return web.Response(status=403, text=self.page, content_type="text/html")
        method = request.match_info["method"]
        socket = f"{self.scheme.replace('http', 'ws')}://{self.host}:{self.port}/link?ticket=t"
        default = (
            {"ok": True, "url": socket}
            if method == "apps.connections.open"
            else {"ok": False, "error": "unknown_method"}
        )
        headers = {"x-oauth-scopes": self.scopes} if self.scopes is not None else {}
        if self.date is not None:
            headers["Date"] = self.date
        return web.json_response(self.answers.get(method, default), headers=headers)

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if not self.upgrade:
            return web.Response(status=400)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.hello is not None:
            await socket.send_json(self.hello)
            await socket.receive()
        await socket.close()
        return socket

    @contextlib.asynccontextmanager
    async def serving(self, context: ssl.SSLContext | None = None) -> AsyncIterator[FakeSlack]:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link", self._link)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        self.port, self.scheme = runner.addresses[0][1], "https" if context else "http"
        try:
            yield self
        finally:
            await runner.cleanup()


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the office and a server certificate for `localhost` and `slack.test`."""

    ca_file: Path
    context: ssl.SSLContext


def make_authority(directory: Path) -> Authority:
    """Made with the openssl command, valid for a day."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)

    (directory / "names").write_text("subjectAltName=DNS:localhost,DNS:slack.test\n", encoding="ascii")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
            "-utf8", "-subj", "/O=あさぎ県庁/CN=Proxy CA", "-keyout", "ca.key", "-out", "ca.pem")  # fmt: skip
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=slack.test", "-keyout", "server.key", "-out", "server.csr")  # fmt: skip
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "1", "-extfile", "names", "-out", "server.pem")  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(directory / "server.pem", directory / "server.key")
    return Authority(directory / "ca.pem", context)


@dataclass
class ConnectProxy:
    """An HTTP proxy that knows CONNECT only. Every name it is asked for lies on this machine."""

    refuse: int | None = None
    password: str | None = None
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[ConnectProxy]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            first, *headers = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            target = first.split()[1]
            self.asked.append(target)
            if (status := self._status(headers)) != 200:
                writer.write(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode())
            else:
                there, back = await asyncio.open_connection("127.0.0.1", int(target.rsplit(":", 1)[1]))
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await asyncio.gather(_pipe(reader, back), _pipe(there, writer))
            await writer.drain()
        writer.close()

    def _status(self, headers: list[str]) -> int:
        if self.refuse is not None:
            return self.refuse
        wanted = base64.b64encode((self.password or "").encode()).decode()
        said = [h.split()[-1] for h in headers if h.lower().startswith("proxy-authorization:")]
        return 200 if self.password is None or said == [wanted] else 407


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
