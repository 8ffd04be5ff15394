"""A modal is filled in and sent, and what the app may answer.

Sources: docs.slack.dev/surfaces/modals; reference/interaction-payloads/view-interactions-payload.
"""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Person, Workspace
from tests.sandbox.apps import MODES, Apps, Heard, Json
from tests.sandbox.kit import asks, form, modal, option, plain

MISSING = "Please complete this required field."


@pytest.fixture
async def app(apps: Apps) -> AsyncApp:
    """An app not connected yet, with a global shortcut and a button that are acknowledged and no more."""
    return apps.make()


@pytest.mark.parametrize("mode", MODES)
async def test_a_submission_tells_everything_entered(
    slack: AsyncWebClient, town: Person, apps: Apps, app: AsyncApp, mode: str
) -> None:
    heard = Heard()
    submits(app, heard)
    await apps.connect(app, mode)
    await open_form(app, apps, slack, town, private_metadata="k1")
    assert await town.submits({"相談の内容": "動きません", "必要な日": "今日中"}) is None
    (body,) = await heard.until(lambda all: any(each["type"] == "view_submission" for each in all))
    assert body["view"]["private_metadata"] == "k1"
    values = body["view"]["state"]["values"]
    assert values["body"]["text"]["value"] == "動きません"
    assert values["when"]["urgency"]["selected_option"]["value"] == "now"
    assert not await town.has_view()


def submits(app: AsyncApp, heard: Heard, **answer: Any) -> None:
    """Let an app acknowledge submissions with this answer."""

    async def listener(ack: Any, body: Json) -> None:
        await ack(**answer)
        await heard.add(body)

    app.view("ask")(listener)


async def open_form(app: AsyncApp, apps: Apps, slack: AsyncWebClient, town: Person, **more: Any) -> None:
    """Open the form for somebody by a shortcut the app answers."""

    async def opens(ack: Any, body: Json) -> None:
        await ack()
        await slack.views_open(trigger_id=body["trigger_id"], view=form(**more))

    app.shortcut("open")(opens)
    await town.shortcut("open")
    await town.view()


async def test_what_is_required_never_reaches_the_app(
    slack: AsyncWebClient, town: Person, apps: Apps, app: AsyncApp
) -> None:
    """Slack's client itself objects: page input-block, `optional`."""
    heard = Heard()
    submits(app, heard)
    await apps.by_socket(app)
    await open_form(app, apps, slack, town)
    assert await town.submits({"必要な日": "今日中"}) == {"body": MISSING}
    assert heard.all == []
    assert await town.has_view()


@pytest.mark.parametrize("mode", MODES)
async def test_an_app_may_object_to_a_field(
    slack: AsyncWebClient, town: Person, apps: Apps, app: AsyncApp, mode: str
) -> None:
    """response_action "errors", by block_id; over a socket it travels in the acknowledgement (page using-socket-mode)."""
    submits(app, Heard(), response_action="errors", errors={"body": "もう少し詳しく"})
    await apps.connect(app, mode)
    await open_form(app, apps, slack, town)
    assert await town.submits({"相談の内容": "動"}) == {"body": "もう少し詳しく"}
    assert (await town.view()).title == "相談する"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ({"response_action": "update", "view": form("受け付けました")}, ["受け付けました"]),
        ({"response_action": "push", "view": form("もう一枚")}, ["もう一枚", "相談する"]),
        ({"response_action": "clear"}, []),
        ({}, []),
    ],
)
async def test_an_answer_changes_the_stack(
    slack: AsyncWebClient, town: Person, apps: Apps, app: AsyncApp, mode: str, answer: Json, left: list[str]
) -> None:
    """Page modals, "Updating views via response": update, push, clear, or nothing to close."""
    submits(app, Heard(), **answer)
    await apps.connect(app, mode)
    await open_form(app, apps, slack, town)
    assert await town.submits({"相談の内容": "動きません"}) is None
    titles = []
    while await town.has_view():
        titles.append((await town.view()).title)
        await town.closes()
    assert titles == left


BAD_ANSWERS = [
    ({"response_action": "errors", "errors": {"nowhere": "x"}}, "invalid_response_errors"),
    ({"response_action": "update", "view": {"type": "modal", "blocks": []}}, "invalid_arguments"),
    ({"response_action": "dance"}, "invalid_response_action"),
]


@pytest.mark.parametrize(("answer", "reason"), BAD_ANSWERS)
async def test_an_answer_slack_cannot_use_leaves_the_modal_open(
    slack: AsyncWebClient, town: Person, apps: Apps, app: AsyncApp, answer: Json, reason: str
) -> None:
    """The person sees "We had some trouble connecting"; errors only for input blocks of the view (java-slack-sdk issue
    673)."""
    submits(app, Heard(), **answer)
    await apps.by_socket(app)
    await open_form(app, apps, slack, town)
    await town.submits({"相談の内容": "動きません"}, may_fail=True)
    assert [each["reason"] for each in await town.errors()] == [reason]
    assert (await town.view()).title == "相談する"


async def test_a_submission_nobody_takes_leaves_the_modal_open(
    slack: AsyncWebClient, ws: Workspace, town: Person, apps: Apps, app: AsyncApp
) -> None:
    """Not tried again: what was typed stays for the person to send once more."""
    await apps.by_socket(app)
    await open_form(app, apps, slack, town)
    await ws.delivery(ack_seconds=0.1)
    with pytest.raises(AssertionError, match="not acknowledged"):
        await town.submits({"相談の内容": "動きません"})
    assert (await town.view()).entered["body"]["text"]["value"] == "動きません"
    (row,) = [each for each in await ws.deliveries() if each["name"] == "view_submission"]
    assert (row["outcome"], row["attempts"]) == ("failed", 1)


async def test_files_are_given_as_file_objects_that_stand_nowhere_yet(
    slack: AsyncWebClient, town: Person, apps: Apps, app: AsyncApp
) -> None:
    """Page file-input-element: at most `max_files`, 10 MB each; bolt-js pull request 1995 has the payload."""
    heard = Heard()
    submits(app, heard)
    await apps.connect(app, "socket")
    asked: Json = {"type": "file_input", "action_id": "f", "max_files": 2}
    block = {
        "type": "input",
        "block_id": "files",
        "label": {"type": "plain_text", "text": "ファイル"},
        "element": asked,
    }
    await open_form(app, apps, slack, town, blocks=[block])
    picture = {"name": "gamen.png", "content": "x"}
    large = {"id": "F0LARGE", "name": "b.bin", "size": 10_000_001}
    for wrong, said in (([picture] * 3, "at most 2 files"), ([large], "less than 10 MB")):
        errors = await town.submits({"ファイル": wrong}, may_fail=True)
        assert errors is not None
        assert said in errors["files"]
    assert await town.submits({"ファイル": [picture]}) is None
    (body,) = await heard.until(lambda all: any(each["type"] == "view_submission" for each in all))
    (file,) = body["view"]["state"]["values"]["files"]["f"]["files"]
    assert (file["name"], file["user"], file.get("shares")) == ("gamen.png", town.id, None)
    assert (await slack.files_info(file=file["id"]))["file"]["size"] == 1


async def test_what_is_filled_in_tells_the_app_where_it_shall(
    slack: AsyncWebClient, town: Person, apps: Apps, app: AsyncApp
) -> None:
    """Page input-block, `dispatch_action`, with all that was entered so far; what is typed only at Enter, unless
    `on_character_entered` (page dispatch-action-configuration-object)."""
    told, sent = Heard(), Heard()
    submits(app, sent)

    async def opens(ack: Any, body: Json) -> None:
        await ack()
        each = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
        elements: dict[str, Json] = {
            "silent": {"type": "plain_text_input"},
            "enter": {"type": "plain_text_input"},
            "each": {"type": "plain_text_input", **each},
            "radio": {"type": "radio_buttons", "options": [option("a"), option("b", "いいえ")]},
        }
        blocks = [
            asks(
                {**element, "action_id": name}, block_id=name, dispatch_action=name != "silent", optional=True
            )
            for name, element in elements.items()
        ]
        await slack.views_open(
            trigger_id=body["trigger_id"], view=modal(*blocks, submit=plain(), callback_id="ask")
        )

    async def listener(ack: Any, body: Json) -> None:
        await ack()
        await told.add(body)

    app.shortcut("open")(opens)
    for name in ("silent", "enter", "each", "radio"):
        app.action(name)(listener)
    await apps.by_socket(app)
    await town.shortcut("open")
    await town.view()
    assert await town.submits({"silent": "一", "enter": "二", "each": "三", "radio": "b"}) is None
    await sent.count(1)
    assert [body["actions"][0]["action_id"] for body in told.all] == ["each", "radio"]
    values = told.all[-1]["view"]["state"]["values"]
    assert [values[name][name]["value"] for name in ("silent", "enter", "each")] == ["一", "二", "三"]
    assert values["radio"]["radio"]["selected_option"]["value"] == "b"
