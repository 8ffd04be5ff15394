"""What coordinators and administrators are told: a channel that is no longer seen, a message that cannot be delivered.

Each says what happened, that nothing was lost, and what to do next.
"""

from __future__ import annotations

from bot.domain.text import escape
from bot.feature import Message, Outgoing
from handlers.common.blocks import section
from storage import channels, dead_letters, members
from storage.database import Transaction

DEAD_LETTER = "members.dead_letter"
CHANNEL_LOST = "members.channel_lost"
DESK_PUBLIC = "members.desk_public"
RENDERERS = (DEAD_LETTER, CHANNEL_LOST, DESK_PUBLIC)

_SAFE = "記録した内容は失われていません。"
_GO_ON = "未回答の相談は、相談者さんと担当の方に直接メッセージでお知らせして続けます。"
_LOST = {
    "archived": ("はアーカイブされています", "アーカイブを戻し、ボットがいなければ招待すると"),
    "removed": ("では、ボットがチャンネルから外されています", "ボットを招待し直すと"),
    "missing": (":チャンネルが見つかりません(削除されたか、ボットが外されています)", "ボットを招待し直すと"),
}

_AGAIN = "直ったら banso dead-letters --retry で届け直せます。"
_OPERATOR = "運用の担当に、記録(ログ)を調べるよう伝えてください。" + _AGAIN
_LEFT = (
    "相手の方が見つからないか、退会されています。",
    "相談の担当になっているときは、受付の「その他」から担当を替えてください。",
)
_SHAPE = ("お知らせの形を Slack が受け付けません(ボットの不具合です)。", _OPERATOR)
_BARRED = (
    "このチャンネルへの書き込みが制限されています。",
    "ボットが書き込めるよう、チャンネルの設定を変えてください。" + _AGAIN,
)
_WHY = {
    **dict.fromkeys(
        ("is_archived", "is_inactive"),
        ("チャンネルがアーカイブされています。", "戻すと自動で届け直します。"),
    ),
    "not_in_channel": ("ボットがチャンネルから外されています。", "招待し直すと自動で届け直します。"),
    "channel_not_found": (
        "チャンネルが見つかりません。削除されたか、ボットが外されています。",
        "招待し直すと自動で届け直します。",
    ),
    "thread_not_found": (
        "もとの書き込みが見つかりません。削除された可能性があります。",
        "相談者さんに、新しく書くようお伝えください。",
    ),
    "our_bug": ("ボットの不具合で、お知らせを作れません。", _OPERATOR),
    "messages_tab_disabled": (
        "Slack アプリの「メッセージ」タブが閉じています。",
        "アプリの設定で開いてください。" + _AGAIN,
    ),
    "user_not_visible": ("ほかの組織の方で、いま共有しているチャンネルがありません。", _LEFT[1]),
    "cannot_dm_bot": ("相手がボットのため、直接メッセージを送れません。", _LEFT[1]),
    **dict.fromkeys(("user_not_found", "users_not_found", "user_disabled"), _LEFT),
    **dict.fromkeys(
        (
            "msg_too_long",
            "msg_blocks_too_long",
            "invalid_blocks",
            "invalid_blocks_format",
            "invalid_arguments",
            "invalid_metadata_format",
            "metadata_too_large",
            "no_text",
        ),
        _SHAPE,
    ),
    **dict.fromkeys(
        (
            "restricted_action",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "restricted_action_non_threadable_channel",
            "restricted_action_thread_locked",
        ),
        _BARRED,
    ),
}
"""Slack's error → what happened, what to do next. Source: docs.slack.dev/reference/methods, chat.postMessage, chat.update
and conversations.open, "Errors"."""


def why(error: str) -> tuple[str, str]:
    """What happened and what to do next, in sentences, for Slack's error code."""
    return _WHY.get(error, (f"Slack に断られました({escape(error)})。", _OPERATOR))


def dead_letter(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """What cannot be delivered; nothing when it could be meanwhile."""
    values = outgoing.values
    channel_id, user_id, error = (str(values[name] or "") for name in ("channel", "to", "error"))
    if not dead_letters.dead_like(tx, channel_id, user_id or None, error):
        return None
    what, next_step = why(error)
    if channel_id:
        start = f"「{_name(tx, channel_id)}」へ届けられないお知らせがあります。"
    else:
        start = f"{escape(members.name_of(tx, user_id))}さんへの直接メッセージを届けられません。"
    return _message(start + what + _SAFE + next_step)


def channel_lost(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """Questions in a channel are no longer seen; nothing when they are again."""
    channel_id = str(outgoing.values["channel"])
    channel = channels.channel(tx, channel_id)
    if channel is None or (channel.bot_is_member and not channel.archived):
        return None
    why = str(outgoing.values["why"])
    if why == "deleted":
        return _message(
            f"「{_name(tx, channel_id)}」:チャンネルが見つかりません(削除されました)。{_SAFE}{_GO_ON}"
            "運用の担当に、新しい相談チャンネルの設定を頼んでください。"
        )
    what, when = _LOST["archived" if channel.archived else why]
    return _message(
        f"「{_name(tx, channel_id)}」{what}。ここに書かれる相談を、いま受け取れません。{_SAFE}"
        f"{_GO_ON if channel.archived else ''}"
        f"{when}、その間に書かれた相談も受け付けます。"
    )


def desk_public(tx: Transaction, outgoing: Outgoing) -> Message:
    """A channel is no place for private questions."""
    return _message(
        f"「{_name(tx, str(outgoing.values['channel']))}」は公開チャンネルです。「県と担当だけに」の相談を出さないよう、"
        "対応場所から外しました。非公開のチャンネルを作って Banso を招待し、`/banso 設定` の 3 で選び直してください。"
    )


def _name(tx: Transaction, channel_id: str) -> str:
    channel = channels.channel(tx, channel_id)
    return escape(channel.name if channel else channel_id)


def _message(words: str) -> Message:
    return Message(text=words, blocks=[section(words)])
