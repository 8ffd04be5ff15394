"""Fixtures shared by all rooms: a database on either engine, clocks that stand still."""

from __future__ import annotations

import contextlib
import gc
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from zlib import crc32

import pytest
import structlog
from hypothesis import HealthCheck, settings

from benchmarks.databases import ENGINES, Databases
from benchmarks.nursery import Nursery
from benchmarks.nursery import nursery as open_nursery
from bot.clock import Clock
from storage.database import Database
from tests.compiled import keep, share
from tests.listening import ask_less
from tests.pace import SHARERS

WORKSPACE = "T0ASAGI"

# How long an example takes says how busy the machine is, not whether the rule holds.
settings.register_profile("banso", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("banso")

share()
ask_less()

# Left alone, structlog draws a failure with all sources and variables, which takes two seconds.
_plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _plain])


_ended = itertools.count(1)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: no search for garbage need look at it. And while a test runs, where somebody may
    wait for an answer, only what is young is looked at: on a busy machine a whole search takes a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 1_000_000)


def pytest_runtest_logfinish() -> None:
    """What has grown old is looked at between tests, now and then: it takes as long as a test."""
    if next(_ended) % 100 == 0:
        gc.collect()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test marked `screens` runs on one engine, and its name says which. It is about words, permissions and dialogs alone;
    what is stored, sent, searched for or falls due is tested on both. What waits most of its time begins first, and rules
    are tested last, or all wait for a few in the end."""
    other = [item for item in items if item.get_closest_marker("screens") and not _chosen(item)]
    if other:
        config.hook.pytest_deselected(items=other)
        gone = set(other)
        items[:] = [item for item in items if item not in gone]
    items[:] = _in_order(items)


def _in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """For each worker's part, as xdist gives them out: what waits most of its time, the others, what takes no time."""
    waits, others, rules = list[pytest.Item](), list[pytest.Item](), list[pytest.Item]()
    for item in items:
        room = item.path.parent.name
        if room == "crash" or item.get_closest_marker("timeout"):
            waits.append(item)
        else:
            (rules if room == "domain" else others).append(item)
    return [
        item
        for at in range(SHARERS)
        for part in (waits[at::SHARERS], _portion(others, at), _portion(rules, at))
        for item in part
    ]


def _portion(items: Sequence[pytest.Item], at: int) -> Sequence[pytest.Item]:
    """A file's tests stay together: they share what is opened for it."""
    size = -(-len(items) // SHARERS)
    return items[at * size : (at + 1) * size]


def _chosen(item: pytest.Item) -> bool:
    name = item.nodeid
    for engine in ENGINES:
        name = name.replace(engine, "")
    return name == item.nodeid or ENGINES[crc32(name.encode()) % len(ENGINES)] in item.nodeid


class StillClock(Clock):
    """Both clocks stand still until a test moves them. Starts on a Tuesday, 10:00 in Tokyo."""

    def __init__(self) -> None:
        self.business = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
        self.real = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

    def business_now(self) -> datetime:
        return self.business

    def real_now(self) -> datetime:
        return self.real


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes databases for this test worker. No test cuts the power, so PostgreSQL need not be ready for that."""
    with contextlib.closing(Databases(tmp_path_factory.mktemp("databases"), durable=False)) as them:
        yield them


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Starts processes of the bot for this test worker."""
    with open_nursery() as opened:
        yield opened


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """A migrated, empty database: every test that asks for one runs on both engines."""
    with databases.lent(request.param) as url:
        keep(url)
        yield url


@pytest.fixture(params=ENGINES)
def own_database_url(request: pytest.FixtureRequest, databases: Databases) -> str:
    """The same, for a test that leaves it unfit for the next one."""
    return databases.fresh(request.param)


@pytest.fixture
async def database(database_url: str, clock: StillClock) -> AsyncIterator[Database]:
    async with Database(database_url, clock, WORKSPACE) as opened:
        yield opened
