"""What becomes of events an app does not take, with apps made with Bolt.

Sources: SLACK.md, Acknowledging, a test for each row; docs.slack.dev/apis/events-api for the schedule.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from tests.sandbox.apps import MODES, Apps, Heard, Json, sent

QUICK = [0.02, 0.02, 0.02]


def listens(app: AsyncApp, heard: Heard, event: str = "message", *, fails: int = 0) -> None:
    """Let an app hear an event; its listener raises the first `fails` times."""

    async def listener(body: Json, request: Any) -> None:
        await heard.add({**body, "headers": dict(request.headers)})
        if len(heard.all) <= fails:
            raise RuntimeError("the listener fails")

    app.event(event)(listener)


async def test_the_schedule_is_slacks(ws: Workspace, sandbox: Sandbox) -> None:
    """Three seconds to acknowledge; again at once, after a minute, after five."""
    settings = sandbox.world.courier.settings
    assert settings.ack_seconds == 3.0
    assert settings.retry_delays[1:] == [60.0, 300.0]
    assert settings.retry_delays[0] <= 0.5


@pytest.mark.parametrize("mode", MODES)
async def test_an_event_is_heard_and_acknowledged(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.connect(app, mode)
    await town.says("プリンターが動きません", desk)
    (body,) = await heard.count(1)
    await ws.quiet(retries=True)
    assert body["event"]["text"] == "プリンターが動きません"
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"], row["failures"]) == ("delivered", 1, [])
    assert row["ms"] < 3000


@pytest.mark.parametrize("mode", MODES)
async def test_an_event_without_a_listener_comes_four_times(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    """404, or no ack on the socket: Slack retries, three times in all."""
    await apps.connect(apps.make(), mode)
    await ws.delivery(retry_delays=QUICK, ack_seconds=0.3)
    await town.says("だれも聞いていない", desk)
    await ws.quiet(for_=0.1, retries=True)
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"]) == ("given_up", 4)
    assert set(row["failures"]) == {"http_error" if mode == "http" else "timeout"}


@pytest.mark.parametrize("mode", MODES)
async def test_a_listener_that_raises_has_lost_the_event(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    """Already acked: lost."""
    heard, app = Heard(), apps.make()
    listens(app, heard, fails=9)
    await apps.connect(app, mode)
    await ws.delivery(retry_delays=QUICK)
    await town.says("なくなる", desk)
    await heard.count(1)
    await ws.quiet(for_=0.2, retries=True)
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"]) == ("delivered", 1)


@pytest.mark.parametrize("mode", MODES)
async def test_processing_before_the_response_keeps_it(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    """With process_before_response=True: 500 (no ack on the socket), Slack retries."""
    heard, app = Heard(), apps.make(process_before_response=True)
    listens(app, heard, fails=2)
    await apps.connect(app, mode)
    await ws.delivery(retry_delays=QUICK, ack_seconds=0.3)
    await town.says("なくならない", desk)
    bodies = await heard.count(3)
    await ws.quiet(for_=0.1, retries=True)
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"]) == ("delivered", 3)
    assert len({each["event_id"] for each in bodies}) == 1


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
    await ws.quiet(retries=True)
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"]) == ("delivered", 1)
    assert heard.all == []


@pytest.mark.parametrize("mode", MODES)
async def test_a_redelivery_runs_the_listener_again(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    """Bolt runs the listener each time: deduplicate. Here the acknowledgement is lost on its way."""
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.connect(app, mode)
    await ws.delivery(retry_delays=QUICK, ack_seconds=0.3)
    await ws.faults("lose_ack", method="message", count=1)
    await town.says("二度", desk)
    first, again = await heard.count(2)
    await ws.quiet(for_=0.1, retries=True)
    assert first["event_id"] == again["event_id"]
    assert first["event"] == again["event"]
    (row,) = await sent(ws)
    assert (row["outcome"], row["attempts"]) == ("delivered", 2)


@pytest.mark.parametrize("mode", MODES)
async def test_the_same_envelope_twice_runs_the_listener_twice(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.connect(app, mode)
    await ws.faults("duplicate", method="message", count=1)
    await town.says("二度", desk)
    bodies = await heard.count(2)
    await ws.quiet(retries=True)
    assert len({each["event_id"] for each in bodies}) == 1
    assert len(heard.all) == 2


async def test_the_retry_header_of_a_first_delivery_is_zero_over_a_socket(
    ws: Workspace, desk: Channel, town: Person, apps: Apps
) -> None:
    """SLACK.md, The wire: reads ['0'] on a first delivery: test > 0."""
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.by_socket(app)
    await ws.delivery(retry_delays=QUICK, ack_seconds=0.3)
    await ws.faults("lose_ack", method="message", count=1)
    await town.says("x", desk)
    first, again = await heard.count(2)
    await ws.quiet(for_=0.1, retries=True)
    assert first["headers"]["x-slack-retry-num"] == ["0"]
    assert again["headers"]["x-slack-retry-num"] == ["1"]
    assert again["headers"]["x-slack-retry-reason"] == ["timeout"]


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


@pytest.mark.parametrize("mode", MODES)
async def test_a_command_nobody_acknowledges_is_not_tried_again(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    """Command never acks: the person sees an error after 3 s; DESIGN.md §8: retries for events only."""
    heard, app = Heard(), apps.make()

    async def silent(body: Json) -> None:
        await heard.add(body)

    app.command("/soudan")(silent)
    await apps.connect(app, mode)
    await ws.delivery(retry_delays=QUICK, ack_seconds=0.2)
    outcome = await town.runs("/soudan", "印刷", desk, may_fail=True)
    await ws.quiet(for_=0.3, retries=True)
    assert not outcome.acked
    assert len(heard.all) == 1
    (row,) = await sent(ws, "/soudan")
    assert (row["outcome"], row["attempts"]) == ("failed", 1)
    assert [each["name"] for each in await town.errors()] == ["/soudan"]


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


async def test_held_events_come_when_released(ws: Workspace, desk: Channel, town: Person, apps: Apps) -> None:
    """The fault hold_events: late, none lost."""
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.by_socket(app)
    await ws.faults("hold_events")
    for number in range(3):
        await town.says(f"{number}", desk)
    await ws.quiet(for_=0.05)
    assert heard.all == []
    await ws.faults("hold_events", on=False)
    assert sorted(each["event"]["text"] for each in await heard.count(3)) == ["0", "1", "2"]


async def test_dropped_events_never_come(ws: Workspace, desk: Channel, town: Person, apps: Apps) -> None:
    """The fault drop_events: only reading history finds these."""
    heard, app = Heard(), apps.make()
    listens(app, heard)
    await apps.by_socket(app)
    await ws.faults("drop_events")
    await town.says("届かない", desk)
    await ws.faults("drop_events", on=False)
    await town.says("届く", desk)
    assert [each["event"]["text"] for each in await heard.count(1)] == ["届く"]


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
