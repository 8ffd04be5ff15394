"""A long channel: little of it is in the page, and all of it can be reached."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from sandbox import Sandbox
from sandbox.client import Workspace
from tests.browser.windows import Window, Windows

pytestmark = pytest.mark.asyncio(loop_scope="session")
MADE = """() => {
  window.made = 0; // the most rows that were put into the page at once
  const count = (changes) => changes.reduce((sum, each) => sum + each.addedNodes.length, 0);
  new MutationObserver((changes) => { window.made = Math.max(window.made, count(changes)); })
    .observe(document.querySelector("channel-pane .rows"), { childList: true });
}"""


async def _scrolls_up_to(window: Window, text: str) -> None:
    """Scroll up until this message is in the page; there are never many at once."""
    page = window.page
    for _ in range(200):
        await page.get_by_role("log").evaluate("node => node.scrollTop = 0")
        assert await page.locator("article.message").count() <= 120
        if await window.message(text).count():
            break
        await page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")
    await expect(window.message(text)).to_have_count(1)


async def test_the_page_stays_small_and_what_one_reads_does_not_jump(
    sandbox: Sandbox, ws: Workspace, windows: Windows
) -> None:
    desk = await ws.channel("相談", bot=False)
    nagi = await ws.person("浜野 凪", channels=[desk])
    other = await ws.person("森脇 一葉", channels=[desk])
    await ws.flood(600, 100_000, [desk], [other], text="相談 {n} 件目", within=0.01)
    window = await windows.open(sandbox, nagi, desk)
    page = window.page
    await expect(window.message("相談 599 件目")).to_be_in_viewport()
    await page.evaluate(MADE)
    await _scrolls_up_to(window, "相談 0 件目")
    assert 0 < await page.evaluate("window.made") <= 40  # building more at once, the page would stand still

    # Something new does not move what one reads, nor is it read yet.
    before = await window.message("相談 20 件目").bounding_box()
    await other.says("新しい書き込み", desk)
    await expect(page.get_by_role("button", name="最新へ")).to_be_visible()
    assert await window.message("相談 20 件目").bounding_box() == before
    await page.get_by_role("button", name="最新へ").click()
    await expect(window.message("新しい書き込み")).to_be_in_viewport()
    assert await page.locator("article.message").count() <= 120


async def test_what_is_being_edited_is_there_however_far_one_has_looked_back(
    sandbox: Sandbox, ws: Workspace, windows: Windows
) -> None:
    desk = await ws.channel("相談", bot=False)
    nagi = await ws.person("浜野 凪", channels=[desk])
    other = await ws.person("森脇 一葉", channels=[desk])
    await ws.flood(400, 100_000, [desk], [other], text="相談 {n} 件目\n続き\n続き", within=0.01)
    await nagi.says("書きまちがい", desk)
    window = await windows.open(sandbox, nagi, desk)
    page = window.page
    row = window.message("書きまちがい")
    await row.hover()
    await row.get_by_role("button", name="その他の操作").click()
    await page.get_by_role("menuitem", name="編集する").click()
    box = page.get_by_label("メッセージを編集")
    await box.fill("書き直している途中")

    # Within what the page holds at most it stays where it is, and one can go on writing.
    await _scrolls_up_to(window, "相談 325 件目")
    await expect(box).to_be_focused()
    await expect(box).to_have_value("書き直している途中")

    # Farther away it is let go as all are, but not what was written.
    await _scrolls_up_to(window, "相談 100 件目")
    await expect(box).to_have_count(0)
    await page.get_by_role("button", name="最新へ").click()
    await expect(box).to_have_value("書き直している途中")
    await box.press("Enter")
    await expect(window.message("書き直している途中")).to_contain_text("(編集済み)")
