"""Small pieces of Block Kit, so that views read like the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.domain.text import escape
from bot.feature import Blocks

Block = dict[str, Any]

CHUNK = 2900
WHOLE = 11_000
"""What may be quoted of a text: all blocks of a message together hold about 13,200 characters (docs/slack.md)."""
IN_CARD = WHOLE * 3 // 4
"""What a card quotes, beside what it says itself."""
_HALF_ENTITY = re.compile(r"&[a-z]{0,3}\Z")


def plain(text: str) -> Block:
    """A plain text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def section(text: str) -> Block:
    """A paragraph (mrkdwn; at most 3,000 characters)."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def small(text: str) -> Block:
    """A line of small print."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def button(text: str, action: str, value: str, *, primary: bool = False) -> Block:
    """A button; `action` is the listener's name, `value` what it is about."""
    found: Block = {"type": "button", "text": plain(text), "action_id": action, "value": value}
    if primary:
        found["style"] = "primary"
    return found


def actions(*buttons: Block) -> Block:
    """A row of buttons; at most three on a card."""
    return {"type": "actions", "elements": list(buttons)}


def option(text: str, value: str) -> Block:
    """One option of a list (at most 75 characters)."""
    return {"text": plain(text[:75]), "value": value}


def modal(title: str, blocks: Blocks, **more: Any) -> Block:
    """A modal; `title` at most 24 characters."""
    return {"type": "modal", "title": plain(title), "close": plain("閉じる"), "blocks": blocks, **more}


def quoted(text: str, most: int = WHOLE, *, more: str = "> …(続きはスレッドにあります)") -> Blocks:
    """A text as quotations; below what exceeds `most` characters it says that there is `more`."""
    lines = _quoted(text) or "> (ファイルだけの相談です)"
    parts = list(_cut(lines[:most]))
    if len(lines) > most:
        parts[-1] = _HALF_ENTITY.sub("", parts[-1])
        parts.append(more)
    return [section(part) for part in parts]


def overflows(text: str, most: int) -> bool:
    """Whether a text as quotations exceeds `most` characters."""
    return len(_quoted(text)) > most


def portions(text: str, most: int) -> list[str]:
    """A text in pieces, none of which exceeds `most` characters as quotations: one if it fits."""
    if not overflows(text, most):
        return [text]
    found: list[list[str]] = [[]]
    room = most
    for line in text.splitlines():
        for start in range(0, len(line) or 1, CHUNK // 5):  # escaped, it may be five times as long
            piece = line[start : start + CHUNK // 5]
            size = len(_quoted(piece)) + 1
            if size > room:
                found.append([])
                room = most
            found[-1].append(piece)
            room -= size
    return ["\n".join(pieces) for pieces in found]


def _quoted(text: str) -> str:
    return "\n".join("> " + escape(line) for line in text.splitlines())


def _cut(quoted: str) -> Iterator[str]:
    """Pieces of at most CHUNK characters, cut at the end of a line if there is one, never inside `&lt;`."""
    while len(quoted) > CHUNK:
        line = quoted.rfind("\n", 1, CHUNK)
        piece = quoted[:line] if line > 0 else _HALF_ENTITY.sub("", quoted[:CHUNK])
        yield piece
        quoted = quoted[line + 1 :] if line > 0 else "> " + quoted[len(piece) :]
    yield quoted
