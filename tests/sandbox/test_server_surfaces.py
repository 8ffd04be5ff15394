"""Home tabs, modals on modals, external selects, shortcuts and answers through response_url, with a real Bolt app."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace

Ack = Callable[..., Awaitable[None]]
Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def modal(name: str, *blocks: Json, **more: Any) -> Json:
    view = {"type": "modal", "callback_id": name, "title": plain(name), "submit": plain("送る"), **more}
    return view | {"blocks": list(blocks) or [{"type": "section", "text": plain(f"これは{name}")}]}


def button(text: str, action: str) -> Json:
    return {"type": "actions", "elements": [{"type": "button", "text": plain(text), "action_id": action}]}


BODY = {
    "type": "input",
    "block_id": "body",
    "label": plain("団体"),
    "element": {"type": "external_select", "action_id": "town", "min_query_length": 1},
}
FIELD = {
    "type": "section",
    "block_id": "field",
    "text": plain("分野"),
    "accessory": {
        "type": "static_select",
        "action_id": "pick",
        "options": [{"text": plain("端末"), "value": "pc"}, {"text": plain("議会"), "value": "council"}],
    },
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
async def heard() -> list[Json]:
    return []


@pytest.fixture
async def app(sandbox: Sandbox, ws: Workspace, heard: list[Json]) -> AsyncIterator[AsyncApp]:
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    made = AsyncApp(
        name="test", client=client, signing_secret=sandbox.signing_secret, process_before_response=True
    )

    async def ignore() -> None:
        pass

    for event in ("message", "member_joined_channel", "team_join", "channel_created"):
        made.event(event)(ignore)
    handler = AsyncSocketModeHandler(made, sandbox.app_token, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await ws.connected()
    yield made
    await handler.close_async()  # type: ignore[no-untyped-call]


@pytest.fixture
async def desk(ws: Workspace, app: AsyncApp) -> Channel:
    return await ws.channel("相談")


@pytest.fixture
async def town(ws: Workspace, desk: Channel) -> Person:
    return await ws.person("山田 花子", channels=[desk])


async def test_home_is_published_pressed_and_chosen_on(
    app: AsyncApp, town: Person, heard: list[Json]
) -> None:
    @app.event("app_home_opened")
    async def opened(event: Json, client: AsyncWebClient) -> None:
        heard.append(event)
        view = {"type": "home", "blocks": [button("相談する", "ask"), FIELD]}
        await client.views_publish(user_id=event["user"], view=view)

    @app.action("ask")
    async def ask(ack: Ack, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("相談"))

    @app.action("pick")
    async def pick(ack: Ack, body: Json) -> None:
        await ack()
        heard.append(body)

    await town.opens_home()
    assert (await town.home("分野")).buttons == ["相談する"]
    await town.clicks("相談する")
    assert (await town.view()).title == "相談"
    await town.closes()
    await town.chooses("分野", "議会")
    body = heard[-1]
    assert body["container"]["type"] == "view"
    assert body["actions"][0]["selected_option"]["value"] == "council"
    assert body["view"]["state"]["values"]["field"]["pick"]["selected_option"]["value"] == "council"
    await town.opens_home()
    assert "view" not in heard[0]
    assert heard[-1]["view"]["type"] == "home"


async def test_a_submission_pushes_updates_and_clears(app: AsyncApp, town: Person, heard: list[Json]) -> None:
    @app.shortcut("start")
    async def start(ack: Ack, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("一", notify_on_close=True))

    @app.view("一")
    async def one(ack: Ack) -> None:
        await ack(response_action="push", view=modal("二"))

    @app.view("二")
    async def two(ack: Ack) -> None:
        await ack(response_action="update", view=modal("三", notify_on_close=True))

    @app.view("三")
    async def three(ack: Ack) -> None:
        await ack(response_action="clear")

    @app.view_closed("一")
    async def closed(ack: Ack, body: Json) -> None:
        await ack()
        heard.append(body)

    await town.shortcut("start")
    for title in ("一", "二", "三"):
        assert (await town.view()).title == title
        assert await town.submits() is None
    assert not await town.has_view()
    await town.shortcut("start")
    await town.closes()
    assert [(each["type"], each["is_cleared"]) for each in heard] == [("view_closed", False)]


async def test_an_external_select_offers_what_the_app_knows(
    app: AsyncApp, town: Person, heard: list[Json]
) -> None:
    @app.shortcut("start")
    async def start(ack: Ack, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("登録", BODY))

    @app.options("town")
    async def options(ack: Ack, payload: Json) -> None:
        names = [name for name in ("霧ヶ里村", "波待島村") if payload["value"] in name]
        await ack(options=[{"text": plain(name), "value": name} for name in names])

    @app.view("登録")
    async def registered(ack: Ack, view: Json) -> None:
        await ack()
        heard.append(view)

    await town.shortcut("start")
    await town.view()
    assert [each["value"] for each in await town.types_into("団体", "霧")] == ["霧ヶ里村"]
    assert await town.submits({"団体": "波待"}) is None
    chosen = heard[0]["state"]["values"]["body"]["town"]
    assert chosen == {
        "type": "external_select",
        "selected_option": {"text": plain("波待島村"), "value": "波待島村"},
    }


async def test_a_message_shortcut_carries_the_message(
    app: AsyncApp, desk: Channel, town: Person, heard: list[Json]
) -> None:
    @app.shortcut("register")
    async def register(ack: Ack, body: Json, respond: Callable[..., Awaitable[Any]]) -> None:
        await ack()
        heard.append(body)
        await respond(text="登録しました", response_type="in_channel")

    said = await town.says("電話で聞きました", desk)
    await town.shortcut("register", message=said)
    assert heard[0]["message"]["text"] == "電話で聞きました"
    assert (await desk.shows("登録しました")).by_bot


async def test_an_answer_replaces_or_deletes_what_was_pressed(
    app: AsyncApp, desk: Channel, town: Person
) -> None:
    @app.action("go")
    async def go(ack: Ack, respond: Callable[..., Awaitable[Any]]) -> None:
        await ack()
        await respond(text="押しました", blocks=[button("消す", "drop")], replace_original=True)

    @app.action("drop")
    async def drop(ack: Ack, respond: Callable[..., Awaitable[Any]]) -> None:
        await ack()
        await respond(delete_original=True)

    await app.client.chat_postMessage(channel=desk.id, text="みんなに", blocks=[button("進む", "go")])
    await app.client.chat_postEphemeral(
        channel=desk.id, user=town.id, text="あなたに", blocks=[button("進む", "go")]
    )
    secret = await town.sees("あなたに", desk)
    assert secret.ephemeral
    await town.clicks("進む", on=secret)
    assert (await town.sees("押しました", desk)).ephemeral
    await town.clicks("消す")
    assert await town.ephemerals(desk) == []
    await town.clicks("進む")
    await desk.shows("押しました")
    await town.clicks("消す")
    await desk.no_longer_shows("押しました")


async def test_errors_that_name_no_field_are_trouble_on_the_screen(app: AsyncApp, town: Person) -> None:
    @app.shortcut("start")
    async def start(ack: Ack, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("一"))

    @app.view("一")
    async def one(ack: Ack) -> None:
        await ack(response_action="errors", errors={"nowhere": "だめ"})

    await town.shortcut("start")
    await town.view()
    with pytest.raises(AssertionError, match="invalid_response_errors"):
        await town.submits()
    assert await town.has_view()
