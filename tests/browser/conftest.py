"""A real browser: one process for all tests of a worker, a fresh context for each window.

Without a browser on the machine these tests are skipped and say so; in continuous integration (`CI` is set) they fail.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from benchmarks.chromium import FLAGS as FLAGS
from benchmarks.chromium import chromium
from benchmarks.databases import Databases
from sandbox import Sandbox
from sandbox.client import Workspace
from tests.browser.windows import Windows
from tests.scenarios.conftest import Town, opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if chromium() is None and not os.environ.get("CI"):
        pytest.skip("no Chromium on this machine (apt install chromium)")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def town(databases: Databases) -> AsyncIterator[Town]:
    """A small prefecture; what is stored and how is tested elsewhere, so one engine is enough."""
    with databases.lent("sqlite") as url:
        async with opened(url) as found:
            yield found


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    """A workspace whose app may do everything, and which nobody has started."""
    async with Sandbox() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def ws(sandbox: Sandbox) -> AsyncIterator[Workspace]:
    async with Workspace(sandbox.control_url) as workspace:
        yield workspace


@pytest_asyncio.fixture(loop_scope="session")
async def windows(browser: Browser) -> AsyncIterator[Windows]:
    """Opens windows; whatever a window's console complains of fails the test."""
    opener = Windows(browser)
    yield opener
    await opener.close()
    assert opener.complaints == []
