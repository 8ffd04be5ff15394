"""Trying the whole thing without Slack: the stand-in workspace, a fictional prefecture, and the bot between them.

`run_demo` is the prefecture to play with; `play_story` plays a week, or any list of questions, through Slack's wire
protocol and says at the end whether the books add up. Here the bot is driven from outside, as people and Slack would;
nothing of the bot may know of it.

cast (`asagi.json`: who is there, who says what and when) → process (the sandbox) → stage (all of it, running) → scribe
(what people see, in lines) → day with library (what is learned and found again) and
sessions (the study session, the digests), crowd, live (what is played) → totals,
rings (what came of it). wall (what those see of the books who watch the demo in a browser).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.markup import escape

from bot.demo import live, rings, totals
from bot.demo.cast import Cast, asagi
from bot.demo.crowd import HELPED, Crowd, invented_askers
from bot.demo.day import Day, beats
from bot.demo.privacy import seen_elsewhere
from bot.demo.scribe import Say, Scribe, family
from bot.demo.sessions import unlike
from bot.demo.stage import Stage, opened
from bot.domain import words
from bot.meter import meter
from storage.questions import Question

__all__ = ["play_story", "run_demo"]


async def run_demo(*, say: Say) -> None:
    """Run あさぎ県 until cancelled; nothing is left behind then, no process, port or file.

    Raises:
        OperatorError: the stand-in workspace could not be started, or went away.
    """
    with _calm(), _no_proxy():
        await live.play(asagi(), say)


async def play_story(
    *, questions: list[str] | None, json_file: Path | None, database_url: str | None, say: Say, progress: bool
) -> int:
    """Play a week or, if given, have all `questions` asked; returns the exit code.

    Args:
        questions: texts that invented people ask all at once.
        json_file: where the figures are written.
        database_url: an empty database to use; without one a temporary one is.
        progress: show a bar on standard error, if that is a terminal.

    Returns:
        0 when the ledger is clean: everything asked is accounted for, nothing twice, nothing undeliverable.

    Raises:
        OperatorError: the stand-in workspace could not be started, or the database is in use.
    """
    with _calm(), _no_proxy():
        if questions is None:
            end, missed = await _day(say, database_url, progress)
        else:
            end, missed = await _crowd(say, questions, database_url, progress)
    figures = end.totals.as_json()
    if json_file is not None:
        written = json.dumps(figures, ensure_ascii=False, indent=2) + "\n"
        await asyncio.to_thread(json_file.write_text, written, encoding="utf-8")
    say("")
    say(" " + escape(json.dumps(figures, ensure_ascii=False)))
    return 1 if end.totals.wrong() or missed else 0


async def _day(say: Say, database_url: str | None, progress: bool) -> tuple[totals.Ending, list[str]]:
    cast, started = asagi(), time.monotonic()
    async with opened(cast, cast.moment("8:29"), database_url=database_url) as stage:
        scribe = Scribe(say, stage.control, cast)
        _prologue(scribe, cast)
        await stage.tell_at_once(stage.people)
        day = Day(stage, scribe)
        with meter(len(beats(cast)), shown=progress) as step:
            await day.play(step)
        day.missed += await seen_elsewhere(stage, cast)
        asked = await totals.read_questions(stage, day.numbers.values())
        end = await totals.ending(stage, time.monotonic() - started)
        found = end.totals
        day.missed += unlike(cast, found.sessions_held, found.outcomes, found.digests)
        return await _epilogue(stage, scribe, end, asked, day.missed), day.missed


async def _crowd(
    say: Say, texts: Sequence[str], database_url: str | None, progress: bool
) -> tuple[totals.Ending, list[str]]:
    cast, started, given = asagi(), time.monotonic(), len(texts)
    texts = [text for text in texts if text.strip()]
    askers = invented_askers(cast, len(texts))
    rooms = [room.model_copy(update={"without": ()}) for room in (*cast.rooms, *cast.more_rooms)]
    start = cast.moment("10:00")
    async with opened(cast, start, rooms=rooms, askers=askers, database_url=database_url) as stage:
        scribe = Scribe(say, stage.control, cast, askers)
        scribe.heading(f"{cast.prefecture}:{len(texts)} 件の相談が一度に届く")
        scribe.notes(
            "◇", f"{len(rooms)} の相談チャンネルに、{len(texts)} 人が 1 件ずつ書き込みます。", "green"
        )
        if given > len(texts):
            scribe.notes("◇", f"空の文 {given - len(texts)} 件は、書き込めないのでとばしました。", "green")
        crowd = Crowd(stage, scribe, askers)
        with meter(len(texts) + min(HELPED, len(texts)) + 1, shown=progress) as step:
            await crowd.play(texts, step)
        asked = await totals.asked_questions(stage, crowd.roots)
        end = await totals.ending(stage, time.monotonic() - started)
        return await _epilogue(stage, scribe, end, asked, crowd.missed), crowd.missed


def _prologue(scribe: Scribe, cast: Cast) -> None:
    by_id = {each.id: each.name for each in cast.helpers}
    scribe.heading(f"{cast.prefecture}のある一週間")
    for text in (
        f"{len(cast.municipalities)} の市町村と、{len(cast.talents)} 人のアドバイザー、"
        f"県の担当 {len(cast.coordinators)} 人。団体も人も、すべて架空です。",
        "相手は、本物と同じ手順で話す練習用の Slack です。ときどき不調になります(⚡)。",
        "短い話なので、急がないお知らせも、みなさん「そのつど」受け取ります。"
        + "".join(f"{family(by_id[each])}さんだけは「朝のまとめ」です。" for each in cast.mornings),
        "┃ は Banso の書き込み、▸ は押したボタン、┆ は開いた画面、🔔 は鳴った通知です。",
        f"{words.day(cast.day)}の当番は、"
        + "、".join(f"{talent.name.split()[0]}さん" for talent in cast.on_duty(cast.day))
        + "です。",
    ):
        scribe.notes("◇", text, "green")


async def _epilogue(
    stage: Stage, scribe: Scribe, end: totals.Ending, asked: Sequence[Question], missed: Sequence[str]
) -> totals.Ending:
    """Say what was counted."""
    rings.tell(scribe, stage, await rings.rings(stage, asked), asked)
    totals.tell(scribe, end, asked)
    for sentence in missed:
        scribe.notes("❌", sentence, "bold red")
    totals.tell_health(scribe, end)
    return end


@contextlib.contextmanager
def _calm() -> Iterator[None]:
    """Slack's troubles are part of the play, and so is a clock that leaps: the log lines about them would only stand between
    the others."""
    before = {name: logging.getLogger(name).level for name in ("delivery", "apscheduler")}
    for name in before:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


@contextlib.contextmanager
def _no_proxy() -> Iterator[None]:
    """Nothing here leaves this machine. For each press the SDK makes a client that takes a proxy from the environment, and
    it never looks at NO_PROXY."""
    names = [name for name in os.environ if name.lower() in {"http_proxy", "https_proxy"}]
    kept = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(kept)
