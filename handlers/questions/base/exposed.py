"""Somebody wrote a My Number where others read: they are told how to delete it, the coordinators that it happened.

The number itself is masked before anything here sees the message (`handlers.questions.base.incoming`). A bot cannot delete
what somebody else wrote, and who was notified has read it; so it says "delete", not "edit"
(docs/decisions/0017-my-numbers.md).
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain import my_number
from bot.domain.text import escape
from bot.errors import PersonalNumber
from bot.feature import Message, Outgoing
from handlers.common.blocks import section
from handlers.common.telling import tell
from handlers.questions.base.incoming import Incoming, is_direct
from handlers.questions.base.naming import address
from storage import channels, members, messages, outbox, workspace
from storage.database import Transaction
from storage.messages import MessageRow
from storage.outbox import Kind

AUTHOR, DESK, STOPPED = "number.author", "number.desk", "number.stopped"

_WHAT = "マイナンバー(個人番号)と思われる番号がありました。番号は伏せて受け取り、保存していません。"
HOW_TO_DELETE = (
    "*編集ではなく、削除* をお願いします(編集では、前の内容が通知などに残ることがあります)。\n"
    "1. 書き込みの右上の「︙」を押す(スマートフォンは書き込みを長押し)\n"
    "2. 「メッセージを削除」を選ぶ\n"
    "3. 番号を除いて、もう一度書く\n"
    "4. 自団体の個人情報の担当の方へ知らせる(削除のあとでかまいません)"
)
_WITHDRAWN = (
    "削除すると、この書き込みのご相談はいったん取り下げになります。書き直した分を、改めてお受けします。"
)
_OTHER = "ちがう番号のときは、そのままでかまいません。"
_TO_DESK = (
    "書いた方には、削除のしかたを本人だけに見える形でお伝えしました。"
    "残っているときは、声をかけてください(ワークスペースの管理者は、代わりに削除できます)。"
    "漏えいにあたるかどうかは、その団体の個人情報の担当の方と確かめてください。"
)
_GONE = "書き込みは、もう削除されています。漏えいにあたるかどうかは、その団体の個人情報の担当の方と確かめてください。"


def is_stopped(tx: Transaction, message: Incoming) -> bool:
    """A direct message with a number is not taken in: nobody has read it yet, so its author sends it again without."""
    if not (message.masked and is_direct(message.channel)):
        return False
    tell(tx, message.author, STOPPED, 0, key=_key(message))
    return True


def tell_of_number(tx: Transaction, message: Incoming) -> None:
    """Tell the author at once, and the coordinators; once for a message, and once more for an edit that adds a number."""
    key, place = _key(message), {"channel": message.channel, "ts": message.ts}
    outbox.send(
        tx,
        Kind.EPHEMERAL,
        f"{AUTHOR}:{key}",
        AUTHOR,
        0,
        channel=message.channel,
        thread_ts=message.thread_ts,
        user_id=message.author,
        values=place,
    )
    if is_direct(message.channel):  # nobody else has seen it, and nobody is to hear that it was written
        return
    values = {**place, "thread_ts": message.thread_ts, "author": message.author}
    desk = members.with_permission(tx, "coordinator") or members.with_permission(tx, "admin")
    for person in desk:
        if person.user_id != message.author:
            tell(tx, person.user_id, DESK, 0, key=f"{key}:{person.user_id}", values=values)


def _key(message: Incoming) -> str:
    return f"{message.channel}:{message.ts}:{message.edited_ts or message.masked}"


def adds_number(message: Incoming, row: MessageRow) -> bool:
    """Whether an edit brings more numbers than the message had before."""
    before = [row.body, *(str(file.get("name", "")) for file in row.files)]
    return message.masked > sum(text.count(my_number.MASK) for text in before)


def mask_line_by_line(tx: Transaction, message: Incoming) -> bool:
    """A number sent in several messages, a group of digits in each, goes from all of them. True when there was one."""
    row = messages.find(tx, message.channel, message.ts)
    if row is None or row.group_ts is None:
        return False
    rows = messages.of_group(tx, message.channel, row.group_ts)
    masked = my_number.mask_across([each.body for each in rows])
    changed = [(each.id, text) for each, text in zip(rows, masked, strict=True) if text != each.body]
    for row_id, text in changed:
        messages.change(tx, [row_id], body=text)
    return bool(changed)


def author(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """Privately, where it was written; nothing when it is deleted already."""
    row = messages.find(tx, *_place(outgoing.values))
    if row is not None and row.deleted_at is not None:
        return None
    asks = row is not None and row.asks
    return _message(_WHAT, HOW_TO_DELETE, *([_WITHDRAWN] if asks else []), _OTHER)


def desk(tx: Transaction, outgoing: Outgoing) -> Message:
    """To a coordinator: where it was written and by whom, never the number."""
    channel_id, ts = _place(outgoing.values)
    row, channel = messages.find(tx, channel_id, ts), channels.channel(tx, channel_id)
    where = f"「{escape(channel.name)}」" if channel is not None else "チャンネル"
    who = escape(members.name_of(tx, str(outgoing.values["author"])))
    what = f"{where}への{who}さんの書き込みに、{_WHAT}"
    if row is not None and row.deleted_at is not None:
        return _message(what, _GONE)
    thread_ts = outgoing.values.get("thread_ts")
    link = address(workspace.workspace(tx).url, channel_id, ts, str(thread_ts) if thread_ts else None)
    return _message(what, _TO_DESK, f"<{escape(link)}|書き込みを開く>")


def stopped(tx: Transaction, outgoing: Outgoing) -> Message:
    """To the author of a direct message: what they sent was not taken in."""
    return _message(PersonalNumber().sentence, HOW_TO_DELETE)


RENDERERS = {AUTHOR: author, DESK: desk, STOPPED: stopped}


def _place(values: Mapping[str, object]) -> tuple[str, str]:
    return str(values["channel"]), str(values["ts"])


def _message(first: str, *more: str) -> Message:
    return Message(text=first, blocks=[section(each) for each in (first, *more)])
