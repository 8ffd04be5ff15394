"""A long channel: little of it is in the page, and all of it can be reached."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from sandbox import Sandbox
from sandbox.client import Workspace
from tests.browser.windows import Windows

pytestmark = pytest.mark.asyncio(loop_scope="session")
MADE = """() => {
  window.made = 0; // the most rows that were put into the page at once
  const count = (changes) => changes.reduce((sum, each) => sum + each.addedNodes.length, 0);
  new MutationObserver((changes) => { window.made = Math.max(window.made, count(changes)); })
    .observe(document.querySelector("channel-pane .rows"), { childList: true });
}"""


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
    scroller = page.get_by_role("log")
    for _ in range(200):
        await scroller.evaluate("node => node.scrollTop = 0")
        assert await page.locator("article.message").count() <= 120
        if await window.message("相談 0 件目").count():
            break
        await page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")
    await expect(window.message("相談 0 件目")).to_have_count(1)
    assert 0 < await page.evaluate("window.made") <= 40  # building more at once, the page would stand still

    # Something new does not move what one reads, nor is it read yet.
    before = await window.message("相談 20 件目").bounding_box()
    await other.says("新しい書き込み", desk)
    await expect(page.get_by_role("button", name="最新へ")).to_be_visible()
    assert await window.message("相談 20 件目").bounding_box() == before
    await page.get_by_role("button", name="最新へ").click()
    await expect(window.message("新しい書き込み")).to_be_in_viewport()
    assert await page.locator("article.message").count() <= 120
