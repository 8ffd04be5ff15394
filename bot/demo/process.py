"""The stand-in workspace as a process of its own, so that nothing but the wire lies between it and the bot."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from importlib.resources import as_file, files

from bot.errors import OperatorError

STARTS_WITHIN, ENDS_WITHIN = 30.0, 10.0
"""Seconds."""


@contextlib.asynccontextmanager
async def sandbox_process() -> AsyncIterator[dict[str, str]]:
    """Run `python -m sandbox` with our manifest; yields its addresses and tokens (`Sandbox.values`).

    It has a session of its own, so that Ctrl-C reaches the bot alone, which then says goodbye to it; and it ends when
    its standard input does, so that it never outlives us, however we end.

    Raises:
        OperatorError: it did not start.
    """
    with as_file(files("bot").joinpath("app.yaml")) as manifest:
        program = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "sandbox", "--until-eof", "--manifest", str(manifest)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            yield await _addresses(program)
        finally:
            await _end(program)


async def _addresses(program: asyncio.subprocess.Process) -> dict[str, str]:
    assert program.stdout is not None
    line = b""
    with contextlib.suppress(TimeoutError):
        line = await asyncio.wait_for(program.stdout.readline(), STARTS_WITHIN)
    if not line:
        raise OperatorError("練習用の Slack を起動できませんでした。")
    found: dict[str, str] = json.loads(line)
    return found


async def _end(program: asyncio.subprocess.Process) -> None:
    assert program.stdin is not None
    program.stdin.close()
    try:
        await asyncio.wait_for(program.wait(), ENDS_WITHIN)
    except TimeoutError:
        program.kill()
        await program.wait()
