"""Forked processes are processes like others."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from benchmarks.machine import ROOT, until
from benchmarks.nursery import Nursery

SERVER = ["http.server", "0", "-b", "127.0.0.1"]
_OWNER = f"""
import asyncio, os
from pathlib import Path
from benchmarks.nursery import nursery

async def main():
    with nursery() as opened:
        process = await opened.start({SERVER}, dict(os.environ), Path("."), Path("out"), Path("err"))
        print(process.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_it_has_its_environment_directory_and_output_and_says_how_it_ended(
    nursery: Nursery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_PARENT", "1")
    out, err = tmp_path / "out", tmp_path / "err"

    async def ends(statement: str) -> int:
        words = ["timeit", "-n1", "-r1", statement]
        process = await nursery.start(words, {"OWN": "1"}, tmp_path, out, err)
        return await asyncio.wait_for(process.wait(), 20)

    assert await ends("import os; print(dict(os.environ), os.getcwd())") == 0
    assert out.read_text().startswith(f"{{'OWN': '1'}} {tmp_path}\n")
    assert err.read_text() == ""
    assert await ends("raise ZeroDivisionError") == 1
    assert "ZeroDivisionError" in err.read_text()


async def test_it_can_be_killed(nursery: Nursery, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = await nursery.start(
        ["http.server", "0", "-b", "127.0.0.1"], dict(os.environ), tmp_path, out, out
    )
    assert process.returncode is None
    assert process.pid in {child.pid for child in psutil.Process().children(recursive=True)}
    process.kill()
    assert await asyncio.wait_for(process.wait(), 20) == -signal.SIGKILL


async def test_nothing_is_left_of_a_killed_owner(tmp_path: Path) -> None:
    owner = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _OWNER,
        stdout=asyncio.subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert owner.stdout is not None
    pid = int(await asyncio.wait_for(owner.stdout.readline(), 30))
    family = psutil.Process(owner.pid).children(recursive=True)
    assert pid in {child.pid for child in family}
    owner.kill()
    await owner.wait()
    await until("all are gone", lambda: not psutil.wait_procs(family, 0)[1], 20)
