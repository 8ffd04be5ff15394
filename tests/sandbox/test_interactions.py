"""Buttons, commands, shortcuts, menus: what goes to the app and what it may answer.

Sources: docs.slack.dev/interactivity/handling-user-interaction, implementing-slash-commands, implementing-shortcuts,
reference/interaction-payloads; SLACK.md, Limits.
"""

import re
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, SandboxError, Shown, Workspace
from sandbox.responses import SECONDS, USES
from tests.sandbox.apps import MODES, Apps, Heard, Json, sent
from tests.sandbox.kit import actions, button, mrkdwn, option, section, static_select
from tests.sandbox.later import Later


def acks(app: AsyncApp, heard: Heard) -> None:
    """Let an app acknowledge and note every button, command and shortcut."""

    async def listener(ack: Any, body: Json) -> None:
        await ack()
        await heard.add(body)

    app.action(re.compile(""))(listener)
    app.command("/soudan")(listener)
    app.shortcut("ask")(listener)
    app.shortcut("ask_about")(listener)


@pytest.fixture
async def heard(apps: Apps) -> Heard:
    """What an app connected by Socket Mode hears of people's doings; it acknowledges all."""
    heard, app = Heard(), apps.make()
    acks(app, heard)
    await apps.by_socket(app)
    return heard


async def card(slack: AsyncWebClient, desk: Channel, *elements: Json) -> Shown:
    """Post a card with these elements, or one button, and return it as people see it."""
    shown = elements or (button("対応します", value="128", action_id="claim"),)
    blocks = [section(mrkdwn("相談 No.128")), actions(*shown, block_id="row")]
    await slack.chat_postMessage(channel=desk.id, text="相談 No.128", blocks=blocks)
    return await desk.shows("相談 No.128")


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
    """DESIGN.md §8: "commands, buttons and modals again only under the `duplicate` fault"."""
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


async def test_commands_do_not_work_in_threads(
    sandbox: Sandbox, http: aiohttp.ClientSession, desk: Channel, town: Person
) -> None:
    """SLACK.md, Limits: not inside threads."""
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
    """SLACK.md, Limits: message shortcuts not on ephemerals."""
    await slack.chat_postEphemeral(channel=desk.id, user=town.id, text="あなただけに")
    (shown,) = await town.ephemerals()
    with pytest.raises(SandboxError, match="message_not_found"):
        await town.shortcut("ask_about", shown)


async def test_guests_see_no_global_shortcuts(ws: Workspace, heard: Heard) -> None:
    """SLACK.md, Limits: guests may not see global ones."""
    guest = await ws.person("委託先", guest=True)
    with pytest.raises(SandboxError, match="guest"):
        await guest.shortcut("ask")


async def test_outsiders_can_press_but_not_type(
    slack: AsyncWebClient, ws: Workspace, desk: Channel, heard: Heard
) -> None:
    """SLACK.md, Slack Connect: outsiders cannot use commands or shortcuts but can press buttons."""
    outsider = await ws.person("隣県の職員", external_team="T0NEIGHBOR", channels=[desk])
    await card(slack, desk)
    for refused in (outsider.runs("/soudan", "", desk), outsider.shortcut("ask")):
        with pytest.raises(SandboxError, match="external_user"):
            await refused
    await outsider.clicks("対応します")
    (body,) = await heard.count(1)
    assert body["user"]["team_id"] == "T0NEIGHBOR"


async def test_the_response_url_answers_the_person_alone(
    slack: AsyncWebClient, desk: Channel, town: Person, heard: Heard, http: aiohttp.ClientSession
) -> None:
    """Ephemeral unless in_channel; replace_original and delete_original change the message pressed on."""
    shown = await card(slack, desk)
    await town.clicks("対応します")
    (body,) = await heard.count(1)
    url = body["response_url"]
    assert await respond(http, url, text="あなただけに") == (200, None)
    assert [each.text for each in await town.ephemerals(desk)] == ["あなただけに"]
    await respond(http, url, text="みなさんへ", response_type="in_channel")
    await desk.shows("みなさんへ")
    await respond(http, url, text="対応中", replace_original=True)
    await desk.changed(shown, "対応中")
    await respond(http, url, delete_original=True)
    await desk.no_longer_shows("対応中")


async def respond(http: aiohttp.ClientSession, url: str, **body: Any) -> tuple[int, str | None]:
    """Post to a response_url; return the status and the error, if any."""
    async with http.post(url, json=body) as answer:
        try:
            return answer.status, (await answer.json()).get("error")
        except aiohttp.ContentTypeError:
            return answer.status, None


async def test_a_response_url_works_five_times(
    desk: Channel, town: Person, heard: Heard, http: aiohttp.ClientSession
) -> None:
    """SLACK.md, Limits: 5 uses."""
    assert USES == 5
    await town.runs("/soudan", "", desk)
    (body,) = await heard.count(1)
    for _ in range(5):
        assert (await respond(http, body["response_url"], text="はい"))[0] == 200
    assert await respond(http, body["response_url"], text="いいえ") == (404, "used_url")
    assert len(await town.ephemerals(desk)) == 5


async def test_a_response_url_works_for_half_an_hour(
    desk: Channel, town: Person, heard: Heard, http: aiohttp.ClientSession, later: Later
) -> None:
    """SLACK.md, Limits: 30 min."""
    assert SECONDS == 1800
    await town.runs("/soudan", "", desk)
    (body,) = await heard.count(1)
    later.passes(1790)
    assert (await respond(http, body["response_url"], text="はい"))[0] == 200
    later.passes(11)
    assert await respond(http, body["response_url"], text="いいえ") == (404, "expired_url")


async def test_a_response_is_checked_as_a_message_is(
    desk: Channel, town: Person, heard: Heard, http: aiohttp.ClientSession
) -> None:
    await town.runs("/soudan", "", desk)
    (body,) = await heard.count(1)
    url = body["response_url"]
    assert (await respond(http, url, text="x", blocks=[section(mrkdwn(""))]))[1] == "invalid_blocks"
    assert (await respond(http, url))[1] == "no_text"
    assert await town.ephemerals(desk) == []


async def test_a_command_unknown_to_the_manifest_never_reaches_the_app() -> None:
    """SLACK.md, Limits: commands come from the manifest; anything else is the client's own error."""
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
