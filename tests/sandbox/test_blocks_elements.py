"""What Slack refuses in buttons and options, and which block holds which element."""

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
    judge,
    mrkdwn,
    option,
    options,
    plain,
    section,
    static_select,
)

PAGE = "docs.slack.dev/reference/block-kit/block-elements/"
OBJECT = "docs.slack.dev/reference/block-kit/composition-objects/"
BUTTON = PAGE + "button-element"
OPTION, CONFIRM = OBJECT + "option-object", OBJECT + "confirmation-dialog-object"


def overflow(*choices: Json, **more: object) -> Json:
    return {"type": "overflow", "options": list(choices), **more}


def radio(count: int = 2, **more: object) -> Json:
    return {"type": "radio_buttons", "options": options(count), **more}


CASES = [
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
    Case("an overflow option may have 75", overflow(option(text="x" * 75)), None, OPTION),
    Case("an overflow option has no 76", overflow(option(text="x" * 76)), "less than 76", OPTION),
    Case(
        "a select option may not",
        static_select(options=[option(url="https://example.com")]),
        "property: url",
        OPTION,
    ),
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
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_buttons_and_options_are_judged_as_slack_judges_them(case: Case) -> None:
    judge(case, check_blocks([actions(case.sent)], surface="message"))


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
