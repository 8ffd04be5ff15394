"""What was looked for in vain gets its entry, and an entry its editors' words: the dialogs. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.text import escape, excerpt
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain, section, small
from handlers.faq.views import Found

LINK, LINKING, CHOSEN = "faq_link", "faq_linking", "faq_linked"
WRITE = "faq_write_of"
NONE = "none"
TEACHING, WORDS = "faq_teaching", "faq_taught"
LONGEST_WORDS = 200
_TITLE, _SHOWN = "FAQと結ぶ", 75


def link(ids: Sequence[int], words: Sequence[str], near: Sequence[Found]) -> Block:
    """To choose what a search was about: an entry, to which its words lead then, or none."""
    value = joined(ids)
    said = "\n".join(f"> {escape(excerpt(each, 100))}" for each in words)
    options = [
        option(f"No.{each.number} {excerpt(each.question, 60)}"[:_SHOWN], str(each.id)) for each in near
    ]
    options.append(option("結ばない(済みにする)", NONE))
    choice: Block = {"type": "radio_buttons", "options": options}
    hint = "結ぶと、このことばでも見つかるようになります。「聞き方の例」で、いつでも取り消せます。"
    return modal(
        _TITLE,
        [
            section(f"見つからなかった検索です。\n{said}"),
            forms.field(CHOSEN, "どのFAQのことでしたか", choice, optional=False, hint=hint),
            small("まだ答えがないときは、新しく書けます。"),
            actions(button("この質問でFAQを書く", WRITE, value)),
        ],
        callback_id=LINKING,
        submit=plain("決める"),
        private_metadata=value,
    )


def joined(ids: Sequence[int]) -> str:
    """The ids of searches, as a button and a dialog carry them."""
    return ",".join(map(str, ids))


def linked(question: str | None) -> Block:
    """What the dialog says when it is done."""
    if question is None:
        return modal(_TITLE, [section("済みにしました。一覧から外れます。")])
    return modal(_TITLE, [section(f"このことばでも「{escape(excerpt(question, 60))}」が見つかります。")])


def teach(entry_id: int, question: str) -> Block:
    """To add a way to ask."""
    line: Block = {"type": "plain_text_input", "max_length": LONGEST_WORDS, "min_length": 2}
    hint = "住民や相談者さんの名前は書きません。"
    return modal(
        "聞き方の例",
        [
            section(f"*{escape(excerpt(question, 100))}*"),
            forms.field(WORDS, "このことばでも見つかるように", line, optional=False, hint=hint),
        ],
        callback_id=TEACHING,
        submit=plain("足す"),
        private_metadata=str(entry_id),
    )
