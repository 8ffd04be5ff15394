"""Ctrl-C and SIGTERM where nothing is running yet, or only a play."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from benchmarks.nursery import Nursery

ROOT = Path(__file__).parents[2]

_DURING_IMPORTS = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # what is started in the background ignores it

class Impatient:
    def find_spec(self, name, path=None, target=None):
        if name == "bot.cli":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Impatient())
from bot.__main__ import main
main()
"""

_AFTER_THEM = """
import os, signal, sys, types
signal.signal(signal.SIGINT, signal.default_int_handler)

def work():
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        print("closed what was open")

import bot
bot.cli = sys.modules["bot.cli"] = types.ModuleType("bot.cli")
bot.cli.main = work
from bot.__main__ import main
main()
"""


async def _python(program: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), err.decode()


async def test_ctrl_c_during_the_imports_ends_without_a_word() -> None:
    assert await _python(_DURING_IMPORTS) == (-signal.SIGINT, "", "")


async def test_ctrl_c_after_the_imports_still_lets_a_command_close_what_it_opened() -> None:
    assert await _python(_AFTER_THEM) == (0, "closed what was open\n", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_story_that_is_stopped_leaves_nothing(
    nursery: Nursery, tmp_path: Path, number: signal.Signals
) -> None:
    place, out, err = tmp_path / "temporary", tmp_path / "out", tmp_path / "err"
    place.mkdir()
    environment = {**os.environ, "TMPDIR": str(place)}
    process = await nursery.start(["bot", "demo", "--story"], environment, tmp_path, out, err)
    deadline = time.monotonic() + 60
    while not (out.exists() and "ある一週間" in out.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, err.read_text(encoding="utf-8")
        await asyncio.sleep(0.05)
    assert list(place.iterdir()), "it keeps its database elsewhere: this test looks at nothing"
    process.send_signal(number)
    assert await asyncio.wait_for(process.wait(), 30) == 128 + number
    assert list(place.iterdir()) == []
    assert "途中で止めました" in out.read_text(encoding="utf-8")
    assert "Traceback" not in err.read_text(encoding="utf-8")
