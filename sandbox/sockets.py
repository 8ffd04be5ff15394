"""Socket Mode: the app holds WebSockets open and each payload goes down one of them.

Source: docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import uuid
from collections import Counter
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.courier import Delivery, NotDelivered
from sandbox.state import World

MOST_CONNECTIONS = 10
LOSE = frozenset({"lose_ack"})
HEARTBEAT = 10.0
GRACE = 10.0


class Sockets:
    """The open connections and the payloads waiting for an acknowledgement."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._leaving: dict[asyncio.Task[None], web.WebSocketResponse] = {}
        self._turn = 0
        self._pending: dict[str, tuple[asyncio.Future[Any], str]] = {}
        self.acks: Counter[str] = Counter()

    @property
    def connections(self) -> int:
        """How many sockets the app holds open."""
        return len(self._open)

    def issue(self) -> str:
        """Return the address of one new connection; it works once."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        host = self._world.base_url.removeprefix("http")
        return f"ws{host}/link/?ticket={ticket}&app_id={self._world.app_id}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until either side closes it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, heartbeat=HEARTBEAT)
        await socket.prepare(request)
        refused = self._refusal()
        if refused:
            await socket.send_json({"type": "disconnect", "reason": refused, "debug_info": _debug()})
            await socket.close()
            return socket
        self._open.append(socket)
        self._world.touch("app")
        try:
            await socket.send_json(self._hello())
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(message.data)
                elif message.type is WSMsgType.PING and not self._world.faults.mute_pongs:
                    await socket.pong(message.data)
        finally:
            self._drop(socket)
            self._world.touch("app")
        return socket

    async def send(self, parcel: Delivery, reason: str, copies: int) -> Any:
        """Send one payload and wait for its acknowledgement; return the payload that came with it."""
        loop = asyncio.get_running_loop()
        envelope_id = str(uuid.uuid4())
        answer: asyncio.Future[Any] = loop.create_future()
        self._pending[envelope_id] = (answer, parcel.name)
        text = json.dumps(_envelope(envelope_id, parcel, reason), ensure_ascii=False)
        try:
            async with asyncio.timeout(self._world.courier.settings.ack_seconds):
                for _ in range(1 + copies):
                    await self._next().send_str(text)
                return await answer
        except TimeoutError:
            raise NotDelivered("timeout") from None
        except ConnectionError:
            raise NotDelivered("connection_failed") from None
        finally:
            del self._pending[envelope_id]

    async def disconnect(self, reason: str) -> int:
        """Tell every connection to go ("warning", "refresh_requested", "link_disabled"); return how many.

        After a warning a connection still gets payloads, after a refresh it only takes acknowledgements; both are
        closed after `GRACE` seconds, a disabled link at once.
        """
        leaving = list(self._open)
        for socket in leaving:
            with contextlib.suppress(ConnectionError):  # its app has just died, and hears no farewell
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": _debug()})
            if reason == "link_disabled":
                self._drop(socket)
                await socket.close()
            else:
                if reason == "refresh_requested":
                    self._drop(socket)
                self._later(socket)
        return len(leaving)

    def _later(self, socket: web.WebSocketResponse) -> None:
        async def close() -> None:
            await asyncio.sleep(GRACE)
            await socket.close()

        task = asyncio.get_running_loop().create_task(close())
        self._leaving[task] = socket
        task.add_done_callback(lambda done: self._leaving.pop(done, None) and None)

    def cut(self) -> int:
        """Break every connection without a word, as a firewall would; return how many."""
        leaving, self._open = self._open, []
        for socket in leaving:
            transport = socket._req.transport if socket._req is not None else None
            if transport is not None:
                transport.abort()
        return len(leaving)

    async def close(self) -> None:
        """Close every connection."""
        leaving, self._open = [*self._open, *self._leaving.values()], []
        for task in list(self._leaving):
            task.cancel()
        for socket in leaving:
            await socket.close()

    def _refusal(self) -> str | None:
        if not self._world.app.socket_mode:
            return "link_disabled"
        return "too_many_websockets" if len(self._open) >= MOST_CONNECTIONS else None

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {**_debug(), "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._world.app_id},
        }

    def _drop(self, socket: web.WebSocketResponse) -> None:
        if socket in self._open:
            self._open.remove(socket)

    def _next(self) -> web.WebSocketResponse:
        if not self._open:
            raise NotDelivered("connection_failed")
        self._turn += 1
        return self._open[self._turn % len(self._open)]

    def _acknowledged(self, text: str) -> None:
        try:
            message = json.loads(text)
            envelope_id = message["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self.acks["unreadable"] += 1
            return
        waiting = self._pending.get(envelope_id)
        if waiting is None or waiting[0].done():
            self.acks["late_or_unknown"] += 1
        elif self._world.faults.take(LOSE, waiting[1]):
            self.acks["lost"] += 1
        else:
            self.acks["taken"] += 1
            waiting[0].set_result(message.get("payload"))


def _envelope(envelope_id: str, parcel: Delivery, reason: str) -> dict[str, Any]:
    envelope: dict[str, Any] = {
        "envelope_id": envelope_id,
        "payload": parcel.payload,
        "type": parcel.kind,
        "accepts_response_payload": parcel.kind != "events_api",
    }
    if parcel.kind == "events_api":
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": reason}
    return envelope


def _debug() -> dict[str, Any]:
    return {"host": "applink-sandbox"}
