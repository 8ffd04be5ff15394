"""What people type into commands, dialogs and forms: no listener ever meets a My Number in it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.domain.my_number import MASK, find
from bot.errors import PersonalNumber
from handlers.common.typed import noted, without_my_numbers
from handlers.questions.base.incoming import read_message
from tests.digits import NUMBER

SENTENCE = PersonalNumber().sentence
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "1234", "style": {"bold": True}},
                {"type": "link", "url": "https://example.com", "text": "5678"},
                {"type": "text", "text": "-9018"},
            ],
        }
    ],
}
TYPED: dict[str, dict[str, Any]] = {
    "text": {"type": "plain_text_input", "value": f"番号は{NUMBER}"},
    "lines": {"type": "plain_text_input", "value": "1234\n5678\n9018"},
    "rich text": {"type": "rich_text_input", "rich_text_value": RICH},
    "number": {"type": "number_input", "value": NUMBER},
    "mail": {"type": "email_text_input", "value": f"{NUMBER}@example.com"},
    "address": {"type": "url_text_input", "value": f"https://example.com/{NUMBER}"},
    "file": {"type": "file_input", "files": [{"id": "F1", "name": f"{NUMBER}.pdf", "title": "通知カード"}]},
    "file title": {"type": "file_input", "files": [{"id": "F1", "name": "a.pdf", "title": "1234-5678-9018"}]},
}


async def passes(body: dict[str, Any]) -> tuple[bool, BoltResponse | None]:
    """Whether a listener would be reached, and what is answered in its place."""
    reached = []

    async def next_() -> None:
        reached.append(True)

    answer = await without_my_numbers(body, next_)
    return bool(reached), answer


def view(**blocks: dict[str, Any]) -> dict[str, Any]:
    return {"id": "V1", "state": {"values": {block: {"a": element} for block, element in blocks.items()}}}


@pytest.mark.parametrize("element", TYPED.values(), ids=TYPED.keys())
async def test_a_dialog_keeps_what_was_typed_and_says_why_at_its_place(element: dict[str, Any]) -> None:
    fine = {"type": "plain_text_input", "value": "問題のない文です"}
    reached, answer = await passes({"type": "view_submission", "view": view(what=fine, wrong=element)})
    assert not reached
    assert answer is not None
    assert json.loads(str(answer.body)) == {"response_action": "errors", "errors": {"wrong": SENTENCE}}


async def test_a_dialog_without_one_goes_through_untouched() -> None:
    chosen = {"type": "static_select", "selected_option": {"text": {"text": NUMBER}, "value": NUMBER}}
    date = {"type": "datepicker", "selected_date": "2026-11-24"}
    text = {"type": "plain_text_input", "value": "090-0000-0000 と 2000012020001 と 2026-11-24 10:00"}
    body = {"type": "view_submission", "view": view(a=chosen, b=date, c=text), "trigger_id": f"{NUMBER}.1.ab"}
    before = copy.deepcopy(body)
    assert await passes(body) == (True, None)
    assert body == before, "what was chosen is ours, and so are the ids"


async def test_a_command_is_refused() -> None:
    with pytest.raises(PersonalNumber):
        await passes({"command": "/banso", "text": "相談 1234 5678 9018", "trigger_id": "1"})


@pytest.mark.parametrize("element", TYPED.values(), ids=TYPED.keys())
async def test_a_press_goes_on_without_the_number(element: dict[str, Any]) -> None:
    """In a form that tells the app of each key, or beside one that is only half filled in."""
    url = f"https://hooks.slack.com/actions/T1/{NUMBER}/x"
    body = {
        "type": "block_actions",
        "actions": [copy.deepcopy(element), {"type": "button", "action_id": "go", "value": NUMBER}],
        "view": view(what=copy.deepcopy(element)),
        "state": view(what=copy.deepcopy(element))["state"],
        "response_url": url,
        "trigger_id": f"{NUMBER}.1.ab",
    }
    assert await passes(body) == (True, None)
    assert body["response_url"] == url
    assert body["trigger_id"] == f"{NUMBER}.1.ab"
    assert body["actions"][1]["value"] == NUMBER, "a button's value is what we put there"
    typed = json.dumps([body["actions"][0], body["view"], body["state"]])
    assert find(typed) == []
    assert "9018" not in typed


async def test_what_is_looked_for_in_a_list_is_masked() -> None:
    body = {"type": "block_suggestion", "action_id": "body", "value": NUMBER}
    assert await passes(body) == (True, None)
    assert body["value"] == MASK


async def test_the_message_of_a_shortcut_comes_without_it_and_is_known_to_have_had_one() -> None:
    message = {
        "user": "U1",
        "ts": "1795482000.123456",
        "text": f"番号は{NUMBER}",
        "files": [{"name": f"{NUMBER}.pdf"}],
    }
    body: dict[str, Any] = {"type": "message_action", "callback_id": "x", "message": message}
    assert await passes(body) == (True, None)
    assert find(json.dumps(body)) == []
    found = read_message(body["message"], "C1", "UBOT")
    assert found is not None
    assert (found.text, found.ts) == (f"番号は{MASK}", "1795482000.123456")
    assert found.masked == 2


async def test_events_are_left_to_who_reads_them() -> None:
    body = {"type": "event_callback", "event": {"text": NUMBER}}
    assert await passes(body) == (True, None)
    assert body["event"] == {"text": NUMBER}


async def test_in_the_real_app_no_listener_runs_and_the_person_is_answered() -> None:
    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U1"
        )

    app = AsyncApp(signing_secret="s", authorize=authorize, process_before_response=True)
    app.use(without_my_numbers)
    ran, failed = [], []

    @app.view("form")
    async def form(ack: Any) -> None:
        ran.append("view")
        await ack()

    @app.command("/banso")
    async def command(ack: Any) -> None:
        ran.append("command")
        await ack()

    @app.error
    async def answer(error: Exception) -> BoltResponse:
        failed.append(type(error).__name__)
        return BoltResponse(status=200, body="")

    async def sends(body: dict[str, Any]) -> BoltResponse:
        return await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))

    who = {"user": {"id": "U2", "team_id": "T1"}, "team": {"id": "T1"}}
    submission = {"type": "view_submission", **who}
    refused = await sends(
        {**submission, "view": {**view(a=TYPED["text"]), "callback_id": "form", "type": "modal"}}
    )
    assert json.loads(refused.body)["errors"] == {"a": SENTENCE}
    fine = {"type": "plain_text_input", "value": "相談です"}
    await sends({**submission, "view": {**view(a=fine), "callback_id": "form", "type": "modal"}})
    slash = {"command": "/banso", "user_id": "U2", "team_id": "T1", "channel_id": "C1"}
    assert (await sends({**slash, "text": NUMBER})).status == 200
    await sends({**slash, "text": "当番"})
    assert (ran, failed) == (["view", "command"], ["PersonalNumber"])


KEYS = st.sampled_from(["type", "value", "state", "values", "files", "name", "text", "elements", "a"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just(NUMBER),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "value", "state", "values", "files", "name", "text", "elements", "a"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(
    kind=st.sampled_from(
        ["view_submission", "block_actions", "message_action", "shortcut", "block_suggestion", "x"]
    ),
    body=st.dictionaries(st.sampled_from(["view", "state", "actions", "message", "value", "text"]), JSON),
)
async def test_forged_payloads_of_any_shape_are_borne(kind: str, body: dict[str, Any]) -> None:
    await passes({"type": kind, **body})


@given(JSON)
def test_what_is_noted_holds_none_and_can_be_noted_again(value: Any) -> None:
    kept = noted(value)
    assert NUMBER not in json.dumps(kept)
    assert noted(kept) == kept
