"""What Slack refuses in the view of a modal or a home tab."""

import json

import pytest

from sandbox.views_check import check_view
from tests.sandbox.kit import Case, asks, home, judge, modal, mrkdwn, plain, section

MODAL = "docs.slack.dev/reference/views/modal-views"
HOME = "docs.slack.dev/reference/views/home-tab-views"
EDITED = "slackblocks issue 36"


def without(view: dict[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in view.items() if key != name}


CASES = [
    Case("a modal", modal(), None, MODAL),
    Case("a home tab", home(), None, HOME),
    Case("a view is an object", [], "must provide an object [json-pointer:/view]", MODAL),
    Case("a view has a type", without(modal(), "type"), "missing required field: type", MODAL),
    Case(
        "a view is no message", {"type": "message"}, "unsupported type: message", "java-slack-sdk issue 684"
    ),
    Case(
        "a modal has a title",
        without(modal(), "title"),
        "missing required field: title [json-pointer:/view]",
        MODAL,
    ),
    Case("a title may have 24", modal(title=plain("x" * 24)), None, MODAL),
    Case(
        "a title has no 25",
        modal(title=plain("x" * 25)),
        "less than 25 characters [json-pointer:/view/title",
        MODAL,
    ),
    Case("a title is not empty", modal(title=plain("")), "must be more than 0 characters", MODAL),
    Case("a title is plain", modal(title=mrkdwn()), "unsupported type: mrkdwn", MODAL),
    Case("submit may have 24", modal(submit=plain("x" * 24)), None, MODAL),
    Case("submit has no 25", modal(submit=plain("x" * 25)), "less than 25", MODAL),
    Case("close may have 24", modal(close=plain("x" * 24)), None, MODAL),
    Case("close has no 25", modal(close=plain("x" * 25)), "less than 25", MODAL),
    Case("metadata may have 3,000", modal(private_metadata="x" * 3000), None, MODAL),
    Case("metadata has no 3,001", modal(private_metadata="x" * 3001), "less than 3001", MODAL),
    Case("metadata is a string", modal(private_metadata={}), "must provide a string", MODAL),
    Case("a callback_id may have 255", modal(callback_id="x" * 255), None, MODAL),
    Case("a callback_id has no 256", modal(callback_id="x" * 256), "less than 256", MODAL),
    Case("an external_id may have 255", modal(external_id="x" * 255), None, MODAL),
    Case("an external_id has no 256", modal(external_id="x" * 256), "less than 256", MODAL),
    Case("a modal tells of its closing", modal(notify_on_close=True, clear_on_close=False), None, MODAL),
    Case("true is not a string", modal(notify_on_close="true"), "must provide a boolean", MODAL),
    Case(
        "no submit_disabled",
        modal(submit_disabled=True),
        "invalid additional property: submit_disabled",
        EDITED,
    ),
    Case(
        "what Slack sent is not sent back",
        modal(id="V1", hash="1"),
        "invalid additional property: id",
        EDITED,
    ),
    Case("100 blocks", modal(*[section()] * 100), None, MODAL),
    Case(
        "not 101",
        modal(*[section()] * 101),
        "no more than 100 items allowed [json-pointer:/view/blocks]",
        MODAL,
    ),
    Case("not none", modal() | {"blocks": []}, "must provide at least 1 items", "slack_sdk.models.views"),
    Case("blocks are needed", without(modal(), "blocks"), "missing required field: blocks", MODAL),
    Case(
        "blocks are a list",
        modal() | {"blocks": "x"},
        "must provide an array [json-pointer:/view/blocks]",
        MODAL,
    ),
    Case("an input has its submit", modal(asks(), submit=plain("送る")), None, MODAL),
    Case("an input without one", modal(asks()), "missing required field: submit", MODAL),
    Case("a home tab asks without one", home(asks(dispatch_action=True)), None, HOME),
    Case("a home tab has no title", home(title=plain()), "invalid additional property: title", HOME),
    Case("a home tab has no submit", home(submit=plain()), "invalid additional property: submit", HOME),
    Case("a home tab keeps metadata", home(private_metadata="{}", callback_id="home"), None, HOME),
    Case("empty ids are none", modal(private_metadata="", callback_id="", external_id=""), None, "slack_sdk"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_views_are_judged_as_slack_judges_them(case: Case) -> None:
    judge(case, check_view(case.sent))


def test_a_view_may_weigh_250_kilobytes() -> None:
    """Page views.open: `view_too_large` "greater than 250kb"; what is outside ASCII weighs six bytes a character."""
    view = home(*[section(mrkdwn("あ" * 450)) for _ in range(90)])
    spare = 250_000 - len(json.dumps(view))
    view["blocks"].append(section(mrkdwn("x" * (spare - len(json.dumps(section(mrkdwn("")))) - len(", ")))))
    assert len(json.dumps(view)) == 250_000
    assert check_view(view) == []
    view["blocks"][-1]["text"]["text"] += "x"
    assert check_view(view) == ["view_too_large: must be at most 250 KB [json-pointer:/view]"]


def test_faults_of_blocks_are_found_below_the_view() -> None:
    """The pointer is that of grafana oncall pull request 210."""
    assert check_view(modal(section(mrkdwn("")))) == [
        "must be more than 0 characters [json-pointer:/view/blocks/0/text/text]"
    ]
