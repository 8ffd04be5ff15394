"""Whose telephone rang how often, and whether anybody was disturbed twice for the same thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import set_cell_size
from rich.markup import escape

from bot.demo.lines import WIDTH, folded
from bot.demo.scribe import Scribe, family
from bot.demo.stage import Stage
from storage.questions import Question

NAMED = 40
"""Up to how many askers are named one by one."""

_NUMBER = re.compile(r"No\.(\d+)")


@dataclass(frozen=True, slots=True)
class Rung:
    """One person's notifications: from the bot, from people, and how often the bot said the same thing again.

    `numbers` are the questions the bot rang them for.
    """

    person: str
    by_bot: int
    by_people: int
    twice: int
    numbers: frozenset[int]


async def rings(stage: Stage) -> dict[str, Rung]:
    """Everybody's notifications, by person's id."""
    bot = (await stage.control.call("info"))["bot_user_id"]
    return {number: await _rung(stage, number, bot) for number in stage.people}


async def _rung(stage: Stage, person: str, bot: str) -> Rung:
    heard = (await stage.control.call("see/person", person=person))["notifications"]
    ours = [each for each in heard if each["by"] == bot]
    same = Counter((each["thread_ts"] or each["channel"], each["text"]) for each in ours)
    numbers = [found for each in ours if (found := _NUMBER.search(each["text"]))]
    return Rung(
        person,
        len(ours),
        len(heard) - len(ours),
        sum(count - 1 for count in same.values()),
        frozenset(int(found[1]) for found in numbers),
    )


def tell(scribe: Scribe, stage: Stage, found: dict[str, Rung], asked: Sequence[Question]) -> None:
    """Say who was rung how often."""
    scribe.heading("通知")
    scribe.tells(" 知らせが鳴った回数です。Banso は受付・お願い・様子うかがい、会話は相手の書き込み。")
    scribe.tells()
    helpers = [each.id for each in stage.cast.helpers]
    for rung in sorted((found[each] for each in helpers), key=lambda each: -each.by_bot):
        if rung.by_bot or rung.by_people:
            _tell_one(scribe, f"{family(stage.people[rung.person].name)}さん", rung.by_bot, rung.by_people)
    askers = [rung for number, rung in found.items() if number not in helpers]
    if askers:
        most = max(rung.by_bot for rung in askers)
        total, talk = sum(rung.by_bot for rung in askers), sum(rung.by_people for rung in askers)
        more = f"  [dim](Banso からは 1 人 {most} 回まで)[/]"
        _tell_one(scribe, f"相談者 {len(askers)} 人", total, talk, more)
    if len(askers) <= NAMED:
        each = "・".join(
            f"{family(stage.people[rung.person].name)} {rung.by_bot}+{rung.by_people}" for rung in askers
        )
        scribe.tells("     [dim]ひとりずつ(Banso+会話):[/]")
        for line in folded(each, WIDTH - 8, "・"):
            scribe.tells(f"     [dim]{escape(line)}[/]")
    _tell_twice(scribe, found)
    _tell_conflicts(scribe, stage, found, asked)


def _tell_one(scribe: Scribe, who: str, by_bot: int, by_people: int, more: str = "") -> None:
    more = more or "  " + "🔔" * min(by_bot, 20)
    scribe.tells(f"   {escape(set_cell_size(who, 14))} Banso {by_bot:3}  会話 {by_people:3}{more}")


def _tell_twice(scribe: Scribe, found: dict[str, Rung]) -> None:
    twice = sum(rung.twice > 0 for rung in found.values())
    colour = "green" if not twice else "red"
    scribe.tells()
    scribe.tells(f" 同じ用件で二度鳴った人:[bold {colour}]{twice} 人[/]")


def _tell_conflicts(scribe: Scribe, stage: Stage, found: dict[str, Rung], asked: Sequence[Question]) -> None:
    """A talent with a conflict of interest must not even have been told."""
    leaks = [
        question.number
        for talent in stage.cast.talents
        for question in asked
        if question.field_id in talent.conflicts and question.number in found[talent.id].numbers
    ]
    colour = "green" if not leaks else "red"
    scribe.tells(f" 利害関係のある相談を知らされたアドバイザー:[bold {colour}]{len(leaks)} 人[/]")
