"""The bot is a process of its own here, and is killed under the eyes of three people: what they wrote, pressed and entered
stays, and nobody is told twice."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from benchmarks.machine import Child, start
from benchmarks.nursery import Nursery
from bot import auditor
from storage.database import Database
from tests.browser.windows import Window, Windows
from tests.scenarios.conftest import Town
from tests.scenarios.story import until

pytestmark = pytest.mark.asyncio(loop_scope="session")
QUESTION = "パソコンの画面が真っ暗です。どうすればいいですか"
MEANWHILE = "共有フォルダが開けません。どうすればいいですか"
ENTERED = "窓口のプリンターが動きません"


class Process:
    """The bot as an operator runs it."""

    def __init__(self, town: Town, nursery: Nursery, directory: Path) -> None:
        self._town, self._nursery = town, nursery
        self._log = directory / "bot.log"
        self._child: Child | None = None

    async def starts(self) -> None:
        """Start it; it is there once the workspace sees it."""
        given = {
            "SLACK_BOT_TOKEN": self._town.sandbox.bot_token,
            "SLACK_APP_TOKEN": self._town.sandbox.app_token,
            "SLACK_SIGNING_SECRET": self._town.sandbox.signing_secret,
            "SLACK_API_URL": self._town.sandbox.api_url,
            "DATABASE_URL": self._town.database_url,
            "SEARCH_DIR": str(self._town.directory),
            "PORT": "0",
            "CLOCK_OFFSET_SECONDS": str(await self._town.ws.now() - time.time()),
            "LEASE_SECONDS": "1.5",
            "UNSURE_WAIT_SECONDS": "0.4",
            "CATCH_UP_MINUTES": "0.1",
        }
        self._child = await start(["bot", "run"], given, self._log, nursery=self._nursery)
        await self._town.ws.connected()

    async def killed(self) -> None:
        """End it at once, in the middle of whatever it does."""
        if self._child is not None and self._child.alive:
            self._child.process.kill()
            await self._child.process.wait()


@pytest_asyncio.fixture(loop_scope="session")
async def bot(town: Town, nursery: Nursery, tmp_path: Path) -> AsyncIterator[Process]:
    process = Process(town, nursery, tmp_path)
    await process.starts()
    yield process
    await process.killed()


async def test_three_watch_it_killed_three_times_and_nothing_is_lost(
    town: Town, windows: Windows, bot: Process
) -> None:
    asker = await windows.open(town.sandbox, town.asker, town.channel)
    talent = await windows.open(town.sandbox, town.talent, town.other)
    desk = await windows.open(town.sandbox, town.coordinator, town.channel)
    await town.ws.faults("429", probability=0.5, retry_after=1)
    await _killed_once_it_was_asked(town, bot, (asker, talent, desk))
    await _killed_once_it_was_claimed(bot, asker, talent, desk)
    await town.ws.clear_faults()
    await _killed_with_a_dialog_open(bot, asker)

    await talent.presses("回答した")
    await expect(asker.thread).to_contain_text("回答があります")
    await asker.presses("解決した")
    for window in (asker, talent, desk):
        await expect(window.thread).to_contain_text("終わりました")
    await _nothing_is_missing(town)


async def _killed_once_it_was_asked(town: Town, bot: Process, three: tuple[Window, Window, Window]) -> None:
    asker, talent, desk = three
    await asker.says(QUESTION)
    await expect(desk.message(QUESTION)).to_be_visible()
    await bot.killed()
    for window in three:
        await expect(window.page.get_by_text("停止しています")).to_be_visible()
    await town.neighbour.says(MEANWHILE, town.channel)
    await bot.starts()
    for text in (QUESTION, MEANWHILE):
        await expect(desk.message(text).locator(".replies")).to_be_visible()
    # Rung once for each question, and no more.
    await expect(talent.page.get_by_role("button", name="通知 2 件", exact=True)).to_be_visible()
    await talent.goes(town.channel.id)
    for window in three:
        await window.opens_thread(QUESTION)
        await expect(window.thread).to_contain_text("受け付けました")


async def _killed_once_it_was_claimed(bot: Process, asker: Window, talent: Window, desk: Window) -> None:
    async with talent.page.expect_response("**/control/act/press") as pressed:
        await talent.presses("対応します")
    assert (await (await pressed.value).json())["outcome"]["acked"]
    await bot.killed()
    await talent.replies("電源ボタンを10秒長押ししてみてください")
    await asker.page.reload()
    await expect(asker.thread).to_contain_text("10秒長押し")
    await bot.starts()
    for window in (asker, talent, desk):
        await expect(window.thread).to_contain_text("森脇さんが対応しています")


async def _killed_with_a_dialog_open(bot: Process, asker: Window) -> None:
    await asker.composer.fill("/soudan ")
    await asker.composer.press("Enter")
    await asker.presses("相談する", asker.dialog)
    field = asker.dialog.locator(".field", has_text="相談したいこと")
    await expect(field.locator(".wrong")).to_have_text("入力してください。")
    await field.locator("textarea").fill(ENTERED)
    await asker.dialog.get_by_label("県内のみんなに").check()
    await bot.killed()
    await asker.presses("相談する", asker.dialog)
    # A toast of its own may stand beside it: choosing who sees it is sent too, and may die with the bot.
    await expect(asker.page.locator(".toast.bad", has_text="入力した内容は残っています")).to_be_visible()
    await bot.starts()
    await asker.presses("相談する", asker.dialog)
    await expect(asker.dialog).to_contain_text("として受け付けました")
    await asker.page.keyboard.press("Escape")
    await expect(asker.dialog).to_have_count(0)
    await expect(asker.message(ENTERED)).to_be_visible()


async def _nothing_is_missing(town: Town) -> None:
    """Three were asked and three are in the books; what the bot had to say is said, and said once."""
    async with Database(town.database_url, town.clock, town.sandbox.team_id) as database:

        async def delivered() -> bool:
            return (await database.read(auditor.read)).backlog.waiting == 0

        await until(delivered)
        books = await database.read(auditor.read)
        assert auditor.health(books).findings == ()
        assert books.ledger.received == 3
    counters = await town.ws.counters()
    assert counters["duplicates"] == []
    assert any(name.endswith(" 429") for name in counters["outcomes"])
    assert await town.coordinator.notifications() == []  # who only watches is left in peace
