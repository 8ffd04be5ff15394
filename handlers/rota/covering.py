"""「案を見る」: the gaps of two weeks, and who could take each."""

from __future__ import annotations

from bot.domain.rota_words import because_words
from bot.domain.text import escape
from bot.errors import Malformed
from bot.feature import Blocks
from handlers.common.blocks import Block, modal, option, plain, section, small
from handlers.common.doors import Visitor
from handlers.common.payloads import number
from handlers.rota import gaps
from handlers.rota.gaps import Found
from handlers.rota.office import zone
from storage import talents
from storage.database import Transaction

COVER, TITLE = "rota_cover", "当番の空き"
SHOWN = 15


def dialog(tx: Transaction, visitor: Visitor, said: str = "") -> Block:
    """The gaps as they are now, each with a menu of those who could take it."""
    found = gaps.find(tx)
    blocks: Blocks = [section(said)] if said else []
    if not found:
        return modal(TITLE, [*blocks, section("これから2週間、当番の空きはありません。")])
    for each in found[:SHOWN]:
        blocks += _gap(tx, each)
    if len(found) > SHOWN:
        blocks.append(small(f"ほか{len(found) - SHOWN}件。上から決めると、続きが出ます。"))
    return modal(TITLE, blocks)


def _gap(tx: Transaction, found: Found) -> Blocks:
    could, active = gaps.offers(tx, found), talents.active(tx)
    text = f"*{gaps.span(tx, found)}*"
    if not could:
        return [
            section(f"{text}\n入れる方がいません。メンバーを増やすか、対応日・お休みを確かめてください。")
        ]
    options = [
        option(
            f"{active[each.user_id].name}{'' if each.whole else '(一部の時間)'}",
            f"{found.key}:{each.user_id}",
        )
        for each in could[:20]
        if each.user_id in active
    ]
    menu: Block = {
        "type": "static_select",
        "action_id": COVER,
        "options": options,
        "placeholder": plain("代わりの方"),
    }
    first = could[0]
    why = because_words(first.because, zone(tx))
    return [
        {**section(text), "block_id": f"gap:{found.key}", "accessory": menu},
        small(f"案:{escape(active[first.user_id].name)}さん|{why}"),
    ]


def chosen(tx: Transaction, visitor: Visitor, value: str) -> Block:
    """Somebody was chosen for a gap; shows the gaps that are left.

    Raises:
        UserError: nothing was changed, and the sentence says why.
    """
    parts = value.split(":")
    if len(parts) != 4:
        raise Malformed()
    rota_id, starts, ends = (number({"v": each}, "v") for each in parts[:3])
    gaps.cover(tx, rota_id, starts, ends, parts[3], visitor.user)
    return dialog(tx, visitor, said="決めました。ご本人にお知らせします。")
