"""The writer's two queues: what people wait for goes first, by turns when both have something."""

from __future__ import annotations

import asyncio
import contextvars
import threading

import pytest

from storage.database import Database, Transaction
from storage.jobs import Job, Jobs


@pytest.fixture
async def job() -> object:
    """Makes a job with a name."""
    loop = asyncio.get_running_loop()

    def make(name: str, *, later: bool = False) -> Job:
        return Job(lambda: name, contextvars.copy_context(), loop.create_future(), loop, later)

    return make


def names(taken: list[Job]) -> str:
    return "".join(one.action() for one in taken)


async def test_what_people_wait_for_goes_first_and_the_rest_has_every_second_turn(job) -> None:  # type: ignore[no-untyped-def]
    jobs = Jobs()
    for name in "abcd":
        jobs.put(job(name, later=True))
    for name in "1234":
        jobs.put(job(name))
    assert jobs.urgent
    assert [names(jobs.take(2)) for _ in range(4)] == ["12", "ab", "34", "cd"]
    assert not jobs.urgent


async def test_who_gave_way_is_the_first_of_the_rest_again(job) -> None:  # type: ignore[no-untyped-def]
    jobs = Jobs()
    for name in "abc":
        jobs.put(job(name, later=True))
    taken = jobs.take(3)
    jobs.put(job("d", later=True))
    jobs.put_back(taken[1:])
    assert [one.queued for one in taken] == [False, True, True]
    assert names(jobs.take(9)) == "bcd"


async def test_a_closed_queue_is_emptied_first(job) -> None:  # type: ignore[no-untyped-def]
    jobs = Jobs()
    jobs.put(job("a", later=True))
    jobs.put(job("1"))
    jobs.close()
    assert [names(jobs.take(9)) for _ in range(3)] == ["1", "a", ""]


async def test_an_acknowledgement_waits_for_one_action_of_the_rest_at_most(database: Database) -> None:
    """Ten actions that were begun as one commit let a later one pass after the one that is under way."""
    done, begun, go_on = list[str](), threading.Event(), threading.Event()

    def slow(_: Transaction, name: str) -> None:
        begun.set()
        go_on.wait(20)
        done.append(name)

    rest = [asyncio.ensure_future(database.write_later(slow, str(n))) for n in range(10)]
    await asyncio.to_thread(begun.wait, 20)
    urgent = asyncio.ensure_future(database.write(slow, "first"))
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(urgent, *rest)
    assert done.index("first") <= 2
    assert [name for name in done if name != "first"] == [str(n) for n in range(10)]
