"""The tour of the demo, played to its end in three windows of one browser, against the real bot."""

from __future__ import annotations

import asyncio
import contextlib
import os
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from bot.demo import live
from bot.demo.cast import asagi, at_hour
from bot.demo.scribe import Scribe
from bot.demo.stage import Stage
from tests.browser.pictures import MOST_BYTES, WIDE, Camera, of_the_tour
from tests.browser.test_axe import objections
from tests.browser.test_shortcuts import nothing_is_cut_off
from tests.browser.windows import DESK, PHONE, Window, Windows

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def demo() -> AsyncIterator[Stage]:
    """The demo as visitors find it."""
    cast = asagi()
    async with live.ready(cast, at_hour(cast.day, 10)) as stage:
        watching = asyncio.create_task(live.watch(stage, Scribe(lambda line: None, stage.control, cast)))
        yield stage
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


class Guide:
    """The tour's panel in one window."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.panel = window.page.locator(".tour")

    @property
    def here(self) -> Locator:
        """What it points at."""
        return self.window.page.locator("[data-tour-here]")

    async def says(self, text: str) -> None:
        """Wait for a step, and for what it points at being named to those who cannot see that."""
        await expect(self.panel.locator(".tour-do")).to_contain_text(text)
        await expect(self.window.page.locator("tour-guide [role=status]")).to_contain_text(text)

    async def presses(self, label: str) -> None:
        """Press what it points at, which says this."""
        await expect(self.here).to_contain_text(label)
        await expect(self.here).to_be_in_viewport()
        await self.here.click()

    async def types(self) -> None:
        """Take the text that it offers, and send it."""
        await self.panel.get_by_role("button", name="文を入れる").click()
        await expect(self.here).to_be_focused()
        await self.window.page.keyboard.press("Enter")


async def ask(one: Guide) -> None:
    """The first steps: a question, its card, and what is like it."""
    await one.window.page.get_by_role("button", name="ツアー", exact=True).click()
    await one.says("困っていることを")
    await expect(one.here).to_contain_text("相談-業務改革")  # first of all one goes there
    await one.panel.get_by_role("link", name="この場所へ行く").click()
    await one.types()
    await one.says("押して開きます")
    await one.presses("1 件の返信")
    await one.says("近い回答を見る")
    await one.presses("近い回答を見る")
    await one.says("閉じる")
    await expect(
        one.window.dialog.locator(".tour")
    ).to_be_visible()  # nothing outside of it can be reached now
    await one.presses("閉じる")


async def answer(two: Guide) -> None:
    """Those of whom the question rings."""
    await two.says("ベル")
    await two.presses("1")
    await expect(two.window.page.locator("dialog.side-dialog[open] .tour")).to_be_visible()
    await two.panel.get_by_role("button", name="どこ?").click()  # nothing lies upon it
    await two.presses("受け付けました")
    await two.says("「対応します」")
    await two.presses("対応します")
    await two.says("スレッドに答え")
    await two.types()
    await two.says("「回答した」")
    await two.presses("回答した")


async def keep(two: Guide) -> None:
    """What the answer is kept by."""
    await two.says("時計を15分")
    await two.panel.get_by_role("link", name="この場所へ行く").click()
    await two.panel.get_by_role("button", name="時計を15分進める").click()
    await two.says("「FAQに残す」")
    await two.presses("FAQに残す")
    await two.says("「残す」")
    await two.presses("残す")


async def publish(three: Guide) -> None:
    """The desk's part."""
    await three.says("「読んで確認する」")
    await three.presses("読んで確認する")
    await three.says("公開する")
    await three.presses("公開する")
    await three.presses("決める")


async def test_from_the_first_question_to_the_next_town(demo: Stage, windows: Windows) -> None:
    people = demo.people
    asker = await windows.open(demo, people["UHAMANO"], demo.channels["相談-窓口"])
    one = Guide(asker)
    await ask(one)
    rung = {each.id: len(await people[each.id].notifications()) for each in demo.cast.helpers}
    assert {who: count for who, count in rung.items() if count} == {"USETOGUCHI": 1}  # as the tour says
    two = Guide(await windows.open(demo, people["USETOGUCHI"], beside=asker))
    await expect(one.panel.get_by_role("link", name="瀬戸口さんになる")).to_be_visible()
    await answer(two)
    await asker.page.reload()  # it goes on where it was
    await one.says("「解決した」")
    await one.presses("解決した")
    await keep(two)
    three = Guide(await windows.open(demo, people["UASAGIRI"], "messages", beside=asker))
    await publish(three)
    await one.panel.get_by_role("link", name="笹岡さんになる").click()
    await one.types()
    await one.says("これで解決")
    await one.presses("これで解決")
    for guide in (one, two, three):
        await guide.says("おつかれさまでした")


async def _picture(demo: Stage, windows: Windows, directory: Path) -> None:
    """One of the pictures of the documentation, as `make pictures` takes them all: what it shows is drawn, signs as well."""
    camera = Camera(demo, windows, directory)
    await of_the_tour(camera)
    png = (directory / "tour.png").read_bytes()
    assert struct.unpack(">II", png[16:24]) == WIDE
    assert 20_000 < len(png) <= MOST_BYTES
    if os.environ.get("CI"):  # a machine of somebody's own may draw signs as it likes
        blank = await windows.open(demo, demo.people["UHAMANO"], "home")
        assert await blank.page.evaluate(COLOURS) > 20, "no font for emoji"


COLOURS = """() => {
  const paper = Object.assign(document.createElement("canvas"), { width: 40, height: 40 }).getContext("2d");
  paper.font = "32px system-ui, sans-serif";
  paper.fillText("🙏", 0, 34);
  const { data } = paper.getImageData(0, 0, 40, 40);
  let found = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] && data[at] > data[at + 2] + 60) found += 1;
  return found;
}"""
"""Counts dots that are plainly not grey in a sign."""


async def test_it_can_be_left_and_taken_up_and_is_never_in_the_way(
    demo: Stage, windows: Windows, tmp_path: Path
) -> None:
    await _picture(demo, windows, tmp_path)
    window = await windows.open(demo, demo.people["UHAMANO"], demo.channels["相談-業務改革"], bare=True)
    guide, keys = Guide(window), window.page.keyboard
    await window.page.goto(demo.browser_url)
    await window.page.get_by_role("button", name="ツアーを始める").press("Enter")
    await guide.says("困っていることを")
    await guide.panel.get_by_role("button", name="とばす").press("Enter")
    await guide.says("押して開きます")
    await guide.panel.get_by_role("button", name="ツアーを閉じる").press("Enter")
    await expect(guide.panel).to_have_count(0)
    await expect(guide.here).to_have_count(0)
    button = window.page.get_by_role("button", name="ツアー", exact=True)
    await expect(button).to_be_focused()
    await window.page.reload()
    await expect(button).to_have_attribute("aria-expanded", "false")
    await button.focus()
    await keys.press("Enter")
    await guide.says("押して開きます")
    await guide.panel.get_by_role("button", name="前へ戻る").click()
    await guide.says("困っていることを")

    await window.goes(demo.channels["相談-業務改革"].id)
    await expect(guide.here).to_have_attribute("aria-describedby", "tour-here")
    for size in (DESK, PHONE):
        await window.page.set_viewport_size({"width": size[0], "height": size[1]})
        panel, composer = await guide.panel.bounding_box(), await window.composer.bounding_box()
        assert panel
        assert composer
        apart = panel["x"] + panel["width"] <= composer["x"] or panel["y"] + panel["height"] <= composer["y"]
        assert apart, (size, panel, composer)
        await window.composer.click(trial=True)
        schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
        for scheme in schemes:
            await window.page.emulate_media(color_scheme=scheme)
            assert await objections(window) == []
    for width in (360, 320):  # the clock, the way in to the tour and who one is stand in one bar
        await window.page.set_viewport_size({"width": width, "height": PHONE[1]})
        await nothing_is_cut_off(window.page)
    await window.goes(demo.channels["相談-窓口"].id)  # on a phone the list of channels is put away
    await expect(guide.here).to_have_attribute("aria-label", "チャンネルの一覧")
