"""The writer's two queues: what people wait for goes first, by turns when both have something."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from typing import Protocol

import pytest

from storage.database import Database, Transaction
from storage.jobs import TURN, Job, Jobs


class Make(Protocol):
    """Makes a job with a name."""

    def __call__(self, name: str, *, later: bool = False) -> Job: ...


@pytest.fixture
async def job() -> Make:
    """Makes a job with a name."""
    loop = asyncio.get_running_loop()

    def make(name: str, *, later: bool = False) -> Job:
        return Job(lambda: name, contextvars.copy_context(), loop.create_future(), loop, later)

    return make


def names(taken: list[Job]) -> str:
    return "".join(one.action() for one in taken)


async def test_what_people_wait_for_goes_first_and_the_rest_has_its_turn(
    job: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [100.0]
    monkeypatch.setattr("storage.jobs.time.monotonic", lambda: at[0])
    jobs = Jobs()
    for name in "abcd":
        jobs.put(job(name, later=True))
    for name in "123456":
        jobs.put(job(name))
    assert jobs.urgent
    assert names(jobs.take(2)) == "ab", "it has had no turn yet"
    assert [names(jobs.take(2)) for _ in range(2)] == ["12", "34"]
    at[0] += TURN * 1.1
    assert [names(jobs.take(2)) for _ in range(2)] == ["cd", "56"]
    assert not jobs.urgent


async def test_the_rest_waits_a_moment_for_who_is_about_to_come(job: Make) -> None:
    jobs, asked = Jobs(), list[int]()
    jobs._last_turn = time.monotonic() + 1000  # its turn is far away
    jobs.put(job("a", later=True))

    def busy() -> bool:
        asked.append(1)
        if len(asked) == 3:
            jobs._first.append(job("1"))
        return len(asked) < 5

    jobs.busy = busy
    assert [names(jobs.take(9)) for _ in range(2)] == ["1", "a"]
    assert len(asked) == 5


async def test_who_gave_way_is_the_first_of_the_rest_again(job: Make) -> None:
    jobs = Jobs()
    for name in "abc":
        jobs.put(job(name, later=True))
    taken = jobs.take(3)
    jobs.put(job("d", later=True))
    jobs.put_back(taken[1:])
    assert [one.queued for one in taken] == [False, True, True]
    assert names(jobs.take(9)) == "bcd"


async def test_a_closed_queue_is_emptied_first(job: Make) -> None:
    jobs = Jobs()
    jobs.put(job("a", later=True))
    jobs.put(job("1"))
    jobs.busy = lambda: True
    jobs.close()
    jobs._last_turn = time.monotonic()
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


async def test_who_waits_for_an_answer_comes_into_the_commit_that_is_under_way(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their order, before what nobody waits for, and each with an error of their own."""
    monkeypatch.setattr("storage.database.BATCH_SECONDS", 60)
    done, sizes, begun, go_on = list[str](), list[int](), threading.Event(), threading.Event()
    database.observe_commits(lambda seconds, actions: sizes.append(actions))

    def slow(_: Transaction, name: str) -> None:
        begun.set()
        go_on.wait(20)
        done.append(name)

    def refuse(_: Transaction) -> None:
        raise ValueError("no")

    rest = [asyncio.ensure_future(database.write_later(slow, name)) for name in "ab"]
    await asyncio.to_thread(begun.wait, 20)
    urgent = [asyncio.ensure_future(database.write(slow, name)) for name in "12"]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(*rest, *urgent)
    assert done == ["a", "1", "2", "b"]
    assert sizes == [3, 1]

    begun.clear()
    go_on.clear()
    done.clear()
    rest = [asyncio.ensure_future(database.write_later(slow, name)) for name in "ab"]
    await asyncio.to_thread(begun.wait, 20)
    refused = asyncio.ensure_future(database.write(refuse))
    urgent = [asyncio.ensure_future(database.write(slow, name)) for name in "12"]
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(ValueError, match="no"):
        await refused
    await asyncio.gather(*rest, *urgent)
    assert [name for name in dict.fromkeys(reversed(done))][::-1] == ["a", "1", "2", "b"]
