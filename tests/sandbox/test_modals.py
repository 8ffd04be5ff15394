"""Modals and home tabs: triggers, the stack, hashes, submissions.

Sources: docs.slack.dev/surfaces/modals, reference/methods/views.*, reference/interaction-payloads (stack 3, trigger
3 s once, hash_conflict).
"""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.client import Channel, Person, Workspace
from sandbox.triggers import TRIGGER_SECONDS
from tests.sandbox.apps import Apps, Heard, Json
from tests.sandbox.kit import actions, button, form, home, modal, mrkdwn, section
from tests.sandbox.later import Later
from tests.sandbox.test_calls import refusal


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


async def test_home_and_modal_are_not_exchanged(slack: AsyncWebClient, town: Person, heard: Heard) -> None:
    assert await refusal(slack.views_publish(user_id=town.id, view=form())) == "invalid_arguments"
    leave = await trigger(town, heard)
    assert await refusal(slack.views_open(trigger_id=leave, view=home())) == "invalid_arguments"
