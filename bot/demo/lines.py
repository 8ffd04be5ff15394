"""Lines of the transcript, in rich's markup: wrapping by the width of Japanese, and what Slack's own markup means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Any

from rich.cells import cell_len
from rich.markup import escape

WIDTH = 92
"""Columns of a line; a Japanese letter takes two."""

_NEVER_FIRST = "、。,.)」』】〕!?…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ:;・|"
_NEVER_LAST = "「『(【〔#@"
_PIECE = re.compile(r"[0-9A-Za-z'./:_%+-]+|.")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_ROOM = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<(https?://[^|>]+)(?:\|([^>]*))?>")
_STRONG = re.compile(r"(?<![\w*])\*([^*\n]+)\*")
_FAINT = re.compile(r"(?<![\w_])_([^_\n]+)_(?!\w)")

Named = Callable[[str], str]
"""The name of somebody, or of a channel, by id."""


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, each at most `width` columns and a closing mark; words and numbers stay whole."""
    lines = []
    for paragraph in text.splitlines() or [""]:
        line, columns = "", 0
        for piece in _pieces(paragraph, width):
            if columns + cell_len(piece) > width and piece[0] not in _NEVER_FIRST:
                kept = line.rstrip(_NEVER_LAST)
                lines.append(kept)
                line = line[len(kept) :]
                columns = cell_len(line)
            line, columns = line + piece, columns + cell_len(piece)
        lines.append(line)
    return lines


def _pieces(paragraph: str, width: int) -> Iterator[str]:
    for found in _PIECE.finditer(paragraph):
        for start in range(0, len(found[0]), width):
            yield found[0][start : start + width]


def spoken(text: str, named: Named) -> str:
    """What a reader sees of Slack's markup, as plain text."""
    text = _MENTION.sub(lambda found: f"@{named(found[1])}", text)
    text = _ROOM.sub(lambda found: f"#{named(found[1])}", text)
    text = _LINK.sub(lambda found: found[2] or found[1], text)
    return unescape(text)


def mentioned(blocks: list[dict[str, Any]], text: str) -> list[str]:
    """The ids a message mentions where people see it: in its blocks if it has any, else in its text."""
    return list(dict.fromkeys(_MENTION.findall(str(blocks) if blocks else text)))


def block_lines(
    blocks: list[dict[str, Any]], named: Named, width: int, *, small: bool = True, rows: bool = False
) -> list[str]:
    """What a message or a dialog of the bot says, line by line in markup; `small` with its small print, `rows` with each
    row of buttons in its place."""
    lines: list[str] = []
    for block in blocks:
        if block["type"] == "section":
            lines += _styled(block["text"]["text"], named, width)
        elif block["type"] == "context" and small:
            said = [line for each in block["elements"] for line in _styled(each["text"], named, width)]
            lines += [f"[dim]{line}[/]" for line in said]
        elif block["type"] == "actions" and rows:
            lines.append(buttons(str(each["text"]["text"]) for each in block["elements"] if "text" in each))
    return lines


def buttons(labels: Iterable[str]) -> str:
    """A row of buttons, in markup."""
    return " ".join(rf"[cyan]\[{escape(label)}][/]" for label in labels)


def folded(line: str, width: int, at: str = "|") -> list[str]:
    """The lines of one that may be too wide: broken `at` its own marks where that helps, else anywhere."""
    lines = [""]
    for part in line.split(at):
        joined = f"{lines[-1]}{at}{part}" if lines[-1] else part
        if cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines += wrapped(part, width)
    return [each for each in lines if each]


def _styled(text: str, named: Named, width: int) -> list[str]:
    """The lines of a text in markup; one that must be wrapped loses its bold and italic letters. A quotation stays one."""
    lines: list[str] = []
    for line in spoken(text, named).splitlines():
        if cell_len(line) > width:
            plain, quote = _FAINT.sub(r"\1", _STRONG.sub(r"\1", line)), "> " if line.startswith("> ") else ""
            lines += [escape(quote + each) for each in folded(plain.removeprefix(quote), width - len(quote))]
        else:
            lines.append(_FAINT.sub(r"[italic]\1[/]", _STRONG.sub(r"[bold]\1[/]", escape(line))))
    return lines
