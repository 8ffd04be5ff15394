"""The demo as `make demo` runs it: whoever moves the clock sees who is reminded, and whoever troubles the workspace sees
that nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.demo.cast import asagi, at_hour
from bot.demo.live import watch
from bot.demo.scribe import Scribe
from bot.demo.stage import Stage, opened
from storage import questions
from tests.browser.test_axe import objections
from tests.browser.windows import DESK, PHONE, Window, Windows
from tests.scenarios.story import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROOM = "相談-端末とセキュリティ"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TROUBLES = ("遅い返事", "混雑(429)", "返事が消える", "二重の知らせ", "遅れる履歴")
QUESTIONS = {
    "UHAMANO": "回線が細くてWeb会議が途切れます。工事以外でできることありますか",
    "USASAOKA": "パソコンの画面が真っ暗です。どうすればいいですか",
    "UMANABE": "ウイルス対策ソフトの更新が止まっています。手で更新してもいいですか",
}


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    """あさぎ県 on a Wednesday at ten, as `make demo` shows it."""
    cast = asagi()
    async with opened(cast, at_hour(cast.day, 10)) as found:
        watching = asyncio.ensure_future(watch(found, Scribe(lambda line: None, found.control, cast)))
        yield found
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


async def responsible(stage: Stage) -> str:
    """Who has the first question now."""
    found = (await stage.banso.database.read(questions.need, 1)).responsible
    assert found is not None
    return found


async def test_who_moves_the_clock_sees_the_next_in_line_rung(stage: Stage, windows: Windows) -> None:
    asker = await windows.open(stage, stage.people["UHAMANO"], stage.channels[ROOM])
    clock = asker.page.locator("clock-bar")
    await expect(clock).to_contain_text("11/25(水) 10:0")
    await asker.says(QUESTIONS["UHAMANO"])
    await asker.opens_thread("回線が細くて")
    await expect(asker.thread).to_contain_text("受け付けました")
    first = await responsible(stage)
    next_is = f"次は @{stage.people[first].name}"
    await expect(asker.thread).to_contain_text(next_is)

    async def put_up() -> bool:
        return "Banso が次に動くとき" in str(await stage.control.call("jumps"))

    await until(put_up)
    button, keys = clock.get_by_role("button"), asker.page.keyboard
    await expect(button).to_have_accessible_name("いまの時刻は 11/25(水) 10:00。時計を進める")
    await button.focus()
    await keys.press("Enter")
    await expect(asker.page.get_by_role("menuitem")).to_contain_text(
        [
            "1 時間進める",
            "次に窓口が開くとき",
            "Banso が次に動くとき",
            "次の金曜日の 16:00",
            "次の月曜日の 9:00",
        ]
    )
    # The clock moves while it is open, and with it where it leads; the focus stays.
    hour = asker.page.get_by_role("menuitem", name="1 時間進める")
    before = await hour.inner_text()
    await keys.press("ArrowDown")
    await stage.ws.advance(60)
    await expect(hour).not_to_have_text(before, use_inner_text=True)
    await expect(asker.page.get_by_role("menuitem", name="次に窓口が開くとき")).to_be_focused()
    await keys.press("Escape")
    await expect(button).to_be_focused()
    await jump(asker.page, "Banso が次に動くとき")
    await expect(asker.page.locator(".toast", has_text="になりました").last).to_be_visible()
    await expect(asker.thread).not_to_contain_text(next_is)
    second = await responsible(stage)
    assert second != first
    talent = await windows.open(stage, stage.people[second], stage.channels[ROOM])
    await talent.page.get_by_role("button", name="通知 1 件", exact=True).click()
    await expect(talent.page.locator("dialog[open] .ring")).to_contain_text("まだ返信がありません")
    await talent.page.keyboard.press("Escape")

    await jump(talent.page, "次の月曜日の 9:00")
    for window in (asker, talent):
        await expect(window.page.locator("clock-bar")).to_contain_text("11/30(月) 9:0")
    assert await stage.settled(within=20)

    async def healthy() -> bool:  # once what fell due in those days is done
        return not (await stage.banso.health()).findings

    await until(healthy)


async def test_in_a_storm_three_ask_and_none_is_lost(stage: Stage, windows: Windows) -> None:
    hamano = stage.people["UHAMANO"]
    window = await windows.open(stage, hamano, stage.channels[ROOM], bare=True)
    page = window.page
    toggle = page.get_by_role("button", name="中のようすを見る")
    await toggle.focus()
    await page.keyboard.press("Enter")
    await expect(toggle).to_have_attribute("aria-expanded", "true")
    lost = said(page, "なくなっていないか")
    await expect(lost).to_contain_text("0 = 0 + 0")
    for name in TROUBLES:
        await page.get_by_role("switch", name=name).focus()
        await page.keyboard.press("Space")
    await window.says(QUESTIONS["UHAMANO"])
    for who in ("USASAOKA", "UMANABE"):
        await stage.people[who].says(QUESTIONS[who], stage.channels[ROOM])
    await page.get_by_role("button", name="線を切る").click()

    await page.get_by_label("うまくいかなかったものだけ").check()
    await expect(page.locator(".wall-table .odd", has_text="断られました:1 秒待つ").first).to_be_visible()
    await expect(page.locator(".switch", has_text="混雑").locator(".used")).to_contain_text("回")
    for text in QUESTIONS.values():
        await expect(window.message(text).locator(".replies")).to_be_visible()
    await expect(lost).to_contain_text("3 = 3 + 0。なくなったものはありません。")
    await page.get_by_role("button", name="元に戻す").click()
    for name in TROUBLES:
        await expect(page.get_by_role("switch", name=name)).not_to_be_checked()
    await expect(said(page, "送信待ち")).to_contain_text("合っています")
    await expect(said(page, "点検")).to_contain_text("異常はありません。")
    counters = await stage.ws.counters()
    assert counters["duplicates"] == []
    assert counters["outcomes"].get("chat.postMessage 429", 0) + counters["outcomes"].get(
        "reactions.add 429", 0
    )
    await _nothing_to_object_to(window)

    await page.get_by_role("button", name="中のようすを閉じる").press("Escape")
    await expect(page.locator("glass-wall")).to_be_hidden()
    await expect(toggle).to_be_focused()


async def _nothing_to_object_to(window: Window) -> None:
    """With the wall open, in light at a desk and in dark on a phone."""
    page = window.page
    for scheme, (width, height) in zip(SCHEMES, (DESK, PHONE), strict=True):
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size({"width": width, "height": height})
        assert await objections(window) == []


async def jump(page: Page, name: str) -> None:
    """Move the clock to a moment by its name."""
    await page.locator("clock-bar button").click()
    await page.get_by_role("menuitem", name=name).click()


def said(page: Page, title: str) -> Locator:
    """What the app says under this title."""
    return page.locator(".saying", has=page.get_by_role("heading", name=title))
