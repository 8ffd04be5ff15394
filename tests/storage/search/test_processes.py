"""Several processes at one index, and one that is killed in the middle."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import psutil

from benchmarks.machine import until
from tests.storage.search.conftest import Open
from tests.storage.search.feeding import Feed, entry

ROOT = Path(__file__).parents[3]
ENTRIES = [entry(n, f"図書館の利用 {n}", "本を借りるには利用券がいります。") for n in range(1, 41)]

_FILL = """
import asyncio, sys
from pathlib import Path
from storage.search import Search
from tests.storage.search.feeding import Feed
from tests.storage.search.test_processes import ENTRIES

async def fill():
    async with Search(Path(sys.argv[1]), Feed(*ENTRIES)) as search:
        print("ready", flush=True)
        sys.stdin.readline()
        while not await search.catch_up():
            await asyncio.sleep(0.01)
        print(len(await search.find("図書館")), flush=True)

asyncio.run(fill())
"""

_STUCK = """
import sys, time
from pathlib import Path
from storage.search.analysis import Analyser
from storage.search.shelf import Shelf
from tests.storage.search.feeding import Feed
from tests.storage.search.test_processes import ENTRIES

class Stuck(Analyser):
    taken = 0
    def shown(self, text):
        Stuck.taken += 1
        if Stuck.taken > 50:
            print("stuck", flush=True)
            time.sleep(600)
        return super().shown(text)

feed = Feed(*ENTRIES)
index = Shelf(Path(sys.argv[1]), Stuck()).look()
index.take_in(list(feed.all[:10]))
index.take_in(list(feed.all[10:]))
"""

_IMPORTED = """
import asyncio, sys
from pathlib import Path
from storage.search import Search
from tests.storage.search.feeding import Feed

async def open_it():
    async with Search(Path(sys.argv[1]), Feed()) as search:
        await search.catch_up()
    print("sudachipy" in sys.modules, flush=True)

asyncio.run(open_it())
"""


async def start(script: str, directory: Path) -> Process:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(directory / "index"), stdin=PIPE, stdout=PIPE, env=env
    )


async def line(process: Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()


async def test_processes_that_start_at_once_make_one_index_and_find_the_same(
    opened: Open, tmp_path: Path
) -> None:
    processes = [await start(_FILL, tmp_path) for _ in range(3)]
    assert [await line(each) for each in processes] == ["ready"] * 3
    for each in processes:
        assert each.stdin is not None
        each.stdin.write(b"go\n")
    assert [await line(each) for each in processes] == ["40"] * 3
    assert [await each.wait() for each in processes] == [0] * 3
    search = await opened(Feed(*ENTRIES))
    assert await search.catch_up()
    assert sorted(hit.id for hit in await search.find("図書館")) == [each.id for each in ENTRIES]
    assert len(list((tmp_path / "index").iterdir())) == 2


async def test_one_that_is_killed_in_the_middle_leaves_what_was_whole_and_no_lock(
    opened: Open, tmp_path: Path
) -> None:
    process = await start(_STUCK, tmp_path)
    assert await line(process) == "stuck"
    feed = Feed(*ENTRIES)
    search = await opened(feed)
    assert not await search.catch_up()
    assert feed.asked == [10]
    assert len(await search.find("図書館")) == 10
    assert not search.ready
    process.kill()
    await process.wait()
    await until("the lock is free", search.catch_up, 20)
    assert search.ready
    assert sorted(hit.id for hit in await search.find("図書館")) == [each.id for each in ENTRIES]


async def test_one_that_is_stopped_hinders_nobody_from_searching(opened: Open, tmp_path: Path) -> None:
    process = await start(_STUCK, tmp_path)
    assert await line(process) == "stuck"
    frozen = psutil.Process(process.pid)
    frozen.suspend()
    try:
        search = await opened(Feed(*ENTRIES))
        assert not await search.catch_up()
        assert len(await search.find("図書館")) == 10
    finally:
        process.kill()
        await process.wait()


async def test_the_dictionary_waits_for_the_first_text(tmp_path: Path) -> None:
    process = await start(_IMPORTED, tmp_path)
    assert await line(process) == "False"
    assert await process.wait() == 0
