"""Shortcuts, a list that the app fills while one types, and a choice that the app answers: against the real bot."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.windows import Windows
from tests.scenarios.conftest import Town
from tests.scenarios.test_faq import BROKEN, published

pytestmark = pytest.mark.asyncio(loop_scope="session")
NARROW = (360, 740)


async def test_a_global_shortcut_and_a_choice_that_shows_what_is_like_it(
    town: Town, windows: Windows
) -> None:
    """At the narrowest telephone: nothing there is wider than the window."""
    async with town.bot() as banso:
        await published(town, banso)
        asker = await windows.open(town.sandbox, town.asker, town.channel, size=NARROW)
        await asker.page.get_by_role("button", name="ショートカット").click()
        await asker.page.get_by_role("menuitem", name="相談する").click()
        await expect(asker.dialog).to_contain_text("だれに聞きますか")
        await asker.dialog.get_by_label("相談したいこと").fill(BROKEN)
        await expect(asker.dialog).not_to_contain_text("近い回答")
        await asker.dialog.get_by_label("県内のみんなに").check()
        await expect(asker.dialog).to_contain_text("近い回答があります")
        await expect(asker.dialog.get_by_label("相談したいこと")).to_have_value(BROKEN)
        await expect(asker.dialog.get_by_label("県内のみんなに")).to_be_checked()
        await nothing_is_cut_off(asker.page)
        await asker.presses("これで解決", asker.dialog)
        await expect(asker.dialog).to_contain_text("相談は送っていません")
        for _ in range(2):
            await asker.page.keyboard.press("Escape")
        await expect(asker.dialog).to_have_count(0)
        await nothing_is_cut_off(asker.page)
        rooms = asker.page.get_by_role("button", name="チャンネルの一覧")
        await rooms.press("Enter")
        await expect(rooms).to_have_attribute("aria-expanded", "true")
        await asker.page.keyboard.press("Escape")
        await expect(rooms).to_be_focused()
        await expect(rooms).to_have_attribute("aria-expanded", "false")
        await rooms.click()
        await asker.page.get_by_role("link", name="雑談").click()
        await expect(asker.page.get_by_role("heading", name="雑談")).to_be_visible()
        await asker.page.get_by_role("button", name="いまは浜野").click()
        await expect(asker.page.get_by_label("名前で絞る")).to_be_focused()
        await nothing_is_cut_off(asker.page)


async def nothing_is_cut_off(page: Page) -> None:
    """The page does not scroll sideways, and no button, field or link reaches beyond its edge."""
    wide = """() => [document.documentElement.scrollWidth, ...[...document.querySelectorAll("button, input, textarea, a")]
      .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .map((each) => each.getBoundingClientRect()).filter((each) => each.width > 1).map((each) => each.right)]
      .filter((right) => right > innerWidth + 1)"""
    assert await page.evaluate(wide) == []


async def test_what_somebody_wrote_is_registered_from_its_menu(town: Town, windows: Windows) -> None:
    said = "プリンターが動かなくて困っています"
    async with town.bot():
        await town.neighbour.says(said, town.other)
        window = await windows.open(town.sandbox, town.coordinator, town.other)
        await window.message(said).focus()
        await window.message(said).get_by_role("button", name="その他の操作").focus()
        await window.page.keyboard.press("Enter")
        await window.page.get_by_role("menuitem", name="相談として登録").click()
        told = window.page.locator("article.ephemeral")
        await expect(told).to_contain_text("相談 No.1 として登録しました")
        await expect(told).to_contain_text("あなただけに表示")
        await window.opens_thread(said)
        await expect(window.thread).to_contain_text("受け付けました")


async def test_a_list_that_the_app_fills_is_typed_into(town: Town, windows: Windows) -> None:
    async with town.bot():
        await town.neighbour.says(BROKEN, town.channel)
        letter = await town.neighbour.sees("ご所属を教えてください")
        window = await windows.open(town.sandbox, town.neighbour, "messages")
        await window.presses("選ぶ", window.page.locator(f'article[data-ts="{letter.ts}"]'))
        box = window.dialog.get_by_role("combobox", name="市町村・団体")
        options = window.dialog.get_by_role("option")
        await box.fill("はこだt")  # as an input method hands it over while one types
        await expect(options).to_have_text(["函館市(北海道)"])
        await box.fill("そんなまちはない")
        await expect(options).to_have_text(["見つかりません"])
        await box.fill("はこだて")
        await expect(options).to_have_text(["函館市(北海道)"])
        await box.press("Enter")
        await expect(box).to_have_value("函館市(北海道)")
        await window.dialog.get_by_label("課(係)").fill("情報係")
        await window.presses("登録する", window.dialog)
        await expect(window.dialog).to_contain_text("登録しました")
        await town.channel.shows("函館市 情報係")
