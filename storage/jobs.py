"""What waits for the writer: first what people wait for, then the rest; neither makes the other starve."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


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
    """Two queues for one taker. Any thread may put."""

    def __init__(self) -> None:
        self._first: deque[Job] = deque()
        self._later: deque[Job] = deque()
        self._something = threading.Condition(threading.Lock())
        self._closed = False
        self._their_turn = False

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
        """Jobs of the second queue that gave way come first in it again."""
        with self._something:
            for job in reversed(jobs):
                job.queued = True
                self._later.appendleft(job)

    def close(self) -> None:
        """After what is there, nothing more comes."""
        with self._something:
            self._closed = True
            self._something.notify()

    def take(self, most: int) -> list[Job]:
        """Wait for jobs and take some, all of one queue: by turns where both have some. Empty when closed and done."""
        with self._something:
            while not (self._first or self._later or self._closed):
                self._something.wait()
            theirs = bool(self._later) and (self._their_turn or not self._first)
            self._their_turn = not theirs
            queue = self._later if theirs else self._first
            taken = [queue.popleft() for _ in range(min(most, len(queue)))]
            for job in taken:
                job.queued = False
            return taken
