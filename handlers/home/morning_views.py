"""「朝のまとめ」: what waited for somebody, as one letter. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.text import excerpt
from bot.feature import Blocks, Message
from handlers.common.blocks import Block, section, small
from handlers.questions.screens.letters import LATE

SHOWN = 20
"""So many stand in one letter: Slack takes fifty blocks. The rest is on Home, where all of it is."""
_LONGEST, _BEGINS = 400, 100


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to be told, as it would be told alone; `late`: we were away when it was due."""

    message: Message
    late: bool = False


def letter(told: Sequence[Told]) -> Message:
    """One letter for several things: a line each, with what leads on."""
    late = any(each.late for each in told)
    head = f"☀️ *朝のまとめ*|{len(told)}件のお知らせがあります。"
    if late:
        head = f"*お待たせしています:{len(told)}件*\n{LATE}返信の目安を過ぎた相談もあります。上から順にお願いします。"
    blocks: Blocks = [section(head)]
    for each in told[:SHOWN]:
        blocks.append(_line(each.message))
    if len(told) > SHOWN:
        blocks.append(small(f"ほか{len(told) - SHOWN}件は、ホームの「あなたの番です」にあります。"))
    first = "お待たせしています" if late else "朝のまとめ"
    return Message(text=excerpt(f"{first}({len(told)}件):{_words(told)}", 600), blocks=blocks)


def _words(told: Sequence[Told]) -> str:
    return " / ".join(each.message.text for each in told)


def _line(message: Message) -> Block:
    """Its sentence, where to read it, and its first button."""
    blocks = message.blocks or []
    link = next((text for each in blocks if (text := _text(each)).startswith("<http")), "")
    asked = next((text for each in blocks if (text := _text(each)).startswith("> ")), "")
    words = "\n".join(part for part in (f"・{excerpt(message.text, _LONGEST)}", _begins(asked), link) if part)
    buttons: list[Block] = next((each["elements"] for each in blocks if each["type"] == "actions"), [])
    line = section(words)
    return {**line, "accessory": buttons[0]} if buttons else line


def _begins(quoted: str) -> str:
    """How what was asked begins, so that one knows which it is."""
    line = quoted.split("\n")[0]
    return line if len(line) <= _BEGINS else f"{line[:_BEGINS].rsplit('&', 1)[0]}…"


def _text(block: Block) -> str:
    text = block.get("text")
    return str(text.get("text", "")) if block["type"] == "section" and isinstance(text, dict) else ""
