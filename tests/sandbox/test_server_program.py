"""The sandbox as a program of its own."""

from __future__ import annotations

import asyncio
import json
import signal
import sys

from sandbox.client import Workspace


async def test_it_prints_where_it_listens_and_stops_when_asked() -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert program.stdout is not None
    values = json.loads(await asyncio.wait_for(program.stdout.readline(), 20))
    async with Workspace(values["control_url"]) as ws:
        assert (await ws.info())["bot_user_id"] == values["bot_user_id"]
    program.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(program.wait(), 10) == 0
    assert await program.stdout.read() == b""
