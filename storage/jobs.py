"""What waits for the writer: first what people wait for, then the rest; neither makes the other starve."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

TURN = 0.05
"""Seconds after which a job that nobody waits for has its turn, however many others are there."""

GLANCE = 0.002
"""Seconds between two looks whether somebody is still about to put one."""


@dataclass(slots=True)
class Job:
    """An action and the future that waits for it. `later`: nobody's patience depends on it."""

    action: Callable[..., Any]
    context: contextvars.Context
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    later: bool = False
    result: Any = None
    error: BaseException | None = None
    wakes: set[str] = field(default_factory=set)
    answered: bool = False
    queued: bool = False


class Jobs:
    """Two queues for one taker. Any thread may put. `busy` says that somebody is about to put a job of the first kind: the
    rest waits for it, but not for long."""

    def __init__(self) -> None:
        self.busy: Callable[[], bool] = lambda: False
        self._first: deque[Job] = deque()
        self._later: deque[Job] = deque()
        self._something = threading.Condition(threading.Lock())
        self._closed = False
        self._last_turn = 0.0

    @property
    def urgent(self) -> bool:
        """Whether somebody waits for an answer."""
        return bool(self._first)

    def put(self, job: Job) -> None:
        """Add a job at the end."""
        with self._something:
            job.queued = True
            (self._later if job.later else self._first).append(job)
            self._something.notify()

    def put_back(self, jobs: Sequence[Job]) -> None:
        """Jobs that gave way come first in their queues again."""
        with self._something:
            for job in reversed(jobs):
                job.queued = True
                (self._later if job.later else self._first).appendleft(job)

    def close(self) -> None:
        """After what is there, nothing more comes."""
        with self._something:
            self._closed = True
            self._something.notify()

    def take(self, most: int) -> list[Job]:
        """Wait for jobs and take some, all of one queue. Empty when closed and done."""
        with self._something:
            while (queue := self._whose_turn()) is None:
                if self._closed and not self._later:
                    return []
                self._something.wait(GLANCE if self._later else None)
            return _out_of(queue, most)

    def take_urgent(self, most: int) -> list[Job]:
        """Some of those that somebody waits for, without waiting."""
        with self._something:
            return _out_of(self._first, most)

    def _whose_turn(self) -> deque[Job] | None:
        """First what people wait for; the rest when nobody does, or when its last turn is too long ago."""
        if self._later:
            waits = self._first or (self.busy() and not self._closed)
            if not waits or time.monotonic() - self._last_turn > TURN:
                self._last_turn = time.monotonic()
                return self._later
        return self._first or None


def _out_of(queue: deque[Job], most: int) -> list[Job]:
    taken = [queue.popleft() for _ in range(min(most, len(queue)))]
    for job in taken:
        job.queued = False
    return taken
