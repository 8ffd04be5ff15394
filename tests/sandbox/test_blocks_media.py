"""What Slack refuses in pictures, videos, files, markdown, rich text and tables."""

from typing import Any

import pytest

from sandbox.blocks import check_blocks
from tests.sandbox.kit import (
    Case,
    Json,
    button,
    cell,
    image,
    judge,
    mrkdwn,
    plain,
    rich,
    table,
    video,
)

PAGE = "docs.slack.dev/reference/block-kit/blocks/"
IMAGE, VIDEO = PAGE + "image-block", PAGE + "video-block"
RICH, TABLE, MARKDOWN = PAGE + "rich-text-block", PAGE + "table-block", PAGE + "markdown-block"


def inline() -> list[Json]:
    return [
        {"type": "link", "url": "https://example.com", "text": "x"},
        {"type": "broadcast", "range": "here"},
        {"type": "color", "value": "#F405B3"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "date", "timestamp": 0, "format": "{date}"},
        {"type": "team", "team_id": "T1"},
        {"type": "usergroup", "usergroup_id": "S1"},
    ]


def rich_list(**more: Any) -> Json:
    part = {"type": "rich_text_list", "style": "bullet", "elements": rich()["elements"], **more}
    return {"type": "rich_text", "elements": [part]}


def code(element: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [element]}]}


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
    Case("2,000 characters of words", [image(alt_text="x" * 2000)], None, IMAGE),
    Case("not 2,001", [image(alt_text="x" * 2001)], "must be less than 2001 characters", IMAGE),
    Case("an address may have 3,000", [image(image_url="https://" + "x" * 2992)], None, IMAGE),
    Case("not 3,001", [image(image_url="https://" + "x" * 2993)], "must be less than 3001", IMAGE),
    Case("an address is one", [image(image_url="a.png")], "must be a valid URL", IMAGE),
    Case("an image's title may have 2,000", [image(title=plain("x" * 2000))], None, IMAGE),
    Case("an image's title has no 2,001", [image(title=plain("x" * 2001))], "less than 2001", IMAGE),
    Case("a video is fine", [video()], None, VIDEO),
    Case(
        "a video needs a title", [{k: v for k, v in video().items() if k != "title"}], "field: title", VIDEO
    ),
    Case("a video's title is under 200", [video(title=plain("x" * 200))], "must be less than 200", VIDEO),
    Case("a video's title may have 199", [video(title=plain("x" * 199))], None, VIDEO),
    Case("a description may have 199", [video(description=plain("x" * 199))], None, VIDEO),
    Case("a description is under 200", [video(description=plain("x" * 200))], "less than 200", VIDEO),
    Case("a video's author may have 49", [video(author_name="x" * 49)], None, VIDEO),
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
    Case("two may have 12,000 together", [{"type": "markdown", "text": "x" * 6000}] * 2, None, MARKDOWN),
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
    Case(
        "rich text has every kind of part",
        [rich(*inline()), rich_list(indent=8, border=1, offset=0)],
        None,
        RICH,
    ),
    Case("a list goes eight levels in", [rich_list(indent=9)], "must be at most 8", RICH),
    Case("not out", [rich_list(indent=-1)], "must be at least 0", RICH),
    Case("a border is there or not", [rich_list(border=2)], "must be at most 1", RICH),
    Case("a list has a style", [rich_list(style="roman")], "must be one of: bullet, ordered", RICH),
    Case(
        "a quote is fine", [rich() | {"elements": [{"type": "rich_text_quote", "elements": []}]}], None, RICH
    ),
    Case("code is text and links", [code({"type": "text", "text": "x"})], None, RICH),
    Case("code calls nobody", [code({"type": "user", "user_id": "U1"})], "unsupported type: user", RICH),
    Case("a rich block_id may have 255", [rich() | {"block_id": "x" * 255}], None, RICH),
    Case("a rich block_id has no 256", [rich() | {"block_id": "x" * 256}], "less than 256", RICH),
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
    Case("20 columns may be set", [table(column_settings=[{}] * 20)], None, TABLE),
    Case("not 21 columns", [table(column_settings=[{}] * 21)], "no more than 20 items", TABLE),
    Case("a table's block_id has no 256", [table(block_id="x" * 256)], "less than 256", TABLE),
    Case("a table has rows", [{"type": "table", "rows": []}], "must provide at least 1 items", TABLE),
    Case("100 rows", [table(*[[cell()]] * 100)], None, TABLE),
    Case("not 101", [table(*[[cell()]] * 101)], "no more than 100 items", TABLE),
    Case("20 cells", [table([cell()] * 20)], None, TABLE),
    Case("not 21", [table([cell()] * 21)], "no more than 20 items", TABLE),
    Case("a cell is not mrkdwn", [table([mrkdwn()])], "unsupported type: mrkdwn", TABLE),
    Case("a message has one table", [table(), table()], "only_one_table_allowed: ", TABLE),
]


@pytest.mark.parametrize("case", [*MEDIA, *LONG_TEXTS], ids=lambda case: case.says)
def test_media_and_long_texts_are_judged_as_slack_judges_them(case: Case) -> None:
    judge(case, check_blocks(case.sent, surface="message"))
