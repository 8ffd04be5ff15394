"""`banso demo`: it starts, a person asks and sees the loop, it stops and leaves nothing."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from rich.text import Text

from bot.demo import run_demo, stage
from storage.migrate import upgrade
from tests.demo.leftovers import listens, nothing_is_left

_COMMAND = re.compile(r"curl -s (\S+) -d '(.*)'")


class Screen:
    """What the demo said so far, as a person reads it."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(Text.from_markup(line).plain)

    async def shows(self, text: str, within: float = 20) -> None:
        await self.until(lambda: any(text in line for line in self.lines), f"「{text}」", within)

    async def until(self, so: Callable[[], bool], what: str, within: float = 60) -> None:
        deadline = time.monotonic() + within
        while not so():
            assert time.monotonic() < deadline, f"no {what} in:\n" + "\n".join(self.lines)
            await asyncio.sleep(0.02)

    def commands(self) -> list[tuple[str, dict[str, object]]]:
        """The addresses and bodies of the curl commands it offers."""
        found = [_COMMAND.search(line) for line in self.lines]
        return [(each[1], json.loads(each[2])) for each in found if each]


async def test_what_it_offers_to_try_works_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    with nothing_is_left(tmp_path, monkeypatch):
        demo = asyncio.ensure_future(run_demo(say=screen.say))
        await screen.until(
            lambda: demo.done() or any("いま起きている" in line for line in screen.lines), "start"
        )
        addresses = {url for line in screen.lines for url in re.findall(r"http://[\d.:]+", line)}
        assert len(addresses) == 2
        (desk,) = (line for line in screen.lines if "操作の窓口" in line)
        (page,) = (line for line in screen.lines if "ブラウザで" in line)
        assert "http://127.0.0.1:" in page
        assert "curl 用" in desk, "a browser would find nothing there"
        expected = ("受け付けました", "対応しています", "回答があります", "終わりました(解決", "14:0")
        async with aiohttp.ClientSession() as curl:
            for (url, body), sight in zip(screen.commands(), expected, strict=True):
                async with curl.post(url, data=json.dumps(body).encode()) as answer:
                    assert (await answer.json())["ok"]
                await screen.shows(sight)
            health = next(each for line in screen.lines for each in re.findall(r"http\S+/healthz", line))
            async with curl.get(health) as answer:
                assert answer.status == 200
        demo.cancel()
        with pytest.raises(asyncio.CancelledError):
            await demo
    assert not any(listens(url) for url in addresses)
    assert "終わりました" in screen.lines[-1]


async def test_the_shell_it_is_started_from_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clerk's machine has a proxy, and an operator's the settings of the real bot."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("SLACK_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3")
    monkeypatch.setenv("CLOCK_OFFSET_SECONDS", "86400")
    monkeypatch.setenv("EMBED_URL", "http://127.0.0.1:9/v1")  # refused: it lacks its model
    screen = Screen()
    with nothing_is_left(tmp_path, monkeypatch):
        demo = asyncio.ensure_future(run_demo(say=screen.say))
        await screen.until(
            lambda: demo.done() or any("いま起きている" in line for line in screen.lines), "start"
        )
        url, body = screen.commands()[0]
        async with aiohttp.ClientSession() as curl, curl.post(url, data=json.dumps(body).encode()):
            await screen.shows("返信の目安 11/25(水)15:0")
        demo.cancel()
        with pytest.raises(asyncio.CancelledError):
            await demo


async def test_ctrl_c_while_its_database_is_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is made on a thread, which knows nothing of Ctrl-C and would finish its file later."""
    begun, may_go_on, finished = threading.Event(), threading.Event(), threading.Event()

    def slowly(url: str) -> None:
        begun.set()
        may_go_on.wait(20)
        upgrade(url)
        finished.set()

    monkeypatch.setattr(stage, "upgrade", slowly)
    with nothing_is_left(tmp_path, monkeypatch):
        demo = asyncio.ensure_future(run_demo(say=Screen().say))
        assert await asyncio.to_thread(begun.wait, 20)
        demo.cancel()
        over, _ = await asyncio.wait([demo], timeout=0.3)
        may_go_on.set()
        assert await asyncio.to_thread(finished.wait, 20)
        assert not over, "it left before its thread had finished"
        with pytest.raises(asyncio.CancelledError):
            await demo
