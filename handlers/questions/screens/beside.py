"""What people read beside the card: the other side's words in its thread, and what is said privately to who wrote. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.text import escape, excerpt
from bot.feature import Blocks, Message
from handlers.common.blocks import WHOLE, actions, button, quoted, section
from handlers.questions.screens.views import files

REGISTER = "question_register"


def relay(who: str, said: str | None, names: Sequence[str], *, most: int = WHOLE) -> Message:
    """What somebody wrote on the other side, at most so many characters as quotations; None when they took it back."""
    head = f"*{escape(who)}*"
    if said is None:
        return Message(
            text=f"{escape(who)}:(書いた方が消しました)", blocks=[section(f"{head}\n(書いた方が消しました)")]
        )
    blocks: Blocks = [section(head), *(quoted(said, most) if said else [])]
    blocks += files(names)
    return Message(text=f"{escape(who)}:{escape(excerpt(said or '(ファイル)', 200))}", blocks=blocks)


def elsewhere(number: str, *, call: bool) -> Message:
    """Privately: words in somebody else's thread are kept there; how to ask something of one's own. `call`: only what
    calls the bot is heard in this channel."""
    how = "もう一度ボットを呼んで、" if call else ""
    words = (
        f"相談 {number} のスレッドへの書き込みとして保存しました。"
        f"ご自分の相談は、{how}チャンネルに新しく書いてください。すぐに担当へ届けます。"
    )
    return Message(text=words, blocks=[section(words)])


def offer(channel: str, ts: str, *, called: bool, empty: bool) -> Message:
    """Privately: the words are kept, and can become a question; without words there is nothing to register yet."""
    if called or empty:
        words = "お呼びでしょうか。ご相談の内容を、続けてこのチャンネルにお書きください。"
    else:
        words = (
            "書き込みを保存しました。担当へはまだ知らせていません。相談でしたら、下のボタンを押してください。"
        )
    register = actions(button("相談として登録", REGISTER, f"{channel}:{ts}"))
    return Message(text=words, blocks=[section(words), *([] if empty else [register])])
