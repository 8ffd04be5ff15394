"""Where things run: the process under test on a core of its own, everything else on the others."""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.nursery import Forked, Nursery

ROOT = Path(__file__).parents[1]
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cores:
    """Which cores the process under test and the measuring process may use; empty where they cannot be chosen."""

    tested: frozenset[int]
    measuring: frozenset[int]


def take_cores() -> Cores:
    """Keep the last core for the process under test and move this process to the first. Servers that were started
    before keep all of them."""
    if not hasattr(os, "sched_setaffinity"):
        return Cores(frozenset(), frozenset())
    mine = sorted(os.sched_getaffinity(0))
    if len(mine) < 2:
        return Cores(frozenset(mine), frozenset(mine))
    os.sched_setaffinity(0, {mine[0]})
    return Cores(frozenset({mine[-1]}), frozenset({mine[0]}))


def facts(cores: Cores) -> dict[str, Any]:
    """What a reader must know to compare figures."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "cores_of_the_tested_process": sorted(cores.tested),
        "cores_of_sandbox_and_load": sorted(cores.measuring),
        "load_average_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.release()}",
    }


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def say(sentence: str) -> None:
    """Tell whoever waits how far we are; the figures alone go to standard output."""
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(slots=True)
class Child:
    """A process of ours. `started` is seconds of the monotonic clock, `log` what it wrote."""

    process: asyncio.subprocess.Process | Forked
    log: Path
    started: float

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.returncode is None

    @property
    def rss(self) -> float:
        """Resident memory in MiB."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / MIB

    @property
    def cpu(self) -> float:
        """Seconds of processor time it has used."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    async def stop(self, how: signal.Signals = signal.SIGTERM, within: float = 20.0) -> int:
        """End it and return its exit code; one that does not end is killed after `within` seconds."""
        if self.alive:
            self.process.send_signal(how)
        try:
            async with asyncio.timeout(within):
                return await self.process.wait()
        except TimeoutError:
            self.process.kill()
            return await self.process.wait()

    def last_words(self, lines: int = 15) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


async def start(
    module: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    cores: frozenset[int] = frozenset(),
    nursery: Nursery | None = None,
) -> Child:
    """Start `python -m module …` with only this environment, its output appended to `log`."""
    kept = ("PATH", "HOME", "LANG", "XDG_RUNTIME_DIR")
    given = {name: os.environ[name] for name in kept if name in os.environ}
    env = {**given, "PYTHONPATH": str(ROOT), **environment}
    cwd = log.parent  # no .env of the developer's is read
    started = time.monotonic()
    process: asyncio.subprocess.Process | Forked
    if nursery is not None:
        process = await nursery.start(module, env, cwd, log, log)
    else:
        with log.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *module, env=env, cwd=cwd, stdout=out, stderr=out
            )
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, cores)
    return Child(process, log, started)


async def until(
    what: str, true: Callable[[], Any], within: float, child: Child | None = None, every: float = 0.01
) -> float:
    """Wait until `true()` (or what it awaits to) holds; returns the seconds it took.

    Raises:
        TimeoutError: it did not come true, or the child died meanwhile; with the child's last words.
    """
    begun = time.monotonic()
    while True:
        found = true()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return time.monotonic() - begun
        dead = child is not None and not child.alive
        if dead or time.monotonic() - begun > within:
            words = child.last_words() if child is not None else ""
            raise TimeoutError(f"{what}: not within {within} s{' (it died)' if dead else ''}\n{words}")
        await asyncio.sleep(every)


@contextlib.asynccontextmanager
async def stopping(child: Child) -> AsyncIterator[Child]:
    """Stop the child at the end, whatever happens."""
    try:
        yield child
    finally:
        await child.stop()
