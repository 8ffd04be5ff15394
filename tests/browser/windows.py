"""Windows of the page, in words."""

from __future__ import annotations

import re
from typing import Literal, Protocol

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from benchmarks.chromium import chromium as chromium
from sandbox.client import Channel, Person

PATIENCE = 20_000
"""Milliseconds to wait for what should come."""
DESK, PHONE = (1280, 800), (390, 844)

expect.set_options(timeout=PATIENCE)


class Served(Protocol):
    """A workspace that has a page, in this process or in another."""

    @property
    def browser_url(self) -> str:
        """The address to open."""
        ...


class Window:
    """One window: what one person sees and does."""

    def __init__(self, page: Page, base: str, person: Person) -> None:
        self.page = page
        self.person = person
        self._base = base

    async def goes(self, place: str = "", thread: str = "") -> None:
        """Go to a channel (id), "home" or "messages"."""
        parts = "/".join(each for each in (self.person.id, place, thread) if each)
        await self.page.goto(f"{self._base}#{parts}")
        await expect(self.page.locator("channel-pane, app-pane").first).to_be_visible()

    @property
    def composer(self) -> Locator:
        return self.page.locator("channel-pane message-composer textarea")

    @property
    def thread(self) -> Locator:
        return self.page.locator("thread-pane")

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog.modal[open]")

    async def says(self, text: str) -> None:
        """Write into the channel that is open."""
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def replies(self, text: str) -> None:
        """Write into the thread that is open."""
        box = self.thread.locator("message-composer textarea")
        await box.fill(text)
        await box.press("Enter")

    def message(self, text: str) -> Locator:
        """The message in the channel that says this."""
        return self.page.locator("channel-pane article.message", has_text=text)

    async def opens_thread(self, text: str) -> None:
        """Open the thread below the message that says this."""
        await self.message(text).locator(".replies").click()
        await expect(self.thread).to_be_visible()

    async def presses(self, label: str, where: Locator | None = None) -> None:
        """Press the button with this label; in the thread unless told otherwise."""
        await (where or self.thread).get_by_role("button", name=label, exact=True).last.click()


class Windows:
    """Opens windows. `complaints` is what their consoles said."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    async def open(
        self,
        sandbox: Served,
        person: Person,
        place: Channel | str = "",
        *,
        size: tuple[int, int] = DESK,
        scheme: Literal["light", "dark"] = "light",
        bare: bool = False,
        beside: Window | None = None,
    ) -> Window:
        """Open a window for a person; `bare` switches the policy off, for a tool that is put into the page, and `beside`
        another window means in the same browser as that one."""
        context = beside.page.context if beside else await self._context(size, scheme, bare)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{person}: {error}"))
        page.on("console", lambda said: self._heard(said.type, said.text))
        window = Window(page, sandbox.browser_url, person)
        await window.goes(place if isinstance(place, str) else place.id)
        return window

    async def _context(
        self, size: tuple[int, int], scheme: Literal["light", "dark"], bare: bool
    ) -> BrowserContext:
        context = await self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            reduced_motion="reduce",
            bypass_csp=bare,
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        return context

    def _heard(self, kind: str, text: str) -> None:
        refused = re.search(r"status of 400", text)  # the workspace said no, and the page says so in words
        if kind in ("error", "warning") and not refused:
            self.complaints.append(text)

    async def close(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            await context.close()
