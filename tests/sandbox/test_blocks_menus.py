"""What Slack refuses in menus, radio buttons, checkboxes and pickers."""

import pytest

from sandbox.blocks import check_blocks
from tests.sandbox.kit import (
    Case,
    Json,
    actions,
    judge,
    mrkdwn,
    option,
    options,
    plain,
    static_select,
)

PAGE = "docs.slack.dev/reference/block-kit/block-elements/"
OBJECT = "docs.slack.dev/reference/block-kit/composition-objects/"
SELECT, MULTI = PAGE + "select-menu-element", PAGE + "multi-select-menu-element"
RADIO, CHECKBOXES = PAGE + "radio-button-group-element", PAGE + "checkboxes-element"
GROUP = OBJECT + "option-group-object"


def radio(count: int = 2, **more: object) -> Json:
    return {"type": "radio_buttons", "options": options(count), **more}


def checkboxes(count: int = 2, **more: object) -> Json:
    return {"type": "checkboxes", "options": options(count), **more}


def group(count: int = 1, label: str = "端末") -> Json:
    return {"label": plain(label), "options": options(count)}


def grouped(*groups: Json, **more: object) -> Json:
    return {"type": "static_select", "option_groups": list(groups), **more}


def multi(**more: object) -> Json:
    return {"type": "multi_static_select", "options": options(3), **more}


CASES = [
    Case("100 options", static_select(options=options(100)), None, SELECT),
    Case("not 101", static_select(options=options(101)), "no more than 100 items", SELECT),
    Case("no options at all", static_select(options=[]), "at least 1 items", SELECT),
    Case("options or groups", {"type": "static_select"}, "either `options` or `option_groups`", SELECT),
    Case("options and groups", static_select(option_groups=[group()]), "must not define both", SELECT),
    Case("groups alone", grouped(group(100), group()), None, GROUP),
    Case("a group of 101", grouped(group(101)), "no more than 100 items", GROUP),
    Case("an empty group", grouped(group(0)), "at least 1 items", GROUP),
    Case("100 groups", grouped(*[group()] * 100), None, SELECT),
    Case("101 groups", grouped(*[group()] * 101), "no more than 100 items", SELECT),
    Case("a group's label may have 75", grouped(group(label="x" * 75)), None, GROUP),
    Case("a group's label has no 76", grouped(group(label="x" * 76)), "less than 76", GROUP),
    Case("a start is offered", static_select(initial_option=option("0")), None, SELECT),
    Case("a start from a group is offered", grouped(group(2), initial_option=option("1")), None, SELECT),
    Case(
        "a start nobody offered",
        static_select(initial_option=option("9")),
        "must match one of the options",
        SELECT,
    ),
    Case("150 characters of placeholder", static_select(placeholder=plain("x" * 150)), None, SELECT),
    Case("not 151 of placeholder", static_select(placeholder=plain("x" * 151)), "less than 151", SELECT),
    Case("a placeholder is plain", static_select(placeholder=mrkdwn()), "unsupported type: mrkdwn", SELECT),
    Case("ten radio buttons", radio(10), None, RADIO),
    Case("not eleven radio buttons", radio(11), "no more than 10 items", RADIO),
    Case("a radio starts where it can", radio(initial_option=option("1")), None, RADIO),
    Case("not where it cannot", radio(initial_option=option("2")), "must match one of", RADIO),
    Case("ten checkboxes", checkboxes(10), None, CHECKBOXES),
    Case("not eleven checkboxes", checkboxes(11), "no more than 10 items", CHECKBOXES),
    Case("no checkbox", checkboxes(0), "at least 1 items", CHECKBOXES),
    Case("boxes ticked at first", checkboxes(initial_options=options(2)), None, CHECKBOXES),
    Case(
        "boxes that are not there", checkboxes(initial_options=options(3)), "initial_options/2]", CHECKBOXES
    ),
    Case("an external menu", {"type": "external_select", "min_query_length": 0}, None, SELECT),
    Case("an external menu waits", {"type": "external_select", "min_query_length": -1}, "at least 0", SELECT),
    Case("so do several", {"type": "multi_external_select", "min_query_length": -1}, "at least 0", MULTI),
    Case("a menu of people", {"type": "users_select", "initial_user": "U1"}, None, SELECT),
    Case("a menu of channels", {"type": "channels_select", "initial_channel": "C1"}, None, SELECT),
    Case("a filtered menu", {"type": "conversations_select", "filter": {"include": ["im"]}}, None, SELECT),
    Case(
        "an empty filter",
        {"type": "conversations_select", "filter": {}},
        "at least one",
        OBJECT + "conversation-filter",
    ),
    Case(
        "an empty include",
        {"type": "conversations_select", "filter": {"include": []}},
        "at least 1 items",
        OBJECT + "conversation-filter-object",
    ),
    Case(
        "no such kind",
        {"type": "conversations_select", "filter": {"include": ["dm"]}},
        "must be one of",
        SELECT,
    ),
    Case("several of some", multi(max_selected_items=2, initial_options=options(2)), None, MULTI),
    Case("none of some", multi(max_selected_items=0), "must be at least 1", MULTI),
    Case(
        "more than may be",
        multi(max_selected_items=1, initial_options=options(2)),
        "max_selected_items",
        MULTI,
    ),
    Case("several nobody offered", multi(initial_options=options(4)), "must match one of", MULTI),
    Case("several people", {"type": "multi_users_select", "initial_users": ["U1"]}, None, MULTI),
    Case("several channels", {"type": "multi_channels_select", "initial_channels": ["C1"]}, None, MULTI),
    Case(
        "several rooms",
        {"type": "multi_conversations_select", "initial_conversations": []},
        "at least 1",
        MULTI,
    ),
    Case("several from outside", {"type": "multi_external_select"}, None, MULTI),
    Case("a day", {"type": "datepicker", "initial_date": "2026-12-01"}, None, PAGE + "date-picker-element"),
    Case(
        "no such day",
        {"type": "datepicker", "initial_date": "2026-02-30"},
        "must be a date",
        PAGE + "date-picker",
    ),
    Case(
        "a day in short",
        {"type": "datepicker", "initial_date": "20261201"},
        "must be a date",
        PAGE + "date-picker",
    ),
    Case(
        "a time",
        {"type": "timepicker", "initial_time": "09:05", "timezone": "Asia/Tokyo"},
        None,
        PAGE + "time-picker",
    ),
    Case(
        "no such time",
        {"type": "timepicker", "initial_time": "24:00"},
        "must be a time",
        PAGE + "time-picker",
    ),
    Case(
        "a time in short",
        {"type": "timepicker", "initial_time": "9:05"},
        "must be a time",
        PAGE + "time-picker",
    ),
    Case(
        "no such zone",
        {"type": "timepicker", "timezone": "JST-9"},
        "must be an IANA time zone",
        PAGE + "time-picker",
    ),
    Case(
        "a moment",
        {"type": "datetimepicker", "initial_date_time": 1628633820},
        None,
        PAGE + "datetime-picker",
    ),
    Case(
        "nine digits",
        {"type": "datetimepicker", "initial_date_time": 162863382},
        "at least",
        PAGE + "datetime",
    ),
    Case(
        "eleven digits", {"type": "datetimepicker", "initial_date_time": 10**10}, "at most", PAGE + "datetime"
    ),
    Case("the first moment", {"type": "datetimepicker", "initial_date_time": 10**9}, None, PAGE + "datetime"),
    Case("the last", {"type": "datetimepicker", "initial_date_time": 10**10 - 1}, None, PAGE + "datetime"),
    Case(
        "a moment in words",
        {"type": "datetimepicker", "initial_date_time": "1628633820"},
        "integer",
        PAGE + "datetime",
    ),
    Case(
        "no bare text", {"type": "plain_text_input"}, "unsupported type", "@slack/types ActionsBlockElement"
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_menus_and_pickers_are_judged_as_slack_judges_them(case: Case) -> None:
    judge(case, check_blocks([actions(case.sent)], surface="message"))
