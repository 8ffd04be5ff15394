"""axe finds nothing to object to (WCAG 2.2 A and AA), in light and in dark, at a desk and on a phone."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.windows import DESK, PHONE, Window, Windows
from tests.scenarios.conftest import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


async def objections(window: Window) -> list[dict[str, Any]]:
    """What axe objects to, in short."""
    found = (await Axe().run(window.page, options=RULES)).response["violations"]
    return [{each["id"]: [node["html"][:160] for node in each["nodes"][:4]]} for each in found]


async def _of_what_opens(window: Window) -> dict[str, list[dict[str, Any]]]:
    """A menu, and what completes what one types."""
    await window.page.get_by_role("button", name="ショートカット").click()
    await expect(window.page.get_by_role("menuitem").first).to_be_focused()
    found = {"menu": await objections(window)}
    await window.page.keyboard.press("Escape")
    await window.composer.fill("/")
    await expect(window.page.get_by_role("option").first).to_be_visible()
    found["completions"] = await objections(window)
    await window.composer.fill("")
    return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_to_object_to(
    town: Town, windows: Windows, scheme: Literal["light", "dark"], size: tuple[int, int]
) -> None:
    async with town.bot():
        asked = await town.asker.says("パソコンの画面が真っ暗です。`再起動` しても *だめ* です", town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        await town.asker.runs("/toban", channel=town.channel)
        window = await windows.open(
            town.sandbox, town.asker, town.channel, scheme=scheme, size=size, bare=True
        )
        await expect(window.message("真っ暗").locator(".replies")).to_be_visible()
        found = {"channel": await objections(window)}
        if size == PHONE:  # where they do not fit
            found |= await _of_what_opens(window)
        await window.goes(town.channel.id, asked.ts)
        await expect(window.thread).to_contain_text("受け付けました")
        found["thread"] = await objections(window)
        await window.goes("home")
        await window.page.locator("app-pane .button").first.wait_for()
        found["home"] = await objections(window)
        await window.presses("相談する", window.page.locator("app-pane"))
        await window.presses("相談する", window.dialog)
        await expect(window.dialog.locator(".wrong").first).to_be_visible()
        found["modal"] = await objections(window)
        await window.page.keyboard.press("Escape")
        await expect(window.dialog).to_have_count(0)
        await window.page.locator("ring-menu > button").click()
        found["rings"] = await objections(window)
        await window.page.keyboard.press("Escape")
        await window.page.locator("persona-menu > button").click()
        await expect(window.page.get_by_role("dialog", name="この窓の人を替える")).to_be_visible()
        found["personas"] = await objections(window)
        await window.page.goto(town.sandbox.browser_url)
        await window.page.locator(".card").first.wait_for()
        found["start"] = await objections(window)
        assert found == {name: [] for name in found}
