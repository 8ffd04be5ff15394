"""HTTP mode: signed requests, the challenge, status codes.

Sources: docs.slack.dev/apis/events-api, authentication/verifying-requests-from-slack; measured with
slack-bolt 1.30 (docs/slack.md, "Acknowledging").
"""

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from tests.sandbox.apps import QUICK, Apps, Heard, listens, sent


async def test_global_middleware_that_raises_is_a_500(
    ws: Workspace, desk: Channel, town: Person, apps: Apps
) -> None:
    heard, app = Heard(), apps.make()

    async def broken(next: Callable[[], Awaitable[None]]) -> None:
        raise RuntimeError("the middleware fails")

    app.use(broken)
    listens(app, heard)
    await apps.by_http(app)
    await ws.delivery(retry_delays=QUICK)
    await town.says("x", desk)
    await ws.quiet(for_=0.1, retries=True)
    (row,) = await sent(ws)
    assert (row["outcome"], set(row["failures"])) == ("given_up", {"http_error"})
    assert heard.all == []


async def test_with_a_wrong_bot_token_events_are_silently_lost(
    sandbox: Sandbox, ws: Workspace, desk: Channel, town: Person, apps: Apps
) -> None:
    """200 with apology text: event silently lost."""
    heard = Heard()
    app = apps.make(client=AsyncWebClient(token="xoxb-wrong", base_url=sandbox.api_url))
    listens(app, heard)
    await apps.by_http(app)
    await town.says("x", desk)
    await ws.quiet(for_=0.05, retries=True)
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"]) == ("delivered", 1)
    assert heard.all == []


async def test_the_retry_header_is_absent_at_first_over_http(
    ws: Workspace, desk: Channel, town: Person, apps: Apps
) -> None:
    """Page events-api: x-slack-retry-num 1, 2 or 3 and x-slack-retry-reason on retries only."""
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.by_http(app)
    await ws.delivery(retry_delays=QUICK)
    await ws.faults("lose_ack", method="message", count=2)
    await town.says("x", desk)
    first, *again = await heard.count(3)
    await ws.quiet(for_=0.1, retries=True)
    assert "x-slack-retry-num" not in first["headers"]
    assert [each["headers"]["x-slack-retry-num"] for each in again] == [["1"], ["2"]]
    assert again[0]["headers"]["x-slack-retry-reason"] == ["http_timeout"]


@pytest.mark.parametrize(("header", "attempts"), [({"x-slack-no-retry": "1"}, 1), ({}, 4)])
async def test_an_app_may_ask_for_no_retry(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, header: dict[str, str], attempts: int
) -> None:
    """Page events-api: with the header x-slack-no-retry: 1 a failure is final."""

    async def fails(request: web.Request) -> web.Response:
        body = await request.json()
        if body["type"] == "url_verification":
            return web.Response(text=body["challenge"])
        return web.Response(status=500, headers=header)

    application = web.Application()
    application.router.add_post("/slack/events", fails)
    await apps.serve(application)
    await ws.delivery(retry_delays=QUICK)
    await town.says("x", desk)
    await ws.quiet(for_=0.1, retries=True)
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"]) == ("given_up", attempts)


async def test_a_command_that_raises_is_a_500(ws: Workspace, desk: Channel, town: Person, apps: Apps) -> None:
    """Command raises: 500."""
    app = apps.make()

    async def broken() -> None:
        raise RuntimeError("the command fails")

    app.command("/soudan")(broken)
    await apps.by_http(app)
    outcome = await town.runs("/soudan", "", desk, may_fail=True)
    assert (outcome.acked, outcome.reason) == (False, "http_error")


async def test_bolts_own_limit_is_three_seconds(desk: Channel, town: Person, apps: Apps) -> None:
    """Command never acks: 404 after 3,004 ms, which Slack no longer waits for."""
    app = apps.make()

    async def silent() -> None:
        return

    app.command("/soudan")(silent)
    await apps.by_http(app)
    outcome = await town.runs("/soudan", "", desk, may_fail=True)
    assert not outcome.acked
    assert outcome.reason in ("http_timeout", "http_error")


async def test_a_signature_that_is_wrong_is_refused_by_bolt(
    sandbox: Sandbox, ws: Workspace, desk: Channel, town: Person, apps: Apps
) -> None:
    """Page verifying-requests-from-slack: what the sandbox signs with is its signing secret and nothing else."""
    heard = Heard()
    app = apps.make(signing_secret="another")
    listens(app, heard)
    await apps.by_http(app)
    await ws.delivery(retry_delays=QUICK)
    await town.says("x", desk)
    await ws.quiet(for_=0.1, retries=True)
    assert heard.all == []
    (row,) = await sent(ws)
    assert row["outcome"] == "given_up"


async def test_a_request_url_has_to_pass_the_challenge(ws: Workspace, apps: Apps) -> None:
    """Page url_verification: the app gives the challenge back."""
    url = await apps.by_http(apps.make())
    assert await ws.request_url(url) is True
    assert await ws.request_url(url.replace("/slack/events", "/elsewhere")) is False
    assert await ws.request_url("http://127.0.0.1:9/") is False
