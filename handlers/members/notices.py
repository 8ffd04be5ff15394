"""What administrators are told: a message that can never be delivered."""

from __future__ import annotations

from bot.feature import DeadLetter, Message, Outgoing
from handlers.common.blocks import section
from storage import channels, members, outbox
from storage.database import Transaction
from storage.outbox import Kind

DEAD_LETTER = "members.dead_letter"

_WHY = {
    "is_archived": "チャンネルがアーカイブされています。戻すと自動で届け直します。",
    "not_in_channel": "ボットがチャンネルから外されています。招待し直すと自動で届け直します。",
    "channel_not_found": "チャンネルが見つかりません。削除されたか、ボットが外されています。",
    "user_not_found": "相手の方が見つかりません。退会された可能性があります。",
    "cannot_dm_bot": "相手がボットのため、直接メッセージを送れません。",
}


def on_dead_letter(tx: Transaction, letter: DeadLetter) -> None:
    """Tell each administrator and coordinator once for each place and cause; a notice about a notice is never sent."""
    if letter.renderer == DEAD_LETTER:
        return
    people = members.with_permission(tx, "admin") or members.with_permission(tx, "coordinator")
    for person in people:
        outbox.send(
            tx,
            Kind.DIRECT,
            f"dead_letter:{letter.channel or letter.uid}:{letter.error}:{person.user_id}:{tx.now.date()}",
            DEAD_LETTER,
            letter.record_id,
            user_id=person.user_id,
            values={"channel": letter.channel, "error": letter.error, "user": person.user_id},
        )


def dead_letter(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The sentence for the administrator."""
    channel_id, error = str(outgoing.values["channel"]), str(outgoing.values["error"])
    channel = channels.channel(tx, channel_id) if channel_id else None
    where = f"「{channel.name}」" if channel else "直接メッセージ"
    why = _WHY.get(error, f"Slack の返事:{error}")
    words = f"{where}へ届けられないお知らせがあります。{why}内容は失われていません。"
    return Message(text=words, blocks=[section(words)])
