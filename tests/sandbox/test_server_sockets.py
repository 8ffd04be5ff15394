"""A real Bolt app over Socket Mode: stories, retries, duplicates, disconnects."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace

CARD: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "受け付けました"}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": "対応します"}, "action_id": "claim"}
        ],
    },
]
MODAL = {
    "type": "modal",
    "callback_id": "note",
    "title": {"type": "plain_text", "text": "ひとこと"},
    "submit": {"type": "plain_text", "text": "送る"},
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": {"type": "plain_text", "text": "ことば"},
            "element": {"type": "plain_text_input", "action_id": "typed"},
        },
        {
            "type": "input",
            "block_id": "field",
            "optional": True,
            "label": {"type": "plain_text", "text": "分野"},
            "element": {
                "type": "static_select",
                "action_id": "chosen",
                "options": [{"text": {"type": "plain_text", "text": "端末"}, "value": "pc"}],
            },
        },
    ],
}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
async def ws(sandbox: Sandbox) -> AsyncIterator[Workspace]:
    async with Workspace(sandbox.control_url) as speaking:
        yield speaking


@pytest.fixture
async def desk(ws: Workspace) -> Channel:
    return await ws.channel("相談-端末")


@pytest.fixture
async def town(ws: Workspace, desk: Channel) -> Person:
    return await ws.person("山田 花子", channels=[desk])


@pytest.fixture
async def talent(ws: Workspace, desk: Channel) -> Person:
    return await ws.person("森脇 透", channels=[desk])


class Bot:
    """A small app, and what it heard."""

    def __init__(self, sandbox: Sandbox) -> None:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        self.app = AsyncApp(
            name="test", client=client, signing_secret=sandbox.signing_secret, process_before_response=True
        )
        self.handler = AsyncSocketModeHandler(self.app, sandbox.app_token, ping_interval=0.2)
        self.heard: list[str] = []
        self.submitted: list[dict[str, Any]] = []
        self._listen()

    def _listen(self) -> None:
        app = self.app

        @app.event("message")
        async def message(event: dict[str, Any], client: AsyncWebClient) -> None:
            self.heard.append(f"message {event.get('subtype', '')}".strip())
            if "subtype" not in event and "thread_ts" not in event:
                await client.chat_postMessage(
                    channel=event["channel"], thread_ts=event["ts"], text="受け付けました", blocks=CARD
                )

        @app.event("app_mention")
        async def mention() -> None:
            self.heard.append("mention")

        @app.event({"type": "member_joined_channel"})
        async def joined() -> None:
            pass

        @app.event({"type": "team_join"})
        async def team_joined() -> None:
            pass

        @app.event({"type": "channel_created"})
        async def created() -> None:
            pass

        @app.action("claim")
        async def claim(
            ack: Callable[[], Awaitable[None]], body: dict[str, Any], client: AsyncWebClient
        ) -> None:
            await ack()
            self.heard.append("claim")
            await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

        @app.view("note")
        async def note(ack: Callable[..., Awaitable[None]], body: dict[str, Any]) -> None:
            values = body["view"]["state"]["values"]
            if values["words"]["typed"]["value"] == "?":
                await ack(response_action="errors", errors={"words": "もう少しくわしく"})
                return
            self.submitted.append(values)
            await ack()

        @app.command("/banso")
        async def command(ack: Callable[..., Awaitable[None]], body: dict[str, Any]) -> None:
            await ack(f"はい、{body['text']}")


@pytest.fixture
async def bot(sandbox: Sandbox, ws: Workspace) -> AsyncIterator[Bot]:
    made = Bot(sandbox)
    await made.handler.connect_async()  # type: ignore[no-untyped-call]
    await ws.connected()
    yield made
    await made.handler.close_async()  # type: ignore[no-untyped-call]


async def test_a_question_gets_a_card_whose_button_opens_a_modal(
    bot: Bot, desk: Channel, town: Person, talent: Person
) -> None:
    asked = await town.says("プリンターが動きません", desk)
    card = await desk.shows("受け付けました", thread=asked)
    assert card.buttons == ["対応します"]
    await talent.clicks("対応します", on=card)
    view = await talent.view()
    assert view.title == "ひとこと"
    assert await talent.submits({}) == {"words": "Please complete this required field."}
    assert await talent.submits({"ことば": "?"}) == {"words": "もう少しくわしく"}
    assert await talent.submits({"ことば": "すぐ見ます", "分野": "端末"}) is None
    assert not await talent.has_view()
    option = {"text": {"type": "plain_text", "text": "端末"}, "value": "pc"}
    assert bot.submitted == [
        {
            "words": {"typed": {"type": "plain_text_input", "value": "すぐ見ます"}},
            "field": {"chosen": {"type": "static_select", "selected_option": option}},
        }
    ]


async def test_a_mention_arrives_as_two_events_and_a_command_is_answered_privately(
    bot: Bot, ws: Workspace, desk: Channel, town: Person
) -> None:
    await ws.quiet()
    bot.heard.clear()
    await town.mentions_bot("教えて", desk)
    await ws.quiet()
    assert sorted(bot.heard)[:2] == ["mention", "message"]
    await town.runs("/banso", "相談", desk)
    assert (await town.sees("はい、相談", desk)).ephemeral
    await desk.never_shows("はい、相談", for_=0.05)


async def test_an_unacknowledged_event_comes_again_and_says_so(sandbox: Sandbox, ws: Workspace) -> None:
    await ws.delivery(retry_delays=[0.01, 0.01, 0.01], ack_seconds=0.1)
    desk = await ws.channel("相談-端末")
    town = await ws.person("山田 花子", channels=[desk])
    await ws.quiet(retries=True)
    async with aiohttp.ClientSession() as http:
        bearer = {"Authorization": f"Bearer {sandbox.app_token}"}
        opened = await (await http.post(f"{sandbox.api_url}apps.connections.open", headers=bearer)).json()
        async with http.ws_connect(opened["url"]) as socket:
            hello = await socket.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
            await town.says("一度目は聞こえません", desk)
            first, second = await next_message(socket), await next_message(socket)
            assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
            assert second["retry_reason"] == "timeout"
            assert first["payload"]["event_id"] == second["payload"]["event_id"]
            assert first["envelope_id"] != second["envelope_id"]
            await socket.send_json({"envelope_id": second["envelope_id"]})
            await ws.quiet(retries=True)
        rows = await ws.deliveries("message")
        assert rows[-1]["outcome"] == "delivered"
        assert rows[-1]["failures"] == ["timeout"]
        again = await http.get(opened["url"])
        assert again.status == 403


async def next_message(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    while True:
        envelope: dict[str, Any] = json.loads((await socket.receive(timeout=5)).data)
        if envelope.get("payload", {}).get("event", {}).get("type") == "message":
            return envelope
        await socket.send_json({"envelope_id": envelope["envelope_id"]})


async def test_a_duplicated_event_reaches_the_app_as_often_as_planned(
    bot: Bot, ws: Workspace, desk: Channel, town: Person
) -> None:
    await ws.quiet()
    bot.heard.clear()
    await ws.faults("duplicate", method="message", count=1, copies=2)
    await town.says("三度届く", desk)
    await ws.quiet()
    assert bot.heard.count("message") == 3


async def test_the_app_comes_back_after_being_sent_away_or_cut_off(
    bot: Bot, ws: Workspace, desk: Channel, town: Person
) -> None:
    for how in ("refresh_requested", "cut"):
        assert await ws.disconnects(how) == 1
        await ws.connected()
    asked = await town.says("つながっていますか", desk)
    await desk.shows("受け付けました", thread=asked)


async def test_held_events_arrive_when_released(bot: Bot, ws: Workspace, desk: Channel, town: Person) -> None:
    await ws.quiet()
    await ws.faults("hold_events")
    asked = await town.says("止まっています", desk)
    await desk.never_shows("受け付けました", thread=asked, for_=0.1)
    await ws.clear_faults()
    await desk.shows("受け付けました", thread=asked)


async def test_a_flood_is_acknowledged_and_measured(
    bot: Bot, ws: Workspace, desk: Channel, town: Person
) -> None:
    await ws.limits("off")
    result = await ws.flood(count=50, per_second=500, channels=[desk], people=[town], text="相談 {n}")
    assert (result["sent"], result["acked"], len(result["ms"])) == (50, 50, 50)
    assert all(each > 0 for each in result["ms"])


async def test_a_person_cannot_press_what_is_gone_unless_their_client_is_slow(
    bot: Bot, ws: Workspace, desk: Channel, town: Person, talent: Person
) -> None:
    asked = await town.says("消します", desk)
    card = await desk.shows("受け付けました", thread=asked)
    client = bot.app.client
    await client.chat_delete(channel=desk.id, ts=card.ts)
    with pytest.raises(AssertionError, match="saw no 「対応します」"):
        await talent.clicks("対応します", on=card, within=0.1)
    await talent.clicks_stale("対応します", on=card)
    assert bot.heard[-1] == "claim"


async def test_a_command_nobody_acknowledges_is_an_error_on_the_screen(ws: Workspace, town: Person) -> None:
    outcome = await town.runs("/banso", "いますか", may_fail=True)
    assert (outcome.acked, outcome.reason) == (False, "connection_failed")
    assert [each["name"] for each in await town.errors()] == ["/banso"]
    with pytest.raises(AssertionError, match="not acknowledged"):
        await town.runs("/banso")


async def test_at_most_ten_sockets_are_open(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as http:
        bearer = {"Authorization": f"Bearer {sandbox.app_token}"}
        first, sockets = [], []
        for _ in range(11):
            opened = await (await http.post(f"{sandbox.api_url}apps.connections.open", headers=bearer)).json()
            sockets.append(await http.ws_connect(opened["url"]))
            first.append(await sockets[-1].receive_json())
        assert [each["type"] for each in first] == ["hello"] * 10 + ["disconnect"]
        assert [each["num_connections"] for each in first[:10]] == list(range(1, 11))
