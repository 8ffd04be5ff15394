"""HTTP mode: signed requests to the app's request URL.

Source: docs.slack.dev/authentication/verifying-requests-from-slack and apis/events-api (retry headers, url_verification).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.courier import Delivery, NotDelivered
from sandbox.state import World

LOSE = frozenset({"lose_ack"})


class Push:
    """Posts payloads to one URL, which has to pass Slack's challenge first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._session: aiohttp.ClientSession | None = None
        self.url = ""
        self.verified = False

    def point_at(self, url: str) -> None:
        """Take another URL, which has to pass the challenge."""
        self.url, self.verified = url, False

    async def verify(self) -> bool:
        """Send the challenge; return whether the app gave it back."""
        challenge = secrets.token_hex(16)
        body = {"token": self._world.verification_token, "challenge": challenge, "type": "url_verification"}
        try:
            async with asyncio.timeout(self._world.courier.settings.ack_seconds):
                status, _, text = await self._post(json.dumps(body).encode(), "application/json", {})
        except (TimeoutError, aiohttp.ClientError):
            return False
        self.verified = status == 200 and challenge in text
        return self.verified

    async def send(self, parcel: Delivery, reason: str, copies: int) -> Any:
        """Post one payload and return what the app answered with."""
        if not self.verified and not await self.verify():
            raise NotDelivered("connection_failed")
        body, content_type, headers = self._request(parcel, reason)
        try:
            async with asyncio.timeout(self._world.courier.settings.ack_seconds):
                status, answer_headers, text = await self._first(1 + copies, body, content_type, headers)
        except TimeoutError:
            raise NotDelivered("http_timeout") from None
        except aiohttp.ClientError:
            raise NotDelivered("connection_failed") from None
        if not 200 <= status < 300:
            raise NotDelivered("http_error", again=answer_headers.get("x-slack-no-retry") != "1")
        if self._world.faults.take(LOSE, parcel.name):
            raise NotDelivered("http_timeout")
        return _decoded(text)

    async def close(self) -> None:
        """Close the connections to the app."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _request(self, parcel: Delivery, reason: str) -> tuple[bytes, str, dict[str, str]]:
        if parcel.kind == "events_api":
            body = json.dumps(parcel.payload, ensure_ascii=False).encode()
            retry = {"x-slack-retry-num": str(parcel.attempt), "x-slack-retry-reason": reason}
            return body, "application/json", retry if parcel.attempt else {}
        form = parcel.payload if parcel.kind == "slash_commands" else {"payload": json.dumps(parcel.payload)}
        return urlencode(form).encode(), "application/x-www-form-urlencoded", {}

    async def _first(
        self, times: int, body: bytes, content_type: str, headers: dict[str, str]
    ) -> tuple[int, Any, str]:
        """Post the same request `times` at once and return the answer to the first."""
        posts = [self._post(body, content_type, headers) for _ in range(times)]
        answers = await asyncio.gather(*posts, return_exceptions=True)
        if isinstance(answers[0], BaseException):
            raise answers[0]
        return answers[0]

    async def _post(self, body: bytes, content_type: str, headers: dict[str, str]) -> tuple[int, Any, str]:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200))
        stamp = str(int(time.time()))
        digest = hmac.new(self._world.signing_secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
        signed = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest.hexdigest()}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            **headers,
        }
        async with self._session.post(self.url, data=body, headers=signed, allow_redirects=False) as response:
            return response.status, response.headers, await response.text()


def _decoded(text: str) -> Any:
    """Return an acknowledgement's body: JSON as it is, other text as the message it stands for, nothing as None."""
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return {"text": text}
