"""What Slack refuses in buttons, menus, pickers, inputs and the objects they are made of."""

import pytest

from sandbox.blocks import check_blocks
from tests.sandbox.kit import (
    Case,
    Json,
    actions,
    asks,
    button,
    confirm,
    image,
    mrkdwn,
    option,
    options,
    plain,
    rich,
    section,
    static_select,
)

PAGE = "docs.slack.dev/reference/block-kit/block-elements/"
OBJECT = "docs.slack.dev/reference/block-kit/composition-objects/"
BUTTON, SELECT, MULTI = (
    PAGE + "button-element",
    PAGE + "select-menu-element",
    PAGE + "multi-select-menu-element",
)
RADIO, CHECKBOXES = PAGE + "radio-button-group-element", PAGE + "checkboxes-element"
TEXT_INPUT, NUMBER = PAGE + "plain-text-input-element", PAGE + "number-input-element"
OPTION, GROUP, CONFIRM = (
    OBJECT + "option-object",
    OBJECT + "option-group-object",
    OBJECT + "confirmation-dialog-object",
)
LIMITS = "SLACK.md, Limits"


def overflow(*choices: Json, **more: object) -> Json:
    return {"type": "overflow", "options": list(choices), **more}


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


IN_ACTIONS = [
    Case("75 characters fit a button", button("x" * 75), None, BUTTON),
    Case("76 do not", button("x" * 76), "must be less than 76 characters", BUTTON),
    Case(
        "a button's text is plain", {"type": "button", "text": mrkdwn()}, "unsupported type: mrkdwn", BUTTON
    ),
    Case("a button has a text", {"type": "button"}, "missing required field: text", BUTTON),
    Case("a value may have 2,000", button(value="x" * 2000), None, BUTTON),
    Case("not 2,001", button(value="x" * 2001), "must be less than 2001", BUTTON),
    Case("a button's address may have 3,000", button(url="https://" + "x" * 2992), None, BUTTON),
    Case(
        "a button's address has no 3,001",
        button(url="https://" + "x" * 2993),
        "must be less than 3001",
        BUTTON,
    ),
    Case("a button may be green", button(style="primary"), None, BUTTON),
    Case("not blue", button(style="blue"), "must be one of: primary, danger", BUTTON),
    Case("a label may have 75", button(accessibility_label="x" * 75), None, BUTTON),
    Case("a label has no 76", button(accessibility_label="x" * 76), "less than 76", BUTTON),
    Case("an action_id may have 255", button(action_id="x" * 255), None, BUTTON),
    Case("an action_id has no 256", button(action_id="x" * 256), "less than 256", BUTTON),
    Case(
        "a button is never disabled",
        button(disabled=True),
        "additional property: disabled",
        "bolt-js issue 1891",
    ),
    Case("a button may ask back", button(confirm=confirm(style="danger")), None, CONFIRM),
    Case("its title may have 100", button(confirm=confirm(title=plain("x" * 100))), None, CONFIRM),
    Case("its title has no 101", button(confirm=confirm(title=plain("x" * 101))), "less than 101", CONFIRM),
    Case("its text may have 300", button(confirm=confirm(text=plain("x" * 300))), None, CONFIRM),
    Case("its text has no 301", button(confirm=confirm(text=plain("x" * 301))), "less than 301", CONFIRM),
    Case("its text is plain", button(confirm=confirm(text=mrkdwn())), "unsupported type: mrkdwn", CONFIRM),
    Case("yes may have 30", button(confirm=confirm(confirm=plain("x" * 30))), None, CONFIRM),
    Case("yes has no 31", button(confirm=confirm(confirm=plain("x" * 31))), "less than 31", CONFIRM),
    Case("no has no 31", button(confirm=confirm(deny=plain("x" * 31))), "less than 31", CONFIRM),
    Case(
        "no is needed", button(confirm={"title": plain(), "text": plain()}), "required field: deny", CONFIRM
    ),
    Case("one overflow option is enough", overflow(option()), None, "python-slack-sdk issue 1218"),
    Case("none is not", overflow(), "must provide at least 1 items", "jsx-slack issue 85"),
    Case("five overflow options", overflow(*options(5)), None, PAGE + "overflow-menu-element"),
    Case("not six", overflow(*options(6)), "no more than 5 items allowed", "incidentbot issue 328"),
    Case("an overflow option may link", overflow(option(url="https://example.com")), None, OPTION),
    Case(
        "a select option may not",
        static_select(options=[option(url="https://example.com")]),
        "property: url",
        OPTION,
    ),
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
    Case("an option's text may have 75", static_select(options=[option(text="x" * 75)]), None, OPTION),
    Case(
        "an option's text has no 76", static_select(options=[option(text="x" * 76)]), "less than 76", OPTION
    ),
    Case("an option's text is not empty", static_select(options=[option(text="")]), "more than 0", OPTION),
    Case("an option's value may have 150", static_select(options=[option("x" * 150)]), None, OPTION),
    Case("an option's value has no 151", static_select(options=[option("x" * 151)]), "less than 151", OPTION),
    Case(
        "an option needs a value", static_select(options=[{"text": plain()}]), "required field: value", OPTION
    ),
    Case("a description may have 75", radio(options=[option(description=plain("x" * 75))]), None, OPTION),
    Case(
        "a description has no 76",
        radio(options=[option(description=plain("x" * 76))]),
        "less than 76",
        OPTION,
    ),
    Case(
        "an option has no type",
        static_select(options=[option(type="option")]),
        "property: type",
        "CopilotKit 6454",
    ),
    Case(
        "a menu's options are plain",
        static_select(options=[option() | {"text": mrkdwn()}]),
        "type: mrkdwn",
        OPTION,
    ),
    Case("a radio's may be mrkdwn", radio(options=[option() | {"text": mrkdwn()}]), None, OPTION),
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
        "a moment in words",
        {"type": "datetimepicker", "initial_date_time": "1628633820"},
        "integer",
        PAGE + "datetime",
    ),
    Case(
        "no bare text", {"type": "plain_text_input"}, "unsupported type", "@slack/types ActionsBlockElement"
    ),
]

IN_INPUT = [
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
    Case(
        "no overflow menu", overflow(option()), "unsupported type: overflow", "@slack/types InputBlockElement"
    ),
    Case("no image", image(), "unsupported type: image", "@slack/types InputBlockElement"),
]


@pytest.mark.parametrize("case", IN_ACTIONS, ids=lambda case: case.says)
def test_elements_of_an_actions_block(case: Case) -> None:
    judge(case, check_blocks([actions(case.sent)], surface="message"))


@pytest.mark.parametrize("case", IN_INPUT, ids=lambda case: case.says)
def test_elements_of_an_input_block(case: Case) -> None:
    judge(case, check_blocks([asks(case.sent)], surface="modal"))


def judge(case: Case, problems: list[str]) -> None:
    if case.problem is None:
        assert problems == [], case.source
    else:
        assert any(case.problem in each for each in problems), (problems, case.source)


SELECTS = ["static_select", "external_select", "users_select", "conversations_select", "channels_select"]
CHOICES = [
    *SELECTS,
    *(f"multi_{name}" for name in SELECTS),
    "radio_buttons",
    "checkboxes",
    "datepicker",
    "timepicker",
]
INPUTS = ["plain_text_input", "email_text_input", "url_text_input", "number_input"]
STANDS_IN = {
    "section": {"button", "overflow", "image", *CHOICES},
    "actions": {"button", "overflow", "datetimepicker", "rich_text_input", *CHOICES},
    "input": {"datetimepicker", "rich_text_input", "file_input", *INPUTS, *CHOICES},
    "context": {"image"},
}
EVERY = sorted(set().union(*STANDS_IN.values()))
NEEDS: dict[str, Json] = {
    "button": {"text": plain()},
    "image": image(),
    "number_input": {"is_decimal_allowed": True},
    **{name: {"options": options(2)} for name in ("overflow", "radio_buttons", "checkboxes")},
    **{name: {"options": options(2)} for name in ("static_select", "multi_static_select")},
}


@pytest.mark.parametrize("element", EVERY)
@pytest.mark.parametrize("block", sorted(STANDS_IN))
def test_an_element_stands_only_in_the_blocks_made_for_it(element: str, block: str) -> None:
    """@slack/types: ActionsBlockElement, SectionBlockAccessory, InputBlockElement, ContextBlockElement."""
    given = {**NEEDS.get(element, {}), "type": element}
    blocks = {
        "section": section(accessory=given),
        "actions": actions(given),
        "input": asks(given),
        "context": {"type": "context", "elements": [given]},
    }
    problems = check_blocks([blocks[block]], surface="modal")
    if element in STANDS_IN[block]:
        assert problems == []
    else:
        assert [each.split(" [")[0] for each in problems] == [f"unsupported type: {element}"]


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
