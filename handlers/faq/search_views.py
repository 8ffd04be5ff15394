"""「FAQを探す」: the dialog, what was entered in it, and what was found, in a dialog. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.fields import Field
from bot.domain.text import escape
from bot.feature import Message
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain, section, small
from handlers.common.payloads import storable
from handlers.faq.views import ANSWERS, KINDS, OPEN, Found, result
from handlers.faq.wanted import Wanted
from handlers.questions.screens.views import ADVICE

SEARCH = "faq_search"
TEXT, FIELD, KIND = "faq_text", "faq_in_field", "faq_of_kind"
SIMILAR = "近い回答"
LONGEST = 200
MOST = 100


def search(fields: Sequence[Field]) -> Block:
    """The dialog."""
    line: Block = {
        "type": "plain_text_input",
        "max_length": LONGEST,
        "placeholder": plain("例:議会のタブレットの選び方"),
    }
    return modal(
        "FAQを探す",
        [
            forms.field(TEXT, "探したいこと", line, optional=False, hint="ふだんのことばで大丈夫です。"),
            forms.field(FIELD, "分野", _menu({field.id: field.label for field in fields[:MOST]})),
            forms.field(KIND, "種類", _menu({kind.value: label for kind, label in KINDS.items()})),
        ],
        callback_id=SEARCH,
        submit=plain("探す"),
    )


def _menu(labels: Mapping[str, str]) -> Block:
    options = [option(label, key) for key, label in labels.items()]
    return {"type": "static_select", "placeholder": plain("すべて"), "options": options}


def read(view: Mapping[str, Any]) -> Wanted | None:
    """What was entered; None when nothing was."""
    text = storable(forms.text(view, TEXT))
    return Wanted(text, forms.choice(view, FIELD), forms.choice(view, KIND)) if text else None


def solved(learned: bool) -> Message:
    """To who found what they looked for; `learned`: their words will find it."""
    text = "よかったです。お役に立てたことを、書いた方にもお伝えします(お名前は出しません)。"
    note = (
        [small("探したことばは、次の方が見つけやすいように残します(お名前は残しません)。")] if learned else []
    )
    return Message(text=text, blocks=[section(text), *note, small(ADVICE)])


def solved_before(learned: bool) -> Block:
    """To who found it before they asked; `learned`: their words will find it."""
    thanks = "よかったです。お役に立てたことを、書いた方にもお伝えします(お名前は出しません)。"
    rest = "*相談は送っていません。* まだ聞きたいときは、この画面を閉じると、書きかけの相談に戻れます。"
    note = (
        [small("書いたことばは、次の方が見つけやすいように残します(お名前は残しません)。")] if learned else []
    )
    return modal(SIMILAR, [section(thanks), section(rest), *note, small(ADVICE)])


def similar(asked: str, question_id: int, found: Sequence[Found], *, ends: bool) -> Block:
    """Entries that are like a question. `ends`: who reads them may say that one solves it."""
    blocks = [section(f"> {escape(asked)}")]
    for each in found:
        row = [button("全文", OPEN, str(each.id))]
        if ends:
            row.append(button("これで解決", ANSWERS, f"{question_id}:{each.id}", primary=True))
        blocks += [result(each), actions(*row)]
    if not found:
        blocks.append(section("いまは、近い回答が見つかりませんでした。担当からの返事をお待ちください。"))
    elif ends:
        blocks.append(small("「これで解決」を押すと、この相談は終わりになります。あとから続きも聞けます。"))
    return modal(SIMILAR, [*blocks, small(ADVICE)])


def in_dialog(message: Message, title: str = "FAQを探す") -> Block:
    """What a message says, as a dialog."""
    return modal(title, message.blocks or [section(message.text)])
