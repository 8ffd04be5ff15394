"""What Slack refuses in the blocks of a message or view taken together."""

from typing import Any

import pytest

from sandbox.blocks import check_blocks
from sandbox.blocks_schema import child
from tests.sandbox.kit import Case, actions, judge, mrkdwn, plain, section, table

PAGE = "docs.slack.dev/reference/block-kit/blocks/"
SECTION = PAGE + "section-block"
LENGTH = "bolt-js issue 2509: 13,172 to 13,297"

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
    Case("13,200 characters in all pass", [section(mrkdwn("x" * 2640))] * 5, None, LENGTH),
    Case(
        "13,201 characters in all do not",
        [*[section(mrkdwn("x" * 2640))] * 5, section(mrkdwn("x"))],
        "msg_blocks_too_long: ",
        LENGTH,
    ),
]


@pytest.mark.parametrize("case", WHOLE, ids=lambda case: case.says)
def test_blocks_are_judged_together_as_slack_judges_them(case: Case) -> None:
    judge(case, check_blocks(case.sent, surface="message"))


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
    """`msg_blocks_too_long` is an error of chat.postMessage; a view is limited by its 250 KB (page views.open)."""
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
    assert child("/blocks/0", "a/b~c") == "/blocks/0/a~1b~0c"
