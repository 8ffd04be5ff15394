"""「担当の決まり方」: who was weighed for a question, in words. Pure, and for coordinators only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.text import escape
from handlers.common.blocks import CHUNK, Block, modal, section, small

TITLE = "担当の決まり方"
_HEAD = (
    "この画面は、県の担当だけに見えます。ご本人・相談者さん・ほかのアドバイザーには見えません。"
    "順番は、当番で分野が合う方、副当番、当番のとりまとめ役、県の担当の順です。"
)
_LONGEST = 40
"""A name longer than this is cut."""


@dataclass(frozen=True, slots=True)
class Line:
    """A person who was weighed: what spoke for them and what against, in words."""

    name: str
    reasons: str
    against: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """Once that the question was given to somebody: when, what was done, to whom. Without `ranked` a person chose."""

    at: str
    done: str
    name: str
    by: str = ""
    ranked: Sequence[Line] = ()
    more: int = 0
    excluded: Sequence[Line] = ()


def dialog(number: int, rounds: Sequence[Round]) -> Block:
    """The dialog, the latest round first."""
    blocks = [small(_HEAD), section(f"*No.{number}*")]
    for each in rounds:
        blocks += _round(each)
    return modal(TITLE, blocks)


def _round(each: Round) -> list[Block]:
    head = f"*{each.at} {each.done}:{_called(each.name)}*"
    if not each.ranked:
        return [section(f"{head}\n{_called(each.by)}が選びました。")]
    lines = [f"{place}. {_line(line)}" for place, line in enumerate(each.ranked, 1)]
    if each.more:
        lines.append(f"ほか{each.more}人")
    blocks = [section("\n".join([head, *lines])[:CHUNK])]
    if each.excluded:
        said = "、".join(f"{_called(line.name)}({escape(line.against)})" for line in each.excluded)
        blocks.append(small(f"選べなかった方:{said}"[:CHUNK]))
    return blocks


def _line(line: Line) -> str:
    name = f"*{_called(line.name)}*" if line.chosen else _called(line.name)
    said = [each for each in (line.reasons, line.against and f"ただし、{line.against}") if each]
    return "|".join([name, *(escape(each) for each in said)])


def _called(name: str) -> str:
    return f"{escape(name[:_LONGEST])}さん"
