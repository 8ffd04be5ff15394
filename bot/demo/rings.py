"""Whose telephone rang how often, and whether anybody was disturbed twice for the same thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from rich.cells import set_cell_size
from rich.markup import escape

from bot.demo.lines import WIDTH, folded
from bot.demo.scribe import Scribe, family
from bot.demo.stage import Stage
from storage.questions import Question

NAMED = 40
"""Up to how many askers are named one by one."""

AGAIN_WITHIN = timedelta(minutes=10)
"""A ring of ours this soon after a person's word in the same question's thread has rung says nothing new."""

_NUMBER = re.compile(r"No\.(\d+)")

Ring = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rung:
    """One person's notifications: from the bot, from people, and how often the bot rang again for the same thing.

    `numbers` are the questions the bot rang them for.
    """

    person: str
    by_bot: int
    by_people: int
    twice: int
    numbers: frozenset[int]


async def rings(stage: Stage, asked: Sequence[Question]) -> dict[str, Rung]:
    """Everybody's notifications, by person's id; `asked` are the questions they can be about."""
    bot = (await stage.control.call("info"))["bot_user_id"]
    threads = {question.number: (question.channel, question.thread_ts) for question in asked}
    found = {}
    for person in stage.people:
        heard = (await stage.control.call("see/person", person=person))["notifications"]
        found[person] = rung(person, heard, bot, threads)
    return found


def rung(person: str, heard: Sequence[Ring], bot: str, threads: Mapping[int, tuple[str, str]]) -> Rung:
    """Count what one person heard; `threads` is where each question lives (channel, thread), by its number."""
    ours = [each for each in heard if each["by"] == bot]
    theirs = [each for each in heard if each["by"] != bot]
    numbers = [number for each in ours if (number := _number(each)) is not None]
    return Rung(person, len(ours), len(theirs), _twice(ours, theirs, threads), frozenset(numbers))


def _number(ring: Ring) -> int | None:
    found = _NUMBER.search(ring["text"])
    return None if found is None else int(found[1])


def _twice(ours: Sequence[Ring], theirs: Sequence[Ring], threads: Mapping[int, tuple[str, str]]) -> int:
    """Rings of ours that say what the person was rung for already: by us in the same words, or by Slack itself, for
    what somebody wrote in the question's thread just before."""
    same = Counter((each["thread_ts"] or each["channel"], each["text"]) for each in ours)
    again = 0
    for ring in ours:
        number = _number(ring)
        again += number is not None and number in threads and _just_rang(ring, theirs, threads[number])
    return sum(count - 1 for count in same.values()) + again


def _just_rang(ring: Ring, theirs: Sequence[Ring], thread: tuple[str, str]) -> bool:
    there = [float(each["ts"]) for each in theirs if (each["channel"], each["thread_ts"]) == thread]
    return any(0 <= float(ring["ts"]) - at <= AGAIN_WITHIN.total_seconds() for at in there)


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
