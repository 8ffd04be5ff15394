"""The inputs for how long a first response may take. Pure."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.targets import CHOICES, Chosen, said
from bot.feature import Blocks
from handlers.common import forms
from handlers.common.blocks import Block, option, small

TARGET, URGENCIES = "target", {"today": "今日中", "week": "今週中", "none": "急がない"}
"""The inputs, one for each urgency."""


def inputs(present: Chosen, named: Callable[[str], str]) -> Blocks:
    """A menu for each urgency; `named` gives an input the name it has in its dialog."""
    fields = [
        forms.field(
            named(block(each)), f"返信の目安({words})", _menu(each, getattr(present, each)), optional=False
        )
        for each, words in URGENCIES.items()
    ]
    how = "はじめの返信までの時間です。開庁時間で数えます。いま受けている相談の目安は変わりません。"
    return [*fields, small(how)]


def block(urgency: str) -> str:
    """The input of an urgency."""
    return f"{TARGET}_{urgency}"


def _menu(urgency: str, present: str) -> Block:
    options = {each: option(said(each), each) for each in dict.fromkeys([*CHOICES[urgency], present])}
    return {"type": "static_select", "options": list(options.values()), "initial_option": options[present]}
