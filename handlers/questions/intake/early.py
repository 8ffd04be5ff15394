"""What people write before it opens: kept, shown to the coordinators alone, and taken in when it opens."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.text import escape
from bot.feature import Message, Outgoing
from handlers.common.blocks import section
from handlers.common.telling import tell
from handlers.members.opening import CALLED, KEPT, WHYS
from handlers.questions.base.incoming import Incoming, is_direct
from handlers.questions.lifecycle.replies import as_written, keep
from handlers.questions.lifecycle.threads import place_of
from storage import channels, members, messages, workspace
from storage.database import Transaction
from storage.messages import MessageRow

NOTICE = "question.early_written"


def is_early(tx: Transaction, message: Incoming, purpose: str) -> bool:
    """Whether a message waits: it may ask something, no practice, and it is not open yet. A thread of a practice question
    goes on wherever it is; at the desk nothing is asked, before as after."""
    if workspace.workspace(tx).is_open or purpose in {"practice", "desk"}:
        return False
    if message.thread_ts is not None:
        place = place_of(tx, message.channel, message.thread_ts, message.author)
        if place.question is not None:
            return False
    return purpose == "consultation" or message.mention or is_direct(message.channel)


def keep_early(tx: Transaction, message: Incoming) -> None:
    """Keep it. The coordinators hear of the first one in a channel; a direct message is shown to nobody."""
    keep(tx, message, set_aside=CALLED if message.mention else KEPT)
    if is_direct(message.channel):
        channels.met_directly(tx, message.channel, message.author)
        return
    for person in members.with_permission(tx, "coordinator", "admin"):
        if person.user_id != message.author:
            key, values = f"{message.channel}:{person.user_id}", {"channel": message.channel}
            tell(tx, person.user_id, NOTICE, 0, key=key, values=values)


def still_early(tx: Transaction, row: MessageRow, *, mention: bool) -> bool:
    """Whether an edited message goes on waiting; one that calls the bot only now begins to."""
    practice = channels.purpose(tx, row.channel) == "practice"
    closed = not workspace.workspace(tx).is_open and not practice
    if mention and (closed or row.set_aside in WHYS):
        messages.change(tx, [row.id], set_aside=CALLED)
    return closed or row.set_aside in WHYS


def written(row: MessageRow, purpose: str) -> Incoming:
    """A message as it is taken in. Where only calls are heard by now, it counts as one: nothing is dropped."""
    heard = purpose in {"consultation", "practice"} or is_direct(row.channel)
    return replace(as_written(row), mention=row.set_aside == CALLED or not heard)


def notice(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To a coordinator; nothing once it is open."""
    if workspace.workspace(tx).is_open:
        return None
    channel = channels.channel(tx, str(outgoing.values["channel"]))
    where = f"「{escape(channel.name)}」" if channel is not None else "チャンネル"
    words = (
        f"{where}に、公開前の書き込みがありました。保存してあり、公開すると相談として届きます。書いた方には、まだ何も"
        "送っていません。お急ぎの内容なら、直接お返事してください。"
    )
    return Message(text=words, blocks=[section(words)])
