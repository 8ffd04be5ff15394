"""The demo: あさぎ県 until Ctrl-C, with every new message of the workspace as it comes."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
from rich.cells import set_cell_size
from rich.markup import escape

from bot.demo import sessions, shelf, tour
from bot.demo.cast import Cast, at_hour
from bot.demo.scribe import Say, Scribe, family
from bot.demo.stage import Stage, opened
from bot.demo.wall import Wall
from bot.domain import words
from bot.errors import OperatorError

LOOKS_EVERY, APART = 0.1, 2.0
"""Seconds: the least time between two looks, and how far the two clocks may differ before the bot's follows."""


@contextlib.asynccontextmanager
async def ready(cast: Cast, start: datetime) -> AsyncIterator[Stage]:
    """The stage as visitors find it: a few answers on the shelf, a study session every week, and a tour."""
    async with opened(cast, start) as stage:
        await shelf.fill(stage)
        for each in cast.study:
            if each.does == "register":
                await sessions.register(stage, each)
        await tour.offer(stage)
        await stage.tell_at_once(each.id for each in cast.helpers)
        yield stage


async def play(cast: Cast, say: Say) -> None:
    """Run until cancelled.

    Raises:
        OperatorError: the stand-in workspace went away.
    """
    start = at_hour(cast.day, 10)
    try:
        async with ready(cast, start) as stage:
            scribe = Scribe(say, stage.control, cast)
            _introduce(scribe, stage, start)
            await watch(stage, scribe)
    except aiohttp.ClientError:
        raise OperatorError("練習用の Slack が止まりました。") from None
    finally:
        say("")
        say(" 終わりました。動いているものも、ファイルも残っていません。")


async def watch(stage: Stage, scribe: Scribe) -> None:
    """Write down what is new; the bot's clock follows the workspace's, which anybody may move."""
    version, wall = 0, Wall(stage)
    while True:
        now = datetime.fromtimestamp(await stage.ws.now(), UTC)
        if abs((now - stage.clock.business_now()).total_seconds()) > APART:
            scribe.notes("🕙", words.day_time(now), "green")
            await stage.follow(now)
        await wall.put_up(now)
        seen = version
        version = (await stage.control.call("changes", since=version, seconds=0.5))["version"]
        if version != seen:
            await scribe.look(*stage.people.values())
        await asyncio.sleep(LOOKS_EVERY)


def _introduce(scribe: Scribe, stage: Stage, start: datetime) -> None:
    cast = stage.cast
    scribe.heading(f"{cast.prefecture} Banso(架空の県・練習用の Slack)")
    scribe.tells(f" ブラウザで  [bold]{stage.browser_url}[/] [dim](開くと、だれにでもなって使えます)[/]")
    scribe.tells(
        f" 操作の窓口  {stage.control_url} [dim](curl 用です。下の「やってみる」のように使います)[/]"
    )
    scribe.tells(f" 点検        http://127.0.0.1:{stage.banso.port}/healthz")
    scribe.tells(f" いまの時刻  {words.day_time(start)} から進みます")
    scribe.tells()
    scribe.tells(" [bold]相談チャンネル[/]")
    for room in cast.rooms:
        name = set_cell_size(f"#{room.name}", 26)
        scribe.tells(f"   [cyan]{escape(name)}[/] [dim]{escape(room.about)}[/]")
    duty = {talent.id for talent in cast.on_duty(cast.day)}
    scribe.tells(" [bold]アドバイザー[/] [dim](● 今日の当番)[/]")
    for talent in cast.talents:
        mark = "●" if talent.id in duty else "・"
        name = set_cell_size(talent.name, 12)
        scribe.tells(f"   {mark} {talent.id:<12} {name} [dim]{talent.title}|{talent.hours}[/]")
    scribe.tells(" [bold]県の担当[/]")
    for coordinator in cast.coordinators:
        scribe.tells(f"   ・ {coordinator.id:<12} {coordinator.name}")
    scribe.tells(f" [bold]{len(cast.municipalities)} 市町村の職員[/]")
    for asker in cast.askers:
        scribe.tells(f"   ・ {asker.id:<12} {cast.body(asker.municipality)} {asker.section} {asker.name}")
    _what_to_try(scribe, stage)


def _what_to_try(scribe: Scribe, stage: Stage) -> None:
    """Commands that work as they stand, in another terminal, one after the other."""
    asker = next(each for each in stage.cast.askers if each.id == "UHAMANO")
    text = "回線が細くてWeb会議が途切れます。工事以外でできることありますか"
    steps = (
        (
            f"{family(asker.name)}さんが相談する",
            "act/post",
            {"person": asker.id, "channel": "相談-端末とセキュリティ", "text": text},
        ),
        ("瀬戸口さんが「対応します」を押す", "act/press", {"person": "USETOGUCHI", "name": "対応します"}),
        ("「回答した」を押す", "act/press", {"person": "USETOGUCHI", "name": "回答した"}),
        (
            f"{family(asker.name)}さんが「解決した」を押す",
            "act/press",
            {"person": asker.id, "name": "解決した"},
        ),
        ("時計を 4 時間進める", "clock", {"advance": 4 * 3600}),
    )
    scribe.tells()
    scribe.tells(" [bold]やってみる[/] [dim](別の端末に、1 行ずつ貼り付けてください)[/]")
    for said, verb, body in steps:
        given = json.dumps(body, ensure_ascii=False)
        scribe.tells(f"   [dim]# {said}[/]")
        scribe.tells(f"   curl -s {stage.control_url}{verb} -d '{escape(given)}'")
    scribe.tells()
    scribe.tells(" 新しい書き込みは、下に出ます。終わるときは Ctrl-C を押してください。")
    scribe.heading("いま起きていること")
