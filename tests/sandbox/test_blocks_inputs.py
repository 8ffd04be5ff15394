"""What Slack refuses in the elements of an input block."""

import pytest

from sandbox.blocks import check_blocks
from tests.sandbox.kit import (
    Case,
    asks,
    image,
    judge,
    mrkdwn,
    options,
    plain,
    rich,
)

PAGE = "docs.slack.dev/reference/block-kit/block-elements/"
OBJECT = "docs.slack.dev/reference/block-kit/composition-objects/"
TEXT_INPUT, NUMBER = PAGE + "plain-text-input-element", PAGE + "number-input-element"


CASES = [
    Case("a line of text", {"type": "plain_text_input", "multiline": True}, None, TEXT_INPUT),
    Case("at most 3,000", {"type": "plain_text_input", "max_length": 3000}, None, TEXT_INPUT),
    Case(
        "not 3,001 characters", {"type": "plain_text_input", "max_length": 3001}, "at most 3000", TEXT_INPUT
    ),
    Case("at least nothing", {"type": "plain_text_input", "max_length": 0}, "at least 1", TEXT_INPUT),
    Case("a least of 3,000", {"type": "plain_text_input", "min_length": 3000}, None, TEXT_INPUT),
    Case(
        "not a least of 3,001", {"type": "plain_text_input", "min_length": 3001}, "at most 3000", TEXT_INPUT
    ),
    Case(
        "true is no number",
        {"type": "plain_text_input", "min_length": True},
        "must provide an integer",
        TEXT_INPUT,
    ),
    Case(
        "more than most",
        {"type": "plain_text_input", "min_length": 3, "max_length": 2},
        "not be greater",
        TEXT_INPUT,
    ),
    Case(
        "a start too long",
        {"type": "plain_text_input", "initial_value": "abc", "max_length": 2},
        "longer",
        TEXT_INPUT,
    ),
    Case(
        "a start of nothing",
        {"type": "plain_text_input", "initial_value": "", "min_length": 0},
        None,
        TEXT_INPUT,
    ),
    Case(
        "a hint in it of 150", {"type": "plain_text_input", "placeholder": plain("x" * 150)}, None, TEXT_INPUT
    ),
    Case("not of 151", {"type": "plain_text_input", "placeholder": plain("x" * 151)}, "than 151", TEXT_INPUT),
    Case("a least below nothing", {"type": "plain_text_input", "min_length": -1}, "at least 0", TEXT_INPUT),
    Case("a start of 3,000", {"type": "plain_text_input", "initial_value": "x" * 3000}, None, TEXT_INPUT),
    Case(
        "not a start of 3,001", {"type": "plain_text_input", "initial_value": "x" * 3001}, "3001", TEXT_INPUT
    ),
    Case(
        "a line that tells at once",
        {"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}},
        None,
        OBJECT + "dispatch-action-configuration-object",
    ),
    Case(
        "no such moment",
        {"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_blur"]}},
        "must be one of: on_enter_pressed, on_character_entered",
        OBJECT + "dispatch-action-configuration-object",
    ),
    Case("a mail address", {"type": "email_text_input"}, None, PAGE + "email-input-element"),
    Case(
        "a web address", {"type": "url_text_input", "initial_value": "https://a.jp"}, None, PAGE + "url-input"
    ),
    Case(
        "a number", {"type": "number_input", "is_decimal_allowed": False, "initial_value": "3"}, None, NUMBER
    ),
    Case("a number of unknown kind", {"type": "number_input"}, "required field: is_decimal_allowed", NUMBER),
    Case(
        "a bare number",
        {"type": "number_input", "is_decimal_allowed": True, "min_value": 3},
        "a string",
        NUMBER,
    ),
    Case(
        "no number",
        {"type": "number_input", "is_decimal_allowed": True, "min_value": "三"},
        "a number",
        NUMBER,
    ),
    Case(
        "no half",
        {"type": "number_input", "is_decimal_allowed": False, "min_value": "0.5"},
        "whole number",
        NUMBER,
    ),
    Case(
        "least above most",
        {"type": "number_input", "is_decimal_allowed": True, "min_value": "2", "max_value": "-1.5"},
        "must not be greater than `max_value`",
        NUMBER,
    ),
    Case(
        "a start above most",
        {"type": "number_input", "is_decimal_allowed": True, "initial_value": "2", "max_value": "1"},
        "must not be greater than `max_value`",
        NUMBER,
    ),
    Case(
        "formatted text",
        {"type": "rich_text_input", "initial_value": rich()},
        None,
        PAGE + "rich-text-input-element",
    ),
    Case(
        "formatted mrkdwn",
        {"type": "rich_text_input", "initial_value": mrkdwn()},
        "type: mrkdwn",
        PAGE + "rich-text",
    ),
    Case(
        "ten files",
        {"type": "file_input", "max_files": 10, "filetypes": ["pdf"]},
        None,
        PAGE + "file-input-element",
    ),
    Case(
        "not eleven files",
        {"type": "file_input", "max_files": 11},
        "must be at most 10",
        PAGE + "file-input-element",
    ),
    Case("one file", {"type": "file_input", "max_files": 1}, None, PAGE + "file-input-element"),
    Case(
        "no file", {"type": "file_input", "max_files": 0}, "must be at least 1", PAGE + "file-input-element"
    ),
    Case(
        "no overflow menu",
        {"type": "overflow", "options": options(1)},
        "unsupported type: overflow",
        "@slack/types InputBlockElement",
    ),
    Case("no image", image(), "unsupported type: image", "@slack/types InputBlockElement"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_inputs_are_judged_as_slack_judges_them(case: Case) -> None:
    judge(case, check_blocks([asks(case.sent)], surface="modal"))


def test_a_file_input_cannot_dispatch() -> None:
    """Page input-block: "If dispatch_action is set to true and a file_input ... an unsupported type error"."""
    block = asks({"type": "file_input"}, dispatch_action=True)
    assert check_blocks([block], surface="modal") == [
        "unsupported type: file_input [json-pointer:/blocks/0/element/type]"
    ]
    assert check_blocks([asks({"type": "file_input"}, dispatch_action=False)], surface="modal") == []


def test_only_one_element_takes_the_focus() -> None:
    """All element pages: "Only one element can be set to true"."""
    focused = asks({"type": "plain_text_input", "focus_on_load": True})
    assert check_blocks([focused, asks()], surface="modal") == []
    assert check_blocks([focused, focused], surface="modal") == [
        "only one element may set `focus_on_load` [json-pointer:/blocks]"
    ]
