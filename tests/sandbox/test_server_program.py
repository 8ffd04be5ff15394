"""The sandbox as a program of its own."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE

import aiohttp

from sandbox.client import Workspace


async def test_it_prints_where_it_listens_and_stops_when_asked() -> None:
    """Opened to others it says so, and by which names browsers may come."""
    command = (sys.executable, "-m", "sandbox", "--host", "0.0.0.0", "--name", "demo.example")
    program = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    assert program.stdout is not None
    assert program.stderr is not None
    values = json.loads(await asyncio.wait_for(program.stdout.readline(), 20))
    assert b"whoever reaches it can do everything" in await program.stderr.readline()
    async with Workspace(values["control_url"]) as ws, aiohttp.ClientSession() as session:
        assert (await ws.info())["bot_user_id"] == values["bot_user_id"]
        for name, status in (("demo.example", 200), ("evil.example", 403)):
            async with session.get(values["browser_url"], headers={"Host": name}) as answer:
                assert answer.status == status
    program.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(program.wait(), 10) == 0
    assert await program.stdout.read() == b""
