"""Small pieces of Block Kit, so that views read like the screen."""

from __future__ import annotations

from typing import Any

from bot.feature import Blocks

Block = dict[str, Any]


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
