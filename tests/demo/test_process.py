"""The stand-in workspace as a process of its own."""

from __future__ import annotations

import asyncio
import signal
import sys
import time

from bot.demo.process import sandbox_process
from tests.demo.leftovers import listens, sandboxes

_OWNER = """
import asyncio
from bot.demo.process import sandbox_process

async def main():
    async with sandbox_process() as where:
        print(where["control_url"], flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def _falls_silent(url: str, within: float = 10) -> None:
    deadline = time.monotonic() + within
    while listens(url):
        assert time.monotonic() < deadline, f"somebody still listens at {url}"
        await asyncio.sleep(0.05)


async def test_it_serves_while_it_is_needed_and_no_longer() -> None:
    async with sandbox_process() as where:
        assert listens(where["control_url"])
        assert sandboxes()
    assert not listens(where["control_url"])
    assert not sandboxes()


async def test_it_knows_our_manifest() -> None:
    """Without one it would allow the app everything, and the play would prove little."""
    from sandbox.client import Workspace

    async with sandbox_process() as where, Workspace(where["control_url"]) as ws:
        info = await ws.info()
    assert "chat:write" in info["scopes"]
    assert info["events"]
    assert info["manifest_problems"] == []


async def test_it_ends_with_its_owner_even_when_that_is_killed() -> None:
    owner = await asyncio.create_subprocess_exec(sys.executable, "-c", _OWNER, stdout=asyncio.subprocess.PIPE)
    assert owner.stdout is not None
    url = (await asyncio.wait_for(owner.stdout.readline(), 30)).decode().strip()
    assert listens(url)
    owner.send_signal(signal.SIGKILL)
    await owner.wait()
    await _falls_silent(url)
