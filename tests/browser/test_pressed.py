"""A card is edited in the very moment in which somebody presses a button on it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import expect

from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from tests.browser.kit import plain
from tests.browser.windows import Window, Windows
from tests.scenarios.story import until

pytestmark = pytest.mark.asyncio(loop_scope="session")
Json = dict[str, Any]
Hand = Callable[[], Awaitable[None]]


def card(lines: int, *labels: str) -> list[Json]:
    """A card that says so many lines above its buttons, which therefore move with each."""
    said = [{"type": "section", "text": plain(f"{number} 行目\nまだ続きます")} for number in range(lines)]
    buttons = [{"type": "button", "text": plain(label), "action_id": label} for label in labels]
    return [*said, {"type": "actions", "elements": buttons}] if buttons else said


class Card:
    """A message of an app that is away, and how it is edited; somebody else writes elsewhere, so that one sees when the
    window has heard of it."""

    def __init__(
        self, call: Callable[..., Awaitable[Json]], window: Window, other: Person, side: Channel
    ) -> None:
        self.window = window
        self._call = call
        self._other, self._side = other, side
        self._edits = 0
        self.ts = ""

    async def shows(self, blocks: list[Json]) -> None:
        said = {"text": "カード", "blocks": json.dumps(blocks)}
        if not self.ts:
            self.ts = (await self._call("chat.postMessage", **said))["ts"]
            # Until then what is last is another message.
            await expect(self.window.page.locator("article.message").last).to_contain_text("行目")
            return
        await self._call("chat.update", ts=self.ts, **said)
        self._edits += 1
        await self._other.says("別の話", self._side)
        heard = self.window.page.locator("side-bar a", has_text="雑談")
        await expect(heard).to_contain_text(f"未読 {self._edits} 件")


@pytest_asyncio.fixture(loop_scope="session")
async def shown(sandbox: Sandbox, ws: Workspace, windows: Windows) -> AsyncIterator[Card]:
    desk, side = await ws.channel("相談"), await ws.channel("雑談")
    nagi = await ws.person("浜野 凪", channels=[desk, side])
    kazuha = await ws.person("森脇 一葉", channels=[desk, side])
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **given: str) -> Json:
            given |= {"channel": desk.id, "token": sandbox.bot_token}
            async with session.post(f"{sandbox.api_url}{method}", data=given) as answer:
                body: Json = await answer.json()
            assert body["ok"], body
            return body

        yield Card(call, await windows.open(sandbox, nagi, desk), kazuha, side)


async def test_a_press_arrives_though_the_card_is_edited_between_down_and_up(
    shown: Card, ws: Workspace
) -> None:
    page = shown.window.page
    row = page.locator("article.message").last
    button = row.get_by_role("button", name="進む")

    async def arrive(count: int) -> None:
        async def all_of_them() -> bool:
            sent = await ws.deliveries("block_actions", payloads=True)
            return [each["payload"]["actions"][0]["action_id"] for each in sent] == ["進む"] * count

        await until(all_of_them)

    ways: list[tuple[Hand, Hand]] = [
        (page.mouse.down, page.mouse.up),
        (lambda: page.keyboard.down("Space"), lambda: page.keyboard.up("Space")),
        (lambda: page.keyboard.down("Enter"), lambda: page.keyboard.up("Enter")),
    ]
    await shown.shows(card(1, "戻る", "進む"))
    for number, (down, up) in enumerate(ways, start=1):
        await button.hover()
        if number > 1:
            await button.focus()
        await down()
        await shown.shows(card(1 + number, "戻る", "進む"))
        await up()
        await arrive(number)
        await expect(row).to_contain_text(f"{number} 行目")
        await expect(button).to_be_focused()

    # The edit takes the button away: it was there when it was pressed.
    await button.hover()
    await page.mouse.down()
    await shown.shows(card(1))
    await page.mouse.up()
    await arrive(4)
    await expect(button).to_have_count(0)

    # Held down and let go elsewhere is no press, and nothing waits any longer.
    await shown.shows(card(1, "進む"))
    await button.hover()
    await page.mouse.down()
    await shown.shows(card(2, "進む"))
    await expect(row).not_to_contain_text("1 行目")
    await page.mouse.move(2, 2)
    await page.mouse.up()
    await expect(row).to_contain_text("1 行目")
    await arrive(4)


async def test_the_focus_stays_on_what_it_was_when_a_card_is_edited(shown: Card) -> None:
    page = shown.window.page
    row = page.locator("article.message").last
    await shown.shows(card(1, "進む"))
    await row.focus()
    more = row.get_by_role("button", name="その他の操作")
    await more.focus()
    await shown.shows(card(2, "進む"))
    await expect(row).to_contain_text("1 行目")
    await expect(more).to_be_focused()
    await row.get_by_role("button", name="進む").focus()
    await shown.shows(card(3))
    await expect(row).to_be_focused()  # what had it is gone
