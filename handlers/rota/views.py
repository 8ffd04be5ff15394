"""What one sees of rotas. Pure."""

from __future__ import annotations

from bot.domain import words
from bot.domain.text import escape
from bot.feature import Blocks
from handlers.common.blocks import Block, actions, button, modal, section, small
from handlers.rota.values import Board, Part, Present

MINE, ARRANGE = "rota_mine", "rota_arrange"
"""The buttons 「お休み・交代」 and 「当番を組む」."""
TITLE = "当番"


def board(found: Board) -> dict[str, object]:
    """The answer to `/banso 当番`, for the one who asked."""
    lines = [f"*今日の当番*|{words.day_time(found.now, found.zone)}"]
    if not found.parts:
        lines.append("・当番は、まだ決まっていません。相談はいつでも書けます。")
    for part in found.parts:
        lines += _part(part, found, named=len(found.parts) > 1)
    if found.more:
        lines.append(f"ほか {found.more} 組")
    text = "\n".join(lines)
    note = "相談は、当番でない人の分野でも、合う人へ届きます。"
    return {"text": text, "blocks": [section(text), small(note), *_ways_on(found)]}


def _part(part: Part, found: Board, *, named: bool) -> list[str]:
    zone = found.zone
    lines = [f"*■ {escape(part.name)}*"] if named else []
    lines += [_present(each, found) for each in part.present]
    if not part.present:
        lines.append("・いまは当番の時間ではありません。相談はいつでも書けます。")
    if part.coming:
        lines.append("このあと" if named else "*このあと*")
        lines += [f"・{words.short(starts, zone)} {name}" for starts, name in part.coming]
    return lines


def _present(each: Present, found: Board) -> str:
    instead = "|お休みの方の代わり" if each.instead else ""
    until, today = words.short(each.until, found.zone), words.short(found.now, found.zone)
    day = until.partition(")")[0]
    if today.startswith(day):
        until = until.removeprefix(f"{day})")
    return f"・{each.name}({until}まで){instead}"


def _ways_on(found: Board) -> Blocks:
    row = [button("お休み・交代", MINE, "-")] if found.swaps else []
    row += [button("当番を組む", ARRANGE, "-")] if found.arranges else []
    return [actions(*row)] if row else []


def said(text: str, *more: Block) -> Block:
    """What was done, instead of the dialog in which it was."""
    return modal(TITLE, [section(text), *more])
