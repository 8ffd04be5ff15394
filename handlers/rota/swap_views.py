"""What one sees of a swap: the dialog in which a colleague is chosen, the card they get. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.rota_swaps import SwapState
from bot.domain.text import escape
from bot.feature import Message
from handlers.common import forms
from handlers.common.blocks import Block, actions, button, modal, option, plain, section, small

FORM, ACCEPT, DECLINE, TAKE_BACK, CANCEL = (
    "rota_swap",
    "rota_accept",
    "rota_decline",
    "rota_take_back",
    "rota_swap_withdraw",
)
WHO, SAID = "rota_taker", "rota_note"
MOST_PEOPLE, LONGEST = 100, 200


def dialog(
    shift_id: int, turn: str, why: Sequence[str], people: Sequence[tuple[str, str]], *, own: bool
) -> Block:
    """Whom to ask (`own`), or who is to have it, when a coordinator decides; `why` it is whose it is."""
    title = "交代を頼む" if own else "当番の方を替える"
    if not people:
        none = section("ほかに選べる方がいません。県の担当へご相談ください。")
        return modal(title, [section(f"*{escape(turn)}*"), *map(small, why), none])
    menu: Block = {
        "type": "static_select",
        "options": [option(name, user) for user, name in people[:MOST_PEOPLE]],
    }
    words: Block = {"type": "plain_text_input", "max_length": LONGEST}
    blocks = [
        section(f"*{escape(turn)}*"),
        *map(small, why),
        forms.field(WHO, "だれにお願いしますか" if own else "だれに替えますか", menu, optional=False),
    ]
    if own:
        blocks.append(forms.field(SAID, "ひとこと", words))
    return modal(
        title,
        blocks,
        callback_id=FORM,
        submit=plain("お願いする" if own else "替える"),
        private_metadata=str(shift_id),
    )


@dataclass(frozen=True, slots=True)
class Swapped:
    """A request as its card shows it: who asked for which turn, with which words; `undo`: it can still be taken back."""

    id: int
    giver: str
    turn: str
    said: str | None
    state: SwapState
    undo: bool


_DONE = {
    SwapState.ACCEPTED: "代わりました。ありがとうございます。当番です:{turn}",
    SwapState.DECLINED: "わかりました。{giver}にお伝えしました。",
    SwapState.WITHDRAWN: "このお願いは取り下げられました。当番は変わっていません。",
    SwapState.TAKEN_BACK: "交代は取り消されました。{turn} の当番は、{giver}のままです。",
    SwapState.LAPSED: "このお願いは終わりました。お返事はいりません。",
}


def card(found: Swapped) -> Message:
    """The card of the one who is asked; it is edited in place."""
    turn = escape(found.turn)
    if found.state is SwapState.ASKED:
        text = f"{found.giver}から、当番の交代のお願いです。{turn}"
        said = [section(f"> {escape(line)}") for line in (found.said or "").splitlines()[:3] if line]
        row = actions(
            button("代わります", ACCEPT, str(found.id), primary=True),
            button("むずかしいです", DECLINE, str(found.id)),
        )
        return Message(text, [section(text), *said, row])
    text = _DONE[found.state].format(turn=turn, giver=found.giver)
    undo = [actions(button("取り消す(10分以内)", TAKE_BACK, str(found.id)))] if found.undo else []
    return Message(text, [section(text), *undo])


_TOLD = {
    SwapState.ACCEPTED: "{taker}が、当番を代わってくれます。{turn}",
    SwapState.DECLINED: "{taker}は、その日はむずかしいそうです。{turn} は、まだあなたの当番です。"
    "ほかの方に頼むか、県の担当へご相談ください。",
    SwapState.LAPSED: "交代の返事がありませんでした。{turn} は、あなたの当番です。",
    SwapState.WITHDRAWN: "県の担当が、交代のお願いを取り下げました。{turn} は、あなたの当番です。",
}


def told(found: Swapped, taker: str, *, to_giver: bool) -> Message:
    """What the other one reads."""
    turn = escape(found.turn)
    if found.state is SwapState.TAKEN_BACK:
        whose = "あなた" if to_giver else found.giver
        text = f"当番の交代が取り消されました。{turn} の当番は、{whose}のままです。"
    else:
        text = _TOLD[found.state].format(taker=taker, turn=turn)
    undo = found.undo and to_giver
    row = [actions(button("取り消す(10分以内)", TAKE_BACK, str(found.id)))] if undo else []
    return Message(text, [section(text), *row])
