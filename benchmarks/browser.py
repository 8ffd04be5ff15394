"""What people see of it in a browser (the sandbox's page, docs/decisions/0028-the-sandbox-in-a-browser.md), milliseconds.

`card`: from the Enter of somebody who asks to the card with its button in the window of somebody else, who opens the thread
as soon as the question appears. `long_channel`: a channel of 5,000 messages is opened, and scrolled to its oldest one; a
long task is one of 50 ms and more, during which the page answers to nothing. `work_per_1000_px_ms` is what the page itself
counts of its time while scrolling, by kind; unlike frames it says the same on a busy machine.

The browser has the core of the process under test; the sandbox that it talks to has the other.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, ViewportSize, async_playwright

from benchmarks.candidates import Bench, Candidate, running
from benchmarks.chromium import FLAGS, chromium
from benchmarks.figures import spread
from benchmarks.machine import Cores, say, until
from benchmarks.town import TEXT, Town
from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace

ASKED, WARM_UP = 100, 10
MESSAGES, WRITERS = 5_000, 20
OPENS = 10
"""So often the long channel is opened."""
PER_FRAME = 400
"""Pixels that somebody scrolls with each frame: half a screen, sixty times a second."""
WITHIN = 60.0
_SIZE: ViewportSize = {"width": 1280, "height": 800}

_KINDS = {
    "all": "TaskDuration",
    "script": "ScriptDuration",
    "style": "RecalcStyleDuration",
    "layout": "LayoutDuration",
}
"""How Chromium calls what its main thread does (DevTools protocol, Performance.getMetrics); the rest is mostly painting."""

_ASKER = "addEventListener('keydown', (event) => { if (event.key === 'Enter') window.entered = Date.now(); }, true);"
_OTHER = """
window.seen = {};
const look = () => {
  const { text, seen } = window;
  if (!text) return;
  const asked = [...document.querySelectorAll("channel-pane article")].find((each) => each.textContent.includes(text));
  if (asked && !seen.question) {
    seen.question = true;
    requestAnimationFrame(() => setTimeout(() => { seen.questionAt = Date.now(); }));
    location.hash = `${location.hash.split("/").slice(0, 2).join("/")}/${asked.dataset.ts}`;
  }
  const buttons = [...document.querySelectorAll("thread-pane button")];
  const card = asked && buttons.find((each) => each.textContent === "対応します");
  if (card && card.closest("thread-pane").textContent.includes(text) && !seen.card) {
    seen.card = true;
    requestAnimationFrame(() => setTimeout(() => { seen.cardAt = Date.now(); })); // once it is painted
  }
};
new MutationObserver(look).observe(document, { childList: true, subtree: true });
"""
_TASKS = """
window.tasks = [];
new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((each) => each.duration)))
  .observe({ type: "longtask", buffered: true });
"""
_SCROLL = """async ([pixels, oldest]) => {
  const scroller = document.querySelector("channel-pane .scroller");
  const frames = [];
  let gone = 0;
  window.tasks.length = 0;
  const begun = performance.now();
  for (let last = begun; ;) {
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
    const first = [...document.querySelectorAll("channel-pane article.message")].slice(0, 40);
    if (scroller.scrollTop === 0 && first.some((each) => each.textContent.includes(oldest))) break;
    if (now - begun > 120000) throw new Error("the oldest message did not come");
    gone += Math.min(pixels, scroller.scrollTop);
    scroller.scrollTop -= pixels;
  }
  await new Promise((done) => setTimeout(done, 200)); // what is observed comes a moment later
  return { frames, pixels: gone, tasks: window.tasks, took: performance.now() - begun,
    rows: document.querySelectorAll("channel-pane article.message").length, nodes: document.querySelectorAll("*").length };
}"""
_THERE = """newest => document.querySelector("channel-pane .rows article:last-of-type")?.textContent.includes(newest)
  && { there: performance.now(), painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime }"""


async def measure(bench: Bench) -> dict[str, Any]:
    """Socket Mode and SQLite, as somebody who tries it has them."""
    path = chromium()
    if path is None:
        say("browser: no browser on this machine")
        return {"no browser": "apt install chromium"}
    async with _browser(path, bench.cores) as browser:
        return {
            "version": browser.version,
            "card": await _card(bench, browser),
            "long_channel": await _long_channel(browser),
        }


@contextlib.asynccontextmanager
async def _browser(path: str, cores: Cores) -> AsyncIterator[Browser]:
    """A process inherits the cores of the one that starts it."""
    with contextlib.ExitStack() as back:
        if cores.tested:
            os.sched_setaffinity(0, cores.tested)
            back.callback(os.sched_setaffinity, 0, cores.measuring)
        playwright = await async_playwright().start()
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
    try:
        yield browser
    finally:
        await browser.close()
        await playwright.stop()


async def _window(browser: Browser, script: str) -> Page:
    context = await browser.new_context(viewport=_SIZE, locale="ja-JP", timezone_id="Asia/Tokyo")
    await context.add_init_script(script)
    return await context.new_page()


async def _card(bench: Bench, browser: Browser) -> dict[str, Any]:
    say("browser: from Enter to the card")
    questions, cards = [], []
    async with running(bench, Candidate("socket", "sqlite")) as app:
        asker, other = await _window(browser, _ASKER), await _window(browser, _OTHER)
        for number in range(WARM_UP + ASKED):
            question, card = await _asked(app.town, asker, other, number)
            questions.append(question)
            cards.append(card)
    return {
        "question_visible_ms": spread(questions[WARM_UP:], digits=0),
        "card_visible_ms": spread(cards[WARM_UP:], digits=0),
    }


async def _asked(town: Town, asker: Page, other: Page, number: int) -> tuple[float, float]:
    """Somebody asks who has not asked yet; until the question and until the card is seen, milliseconds."""
    channel, text = town.channels[number % len(town.channels)], TEXT.replace("{n}", str(number))
    await _goes(other, town.sandbox, town.helpers[-1], channel)
    await other.evaluate("text => { window.seen = {}; window.text = text; }", text)
    await _goes(asker, town.sandbox, town.askers[number], channel)
    await asker.locator("channel-pane message-composer textarea").fill(text)
    await asker.keyboard.press("Enter")
    await until(f"card {number}", partial(other.evaluate, "window.seen.cardAt"), WITHIN)
    entered, seen = await asker.evaluate("window.entered"), await other.evaluate("window.seen")
    return seen["questionAt"] - entered, seen["cardAt"] - entered


async def _goes(page: Page, sandbox: Sandbox, person: Person, channel: Channel) -> None:
    await page.goto(f"{sandbox.browser_url}#{person.id}/{channel.id}")
    await page.locator("channel-pane h1", has_text=channel.name).wait_for()
    await page.locator("channel-pane message-list:not(.waits)").wait_for()


async def _long_channel(browser: Browser) -> dict[str, Any]:
    say(f"browser: {MESSAGES} messages")
    async with Sandbox() as sandbox, Workspace(sandbox.control_url) as ws:
        channel = await ws.channel("相談", bot=False)
        reader = await ws.person("浜野 凪", channels=[channel])
        writers = [await ws.person(f"職員 {number:02}", channels=[channel]) for number in range(WRITERS)]
        await ws.flood(MESSAGES, 100_000, [channel], writers, text=TEXT, within=0.01)
        opened = [await _opened(browser, sandbox, reader, channel) for _ in range(OPENS)]
        page = await _window(browser, _TASKS)
        await _goes(page, sandbox, reader, channel)
        asked = await page.context.new_cdp_session(page)
        await asked.send("Performance.enable")
        before = await _work(asked)
        found = await page.evaluate(_SCROLL, [PER_FRAME, TEXT.replace("{n}", "0")])
        after = await _work(asked)
    return {
        "first_paint_ms": spread([each["painted"] for each in opened], digits=0),
        "newest_visible_ms": spread([each["there"] for each in opened], digits=0),
        "long_tasks_while_opening_ms": spread([task for each in opened for task in each["tasks"]], digits=0),
        "scrolled_in_seconds": round(found["took"] / 1000, 1),
        "frames_ms": spread(found["frames"], digits=0),
        "long_tasks_while_scrolling_ms": spread(found["tasks"], digits=0),
        "work_per_1000_px_ms": {
            kind: round((after[kind] - before[kind]) / found["pixels"] * 1e6, 2) for kind in after
        },
        "rows_in_the_page": found["rows"],
        "nodes_in_the_page": found["nodes"],
    }


async def _work(asked: CDPSession) -> dict[str, float]:
    """What the page has been busy with so far, seconds."""
    metrics = {
        each["name"]: each["value"] for each in (await asked.send("Performance.getMetrics"))["metrics"]
    }
    return {kind: metrics[name] for kind, name in _KINDS.items()}


async def _opened(browser: Browser, sandbox: Sandbox, reader: Person, channel: Channel) -> dict[str, Any]:
    """A window of somebody who was never here: when it painted first, and when the newest message stood there."""
    page = await _window(browser, _TASKS)
    await page.goto(f"{sandbox.browser_url}#{reader.id}/{channel.id}")
    handle = await page.wait_for_function(_THERE, arg=f"({MESSAGES - 1})")
    found: dict[str, Any] = await handle.json_value()
    await page.wait_for_timeout(200)  # what is observed comes a moment later
    found["tasks"] = await page.evaluate("window.tasks")
    await page.context.close()
    return found
