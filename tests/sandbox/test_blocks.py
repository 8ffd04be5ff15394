"""What Slack refuses in the blocks of a message, block by block."""

import pytest

from sandbox.blocks import check_blocks
from tests.sandbox.kit import (
    Case,
    Json,
    actions,
    asks,
    button,
    image,
    judge,
    mrkdwn,
    plain,
    section,
)

PAGE = "docs.slack.dev/reference/block-kit/blocks/"
TEXT = "docs.slack.dev/reference/block-kit/composition-objects/text-object"
SECTION, HEADER, CONTEXT = PAGE + "section-block", PAGE + "header-block", PAGE + "context-block"
ACTIONS = PAGE + "actions-block"
IMAGE = "docs.slack.dev/reference/block-kit/block-elements/image-element"


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


TEXTS = [
    Case("mrkdwn may be verbatim", [section(mrkdwn(verbatim=True))], None, TEXT),
    Case("plain text may show emoji", [section(plain(emoji=True))], None, TEXT),
    Case(
        "mrkdwn has no emoji switch",
        [section(mrkdwn(emoji=True))],
        "invalid additional property: emoji",
        TEXT,
    ),
    Case(
        "plain text is not verbatim", [section(plain(verbatim=True))], "additional property: verbatim", TEXT
    ),
    Case("emoji is true or false", [section(plain(emoji="yes"))], "must provide a boolean", TEXT),
    Case("null is no text", [section(mrkdwn(None))], "must provide a string", TEXT),  # type: ignore[arg-type]
    Case("a string is no text object", [{"type": "section", "text": "文"}], "must provide an object", TEXT),
    Case(
        "an empty text is refused",
        [section(mrkdwn(""))],
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        "nao issue 579",
    ),
]

SECTIONS = [
    Case("3,000 characters fit a section", [section(mrkdwn("あ" * 3000))], None, SECTION),
    Case(
        "3,001 do not",
        [section(mrkdwn("あ" * 3001))],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        SECTION,
    ),
    Case("fields may replace the text", [{"type": "section", "fields": [mrkdwn()]}], None, SECTION),
    Case(
        "a section needs text or fields",
        [{"type": "section"}],
        "must define either `text` or `fields` [json-pointer:/blocks/0]",
        "java-slack-sdk issue 1017",
    ),
    Case("ten fields are fine", [section(fields=[mrkdwn()] * 10)], None, SECTION),
    Case(
        "eleven fields are too many",
        [section(fields=[mrkdwn()] * 11)],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
        "eng-pipes issue 725",
    ),
    Case(
        "no fields are too few",
        [section(fields=[])],
        "at least 1 items [json-pointer:/blocks/0/fields]",
        SECTION,
    ),
    Case("a field may have 2,000 characters", [section(fields=[mrkdwn("x" * 2000)])], None, SECTION),
    Case(
        "a field has no 2,001",
        [section(fields=[mrkdwn("x" * 2001)])],
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
        SECTION,
    ),
    Case(
        "a section may hold a button",
        [section(accessory=button())],
        None,
        "@slack/types SectionBlockAccessory",
    ),
    Case(
        "a section may hold an image",
        [section(accessory=image())],
        None,
        "@slack/types SectionBlockAccessory",
    ),
    Case("a section may be expanded", [section(expand=True)], None, SECTION),
]

HEADERS = [
    Case("150 characters fit a header", [{"type": "header", "text": plain("x" * 150)}], None, HEADER),
    Case(
        "151 do not",
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters",
        HEADER,
    ),
    Case("a header is plain", [{"type": "header", "text": mrkdwn()}], "unsupported type: mrkdwn", HEADER),
    Case("a header has a text", [{"type": "header"}], "missing required field: text", HEADER),
    Case("a divider is bare", [{"type": "divider"}], None, PAGE + "divider-block"),
    Case("a divider has no text", [{"type": "divider", "text": plain()}], "additional property: text", PAGE),
    Case(
        "context mixes text and images", [{"type": "context", "elements": [plain(), image()]}], None, CONTEXT
    ),
    Case("ten context elements are fine", [{"type": "context", "elements": [mrkdwn()] * 10}], None, CONTEXT),
    Case(
        "eleven are not", [{"type": "context", "elements": [mrkdwn()] * 11}], "no more than 10 items", CONTEXT
    ),
    Case("no context element is too few", [{"type": "context", "elements": []}], "at least 1 items", CONTEXT),
    Case("a context text may have 3,000", [context(mrkdwn("x" * 3000), plain("x" * 3000))], None, TEXT),
    Case("a context text has no 3,001", [context(mrkdwn("x" * 3001))], "less than 3001", TEXT),
    Case("a plain one neither", [context(plain("x" * 3001))], "less than 3001", TEXT),
    Case("a small image's words may have 2,000", [context(image(alt_text="x" * 2000))], None, IMAGE),
    Case(
        "a small image's words have no 2,001", [context(image(alt_text="x" * 2001))], "less than 2001", IMAGE
    ),
    Case(
        "context holds no buttons", [{"type": "context", "elements": [button()]}], "unsupported type", CONTEXT
    ),
]

ACTIONS_BLOCKS = [
    Case("25 buttons are fine", [actions(*[button()] * 25)], None, ACTIONS),
    Case(
        "26 buttons are too many",
        [actions(*[button()] * 26)],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        "spacecat-api-service issue 176",
    ),
    Case(
        "no buttons are too few", [actions()], "at least 1 items [json-pointer:/blocks/0/elements]", ACTIONS
    ),
    Case("elements without action_id are fine", [actions(button(), button())], None, ACTIONS),
    Case(
        "an action_id stands once in a block",
        [actions(button(action_id="a"), button(action_id="a"))],
        "`action_id` a already exists in this block [json-pointer:/blocks/0/elements/1/action_id]",
        "gantry pull request 458",
    ),
    Case(
        "the same action_id may stand in two blocks",
        [actions(button(action_id="a")), actions(button(action_id="a"))],
        None,
        ACTIONS,
    ),
    Case(
        "actions hold no image",
        [actions(image())],
        "unsupported type: image",
        "@slack/types ActionsBlockElement",
    ),
]

INPUTS = [
    Case("a message may ask", [asks()], None, PAGE + "input-block"),
    Case(
        "an input has a label",
        [{"type": "input", "element": {"type": "plain_text_input"}}],
        "field: label",
        PAGE,
    ),
    Case(
        "an input has an element",
        [{"type": "input", "label": plain()}],
        "field: element",
        PAGE + "input-block",
    ),
    Case(
        "a label is plain", [{**asks(), "label": mrkdwn()}], "unsupported type: mrkdwn", PAGE + "input-block"
    ),
    Case("a label may have 2,000", [{**asks(), "label": plain("x" * 2000)}], None, PAGE + "input-block"),
    Case("a label has no 2,001", [{**asks(), "label": plain("x" * 2001)}], "than 2001", PAGE + "input-block"),
    Case("a hint may have 2,000", [asks(hint=plain("x" * 2000))], None, PAGE + "input-block"),
    Case("a hint has no 2,001", [asks(hint=plain("x" * 2001))], "than 2001", PAGE + "input-block"),
    Case(
        "an input holds no button",
        [asks(button())],
        "unsupported type: button",
        "@slack/types InputBlockElement",
    ),
    Case(
        "a message takes no files", [asks({"type": "file_input"})], "unsupported type", "file-input-element"
    ),
]


@pytest.mark.parametrize(
    "case", [*TEXTS, *SECTIONS, *HEADERS, *ACTIONS_BLOCKS, *INPUTS], ids=lambda case: case.says
)
def test_message_blocks_are_judged_as_slack_judges_them(case: Case) -> None:
    judge(case, check_blocks(case.sent, surface="message"))
