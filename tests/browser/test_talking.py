"""People talk in several windows: files, reactions, edits, direct messages, unread marks, and a line that breaks."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.async_api import FilePayload, Locator, expect

from sandbox import Sandbox
from sandbox.client import Workspace
from tests.browser.windows import Window, Windows

pytestmark = pytest.mark.asyncio(loop_scope="session")
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PICTURE: FilePayload = {"name": "画面.png", "mimeType": "image/png", "buffer": DOT}


async def test_what_one_does_the_other_sees_at_once(
    sandbox: Sandbox, ws: Workspace, windows: Windows
) -> None:
    desk, side = await ws.channel("相談"), await ws.channel("雑談")
    nagi = await ws.person("浜野 凪", channels=[desk, side])
    kazuha = await ws.person("森脇 一葉", channels=[desk, side])
    own = await windows.open(sandbox, nagi, desk)
    other = await windows.open(sandbox, kazuha, side)
    link = other.page.locator("side-bar a", has_text="相談")
    await expect(link).to_have_class("side-link")

    await own.page.locator("channel-pane input[type=file]").set_input_files(PICTURE)
    await own.says("この *画面* が出ます")
    await expect(link).to_have_class(re.compile("unread"))
    await expect(link).to_contain_text("未読 1 件")
    await link.click()
    shown = other.message("この 画面 が出ます")
    await expect(shown.locator("strong")).to_have_text("画面")
    loaded = "node => node.complete && node.naturalWidth === 1"
    picture = shown.get_by_role("img", name="画面.png")
    await expect(picture).to_be_visible()
    await other.page.wait_for_function(loaded, arg=await picture.element_handle())
    await expect(link).to_have_class("side-link")

    await shown.hover()
    await shown.get_by_role("button", name="リアクション", exact=True).click()
    await other.page.get_by_role("menuitem", name="eyes", exact=True).click()
    mine = own.message("この 画面 が出ます")
    await expect(mine.locator(".reaction .count")).to_have_text("1")
    await mine.get_by_role("button", name=re.compile("^eyes")).click()
    await expect(shown.locator(".reaction .count")).to_have_text("2")

    await _answers_in_the_channel_too(own, other, mine)
    await mine.focus()
    await mine.get_by_role("button", name="その他の操作").focus()
    await own.page.keyboard.press("Enter")
    await own.page.get_by_role("menuitem", name="編集する").click()
    await own.page.get_by_label("メッセージを編集").fill("直しました")
    await own.page.keyboard.press("Enter")
    await expect(other.message("直しました")).to_contain_text("(編集済み)")
    await own.message("直しました").focus()
    await own.message("直しました").get_by_role("button", name="その他の操作").focus()
    await own.page.keyboard.press("Enter")
    await own.page.get_by_role("menuitem", name="削除する").click()
    await own.page.get_by_role("button", name="削除する").click()
    await expect(other.message("直しました")).to_have_count(0)


async def _answers_in_the_channel_too(own: Window, other: Window, mine: Locator) -> None:
    await mine.hover()
    await mine.get_by_role("button", name="スレッドで返信", exact=True).click()
    also = own.thread.get_by_label("チャンネルにも")
    await also.check()
    await own.replies("みなさんにも")
    await expect(also).not_to_be_checked()
    await other.message("みなさんにも").get_by_role("link", name="スレッド").click()
    await expect(other.thread.locator("article.message")).to_have_count(2)


async def test_a_direct_message_rings_and_one_may_be_another_person(
    sandbox: Sandbox, ws: Workspace, windows: Windows
) -> None:
    desk = await ws.channel("相談")
    nagi, kazuha = await ws.person("浜野 凪", channels=[desk]), await ws.person("森脇 一葉", channels=[desk])
    window = await windows.open(sandbox, nagi, desk)
    await window.page.get_by_role("button", name="ダイレクトメッセージを始める").click()
    await window.page.get_by_role("menuitem", name="森脇 一葉").click()
    await expect(window.page.get_by_role("heading", name="森脇 一葉")).to_be_visible()
    await window.says("少しよいですか")
    await expect(window.message("少しよいですか")).to_be_visible()
    await expect(window.page.get_by_role("button", name="(ほかの人に通知 1 件)")).to_be_visible()
    await window.page.get_by_role("button", name="いまは浜野").click()
    await window.page.get_by_role("dialog").get_by_role("link", name="森脇 一葉").click()
    await expect(window.page).to_have_url(re.compile(f"#{kazuha.id}/"))
    await window.page.get_by_role("button", name="通知 1 件").click()
    await window.page.locator("dialog[open] .ring", has_text="ダイレクトメッセージ").click()
    await expect(window.message("少しよいですか")).to_be_visible()
    await expect(window.page.get_by_role("button", name="通知 1 件")).to_have_count(0)
    assert await kazuha.notifications()


async def test_a_line_that_breaks_is_mended_and_nothing_is_missed(
    sandbox: Sandbox, ws: Workspace, windows: Windows
) -> None:
    desk = await ws.channel("相談")
    nagi, kazuha = await ws.person("浜野 凪", channels=[desk]), await ws.person("森脇 一葉", channels=[desk])
    window = await windows.open(sandbox, nagi, desk)
    await window.composer.fill("書きかけ")
    await sandbox.site.close()
    await kazuha.says("切れている間の書き込み", desk)
    await expect(window.message("切れている間の書き込み")).to_be_visible()
    await expect(window.page.get_by_text("つなぎ直しています")).to_be_hidden()
    await expect(window.composer).to_have_value("書きかけ")


async def test_nobody_is_asked_who_one_wants_to_be_twice(
    sandbox: Sandbox, ws: Workspace, windows: Windows
) -> None:
    desk = await ws.channel("相談")
    nagi = await ws.person("浜野 凪", channels=[desk], title="市町村の職員|波待島村")
    window = await windows.open(sandbox, nagi, desk)
    await window.page.goto(f"{sandbox.browser_url}#U0NOBODY")
    await expect(window.page.get_by_text("その人は見つかりません")).to_be_visible()
    await expect(window.page.get_by_role("heading", name="市町村の職員")).to_be_visible()
    await window.page.get_by_role("link", name="浜野 凪 波待島村").click()
    await expect(window.page.get_by_role("heading", name="相談")).to_be_visible()
    await window.page.get_by_role("button", name="明るい・暗い表示を切り替える").click()
    await window.page.reload()
    await expect(window.page.get_by_role("heading", name="相談")).to_be_visible()
    await expect(window.page.locator("body")).to_have_css("background-color", "rgb(22, 25, 28)")


async def test_who_one_can_be_stands_by_role_and_is_found_by_name(
    sandbox: Sandbox, ws: Workspace, windows: Windows
) -> None:
    desk = await ws.channel("相談")
    nagi = await ws.person("浜野 凪", channels=[desk], title="市町村の職員|波待島村")
    kazuha = await ws.person("森脇 一葉", channels=[desk], title="アドバイザー|エンジニア")
    minegishi = await ws.person("峰岸 樹", channels=[desk], title="市町村の職員|青嶺市")
    await kazuha.says(f"<@{minegishi.id}> いますか", desk)
    window = await windows.open(sandbox, nagi, desk)
    await window.page.get_by_role("button", name="いまは浜野").click()
    panel = window.page.get_by_role("dialog", name="この窓の人を替える")
    staff = panel.get_by_role("region", name="市町村の職員").get_by_role("link")
    await expect(staff).to_have_text(["浜野 凪波待島村", "峰岸 樹1件が未読青嶺市|通知 計 1 件"])
    await expect(panel.get_by_role("region", name="アドバイザー").get_by_role("link")).to_have_count(1)
    await expect(staff.first).to_have_attribute("aria-current", "true")
    box = panel.get_by_label("名前で絞る")
    await expect(box).to_be_focused()
    await box.fill("青嶺")
    await expect(panel.get_by_role("link", name="峰岸")).to_be_visible()
    await expect(panel.locator("li")).to_have_count(1)
    await box.fill("だれでもない")
    await expect(panel).to_contain_text("その名前の人はいません")
    await box.press("Enter")  # nobody is left to become
    await box.fill("森脇")
    await expect(panel.locator("li")).to_have_count(1)
    await box.press("Enter")
    await expect(window.page).to_have_url(re.compile(f"#{kazuha.id}/"))
    await expect(panel).to_have_count(0)
    await expect(window.page.get_by_role("button", name="いまは森脇")).to_be_visible()


async def test_what_is_drawn_goes_with_the_clock(sandbox: Sandbox, ws: Workspace, windows: Windows) -> None:
    desk = await ws.channel("相談")
    nagi = await ws.person("浜野 凪", channels=[desk])
    said = await nagi.says("プリンターが動きません", desk)
    await nagi.says("直りました", desk, thread=said)
    window = await windows.open(sandbox, nagi, desk)
    days = window.page.locator("channel-pane .line.day")
    row = window.message("プリンターが動きません")
    await expect(days).to_have_text(["今日"])
    await expect(row.locator(".replies")).not_to_contain_text("昨日")
    await row.locator(".replies").focus()
    await ws.advance(24 * 3600)
    await expect(days).to_have_text(["昨日"])
    await expect(row.locator(".replies")).to_contain_text("最新 昨日")
    await expect(window.page.locator("article.message:focus-within")).to_contain_text("プリンター")
