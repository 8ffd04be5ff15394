"""Lines of the transcript: wrapped by the width of Japanese, safe for the terminal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from bot.demo.lines import block_lines, folded, mentioned, spoken, wrapped


def named(user: str) -> str:
    return {"U1": "梶谷"}.get(user, "Banso")


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200),
    st.integers(10, 60),
)
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join(lines) == text
    hanging = max((len(line) - len(line.rstrip("、。,.)」』】〕!?…ー々・|:;")) for line in lines), default=0)
    assert all(cell_len(line) <= width + 2 * (hanging + 2) for line in lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("これは長い文です。", ["これは長い", "文です。"]),
        ("一二三四五。六", ["一二三四五。", "六"]),
        ("一二三四「五六」", ["一二三四", "「五六」"]),
        ("番号は12345です", ["番号は", "12345です"]),
        ("一行目\n二行目", ["一行目", "二行目"]),
        ("", [""]),
    ],
)
def test_lines_break_where_japanese_may_break(text: str, lines: list[str]) -> None:
    assert wrapped(text, 10) == lines


def test_slacks_markup_is_shown_as_people_see_it() -> None:
    assert spoken("<@U1> さん &lt;重要&gt; <https://a.example/x|資料> <https://b.example>", named) == (
        "@梶谷 さん <重要> 資料 https://b.example"
    )
    assert spoken("<#C1> に出します", lambda _: "お知らせ") == "#お知らせ に出します"


def test_a_line_that_is_too_long_keeps_no_bare_marks_and_a_quotation_stays_one() -> None:
    text = {"type": "mrkdwn", "text": "*編集ではなく、削除* をお願いします\n> これは長い引用のことばです"}
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": text},
        {
            "type": "actions",
            "elements": [{"type": "button", "text": {"text": "全文"}}, {"type": "users_select"}],
        },
    ]
    lines = [Text.from_markup(line).plain for line in block_lines(blocks, named, 20, rows=True)]
    assert lines == [
        "編集ではなく、削除 ",
        "をお願いします",
        "> これは長い引用のこ",
        "> とばです",
        "[全文]",
    ]


def test_a_card_is_shown_with_its_bold_letters_and_small_print() -> None:
    blocks: list[dict[str, Any]] = [
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "💬 *回答があります*|No.1\n_お待たせしました_"},
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "助言です。"}]},
        {"type": "actions", "elements": []},
    ]
    assert block_lines(blocks, named, 80) == [
        "💬 [bold]回答があります[/]|No.1",
        "[italic]お待たせしました[/]",
        "[dim]助言です。[/]",
    ]
    assert len(block_lines(blocks, named, 80, small=False)) == 2


@given(st.text(max_size=80))
def test_whatever_people_type_stays_text_on_the_terminal(text: str) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
    for line in block_lines(blocks, named, 30):
        Text.from_markup(line)


def test_mentions_count_where_people_see_them() -> None:
    assert mentioned([], "<@U1> さん") == ["U1"]
    assert mentioned([{"type": "section", "text": {"text": "<@U2> <@U2>"}}], "<@U1>") == ["U2"]


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("次は 梶谷さん|返信の目安 9:57", ["次は 梶谷さん", "返信の目安 9:57"]),
        ("短い|行", ["短い|行"]),
        ("印のない、とても長い一行です", ["印のない、とても長", "い一行です"]),
    ],
)
def test_a_card_breaks_at_its_own_marks(line: str, lines: list[str]) -> None:
    assert folded(line, 18) == lines
