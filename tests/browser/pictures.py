"""The pictures of the documentation, taken from the real demo: `make pictures` writes them to docs/images."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import async_playwright, expect

from bot.demo import live
from bot.demo.cast import asagi, at_hour
from bot.demo.scribe import Scribe
from bot.demo.stage import Stage
from sandbox.client import Message
from tests.browser.conftest import FLAGS
from tests.browser.small_png import smaller
from tests.browser.windows import Window, Windows, chromium

IMAGES = Path(__file__).parents[2] / "docs/images"
MOST_BYTES = 100_000
WIDE, TALL, HAND = (1180, 680), (1000, 760), (390, 720)
"""Sizes of windows, in pixels."""

QUESTION = "申請書の内容を、毎月Excelに手で転記しています。手間を減らす方法はありますか"
ANSWER = (
    "申請書の欄とExcelの列を、同じ順番にそろえてみてください。件数の多いものは、入力フォームで受け付けて"
    "一覧に自動で書き込むと、転記そのものがなくなります。"
)


class Camera:
    """Takes pictures of what people see, and puts them into a directory."""

    def __init__(self, stage: Stage, windows: Windows, directory: Path) -> None:
        self._stage = stage
        self._windows = windows
        self._directory = directory

    async def opens(self, who: str, place: str, thread: str = "", size: tuple[int, int] = WIDE) -> Window:
        """A window for somebody, in a place: a channel's name, "home" or "messages"."""
        room = self._stage.channels.get(place)
        window = await self._windows.open(self._stage, self._stage.people[who], room or place, size=size)
        if thread and room:
            await window.goes(room.id, thread)
        return window

    async def takes(self, name: str, window: Window) -> None:
        """Write the picture once nothing passing is in sight."""
        await expect(window.page.locator(".toast")).to_have_count(0)
        await expect(window.page.locator("[aria-busy=true]")).to_have_count(0)
        file = self._directory / f"{name}.png"
        taken = await window.page.screenshot(animations="disabled")
        small = await asyncio.to_thread(smaller, taken)
        await asyncio.to_thread(file.write_bytes, small)
        size = len(small)
        sys.stdout.write(f"{file.name}: {size:,} bytes\n")
        if size > MOST_BYTES:
            raise SystemExit(f"{file.name} is larger than {MOST_BYTES:,} bytes")


@contextlib.asynccontextmanager
async def studio() -> AsyncIterator[tuple[Stage, Camera]]:
    """The demo, and a browser that looks at it."""
    cast = asagi()
    async with async_playwright() as playwright, live.ready(cast, at_hour(cast.day, 10)) as stage:
        watching = asyncio.create_task(live.watch(stage, Scribe(lambda line: None, stage.control, cast)))
        # Letters in shades of grey look the same on every screen, and need fewer colours.
        flags = [*FLAGS, "--disable-lcd-text"]
        browser = await playwright.chromium.launch(executable_path=chromium(), args=flags)
        windows = Windows(browser)
        try:
            yield stage, Camera(stage, windows, IMAGES)
        finally:
            await windows.close()
            await browser.close()
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching


async def asked(stage: Stage) -> Message:
    """Let some questions be asked; returns the first."""
    people, rooms = stage.people, stage.channels
    first = await people["UHAMANO"].says(QUESTION, rooms["相談-業務改革"])
    await rooms["相談-業務改革"].shows("近い回答を見る", thread=first)
    script = {question.id: question for question in stage.cast.questions}
    for minute, number in ((4, "Q002"), (9, "Q005"), (15, "Q003")):
        await stage.move_to(at_hour(stage.cast.day, 10, minute))
        question = script[number]
        said = await people[question.by].says(question.texts[0], rooms[question.room])
        await rooms[question.room].shows("受け付けました", thread=said)
    return first


async def answered(stage: Stage, first: Message) -> None:
    """Let it be answered."""
    talent, room, day = stage.people["USETOGUCHI"], stage.channels["相談-業務改革"], stage.cast.day
    await stage.move_to(at_hour(day, 10, 21))
    await talent.clicks("対応します", on=await room.shows("受け付けました", thread=first))
    await room.shows("対応しています", thread=first)
    await stage.move_to(at_hour(day, 10, 32))
    await talent.says(ANSWER, room, thread=first)
    await talent.clicks("回答した")
    await room.shows("回答があります", thread=first)
    await stage.settled()


async def of_answering(camera: Camera, first: Message) -> None:
    """What reaches an adviser."""
    window = await camera.opens("USETOGUCHI", "相談-業務改革", first.ts)
    await expect(window.thread).to_contain_text("近い回答を見る")
    await camera.takes("received", window)


async def of_asking(stage: Stage, camera: Camera, first: Message) -> None:
    """What an asker sees."""
    window = await camera.opens("UHAMANO", "相談-業務改革", first.ts)
    await expect(window.thread).to_contain_text("回答があります")
    await camera.takes("card", window)
    phone = await camera.opens("UHAMANO", "相談-業務改革", first.ts, size=HAND)
    await expect(phone.thread).to_contain_text("回答があります")
    await camera.takes("phone", phone)
    home = await camera.opens("UHAMANO", "home")
    await home.page.locator("app-pane .button").first.wait_for()
    await camera.takes("home-asker", home)
    await home.presses("相談する", home.page.locator("app-pane"))
    await home.dialog.locator("textarea").first.fill(
        "Web会議の音がとぎれます。工事をせずに、できることはありますか"
    )
    await home.dialog.get_by_label("県内のみんなに").check()
    await camera.takes("ask", home)


async def of_searching(camera: Camera) -> None:
    """What is found, and an entry read."""
    window = await camera.opens("USASAOKA", "相談-なんでも", size=TALL)
    await window.says("/banso 探す 紙の申請書を入力する手間を減らしたい")
    await expect(window.page.locator("channel-pane")).to_contain_text("これで解決")
    await camera.takes("search", window)
    await window.page.locator("channel-pane").get_by_role("button", name="全文").first.click()
    await expect(window.dialog).to_be_visible()
    await camera.takes("faq", window)


async def of_the_desk(camera: Camera) -> None:
    """What a coordinator sees first."""
    window = await camera.opens("UASAGIRI", "home")
    await window.page.locator("app-pane .button").first.wait_for()
    await camera.takes("home-coordinator", window)


async def of_the_tour(camera: Camera) -> None:
    """The tour, where it says that one was rung."""
    window = await camera.opens("UHAMANO", "相談-業務改革")
    await window.page.get_by_role("button", name="ツアー", exact=True).click()
    await expect(window.page.locator("[data-tour-here]")).to_be_visible()
    await camera.takes("tour", window)


async def main() -> None:
    """Take them all."""
    IMAGES.mkdir(exist_ok=True)
    async with studio() as (stage, camera):
        first = await asked(stage)
        await of_answering(camera, first)
        await of_the_tour(camera)
        await answered(stage, first)
        await of_asking(stage, camera, first)
        await of_searching(camera)
        await of_the_desk(camera)


if __name__ == "__main__":
    asyncio.run(main())
