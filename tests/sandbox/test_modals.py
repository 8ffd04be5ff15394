"""Modals and home tabs: triggers, the stack, hashes, submissions.

Sources: docs.slack.dev/surfaces/modals, reference/methods/views.*, reference/interaction-payloads; SLACK.md, Limits
(stack 3, trigger 3 s once, hash_conflict).
"""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Channel, Person, SandboxError, Workspace
from sandbox.triggers import TRIGGER_SECONDS
from tests.sandbox.apps import MODES, Apps, Heard, Json
from tests.sandbox.kit import (
    actions,
    asks,
    button,
    home,
    modal,
    mrkdwn,
    option,
    plain,
    section,
    static_select,
)
from tests.sandbox.later import Later
from tests.sandbox.test_calls import refusal

MISSING = "Please complete this required field."


def form(title: str = "相談する", **more: Any) -> Json:
    """A modal with a text to fill in, an urgency and a button."""
    urgency = static_select(action_id="urgency", options=[option("now", "今日中"), option("week", "今週中")])
    return modal(
        asks({"type": "plain_text_input", "action_id": "text"}, block_id="body")
        | {"label": plain("相談の内容")},
        asks(urgency, block_id="when", optional=True) | {"label": plain("必要な日")},
        actions(button("例を見る", action_id="examples")),
        submit=plain("送る"),
        callback_id="ask",
        **more,
    ) | {"title": plain(title)}


@pytest.fixture
async def app(apps: Apps) -> AsyncApp:
    """An app not connected yet, with a global shortcut and a button that are acknowledged and no more."""
    return apps.make()


async def trigger(town: Person, heard: Heard) -> str:
    """Use the shortcut and return its trigger."""
    before = len(heard.all)
    await town.shortcut("ask")
    return str((await heard.count(before + 1))[-1]["trigger_id"])


@pytest.fixture
async def heard(apps: Apps, app: AsyncApp) -> Heard:
    """What the app hears; it acknowledges shortcuts, buttons, closings and submissions of "ask" without more."""
    heard = Heard()

    async def listener(ack: Any, body: Json) -> None:
        await ack()
        await heard.add(body)

    app.shortcut("ask")(listener)
    app.action("examples")(listener)
    app.view_closed("ask")(listener)
    await apps.by_socket(app)
    return heard


async def test_a_trigger_opens_a_modal(slack: AsyncWebClient, town: Person, heard: Heard) -> None:
    answer = await slack.views_open(trigger_id=await trigger(town, heard), view=form())
    shown = await town.view()
    assert (shown.title, shown.callback_id) == ("相談する", "ask")
    assert answer["view"]["id"] == answer["view"]["root_view_id"]
    assert shown.buttons == ["例を見る"]


async def test_a_trigger_works_once(slack: AsyncWebClient, town: Person, heard: Heard) -> None:
    """Error exchanged_trigger_id."""
    leave = await trigger(town, heard)
    await slack.views_open(trigger_id=leave, view=form())
    assert await refusal(slack.views_open(trigger_id=leave, view=form())) == "exchanged_trigger_id"


async def test_a_trigger_works_for_three_seconds(
    slack: AsyncWebClient, town: Person, heard: Heard, later: Later
) -> None:
    """Error expired_trigger_id."""
    assert TRIGGER_SECONDS == 3.0
    leave = await trigger(town, heard)
    later.passes(2.5)
    await slack.views_open(trigger_id=leave, view=form())
    leave = await trigger(town, heard)
    later.passes(3.1)
    assert await refusal(slack.views_open(trigger_id=leave, view=form())) == "expired_trigger_id"
    assert (await town.view()).title == "相談する"


async def test_a_made_up_trigger_opens_nothing(slack: AsyncWebClient, town: Person) -> None:
    """Error invalid_trigger_id: the expected form is "132456.7890123.abcdef"."""
    assert await refusal(slack.views_open(trigger_id="x", view=form())) == "invalid_trigger_id"
    assert not await town.has_view()


async def test_a_bad_view_is_refused_with_the_reason(
    slack: AsyncWebClient, town: Person, heard: Heard
) -> None:
    """Error invalid_arguments; the sentences of response_metadata start with [ERROR] (slackblocks issue 36)."""
    view = form() | {"submit_disabled": True}
    with pytest.raises(SlackApiError) as caught:
        await slack.views_open(trigger_id=await trigger(town, heard), view=view)
    body = caught.value.response
    assert body["error"] == "invalid_arguments"
    assert body["response_metadata"]["messages"] == [
        "[ERROR] invalid additional property: submit_disabled [json-pointer:/view]"
    ]


async def test_a_view_over_250_kb_has_its_own_error(
    slack: AsyncWebClient, town: Person, heard: Heard
) -> None:
    """Error view_too_large."""
    view = modal(*[section(mrkdwn("あ" * 1000)) for _ in range(50)])
    assert (
        await refusal(slack.views_open(trigger_id=await trigger(town, heard), view=view)) == "view_too_large"
    )


async def test_three_views_and_no_more(slack: AsyncWebClient, town: Person, heard: Heard) -> None:
    """Error push_limit_reached: "Currently the limit is 3"; a push needs a trigger from within the modal."""
    await slack.views_open(trigger_id=await trigger(town, heard), view=form("一枚目"))
    for number, title in enumerate(("二枚目", "三枚目")):
        await town.clicks("例を見る")
        inside = (await heard.count(2 + number))[-1]["trigger_id"]
        await slack.views_push(trigger_id=inside, view=form(title))
    await town.clicks("例を見る")
    inside = (await heard.count(4))[-1]["trigger_id"]
    assert await refusal(slack.views_push(trigger_id=inside, view=form("四枚目"))) == "push_limit_reached"
    titles = []
    while await town.has_view():
        titles.append((await town.view()).title)
        await town.closes()
    assert titles == ["三枚目", "二枚目", "一枚目"]


async def test_a_push_needs_an_open_modal(slack: AsyncWebClient, town: Person, heard: Heard) -> None:
    """Page views.push: a trigger generated from an interaction within the existing modal."""
    assert await refusal(slack.views_push(trigger_id=await trigger(town, heard), view=form())) == "not_found"


async def test_an_update_with_an_old_hash_is_refused(
    slack: AsyncWebClient, town: Person, heard: Heard
) -> None:
    """Error hash_conflict; without a hash the last one wins."""
    opened = (await slack.views_open(trigger_id=await trigger(town, heard), view=form()))["view"]
    first = await slack.views_update(view_id=opened["id"], hash=opened["hash"], view=form("次"))
    again = slack.views_update(view_id=opened["id"], hash=opened["hash"], view=form("遅れて"))
    assert await refusal(again) == "hash_conflict"
    assert (await town.view()).title == "次"
    assert first["view"]["hash"] != opened["hash"]
    await slack.views_update(view_id=opened["id"], view=form("最後"))
    assert (await town.view()).title == "最後"


async def test_a_closed_view_cannot_be_updated(slack: AsyncWebClient, town: Person, heard: Heard) -> None:
    """Error not_found."""
    opened = (await slack.views_open(trigger_id=await trigger(town, heard), view=form()))["view"]
    await town.closes()
    assert await refusal(slack.views_update(view_id=opened["id"], view=form())) == "not_found"


async def test_an_external_id_is_unique(slack: AsyncWebClient, town: Person, heard: Heard) -> None:
    """Error duplicate_external_id; views.update finds a view by it."""
    await slack.views_open(trigger_id=await trigger(town, heard), view=form(external_id="k1"))
    await slack.views_update(external_id="k1", view=form("次", external_id="k1"))
    assert (await town.view()).title == "次"
    again = slack.views_open(trigger_id=await trigger(town, heard), view=form(external_id="k1"))
    assert await refusal(again) == "duplicate_external_id"


async def test_what_was_typed_outlives_an_update(
    slack: AsyncWebClient, ws: Workspace, town: Person, heard: Heard
) -> None:
    """Page modal-views: entries are kept where block_id and action_id are the same."""
    await ws.delivery(ack_seconds=0.1)
    opened = (await slack.views_open(trigger_id=await trigger(town, heard), view=form()))["view"]
    await town.submits({"相談の内容": "途中まで"}, may_fail=True)
    await slack.views_update(view_id=opened["id"], view=form("次"))
    assert (await town.view()).entered["body"]["text"]["value"] == "途中まで"


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
    """response_action "errors", by block_id; over a socket it travels in the acknowledgement (SLACK.md, The wire)."""
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


async def test_closing_is_told_only_on_request(slack: AsyncWebClient, town: Person, heard: Heard) -> None:
    """Page modal-views: notify_on_close; is_cleared where all were closed at once."""
    await slack.views_open(trigger_id=await trigger(town, heard), view=form())
    await town.closes()
    for everything in (False, True):
        await slack.views_open(trigger_id=await trigger(town, heard), view=form(notify_on_close=True))
        await town.closes(everything=everything)
        closed = (await heard.until(lambda all: all[-1]["type"] == "view_closed"))[-1]
        assert closed["is_cleared"] is everything
    assert [each["type"] for each in heard.all].count("view_closed") == 2


async def test_a_modal_stands_in_the_way(
    slack: AsyncWebClient, desk: Channel, town: Person, heard: Heard
) -> None:
    """Nobody presses a button in a channel behind an open modal."""
    await slack.chat_postMessage(channel=desk.id, text="x", blocks=[actions(button("後ろ"))])
    await slack.views_open(trigger_id=await trigger(town, heard), view=form())
    with pytest.raises(AssertionError, match="saw no 「後ろ」"):
        await town.clicks("後ろ", within=0.05)


async def test_a_home_tab_is_published_for_one_person(
    slack: AsyncWebClient, ws: Workspace, town: Person
) -> None:
    """Page views.publish; it needs no trigger."""
    other = await ws.person("森脇 次郎")
    await slack.views_publish(user_id=town.id, view=home(section(mrkdwn("あなたの番です"))))
    assert "あなたの番です" in (await town.home()).words
    with pytest.raises(AssertionError, match="does not show"):
        await other.home("あなたの番です", within=0.05)


async def test_a_home_tab_has_a_hash_too(slack: AsyncWebClient, town: Person) -> None:
    """Page views.publish, argument hash: error hash_conflict."""
    first = (await slack.views_publish(user_id=town.id, view=home()))["view"]["hash"]
    second = (await slack.views_publish(user_id=town.id, view=home(), hash=first))["view"]["hash"]
    assert first != second
    assert await refusal(slack.views_publish(user_id=town.id, view=home(), hash=first)) == "hash_conflict"


async def test_home_and_modal_are_not_exchanged(slack: AsyncWebClient, town: Person, heard: Heard) -> None:
    assert await refusal(slack.views_publish(user_id=town.id, view=form())) == "invalid_arguments"
    leave = await trigger(town, heard)
    assert await refusal(slack.views_open(trigger_id=leave, view=home())) == "invalid_arguments"


async def test_opening_the_home_tab_is_an_event(town: Person, apps: Apps, slack: AsyncWebClient) -> None:
    """Page app_home_opened: with the view from the second time on, and with the tab."""
    heard, app = Heard(), apps.make()

    app.event("app_home_opened")(heard.event)
    await apps.by_socket(app)
    await town.opens_home()
    (event,) = await heard.count(1)
    assert (event["tab"], event["user"]) == ("home", town.id)
    assert "view" not in event
    await slack.views_publish(user_id=town.id, view=home(section(mrkdwn("きょう"))))
    await town.opens_home()
    assert (await heard.count(2))[-1]["view"]["type"] == "home"


async def test_an_app_without_a_home_tab(http: Any) -> None:
    """Error not_enabled: features.app_home.home_tab_enabled is not set."""
    manifest = {"features": {"bot_user": {"display_name": "b"}}}
    async with Sandbox(manifest=manifest) as sandbox, Workspace(sandbox.control_url) as ws:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        person = await ws.person("山田 花子")
        assert await refusal(client.views_publish(user_id=person.id, view=home())) == "not_enabled"
        with pytest.raises(SandboxError, match="home_tab_disabled"):
            await person.opens_home()
