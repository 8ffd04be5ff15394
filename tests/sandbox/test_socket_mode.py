"""Socket Mode as it goes over the wire. Source: docs.slack.dev/apis/events-api/using-socket-mode; what the SDK does
was measured with slack-sdk 3.47 (docs/slack.md, "The wire")."""

import asyncio
from contextlib import AsyncExitStack

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from tests.sandbox.apps import QUIET, Apps, Heard, sent
from tests.sandbox.wire import Line, line, ticket


async def test_the_hello(sandbox: Sandbox, http: aiohttp.ClientSession, ws: Workspace) -> None:
    async with http.ws_connect(await ticket(sandbox, http)) as socket:
        hello = await Line(socket).next()
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": (await ws.info())["app_id"]}
    assert hello["debug_info"]["approximate_connection_time"] > 0


async def test_an_address_works_once(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    address = await ticket(sandbox, http)
    async with http.ws_connect(address) as socket:
        await Line(socket).next()
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(address)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await http.ws_connect(address.replace("ticket=", "ticket=x"))


async def test_an_event_comes_in_an_envelope(
    sandbox: Sandbox, http: aiohttp.ClientSession, ws: Workspace, desk: Channel, town: Person
) -> None:
    async with line(sandbox, http) as socket:
        said = await town.says("プリンターが動きません", desk)
        envelope = await socket.next()
        await socket.acks(envelope)
        await ws.quiet(for_=0.05, retries=True)
    assert {
        key: envelope[key] for key in ("type", "accepts_response_payload", "retry_attempt", "retry_reason")
    } == {
        "type": "events_api",
        "accepts_response_payload": False,
        "retry_attempt": 0,
        "retry_reason": "",
    }
    payload = envelope["payload"]
    assert (payload["type"], payload["team_id"]) == ("event_callback", sandbox.team_id)
    assert payload["authorizations"][0]["user_id"] == sandbox.bot_user_id
    event = payload["event"]
    assert (event["type"], event["channel"], event["user"]) == ("message", desk.id, town.id)
    assert (event["ts"], event["channel_type"]) == (said.ts, "channel")


async def test_commands_and_interactions_may_answer_in_the_acknowledgement(
    sandbox: Sandbox, http: aiohttp.ClientSession, desk: Channel, town: Person
) -> None:
    async with line(sandbox, http) as socket:
        typed = asyncio.create_task(town.runs("/soudan", "印刷", desk))
        envelope = await socket.next()
        await socket.acks(envelope, {"text": "受け付けました"})
        outcome = await typed
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert "retry_attempt" not in envelope
    assert envelope["payload"]["command"] == "/soudan"
    assert outcome.acked
    assert [each.text for each in await town.ephemerals(desk)] == ["受け付けました"]


async def test_an_envelope_not_acknowledged_comes_again_under_another_id(
    sandbox: Sandbox, http: aiohttp.ClientSession, ws: Workspace, desk: Channel, town: Person
) -> None:
    await ws.delivery(retry_delays=[0.01, 0.01, 0.01], ack_seconds=0.05)
    async with line(sandbox, http) as socket:
        await town.says("x", desk)
        envelopes = [await socket.next() for _ in range(4)]
        await ws.quiet(for_=0.1, retries=True)
    assert [each["retry_attempt"] for each in envelopes] == [0, 1, 2, 3]
    assert [each["retry_reason"] for each in envelopes] == ["", "timeout", "timeout", "timeout"]
    assert len({each["envelope_id"] for each in envelopes}) == 4
    assert len({each["payload"]["event_id"] for each in envelopes}) == 1
    (row,) = await sent(ws, "message")
    assert (row["outcome"], row["attempts"]) == ("given_up", 4)


async def test_an_acknowledgement_after_the_deadline_counts_for_nothing(
    sandbox: Sandbox, http: aiohttp.ClientSession, ws: Workspace, desk: Channel, town: Person
) -> None:
    """Three seconds to ack (here less): the event is already on its way again."""
    await ws.delivery(retry_delays=[0.01, 60.0], ack_seconds=0.05)
    async with line(sandbox, http) as socket:
        await town.says("x", desk)
        first, again = await socket.next(), await socket.next()
        await socket.acks(first)
        await socket.acks(again)
        await ws.quiet(for_=0.1)
    assert again["retry_attempt"] == 1
    assert (await ws.counters())["acks"]["late_or_unknown"] >= 1


async def test_any_connection_may_get_any_payload(
    sandbox: Sandbox, http: aiohttp.ClientSession, ws: Workspace, desk: Channel, town: Person
) -> None:
    async with line(sandbox, http) as one, line(sandbox, http) as other:
        await town.says("x", desk)
        await town.says("y", desk)
        for socket in (one, other):
            await socket.acks(await socket.next())
        await ws.quiet(for_=0.05, retries=True)
    assert [each["outcome"] for each in await sent(ws)] == ["delivered"] * 2


async def test_an_acknowledgement_on_another_connection_counts(
    sandbox: Sandbox, http: aiohttp.ClientSession, ws: Workspace, desk: Channel, town: Person
) -> None:
    """An envelope is known by its id, not by where it went."""
    async with line(sandbox, http) as one, line(sandbox, http) as other:
        await town.says("x", desk)
        first = asyncio.create_task(one.next())
        second = asyncio.create_task(other.next())
        done, waiting = await asyncio.wait({first, second}, return_when=asyncio.FIRST_COMPLETED, timeout=5)
        await (other if first in done else one).acks(done.pop().result())
        await ws.quiet(for_=0.05, retries=True)
        assert (await ws.counters())["acks"] == {"taken": 1}
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)


async def test_ten_connections_and_no_more(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    """ "Socket Mode allows your app to maintain up to 10 open WebSocket connections"; node-slack-sdk issue 1654."""
    async with AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(line(sandbox, http))
        async with http.ws_connect(await ticket(sandbox, http)) as socket:
            refusal = await Line(socket).next()
            await Line(socket).closes()
    assert (refusal["type"], refusal["reason"]) == ("disconnect", "too_many_websockets")


async def test_a_warning_leaves_the_connection_open(
    sandbox: Sandbox, http: aiohttp.ClientSession, ws: Workspace, desk: Channel, town: Person
) -> None:
    """Reason "warning": about ten seconds ahead; payloads still come."""
    async with line(sandbox, http) as socket:
        assert await ws.disconnects("warning") == 1
        assert (await socket.next())["reason"] == "warning"
        await town.says("x", desk)
        await socket.acks(await socket.next())
        await ws.quiet(for_=0.05, retries=True)
    assert [each["outcome"] for each in await sent(ws)] == ["delivered"]


@pytest.mark.parametrize("reason", ["refresh_requested", "link_disabled"])
async def test_other_reasons_end_the_connection(
    sandbox: Sandbox, http: aiohttp.ClientSession, ws: Workspace, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.sockets.GRACE", 0.01)
    async with line(sandbox, http) as socket:
        await ws.disconnects(reason)
        said = await socket.next()
        await socket.closes()
    assert (said["type"], said["reason"]) == ("disconnect", reason)


async def test_what_was_under_way_at_a_refresh_can_still_be_acknowledged(
    sandbox: Sandbox, http: aiohttp.ClientSession, ws: Workspace, desk: Channel, town: Person
) -> None:
    async with line(sandbox, http) as socket:
        await town.says("x", desk)
        envelope = await socket.next()
        await ws.disconnects("refresh_requested")
        await socket.acks(envelope)
        await ws.quiet(for_=0.05, retries=True)
    assert [each["outcome"] for each in await sent(ws)] == ["delivered"]


async def test_without_a_connection_an_event_is_tried_again(
    sandbox: Sandbox, http: aiohttp.ClientSession, ws: Workspace, desk: Channel, town: Person
) -> None:
    await ws.delivery(retry_delays=[0.2, 60, 300])
    await town.says("まだだれもいません", desk)
    async with line(sandbox, http) as socket:
        envelope = await socket.next()
        await socket.acks(envelope)
        await ws.quiet(for_=0.05, retries=True)
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (1, "connection_failed")


async def test_the_sdk_comes_back_after_a_refresh(
    ws: Workspace, desk: Channel, town: Person, apps: Apps
) -> None:
    """Measured: back in 0.01 s; nothing is lost meanwhile because events are tried again."""
    heard, app = Heard(), apps.make()
    app.event("message")(heard.event)
    await apps.by_socket(app)
    await ws.delivery(retry_delays=[0.1, 0.5, 1.0])
    await ws.disconnects("refresh_requested")
    await town.says("切れているとき", desk)
    assert [each["text"] for each in await heard.count(1)] == ["切れているとき"]
    await ws.connected()


async def test_the_sdk_comes_back_after_a_cut(ws: Workspace, desk: Channel, town: Person, apps: Apps) -> None:
    """Measured: 0.9 s after a cut TCP connection."""
    heard, app = Heard(), apps.make()
    app.event("message")(heard.event)
    await apps.by_socket(app, ping_interval=1)
    await ws.delivery(retry_delays=[0.5, 1.0, 2.0])
    assert await ws.disconnects("cut") == 1
    await town.says("切れているとき", desk)
    assert [each["text"] for each in await heard.count(1, within=8)] == ["切れているとき"]


async def test_the_sdk_notices_that_nobody_answers_its_pings(
    sandbox: Sandbox, ws: Workspace, desk: Channel, town: Person, apps: Apps
) -> None:
    """Measured: with muted pongs it is deaf until the next ping fails, then opens another connection."""
    heard, app = Heard(), apps.make()
    app.event("message")(heard.event)
    await ws.faults("mute_pongs")
    await apps.by_socket(app, ping_interval=0.1)
    async with asyncio.timeout(8):
        while len(await ws.calls("apps.connections.open")) < 2:
            await sandbox.world.wait_past(sandbox.world.version, 0.2)
    await ws.faults("mute_pongs", on=False)
    await ws.delivery(retry_delays=[0.1, 0.5, 1.0])
    await town.says("聞こえますか", desk)
    assert [each["text"] for each in await heard.count(1)] == ["聞こえますか"]


async def test_with_two_sockets_one_cut_is_not_noticed(
    ws: Workspace, desk: Channel, town: Person, apps: Apps, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    """That is why there are two (docs/slack.md, "The wire")."""
    heard, app = Heard(), apps.make()
    app.event("message")(heard.event)
    first, _ = await apps.by_socket(app, sockets=2)
    await first.close_async()  # type: ignore[no-untyped-call]
    for number in range(4):
        await town.says(f"{number}", desk)
    assert sorted(each["text"] for each in await heard.count(4)) == ["0", "1", "2", "3"]
    await ws.quiet(for_=0.05)
    assert all(each["attempts"] == 1 for each in await sent(ws, "message"))


async def test_a_wrong_app_token_opens_nothing(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    """Error invalid_auth of every method's page."""
    headers = {"Authorization": "Bearer xapp-wrong"}
    async with http.post(f"{sandbox.api_url}apps.connections.open", headers=headers) as answer:
        assert await answer.json() == {"ok": False, "error": "invalid_auth"}


async def test_with_a_wrong_app_token_the_sdk_never_gives_up(
    sandbox: Sandbox, ws: Workspace, apps: Apps, slack: AsyncWebClient
) -> None:
    """Measured: `connect_async()` never raises, retries for ever."""
    handler = AsyncSocketModeHandler(apps.make(), "xapp-wrong", logger=QUIET, ping_interval=0.05)
    connecting = asyncio.ensure_future(handler.connect_async())  # type: ignore[no-untyped-call]
    async with asyncio.timeout(8):
        while len(await ws.calls("apps.connections.open", "invalid_auth")) < 3:
            await asyncio.wait([connecting], timeout=0.05)
    assert not connecting.done()
    connecting.cancel()
    await asyncio.wait([connecting])
    await handler.close_async()  # type: ignore[no-untyped-call]


async def test_an_app_in_http_mode_gets_no_connection(http: aiohttp.ClientSession) -> None:
    """Reason "link_disabled": Socket Mode is off in the manifest."""
    manifest = {"features": {"bot_user": {"display_name": "b"}}, "settings": {"socket_mode_enabled": False}}
    async with (
        Sandbox(manifest=manifest) as sandbox,
        http.ws_connect(await ticket(sandbox, http)) as socket,
    ):
        assert (await Line(socket).next())["reason"] == "link_disabled"


async def test_an_app_that_has_just_died_hears_no_farewell_and_keeps_nobody_from_theirs(
    sandbox: Sandbox, http: aiohttp.ClientSession, ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the death of a process and the closing of its connections both look open."""
    real, told = aiohttp.web.WebSocketResponse.send_json, list[str]()

    async def dead_first(self: aiohttp.web.WebSocketResponse, data: dict[str, str]) -> None:
        if data["type"] == "disconnect" and not told:
            told.append("nobody")
            raise aiohttp.ClientConnectionResetError("Cannot write to closing transport")
        await real(self, data)

    monkeypatch.setattr(aiohttp.web.WebSocketResponse, "send_json", dead_first)
    async with line(sandbox, http), line(sandbox, http) as second:
        assert await ws.disconnects("warning") == 2
        said = await second.next()
    assert (said["type"], told) == ("disconnect", ["nobody"])
