"""What is measured: the bot, and a bare Bolt app that does nothing but acknowledge."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiohttp

from benchmarks.databases import Databases, Engine
from benchmarks.machine import Child, Cores, free_port, start, until
from benchmarks.town import Town, set_up, town
from bot.manifest import EVENTS_PATH

Mode = Literal["http", "socket"]
MODES: tuple[Mode, ...] = ("http", "socket")
READY_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """How an app runs. `database` None is the bare Bolt app."""

    mode: Mode
    database: Engine | None

    @property
    def name(self) -> str:
        """Its name in the figures."""
        return f"{self.mode}, {self.database or 'bare Bolt'}"


@dataclass(frozen=True, slots=True)
class Bench:
    """What every part measures with."""

    databases: Databases
    cores: Cores
    directory: Path


@dataclass(slots=True)
class Running:
    """A candidate that is up: `seconds` from its start until it was ready."""

    town: Town
    child: Child
    seconds: float
    url: str
    database_url: str | None


@contextlib.asynccontextmanager
async def running(bench: Bench, candidate: Candidate) -> AsyncIterator[Running]:
    """A new workspace and the candidate connected to it; all is gone afterwards."""
    async with town() as place:
        database_url = bench.databases.fresh(candidate.database) if candidate.database else None
        if database_url:
            await set_up(place, database_url)
        found = await begin(bench, candidate, place, database_url)
        try:
            yield found
        finally:
            await found.child.stop()


async def begin(bench: Bench, candidate: Candidate, place: Town, database_url: str | None) -> Running:
    """Start the candidate's process and wait until it can take events.

    Raises:
        TimeoutError: it did not come up; with its last words.
    """
    port = free_port()
    environment = place.environment(mode=candidate.mode, port=port, database_url=database_url)
    module = ["bot", "run"] if database_url else ["benchmarks.bare"]
    if database_url and "PROFILE_TO" in os.environ:
        module, environment["PROFILE_TO"] = ["benchmarks.profiled"], os.environ["PROFILE_TO"]
    child = await start(module, environment, bench.directory / "log", bench.cores.tested)
    url = f"http://127.0.0.1:{port}"
    try:
        await until(candidate.name, lambda: _answers(f"{url}/healthz"), READY_WITHIN, child)
        if candidate.mode == "socket":
            sockets = place.sandbox.sockets
            await until(f"{candidate.name} connected", lambda: sockets.connections >= 2, READY_WITHIN, child)
        seconds = time.monotonic() - child.started
        if candidate.mode == "http":
            await place.ws.request_url(f"{url}{EVENTS_PATH}")
    except BaseException:
        await child.stop()
        raise
    return Running(place, child, seconds, url, database_url)


async def _answers(url: str) -> bool:
    """Whether it says that it is well; bare Bolt says so as soon as it says anything."""
    try:
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False
