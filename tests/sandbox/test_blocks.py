"""What Slack refuses in the blocks of a message, block by block."""

from typing import Any

import pytest

from sandbox.blocks import check_blocks
from tests.sandbox.kit import (
    Case,
    actions,
    asks,
    button,
    cell,
    image,
    mrkdwn,
    plain,
    rich,
    section,
    table,
    video,
)

PAGE = "docs.slack.dev/reference/block-kit/blocks/"
TEXT = "docs.slack.dev/reference/block-kit/composition-objects/text-object"
SECTION, HEADER, CONTEXT = PAGE + "section-block", PAGE + "header-block", PAGE + "context-block"
ACTIONS, IMAGE, VIDEO = PAGE + "actions-block", PAGE + "image-block", PAGE + "video-block"
RICH, TABLE, MARKDOWN = PAGE + "rich-text-block", PAGE + "table-block", PAGE + "markdown-block"
LIMITS = "SLACK.md, Limits"

WHOLE = [
    Case("no blocks are fine", [], None, "chat.update removes blocks with an empty list"),
    Case("50 blocks are fine", [section()] * 50, None, PAGE),
    Case(
        "51 blocks are too many",
        [section()] * 51,
        "no more than 50 items allowed [json-pointer:/blocks]",
        PAGE,
    ),
    Case(
        "blocks are a list",
        {"type": "section"},
        "invalid_blocks_format: must provide an array",
        "chat.postMessage",
    ),
    Case(
        "a block is an object",
        ["section"],
        "must provide an object [json-pointer:/blocks/0]",
        "blockkit issue 105",
    ),
    Case(
        "a block has a type",
        [{"text": plain()}],
        "missing required field: type [json-pointer:/blocks/0]",
        PAGE,
    ),
    Case(
        "the type is a string",
        [{"type": ["section"]}],
        "must provide a string [json-pointer:/blocks/0/type]",
        PAGE,
    ),
    Case(
        "an unknown type is refused",
        [{"type": "sektion"}],
        "unsupported type: sektion [json-pointer:/blocks/0/type]",
        "java-slack-sdk issue 684",
    ),
    Case(
        "an unknown property is refused",
        [section(colour="red")],
        "invalid additional property: colour [json-pointer:/blocks/0]",
        "slackblocks issue 36",
    ),
    Case("a block_id may have 255 characters", [section(block_id="x" * 255)], None, SECTION),
    Case(
        "a block_id has no 256",
        [section(block_id="x" * 256)],
        "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
        SECTION,
    ),
    Case(
        "an empty block_id is refused",
        [section(block_id="")],
        "must be more than 0 char",
        "slack-go issue 823",
    ),
    Case(
        "a block_id stands once",
        [section(block_id="a"), {"type": "divider", "block_id": "a"}],
        "`block_id` a must be unique [json-pointer:/blocks/1/block_id]",
        SECTION,
    ),
    Case("13,200 characters in all pass", [section(mrkdwn("x" * 2640))] * 5, None, LIMITS),
    Case(
        "13,201 characters in all do not",
        [*[section(mrkdwn("x" * 2640))] * 5, section(mrkdwn("x"))],
        "msg_blocks_too_long: ",
        f"{LIMITS}, bolt-js issue 2509",
    ),
]

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
        f"{LIMITS}, gantry pull request 458",
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

MEDIA = [
    Case("an image has an address", [image(title=plain())], None, IMAGE),
    Case("an image needs an address", [{"type": "image", "alt_text": "x"}], "either `image_url` or", IMAGE),
    Case(
        "an image may be a Slack file",
        [{"type": "image", "alt_text": "x", "slack_file": {"id": "F1"}}],
        None,
        IMAGE,
    ),
    Case("not both", [image(slack_file={"id": "F1"})], "must not define both", IMAGE),
    Case(
        "a Slack file is named once",
        [{"type": "image", "alt_text": "x", "slack_file": {"id": "F1", "url": "https://example.com"}}],
        "must not define both `id` and `url`",
        "slack-file-object",
    ),
    Case(
        "an image needs words",
        [{"type": "image", "image_url": "https://example.com"}],
        "field: alt_text",
        IMAGE,
    ),
    Case("2,000 characters of words", [image(alt_text="x" * 2000)], None, LIMITS),
    Case("not 2,001", [image(alt_text="x" * 2001)], "must be less than 2001 characters", LIMITS),
    Case("an address may have 3,000", [image(image_url="https://" + "x" * 2992)], None, LIMITS),
    Case("not 3,001", [image(image_url="https://" + "x" * 2993)], "must be less than 3001", LIMITS),
    Case("an address is one", [image(image_url="a.png")], "must be a valid URL", IMAGE),
    Case("a video is fine", [video()], None, VIDEO),
    Case(
        "a video needs a title", [{k: v for k, v in video().items() if k != "title"}], "field: title", VIDEO
    ),
    Case("a video's title is under 200", [video(title=plain("x" * 200))], "must be less than 200", VIDEO),
    Case("a video's author is under 50", [video(author_name="x" * 50)], "must be less than 50", VIDEO),
    Case("a video comes over HTTPS", [video(video_url="http://example.com")], "must be a valid URL", VIDEO),
    Case(
        "a file is remote",
        [{"type": "file", "external_id": "a", "source": "remote"}],
        None,
        PAGE + "file-block",
    ),
    Case(
        "not local",
        [{"type": "file", "external_id": "a", "source": "local"}],
        "must be one of",
        PAGE + "file-block",
    ),
]

LONG_TEXTS = [
    Case("markdown may have 12,000", [{"type": "markdown", "text": "x" * 12000}], None, MARKDOWN),
    Case("not 12,001", [{"type": "markdown", "text": "x" * 12001}], "must be less than 12001", MARKDOWN),
    Case(
        "12,000 are for all together",
        [{"type": "markdown", "text": "x" * 6001}] * 2,
        "all markdown",
        MARKDOWN,
    ),
    Case("rich text speaks", [rich({"type": "text", "text": "x", "style": {"bold": True}})], None, RICH),
    Case(
        "rich text calls people",
        [rich({"type": "user", "user_id": "U1"}, {"type": "emoji", "name": "a"})],
        None,
        RICH,
    ),
    Case(
        "rich text is not empty",
        [{"type": "rich_text", "elements": []}],
        "at least 1",
        "Slack.NetStandard issue 100",
    ),
    Case("its sections may be", [rich()], None, "python-slack-sdk pull request 1576"),
    Case(
        "empty words are refused",
        [rich({"type": "text", "text": ""})],
        "more than 0",
        "mx-puppet-slack issue 49",
    ),
    Case("rich text holds no button", [rich(button())], "unsupported type: button", RICH),
    Case(
        "a list has sections",
        [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_list",
                        "style": "bullet",
                        "elements": [rich()["elements"][0]],
                        "indent": 8,
                    }
                ],
            }
        ],
        None,
        RICH,
    ),
    Case("a table is fine", [table([cell(), rich()], column_settings=[{"align": "right"}])], None, TABLE),
    Case("a table has rows", [{"type": "table", "rows": []}], "must provide at least 1 items", TABLE),
    Case("100 rows", [table(*[[cell()]] * 100)], None, TABLE),
    Case("not 101", [table(*[[cell()]] * 101)], "no more than 100 items", TABLE),
    Case("20 cells", [table([cell()] * 20)], None, TABLE),
    Case("not 21", [table([cell()] * 21)], "no more than 20 items", TABLE),
    Case("a cell is not mrkdwn", [table([mrkdwn()])], "unsupported type: mrkdwn", TABLE),
    Case("a message has one table", [table(), table()], "only_one_table_allowed: ", TABLE),
]


@pytest.mark.parametrize(
    "case",
    [*WHOLE, *TEXTS, *SECTIONS, *HEADERS, *ACTIONS_BLOCKS, *INPUTS, *MEDIA, *LONG_TEXTS],
    ids=lambda case: case.says,
)
def test_message_blocks_are_judged_as_slack_judges_them(case: Case) -> None:
    problems = check_blocks(case.sent, surface="message")
    if case.problem is None:
        assert problems == [], case.source
    else:
        assert any(case.problem in each for each in problems), (problems, case.source)


@pytest.mark.parametrize("kind", ["markdown", "file", "table"])
@pytest.mark.parametrize("surface", ["modal", "home"])
def test_some_blocks_stand_in_messages_only(kind: str, surface: Any) -> None:
    """Pages markdown-block, file-block, table-block: "Available in surfaces: Messages"."""
    blocks = {
        "markdown": {"type": "markdown", "text": "x"},
        "file": {"type": "file", "external_id": "a", "source": "remote"},
        "table": table(),
    }
    assert check_blocks([blocks[kind]], surface="message") == []
    assert check_blocks([blocks[kind]], surface=surface) == [
        f"unsupported type: {kind} [json-pointer:/blocks/0/type]"
    ]


@pytest.mark.parametrize("surface", ["modal", "home"])
def test_views_take_a_hundred_blocks(surface: Any) -> None:
    """Page blocks; the sentence is that of grafana oncall pull request 210."""
    assert check_blocks([section()] * 100, surface=surface) == []
    assert check_blocks([section()] * 101, surface=surface) == [
        "no more than 100 items allowed [json-pointer:/blocks]"
    ]


def test_the_total_of_texts_is_for_messages_only() -> None:
    """SLACK.md lists `msg_blocks_too_long` for messages; a view is limited by its 250 KB instead."""
    assert check_blocks([section(mrkdwn("x" * 3000))] * 5, surface="home") == []


def test_every_problem_is_told_at_once() -> None:
    """Slack lists all faults in `errors` (incidentbot issue 328)."""
    problems = check_blocks([section(mrkdwn("")), {"type": "x"}, actions()], surface="message")
    assert [each.rsplit("[", 1)[1] for each in problems] == [
        "json-pointer:/blocks/0/text/text]",
        "json-pointer:/blocks/1/type]",
        "json-pointer:/blocks/2/elements]",
    ]


def test_names_are_escaped_in_pointers() -> None:
    """RFC 6901, section 3."""
    from sandbox.blocks_schema import child

    assert child("/blocks/0", "a/b~c") == "/blocks/0/a~1b~0c"
