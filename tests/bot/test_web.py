"""The operator's port, over real sockets."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from time import time
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot import web as ours
from bot.errors import SettingsError
from bot.feature import Fetch, Fetched
from bot.metrics import Metrics
from bot.web import BODY_LIMIT, Health, WebServer, health_app

SIGNING_SECRET = "s" * 32


async def healthy() -> Health:
    return Health(ledger={"received": 3, "waiting": 1})


def bolt_app() -> AsyncApp:
    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_token="xoxb-1")

    return AsyncApp(
        name="test",
        signing_secret=SIGNING_SECRET,
        authorize=authorize,
        client=AsyncWebClient(base_url="http://127.0.0.1:9/api/"),
        process_before_response=True,
    )


@asynccontextmanager
async def serving(
    health: Callable[[], Awaitable[Health]] = healthy,
    bolt: AsyncApp | None = None,
    metrics: Metrics | None = None,
    fetch: Fetch | None = None,
) -> AsyncIterator[str]:
    pages = health_app(health, metrics or Metrics(), bolt=bolt, fetch=fetch)
    server = WebServer(pages, "127.0.0.1", 0)
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()


async def fetch(url: str, method: str = "GET", **options: Any) -> tuple[int, str, aiohttp.ClientResponse]:
    async with aiohttp.ClientSession() as session, session.request(method, url, **options) as answer:
        return answer.status, await answer.text(), answer


def signed(body: dict[str, Any]) -> dict[str, Any]:
    """A request as Slack signs it."""
    text, now = json.dumps(body), str(int(time()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=now, body=text)
    headers = {
        "X-Slack-Signature": str(signature),
        "X-Slack-Request-Timestamp": now,
        "Content-Type": "application/json",
    }
    return {"data": text, "headers": headers}


async def test_health_is_green_with_the_books_open() -> None:
    async with serving() as url:
        status, text, answer = await fetch(f"{url}/healthz")
    assert status == 200
    assert json.loads(text) == {"status": "ok", "findings": [], "ledger": {"received": 3, "waiting": 1}}
    assert answer.headers["Cache-Control"] == "no-store"


async def test_health_is_red_and_says_why() -> None:
    async def failing() -> Health:
        return Health(findings=("No.12 に担当がいません。",))

    async with serving(failing) as url:
        status, text, _ = await fetch(f"{url}/healthz")
    assert status == 503
    assert json.loads(text)["findings"] == ["No.12 に担当がいません。"]


async def test_a_health_check_that_breaks_is_red_without_showing_its_insides() -> None:
    async def broken() -> Health:
        raise RuntimeError("xoxb-1-2")

    async with serving(broken) as url:
        status, text, _ = await fetch(f"{url}/healthz")
    assert status == 503
    assert "お問い合わせ番号" in text
    assert "xoxb" not in text


async def test_a_health_check_that_hangs_is_red_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "HEALTH_SECONDS", 0.05)

    async def hanging() -> Health:
        await asyncio.Event().wait()
        raise AssertionError

    async with serving(hanging) as url:
        status, text, _ = await fetch(f"{url}/healthz")
    assert status == 503
    assert "終わりませんでした" in text


async def test_metrics_are_served_in_prometheus_format() -> None:
    metrics = Metrics()
    metrics.posts.inc(4)
    async with serving(metrics=metrics) as url:
        status, text, answer = await fetch(f"{url}/metrics")
    assert status == 200
    assert "banso_posts_total 4.0" in text
    assert answer.content_type == "text/plain"


@pytest.mark.parametrize(("path", "method", "status"), [("/", "GET", 404), ("/healthz", "POST", 405)])
async def test_a_wrong_address_is_answered_in_a_sentence(path: str, method: str, status: int) -> None:
    async with serving() as url:
        got, text, _ = await fetch(url + path, method)
    assert got == status
    assert text.endswith("。\n")


async def test_slack_is_served_only_in_http_mode() -> None:
    async with serving() as url:
        status, _, _ = await fetch(f"{url}/slack/events", "POST", **signed({"type": "url_verification"}))
    assert status == 404


async def test_slack_verifies_the_address_with_a_signed_challenge() -> None:
    challenge = {"type": "url_verification", "challenge": "abc"}
    async with serving(bolt=bolt_app()) as url:
        status, text, _ = await fetch(f"{url}/slack/events", "POST", **signed(challenge))
    assert (status, json.loads(text)) == (200, {"challenge": "abc"})


async def test_an_unsigned_request_is_turned_away() -> None:
    async with serving(bolt=bolt_app()) as url:
        status, _, _ = await fetch(f"{url}/slack/events", "POST", data="{}")
    assert status == 401


async def test_an_event_reaches_its_listener_before_the_answer_is_given() -> None:
    bolt, seen = bolt_app(), []

    @bolt.event("app_mention")
    async def mention(event: dict[str, Any]) -> None:
        seen.append(event["text"])

    event = {
        "type": "event_callback",
        "team_id": "T1",
        "event": {"type": "app_mention", "user": "U1", "text": "相談です"},
    }
    async with serving(bolt=bolt) as url:
        status, _, _ = await fetch(f"{url}/slack/events", "POST", **signed(event))
    assert (status, seen) == (200, ["相談です"])


async def test_a_body_over_the_limit_and_one_that_is_not_utf8_are_refused() -> None:
    async with serving(bolt=bolt_app()) as url:
        large, sentence, _ = await fetch(
            f"{url}/slack/events", "POST", data=io.BytesIO(b"x" * (BODY_LIMIT + 1))
        )
        odd, _, _ = await fetch(f"{url}/slack/events", "POST", data=b"\xff\xfe")
    assert (large, odd) == (413, 400)
    assert "1024 KiB" in sentence


async def test_stopping_waits_for_the_request_under_way() -> None:
    entered, release = asyncio.Event(), asyncio.Event()

    async def slow() -> Health:
        entered.set()
        await release.wait()
        return Health()

    server = WebServer(health_app(slow, Metrics()), "127.0.0.1", 0)
    await server.start()
    asking = asyncio.create_task(fetch(f"http://127.0.0.1:{server.port}/healthz"))
    await entered.wait()
    stopping = asyncio.create_task(server.stop())
    asyncio.get_running_loop().call_later(0.05, release.set)
    status, _, _ = await asking
    await stopping
    assert status == 200
    await server.stop()


async def test_a_taken_port_is_a_sentence_at_start() -> None:
    async with serving() as url:
        port = int(url.rsplit(":", 1)[1])
        other = WebServer(health_app(healthy, Metrics()), "127.0.0.1", port)
        with pytest.raises(SettingsError, match=f"PORT {port} は、ほかのプログラムが使っています"):
            await other.start()


async def test_an_address_of_another_machine_is_a_sentence_at_start() -> None:
    """192.0.2.0/24 is nobody's (RFC 5737)."""
    with pytest.raises(SettingsError, match=r"HOST 192\.0\.2\.1 では待ち受けられません"):
        await WebServer(health_app(healthy, Metrics()), "192.0.2.1", 0).start()


def test_the_port_is_unknown_before_the_start() -> None:
    server = WebServer(health_app(healthy, Metrics()), "127.0.0.1", 0)
    with pytest.raises(RuntimeError):
        _ = server.port


# --- calendars ------------------------------------------------------------------------------------------------------


async def feeds(token: str, known: Collection[str]) -> Fetched:
    """One calendar that is there, one that is read too often, one that breaks; nothing else."""
    if token == "breaks-breaks-breaks-breaks":
        raise RuntimeError("broken")
    if token == "often":
        return Fetched(429, wait=30)
    if token != "there":
        return Fetched(404)
    return Fetched(304, mark="abc") if "abc" in known else Fetched(200, "予定\r\n".encode(), "abc")


async def test_a_calendar_is_private_and_known_by_its_mark() -> None:
    async with serving(fetch=feeds) as url:
        status, text, answer = await fetch(f"{url}/calendar/there.ics")
        assert (status, text) == (200, "予定\r\n")
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.headers["Cache-Control"].startswith("private")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        known = {"If-None-Match": answer.headers["ETag"]}
        status, text, answer = await fetch(f"{url}/calendar/there.ics", headers=known)
        assert (status, text) == (304, "")
        assert answer.headers["ETag"] == known["If-None-Match"]
        other = {"If-None-Match": '"xyz", W/"uvw"'}
        assert (await fetch(f"{url}/calendar/there.ics", headers=other))[0] == 200
        assert (await fetch(f"{url}/calendar/there.ics", "HEAD"))[:2] == (200, "")


@pytest.mark.parametrize("path", ["elsewhere.ics", "there", "there.ics/", "", "..%2Fthere.ics", "%00.ics"])
async def test_another_address_is_as_if_there_were_no_calendars(path: str) -> None:
    async with serving(fetch=feeds) as url, serving() as without:
        status, text, _ = await fetch(f"{url}/calendar/{path}")
        nothing, said, _ = await fetch(f"{without}/calendar/there.ics")
    assert (status, nothing) == (404, 404)
    assert text == said


async def test_who_reads_too_often_is_told_when_to_come_again() -> None:
    async with serving(fetch=feeds) as url:
        status, _, answer = await fetch(f"{url}/calendar/often.ics")
    assert (status, answer.headers["Retry-After"]) == (429, "30")


async def test_a_calendar_that_breaks_does_not_write_its_address_down() -> None:
    with capture_logs() as logs:
        async with serving(fetch=feeds) as url:
            status, text, _ = await fetch(f"{url}/calendar/breaks-breaks-breaks-breaks.ics")
    assert status == 500
    assert "お問い合わせ番号" in text
    assert [line["path"] for line in logs if line["event"] == "request failed"] == ["/calendar/{token}.ics"]
    assert "breaks-breaks" not in str(logs)
