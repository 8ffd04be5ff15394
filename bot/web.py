"""The HTTP side: /healthz and /metrics for the operator, in HTTP mode /slack/events for Slack, and with PUBLIC_URL calendars
at secret addresses for whoever was given one.

In Socket Mode and without PUBLIC_URL nothing here needs to be reachable from outside.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog
from aiohttp import ETag, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp

from bot.errors import SettingsError
from bot.feature import Fetch
from bot.gate import Gate
from bot.logs import referenced
from bot.manifest import EVENTS_PATH
from bot.metrics import Metrics
from bot.obstacles import name_port

CALENDAR_PATH: Final = "/calendar/{token}.ics"
_CALENDAR_HEADERS: Final = {
    "Cache-Control": "private, max-age=300",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
BODY_LIMIT: Final = 1024 * 1024
"""Bytes. The largest thing Slack sends is a modal of 250 KB, percent-encoded three times that."""

HEALTH_SECONDS: Final = 5.0
"""How long a health check may take before it counts as failed."""

log = structlog.get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Health:
    """What /healthz says: `findings` are sentences for people, and none of them means healthy.

    `ledger` holds the books (received, waiting, answered, closed, …), counts only.
    """

    findings: tuple[str, ...] = ()
    ledger: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """True when nothing was found."""
        return not self.findings


def health_app(
    health: Callable[[], Awaitable[Health]],
    metrics: Metrics,
    *,
    bolt: AsyncApp | None = None,
    gate: Gate | None = None,
    fetch: Fetch | None = None,
) -> web.Application:
    """The application of the one port: health, metrics, when `bolt` is given (HTTP mode) Slack's events, and when `fetch` is
    given (PUBLIC_URL) calendars at secret addresses."""
    app = web.Application(middlewares=[_plain_words], client_max_size=BODY_LIMIT)

    async def healthz(_: web.Request) -> web.Response:
        state = await _within_time(health)
        body = {
            "status": "ok" if state.ok else "failing",
            "findings": list(state.findings),
            "ledger": dict(state.ledger),
        }
        return web.json_response(
            body,
            status=200 if state.ok else 503,
            headers={"Cache-Control": "no-store"},
            dumps=partial(json.dumps, ensure_ascii=False),
        )

    async def figures(_: web.Request) -> web.Response:
        return web.Response(body=metrics.render(), headers={"Content-Type": metrics.content_type})

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/metrics", figures)
    if bolt is not None:
        app.router.add_post(EVENTS_PATH, _slack(bolt, gate or Gate(metrics)))
    if fetch is not None:
        app.router.add_get(CALENDAR_PATH, _calendar(fetch))
    return app


async def _within_time(health: Callable[[], Awaitable[Health]]) -> Health:
    try:
        async with asyncio.timeout(HEALTH_SECONDS):
            return await health()
    except TimeoutError:
        return Health((f"点検が {HEALTH_SECONDS:g} 秒以内に終わりませんでした。",))
    except Exception:
        with referenced() as ref:
            log.exception("health check failed")
        return Health((f"点検そのものが失敗しました。記録(ログ)のお問い合わせ番号 {ref} を見てください。",))


def _slack(bolt: AsyncApp, gate: Gate) -> Handler:
    async def events(request: web.Request) -> web.StreamResponse:
        try:
            bolt_request = await to_bolt_request(request)
        except UnicodeDecodeError:
            return _text(400, "本文が UTF-8 ではありません。")
        except (ValueError, TypeError, AttributeError, KeyError):  # Bolt looks for who sent it while it reads
            return _text(400, "本文を読み取れません。")
        async with gate.passing():
            return await to_aiohttp_response(await bolt.async_dispatch(bolt_request))

    return events


def _calendar(fetch: Fetch) -> Handler:
    async def calendar(request: web.Request) -> web.StreamResponse:
        known = {each.value for each in request.if_none_match or ()}
        found = await fetch(request.match_info["token"], known)
        if found.status == 404:
            raise web.HTTPNotFound
        if found.status == 429:
            wait = {"Retry-After": str(found.wait)}
            return web.Response(
                status=429, text=f"{found.wait} 秒たってから、もう一度読んでください。\n", headers=wait
            )
        answer = web.Response(status=found.status, headers=_CALENDAR_HEADERS)
        answer.etag = ETag(found.mark, is_weak=True)  # it is compressed on the way
        if found.status == 200:
            answer.body, answer.content_type, answer.charset = found.body, "text/calendar", "utf-8"
            answer.enable_compression()
        return answer

    return calendar


@web.middleware
async def _plain_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer in a sentence whatever went wrong; 500 makes Slack send an event again."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return _text(404, "このアドレスには何もありません。/healthz と /metrics があります。")
    except web.HTTPMethodNotAllowed as error:
        return _text(
            405,
            f"このアドレスで使えるのは {'・'.join(sorted(error.allowed_methods))} だけです。",
            error.headers,
        )
    except web.HTTPRequestEntityTooLarge:
        return _text(413, f"本文が大きすぎます(上限 {BODY_LIMIT // 1024} KiB)。")
    except web.HTTPException:
        raise
    except Exception:
        with referenced() as ref:
            log.exception("request failed", path=_named(request))
        return _text(500, f"こちらで問題が起きました。記録(ログ)のお問い合わせ番号 {ref} を見てください。")


def _named(request: web.Request) -> str:
    """The path as it may be written down: that of a calendar is a secret."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "-"


def _text(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> web.Response:
    allow = {"Allow": headers["Allow"]} if headers and "Allow" in headers else None
    return web.Response(status=status, text=sentence + "\n", headers=allow)


class WebServer:
    """Serves one application at one address until it is stopped; requests under way are answered first."""

    def __init__(self, app: web.Application, host: str, port: int, *, patience: float = 10.0) -> None:
        """`port` 0 takes a free one; `patience` is how many seconds `stop()` waits for requests under way."""
        self._host, self._wanted = host, port
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=patience, handle_signals=False)
        self._port: int | None = None

    @property
    def port(self) -> int:
        """The port that was opened.

        Raises:
            RuntimeError: before `start()`.
        """
        if self._port is None:
            raise RuntimeError("the server has not been started")
        return self._port

    async def start(self) -> None:
        """Open the port.

        Raises:
            SettingsError: the port is taken or not allowed.
        """
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._wanted)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            found = name_port(error, self._host, self._wanted)
            raise SettingsError(f"{found.what}。{found.what_to_do}。") from error
        self._port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Close the port, let requests under way finish, then return. Does nothing the second time."""
        await self._runner.cleanup()
