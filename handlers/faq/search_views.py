"""「FAQを探す」: the dialog, what was entered in it, and what was found, in a dialog. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.fields import Field
from bot.domain.text import escape, excerpt
from bot.feature import Blocks, Message
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain, section, small
from handlers.common.payloads import storable
from handlers.faq.views import ANSWERS, ASK, KINDS, OPEN, SHARE, SOLVED, Found, result
from handlers.questions.screens.views import ADVICE

SEARCH = "faq_search"
TEXT, FIELD, KIND = "faq_text", "faq_in_field", "faq_of_kind"
SIMILAR = "近い回答"
LONGEST = 200
MOST = 100
CARRIED = 2000
"""Characters that a button's value holds (docs.slack.dev, "Button element")."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What somebody looked for, as they typed it, and the search it was noted as, with its key. `wider`: what is found is
    not of the field or kind they chose."""

    text: str
    search_id: int
    key: str
    wider: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; in one field or of one kind, if they chose one."""

    text: str
    field_id: str | None
    kind: str | None


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


def results(looked: Looked, strong: Sequence[Found], near: Sequence[Found]) -> Message:
    """What was found, for the one who looked: what fits well, and what may."""
    said = escape(excerpt(looked.text, 60))
    if not strong and not near:
        text = f"「{said}」に近い回答は、まだありません。担当に聞くと、答えが届きます。"
        note = small("探したことばは、今後のFAQづくりのために記録しました(お名前は残しません)。")
        return Message(text=text, blocks=[section(text), *_ask(looked, primary=True), note])
    text = f"「{said}」に近い回答 {len(strong)}件"
    if not strong:
        text = f"「{said}」にぴったりの回答はありませんでした。近いかもしれない回答です。"
    blocks: Blocks = [section(f"*{text}*")]
    if looked.wider:
        blocks.append(section("選んだ分野・種類には、近い回答がありませんでした。ほかも含めて探しました。"))
    blocks += [block for each in strong for block in _hit(looked, each)]
    if strong and near:
        blocks.append(section("*ほかに、近いかもしれない回答*"))
    blocks += [block for each in near for block in _hit(looked, each)]
    return Message(text=text, blocks=[*blocks, *_ask(looked), small(ADVICE)])


def _hit(looked: Looked, found: Found) -> Blocks:
    row = actions(
        button("全文", OPEN, str(found.id)),
        button("これで解決", SOLVED, f"{looked.search_id}:{found.id}:{looked.key}"),
        button("チャンネルで共有", SHARE, str(found.id)),
    )
    return [result(found), row]


def _ask(looked: Looked, *, primary: bool = False) -> Blocks:
    """What was typed goes along, for it is kept nowhere as it was typed."""
    found: Blocks = [actions(button("相談する", ASK, looked.text[:CARRIED], primary=primary))]
    if len(looked.text) > CARRIED:
        found.append(small(f"長い文なので、「相談する」に入るのは、はじめの{CARRIED:,}文字です。"))
    return found


def solved() -> Message:
    """To who found what they looked for."""
    text = "よかったです。お役に立てたことを、書いた方にもお伝えします(お名前は出しません)。"
    note = "探したことばは、次の方が見つけやすいように残します(お名前は残しません)。"
    return Message(text=text, blocks=[section(text), small(note), small(ADVICE)])


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
