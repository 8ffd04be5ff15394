"""The end of the set-up: the last look, the words for everybody, and what is shown when it is open. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.text import escape
from bot.feature import Message
from handlers.common import forms
from handlers.common.blocks import Block, modal, option, plain, section
from handlers.home.setup_views import Known

OPENING, WELCOME, POST = "setup_opening", "welcome", "post"
LONGEST = 2000


def opening(known: Known) -> Block:
    """The last look before it opens, with a draft of what is told to everybody."""
    area: Block = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": LONGEST,
        "initial_value": draft(known)[:LONGEST],
    }
    tick = option("相談チャンネルに投稿する", "yes")
    boxes = {"type": "checkboxes", "options": [tick], "initial_options": [tick]}
    where = "、".join(f"<#{place}>" for place in known.places)
    return modal(
        "県内に公開する",
        [
            section(f"公開すると、{where} に書かれた相談を受け付け始めます。"),
            forms.field(WELCOME, "案内文(直せます。メールなどにも写して使えます)", area, optional=False),
            forms.field(POST, "案内文を", boxes),
        ],
        callback_id=OPENING,
        submit=plain("公開する"),
    )


def draft(known: Known) -> str:
    """What the prefecture may tell everybody."""
    return (
        "【お知らせ】デジタルの相談窓口 Banso(伴走)を始めました。\n\n"
        "・困ったことは、このチャンネルにそのまま書いてください。番号がつき、県の担当やアドバイザーに届きます。\n"
        "・ほかの人に見せたくない相談は、Banso への直接メッセージにどうぞ。だれに聞くかは、あとで選べます。\n"
        "・「解決した」を押すまで、だれの番かがいつも見えます。\n"
        "・住民の氏名や番号、予定価格は書かないでください。画面の写真からも消してください。\n"
        f"・ウイルスや情報漏えいのおそれは、先に電話:{known.phone}\n\n"
        f"回答は助言です。最終の判断は各団体でお願いします。\n{known.prefecture}"
    )


def opened(places: Sequence[str], *, posted: bool) -> Block:
    """What the dialog shows when it is open."""
    where = "、".join(f"<#{place}>" for place in places)
    said = f"案内文を {where} に投稿します。" if posted else "案内文は投稿していません。"
    return modal(
        "公開しました",
        [section(f"*公開しました。ありがとうございました。*\n{where} の相談を受け付けます。{said}")],
    )


def welcome(text: str) -> Message:
    """The words for everybody, in a channel; nothing in them rings."""
    return Message(text=escape(text))
