"""Socket Mode connections that finish what they began: the SDK's own close does not wait for listeners."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.errors import SlackUnusable
from bot.gate import Gate
from bot.settings import Settings
from bot.slack import Outcome, outcome

log = structlog.get_logger("sockets")

FAREWELL_SECONDS = 2.0


class _Handler(AsyncSocketModeHandler):
    gate: Gate

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        if self.gate.closed:
            return  # unanswered: Slack sends an event again, and tells whoever pressed a button
        async with self.gate.passing():
            await super().handle(client, req)  # type: ignore[arg-type]


class Sockets:
    """Several connections at once: while one is renewed or deaf, Slack sends over another."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        gate: Gate,
        *,
        count: int,
        on_hello: Callable[[], None],
    ) -> None:
        self._gate, self._on_hello = gate, on_hello
        self._client, self._app_token = app.client, app_token
        self._greeted: set[AsyncBaseSocketModeClient] = set()
        self._handlers = [_Handler(app, app_token) for _ in range(count)]
        for handler in self._handlers:
            handler.gate = gate
            handler.client.proxy = app.client.proxy  # the SDK would take HTTPS_PROXY even for this machine
            handler.client.message_listeners.append(self._heard)

    @classmethod
    def if_wanted(
        cls, settings: Settings, app: AsyncApp, gate: Gate, *, on_hello: Callable[[], None]
    ) -> Sockets | None:
        """The connections the settings ask for; None in HTTP mode."""
        if not settings.socket_mode or settings.slack_app_token is None:
            return None
        token = settings.slack_app_token.get_secret_value()
        return cls(app, token, gate, count=settings.socket_connections, on_hello=on_hello)

    async def _heard(
        self, client: AsyncBaseSocketModeClient, message: dict[str, Any], _raw: str | None
    ) -> None:
        if message.get("type") == "hello" and not await self._one_more(client):
            self._on_hello()

    async def _one_more(self, client: AsyncBaseSocketModeClient) -> bool:
        """Whether a connection has come up for the first time beside one that is up: nothing can have been missed."""
        new, others = client not in self._greeted, self._greeted - {client}
        self._greeted.add(client)
        return new and any([await other.is_connected() for other in others])

    async def open(self) -> None:
        """Connect all at once. The token is tried first: the SDK's own connect would try a wrong one for ever. The first
        connection takes the address that the trial gave.

        Raises:
            SlackUnusable: Slack refuses the app token.
        """
        try:
            given = await self._client.apps_connections_open(app_token=self._app_token)
            self._handlers[0].client.wss_uri = given["url"]
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            what, code = outcome(error)
            # After many starts in a minute Slack limits us; the SDK's connect waits for its turn.
            if what is not Outcome.LIMITED:
                raise SlackUnusable(
                    f"SLACK_APP_TOKEN で接続できません({code})。banso check で確かめてください。"
                ) from error
        connecting = [handler.client.connect() for handler in self._handlers]  # type: ignore[no-untyped-call]
        await asyncio.gather(*connecting)

    async def connected(self) -> int:
        """How many connections are up."""
        return sum([await handler.client.is_connected() for handler in self._handlers])

    async def close(self, patience: float = 3.0) -> None:
        """Take no more, finish what is being handled with its acknowledgement, then disconnect. Slack waits three
        seconds for an acknowledgement; what comes in between it sends again."""
        if not await self._gate.drained(patience):
            log.warning("closing while payloads are being handled")
        closing = [handler.client.close() for handler in self._handlers]  # type: ignore[no-untyped-call]
        with contextlib.suppress(TimeoutError):  # a peer that is gone answers no farewell
            async with asyncio.timeout(FAREWELL_SECONDS):
                await asyncio.gather(*closing, return_exceptions=True)
