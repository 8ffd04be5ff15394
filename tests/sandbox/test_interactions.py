"""Buttons, commands, shortcuts, menus: what goes to the app and what it may answer.

Sources: docs.slack.dev/interactivity/handling-user-interaction, implementing-slash-commands, implementing-shortcuts,
reference/interaction-payloads.
"""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, SandboxError, Workspace
from tests.sandbox.apps import MODES, Apps, Heard, Json, acks, card, sent
from tests.sandbox.kit import mrkdwn, option, plain, section, static_select


@pytest.mark.parametrize("mode", MODES)
async def test_a_button_tells_what_and_where(
    slack: AsyncWebClient, desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    heard, app = Heard(), apps.make()
    acks(app, heard)
    await apps.connect(app, mode)
    shown = await card(slack, desk)
    outcome = await town.clicks("対応します")
    (body,) = await heard.count(1)
    assert outcome.acked
    assert body["user"]["id"] == town.id
    assert (body["container"]["message_ts"], body["channel"]["id"]) == (shown.ts, desk.id)
    assert body["message"]["text"] == "相談 No.128"
    (action,) = body["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("claim", "row", "128")


async def test_a_menu_tells_what_was_chosen(
    slack: AsyncWebClient, desk: Channel, town: Person, heard: Heard
) -> None:
    await card(
        slack,
        desk,
        static_select(action_id="urgency", options=[option("now", "今日中"), option("week", "今週中")]),
    )
    await town.chooses("urgency", "今週中")
    (body,) = await heard.count(1)
    assert body["actions"][0]["selected_option"]["value"] == "week"
    assert body["state"]["values"]["row"]["urgency"]["selected_option"]["value"] == "week"


async def test_an_overflow_menu_tells_the_entry(
    slack: AsyncWebClient, desk: Channel, town: Person, heard: Heard
) -> None:
    await card(
        slack, desk, {"type": "overflow", "action_id": "more", "options": [option("merge", "統合する")]}
    )
    await town.clicks("統合する")
    (body,) = await heard.count(1)
    assert body["actions"][0]["selected_option"]["value"] == "merge"


async def test_an_external_menu_asks_the_app(
    slack: AsyncWebClient, desk: Channel, town: Person, apps: Apps
) -> None:
    """Page block-suggestion payload: at most 100 options, after min_query_length characters."""
    app = apps.make()

    async def offers(ack: Any, payload: Json) -> None:
        await ack(options=[option(f"t{number}", f"{payload['value']}{number}") for number in range(2)])

    app.options("town")(offers)
    await apps.by_socket(app)
    await card(slack, desk, {"type": "external_select", "action_id": "town", "min_query_length": 2})
    assert [each["value"] for each in await town.types_into("town", "霧ヶ")] == ["t0", "t1"]
    with pytest.raises(SandboxError, match="too_short"):
        await town.types_into("town", "霧")


@pytest.mark.parametrize(
    ("answer", "offered"),
    [
        ({"options": [option(f"t{n}", "町") for n in range(100)]}, 100),
        ({"options": [option(f"t{n}", "町") for n in range(101)]}, 0),
        ({"options": [option("t", "あ" * 76)]}, 0),
        ({"options": []}, 0),
        ({"option_groups": [{"label": plain("県内"), "options": [option("t", "町")]}]}, 1),
        ({"options": [option("t", "町")], "option_groups": []}, 0),
        ({"something": 1}, 0),
    ],
)
async def test_an_answer_slack_cannot_use_is_no_result(
    slack: AsyncWebClient, desk: Channel, town: Person, apps: Apps, answer: Json, offered: int
) -> None:
    """Issue bolt-js 1630: over 100 options the menu says "no result", and nothing tells the app."""
    app = apps.make()

    async def offers(ack: Any) -> None:
        ack.response = BoltResponse(status=200, body=json.dumps(answer))

    app.options("town")(offers)
    await apps.by_socket(app)
    await card(slack, desk, {"type": "external_select", "action_id": "town", "min_query_length": 0})
    assert len(await town.types_into("town", "町")) == offered


async def test_options_that_come_too_late_are_no_result(
    slack: AsyncWebClient, desk: Channel, town: Person, apps: Apps
) -> None:
    """Issue java-slack-sdk 1204."""
    app, late = apps.make(), asyncio.Event()

    async def offers(ack: Any) -> None:
        await late.wait()
        await ack(options=[option("t", "町")])

    app.options("town")(offers)
    await apps.by_socket(app)
    await card(slack, desk, {"type": "external_select", "action_id": "town", "min_query_length": 0})
    assert await town.types_into("town", "町") == []
    late.set()


async def test_a_stale_button_still_works(
    slack: AsyncWebClient, desk: Channel, town: Person, heard: Heard
) -> None:
    """A client may show an old version of a message: the app hears of a button it has taken away."""
    shown = await card(slack, desk)
    await slack.chat_update(channel=desk.id, ts=shown.ts, text="対応中", blocks=[section(mrkdwn("対応中"))])
    with pytest.raises(AssertionError, match="saw no 「対応します」"):
        await town.clicks("対応します", on=shown, within=0.05)
    await town.clicks_stale("対応します", on=shown)
    (body,) = await heard.count(1)
    assert body["actions"][0]["action_id"] == "claim"


async def test_a_click_nobody_takes_shows_an_error(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, town: Person, apps: Apps
) -> None:
    """Not tried again: the person sees a warning sign and may press once more."""
    await apps.by_socket(apps.make())
    await ws.delivery(ack_seconds=0.1)
    await card(slack, desk)
    with pytest.raises(AssertionError, match="not acknowledged"):
        await town.clicks("対応します")
    outcome = await town.clicks("対応します", may_fail=True)
    assert (outcome.acked, outcome.reason) == (False, "timeout")
    assert len(await town.errors()) == 2
    assert [each["attempts"] for each in await sent(ws, "block_actions")] == [1, 1]


@pytest.mark.parametrize("kind", ["/soudan", "block_actions"])
async def test_only_the_duplicate_fault_sends_an_interaction_twice(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, town: Person, heard: Heard, kind: str
) -> None:
    """Page events-api: only events are sent again; docs/architecture.md, "The stand-in": the rest under a fault."""
    await card(slack, desk)
    await ws.faults("duplicate", method=kind, count=1)
    await (town.clicks("対応します") if kind == "block_actions" else town.runs(kind, "", desk))
    first, again = await heard.count(2)
    assert first == again


async def test_a_command_carries_its_text(desk: Channel, town: Person, heard: Heard) -> None:
    await town.runs("/soudan", "プリンター 動かない", desk)
    (body,) = await heard.count(1)
    assert (body["command"], body["text"]) == ("/soudan", "プリンター 動かない")
    assert (body["user_id"], body["channel_id"]) == (town.id, desk.id)
    assert body["trigger_id"]
    assert body["response_url"].startswith("http://127.0.0.1")


@pytest.mark.parametrize("mode", MODES)
async def test_a_command_may_be_answered_in_the_acknowledgement(
    desk: Channel, town: Person, apps: Apps, mode: str
) -> None:
    """Page implementing-slash-commands: ephemeral unless response_type is in_channel."""
    app = apps.make()

    async def answers(ack: Any, command: Json) -> None:
        await ack(text="受け付けました", response_type=command["text"])

    app.command("/soudan")(answers)
    await apps.connect(app, mode)
    await town.runs("/soudan", "ephemeral", desk)
    await desk.shows("受け付けました", to=town)
    await desk.never_shows("受け付けました", for_=0.05)
    await town.runs("/soudan", "in_channel", desk)
    await desk.shows("受け付けました")


async def test_a_command_of_two_apps_goes_to_the_one_installed_last(
    ws: Workspace, desk: Channel, town: Person, heard: Heard
) -> None:
    """Page implementing-slash-commands: no namespaces; with two apps of one name the one installed most recently runs."""
    await ws.around(commands_of_others=["/soudan"])
    with pytest.raises(SandboxError, match="went to another app"):
        await town.runs("/soudan", "端末", desk)
    await ws.around(commands_of_others=[])
    await town.runs("/soudan", "端末", desk)
    (body,) = await heard.count(1)
    assert body["command"] == "/soudan"


async def test_commands_do_not_work_in_threads(
    sandbox: Sandbox, http: aiohttp.ClientSession, desk: Channel, town: Person
) -> None:
    """Page implementing-slash-commands: "cannot … be invoked in message threads"."""
    asked = await town.says("x", desk)
    typed = {"person": town.id, "command": "/soudan", "channel": desk.id, "thread": asked.ts}
    async with http.post(f"{sandbox.control_url}act/command", json=typed) as answer:
        assert (await answer.json())["error"] == "not_in_threads"


async def test_a_shortcut_on_a_message(desk: Channel, town: Person, heard: Heard) -> None:
    said = await town.says("これも相談です", desk)
    await town.shortcut("ask_about", said)
    (body,) = await heard.count(1)
    assert (body["type"], body["callback_id"]) == ("message_action", "ask_about")
    assert (body["message"]["ts"], body["message"]["text"]) == (said.ts, "これも相談です")


async def test_a_global_shortcut(town: Person, heard: Heard) -> None:
    await town.shortcut("ask")
    (body,) = await heard.count(1)
    assert (body["type"], body["callback_id"], body["user"]["id"]) == ("shortcut", "ask", town.id)
    assert "channel" not in body


async def test_shortcuts_do_not_work_on_ephemerals(
    slack: AsyncWebClient, desk: Channel, town: Person, heard: Heard
) -> None:
    """Page implementing-shortcuts: "in the context menus of non-ephemeral messages"."""
    await slack.chat_postEphemeral(channel=desk.id, user=town.id, text="あなただけに")
    (shown,) = await town.ephemerals()
    with pytest.raises(SandboxError, match="message_not_found"):
        await town.shortcut("ask_about", shown)


async def test_guests_see_no_global_shortcuts(ws: Workspace, heard: Heard) -> None:
    """Page implementing-shortcuts, "Limitations": global ones are not visible for all types of guest."""
    guest = await ws.person("委託先", guest=True)
    with pytest.raises(SandboxError, match="guest"):
        await guest.shortcut("ask")


async def test_a_command_unknown_to_the_manifest_never_reaches_the_app() -> None:
    """Page app-manifest: commands and shortcuts come from it; anything else is the client's own error."""
    manifest = {
        "features": {
            "bot_user": {"display_name": "b"},
            "slash_commands": [{"command": "/soudan"}],
            "shortcuts": [{"callback_id": "ask", "type": "global"}],
        },
        "oauth_config": {"scopes": {"bot": ["commands"]}},
        "settings": {"interactivity": {"is_enabled": True}, "socket_mode_enabled": True},
    }
    async with Sandbox(manifest=manifest) as sandbox, Workspace(sandbox.control_url) as ws:
        room = await ws.channel("a")
        person = await ws.person("山田 花子", channels=[room])
        for refused in (person.runs("/faq", "", room), person.shortcut("ask_about")):
            with pytest.raises(SandboxError, match="unknown_"):
                await refused
        assert not (await person.runs("/soudan", "", room, may_fail=True)).acked
