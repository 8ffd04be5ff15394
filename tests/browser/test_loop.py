"""A question's life, played by two people in two windows against the real bot."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.windows import Windows
from tests.scenarios.conftest import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")
QUESTION = "パソコンの画面が真っ暗です。どうすればいいですか"


async def test_a_question_is_asked_claimed_answered_and_resolved(town: Town, windows: Windows) -> None:
    asker = await windows.open(town.sandbox, town.asker, town.channel)
    talent = await windows.open(town.sandbox, town.talent, town.other)
    async with town.bot():
        await asker.says(QUESTION)
        await asker.opens_thread(QUESTION)
        await expect(asker.thread).to_contain_text("受け付けました")

        # Who is rung sees by whom, and the notification leads there.
        bell = talent.page.get_by_role("button", name="通知 1 件")
        await bell.click()
        ring = talent.page.locator("dialog[open] .ring")
        await expect(ring).to_contain_text("あなたへのメンション")
        await ring.click()
        await expect(talent.thread).to_contain_text(QUESTION)
        await expect(bell).to_have_count(0)

        await talent.presses("対応します")
        await expect(asker.thread).to_contain_text("森脇さんが対応しています")
        await talent.replies("電源ボタンを10秒長押ししてみてください")
        await expect(asker.thread).to_contain_text("10秒長押し")
        await talent.presses("回答した")
        await expect(asker.thread).to_contain_text("回答があります")  # the card before it has that button too
        await asker.presses("解決した")
        for window in (asker, talent):
            await expect(window.thread).to_contain_text("終わりました")

        await asker.page.reload()
        await expect(asker.thread).to_contain_text("終わりました")
        await expect(asker.message(QUESTION).locator(".reaction").first).to_be_visible()


async def test_the_bot_is_away_and_comes_back(town: Town, windows: Windows) -> None:
    async with town.bot():
        pass
    asker = await windows.open(town.sandbox, town.asker, town.channel)
    stopped = asker.page.get_by_text("停止しています")
    await expect(stopped).to_be_visible()
    await asker.composer.fill("/soudan ")
    await asker.composer.press("Enter")
    await expect(asker.page.locator(".toast.bad")).to_contain_text("アプリが動いていません")
    await expect(asker.composer).to_have_value("/soudan ")  # nothing typed is lost
    await asker.says(QUESTION)
    async with town.bot():
        await expect(stopped).to_be_hidden()
        await asker.opens_thread(QUESTION)
        await expect(asker.thread).to_contain_text("受け付けました")
    await expect(stopped).to_be_visible()


async def test_home_and_a_dialog_with_a_mistake_and_a_reload_in_the_middle(
    town: Town, windows: Windows
) -> None:
    async with town.bot():
        asker = await windows.open(town.sandbox, town.asker, "home")
        await asker.presses("相談する", asker.page.locator("app-pane"))
        await expect(asker.dialog).to_be_visible()
        await asker.presses("相談する", asker.dialog)
        field = asker.dialog.locator(".field", has_text="相談したいこと")
        await expect(field.locator(".wrong")).to_have_text("入力してください。")
        box = field.locator("textarea")
        await expect(box).to_be_focused()
        await expect(box).to_have_attribute("aria-invalid", "true")

        await box.fill("窓口のプリンターが動きません")
        await expect(field.locator(".wrong")).to_be_hidden()
        async with asker.page.expect_response("**/control/act/enter"):
            pass
        await asker.page.reload()
        await expect(asker.dialog.locator("textarea").first).to_have_value("窓口のプリンターが動きません")
        await asker.dialog.get_by_label("県内のみんなに").check()
        await asker.presses("相談する", asker.dialog)
        await expect(asker.dialog).to_contain_text("として受け付けました")
        await asker.page.keyboard.press("Escape")
        await expect(asker.dialog).to_have_count(0)
        await asker.goes(town.channel.id)
        await expect(asker.message("窓口のプリンターが動きません")).to_be_visible()


async def test_with_the_keyboard_alone_a_command_is_chosen_and_its_dialog_left(
    town: Town, windows: Windows
) -> None:
    async with town.bot():
        asker = await windows.open(town.sandbox, town.asker, town.channel)
        keys = asker.page.keyboard
        await asker.composer.focus()
        await keys.type("/sou")
        await expect(asker.page.get_by_role("option", name="/soudan")).to_have_attribute(
            "aria-selected", "true"
        )
        await keys.press("Enter")
        await expect(asker.composer).to_have_value("/soudan ")
        await keys.press("Enter")
        await expect(asker.dialog).to_be_visible()
        for _ in range(40):  # the focus stays inside, however often one goes on
            await keys.press("Tab")
        outside = "document.activeElement !== document.body && !document.activeElement.closest('dialog')"
        assert not await asker.page.evaluate(outside)
        await keys.press("Escape")
        await expect(asker.dialog).to_have_count(0)
        await expect(asker.composer).to_be_focused()
        await asker.says("使い方を教えて")
        await expect(asker.message("使い方を教えて")).to_be_visible()
        await keys.press("Shift+Tab")
        log = asker.page.get_by_role("log")
        await log.focus()
        await keys.press("ArrowUp")
        await expect(asker.page.locator("article.message:focus")).to_have_count(1)
        await expect(asker.page.locator("article.message:focus .tools button")).to_have_count(3)
