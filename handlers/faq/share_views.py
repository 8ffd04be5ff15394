"""Sharing an entry: the dialog that asks where, and what stands there. Pure."""

from __future__ import annotations

from bot.domain.text import escape, excerpt
from bot.feature import Message
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, plain, quoted, section, small
from handlers.faq.views import OPEN, PLACE, SHARING, EntryValues
from handlers.questions.screens.views import ADVICE


def sharing(question: str, entry_id: int) -> Block:
    """The dialog that asks in which channel."""
    menu = {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    hint = "Banso がいるチャンネルに共有できます。あなたのお名前で載ります。"
    blocks = [
        section(f"> {escape(excerpt(question, 200))}"),
        forms.field(PLACE, "どのチャンネルに共有しますか", menu, optional=False, hint=hint),
    ]
    return modal(
        "チャンネルで共有",
        blocks,
        callback_id=SHARING,
        submit=plain("共有する"),
        private_metadata=str(entry_id),
    )


def shared(values: EntryValues, who: str) -> Message:
    """An entry in a channel, by somebody."""
    text = f"{escape(who)}さんがFAQを共有しました:{escape(excerpt(values.question, 100))}"
    begins = [section(f"💡 {escape(who)}さんがFAQを共有しました")]
    row = actions(button("全文", OPEN, str(values.id)))
    asked = [section(f"*{escape(excerpt(values.question, 300))}*"), *quoted(excerpt(values.answer, 600))]
    return Message(text=text, blocks=[*begins, *asked, row, small(ADVICE)])


def ended(who: str, *, back: bool) -> Message:
    """In its place, once it is not published any more; `back`: its words are being looked at and may come back."""
    why = "このFAQは、いま文面を確かめています。" if back else "このFAQは公開をやめました。"
    text = f"{why}({escape(who)}さんが共有)"
    return Message(text=text, blocks=[section(text)])
