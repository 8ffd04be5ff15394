"""What people see about themselves and others: where they belong, what they may do. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.bodies import Body
from bot.domain.text import escape
from bot.feature import Message
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain, section, small

YES, CHOOSE, LATER, OPEN = "member_body_yes", "member_body_choose", "member_body_later", "member_body_open"
"""Buttons; those of the introduction put another message in its place, `OPEN` may stand anywhere."""
PLACE = "member_place"
"""The dialog in which somebody says where they belong."""
BODY, OTHER, SECTION = "member_body", "member_other", "member_section"
LONGEST = 100

NEUTRAL = "ご所属は、下のボタンからいつでも登録・変更できます。"


def introduction(guess: Body | None) -> Message:
    """The one message that asks; with a guess to say yes to, if there is one."""
    why = "はじめてのご利用ありがとうございます。回答する方に伝わるよう、ご所属を教えてください。"
    if guess is None:
        buttons = [button("選ぶ", CHOOSE, "-", primary=True), button("あとで", LATER, "-")]
        return Message(text=why, blocks=[section(why), actions(*buttons)])
    ask = f"ご所属は「{escape(guess.name)}」でよいですか?"
    buttons = [
        button("はい", YES, guess.code, primary=True),
        button("ちがう・選ぶ", CHOOSE, "-"),
        button("あとで", LATER, "-"),
    ]
    return Message(text=why + ask, blocks=[section(f"{why}\n*{ask}*"), actions(*buttons)])


def answered(words: str, label: str) -> dict[str, Any]:
    """What stands in the introduction's place once something was pressed, with the way to change it later."""
    return {"text": words, "blocks": [section(words), actions(button(label, OPEN, "-"))]}


def saved(name: str) -> str:
    """What is said when it is kept."""
    return f"ありがとうございます。ご所属を「{escape(name)}」で登録しました。"


def body_option(body: Body) -> Block:
    """A body in a list."""
    return option(f"{body.name}({body.prefecture})", body.code)


def place_inputs(body: Body | None, section_text: str | None) -> list[Block]:
    """The inputs for where somebody belongs, with what is known."""
    menu: Block = {
        "type": "external_select",
        "min_query_length": 0,
        "placeholder": plain("名前やかなを入れて探す"),
    }
    words: Block = {"type": "plain_text_input", "max_length": LONGEST}
    if body is not None:
        menu["initial_option"] = body_option(body)
    part = {**words, "initial_value": section_text[:LONGEST]} if section_text else words
    return [
        forms.field(BODY, "市町村・団体", menu),
        forms.field(SECTION, "課(係)", part, hint="例:総務課 情報係"),
    ]


def place(body: Body | None, section_text: str | None) -> Block:
    """The dialog in which somebody says where they belong."""
    municipality, part = place_inputs(body, section_text)
    words: Block = {"type": "plain_text_input", "max_length": LONGEST}
    other = forms.field(OTHER, "その他の団体(一覧にないとき)", words, hint="例:青嶺広域連合")
    blocks = [municipality, other, part, small("受付票には団体名と課が出ます。いつでも変えられます。")]
    return modal("ご所属", blocks, callback_id=PLACE, submit=plain("登録する"))


@dataclass(frozen=True, slots=True)
class Place:
    """What was entered: a body's code or None, the section (with the name of a body that has no code before it), how it
    is called; `problems` are sentences by block."""

    code: str | None
    section: str | None
    name: str
    problems: Mapping[str, str]


def read_place(view: Mapping[str, Any], names: Mapping[str, Body]) -> Place:
    """Read the dialog back."""
    code, other = forms.choice(view, BODY), one_line(forms.text(view, OTHER))
    part = one_line(forms.text(view, SECTION))
    if code is not None and code not in names:
        return Place(None, None, "", {BODY: "一覧から選び直してください。"})
    if code is not None and other:
        return Place(None, None, "", {OTHER: "市町村か、その他の団体の、どちらか一つにしてください。"})
    if code is None and not other:
        return Place(None, None, "", {BODY: "市町村を選ぶか、その他の団体を書いてください。"})
    name = names[code].name if code is not None else other
    words = part if code is not None else " ".join(filter(None, (other, part)))
    return Place(code, words or None, " ".join(filter(None, (name, part))), {})


def one_line(text: str) -> str:
    """What was typed, as one line of a fair length."""
    return " ".join(text.replace("\x00", "").split())[:LONGEST]


def thanks(name: str) -> Block:
    """What the dialog shows when it is kept."""
    return modal("ご所属", [section(saved(name))])


def options(bodies: Sequence[Body]) -> list[Block]:
    """What a menu of bodies offers."""
    return [body_option(body) for body in bodies]
