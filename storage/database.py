"""Opening the database and the only transactions there are.

An *action* is a plain function `action(tx, …)`; `await db.write(action, …)` runs it on the one writer thread,
`await db.read(query, …)` on a reader thread. Actions that wait together are committed together, so that one fsync serves
many; when one of them fails, all are run again, each under a savepoint, so that it hurts nobody else
(docs/decisions/0001-one-writer.md). An action may be run more than once: it must do nothing but use its transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import random
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.errors import DatabaseUnavailable
from storage.engines import Trouble, reader_engine, transaction, trouble, writer_engine
from storage.jobs import Job, Jobs

P = ParamSpec("P")
R = TypeVar("R")

BATCH = 32
BATCH_SECONDS = 0.02  # past this, what waits goes into the next commit, so that acknowledgements stay quick
SERIALISATION_TRIES = 8


@dataclass(frozen=True, slots=True)
class Transaction:
    """An open transaction and the facts of its moment.

    `now` is the business clock, `real_now` the machine's (leases, Retry-After); both aware UTC. `wakes` names what the
    commit should wake ("outbox"). `memo` lives as long as the action, `shared` as long as the commit that it shares with
    others, `cache` as long as the database (`storage.cache`).
    """

    connection: Connection
    workspace: str
    now: datetime
    real_now: datetime
    wakes: set[str] = field(default_factory=set)
    memo: dict[str, Any] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)
    cache: dict[tuple[str, str], tuple[Any, Any]] = field(default_factory=dict)


class _Spoiled(Exception):
    """An action failed in a transaction that holds others' work without a savepoint."""


def _told(error: BaseException) -> BaseException:
    """The error as the one who waits gets it: a future takes no StopIteration, and a CancelledError would lie."""
    if isinstance(error, StopIteration) or not isinstance(error, Exception):
        said: BaseException = RuntimeError(f"an action raised {type(error).__name__}")
    elif trouble(error) is Trouble.OWN:
        return error
    else:
        said = DatabaseUnavailable()
    said.__cause__ = error
    return said


def _is_waited_for(batch: list[Job], done: int) -> bool:
    """Whether somebody waits for this commit, and what would come next keeps them waiting for nobody's sake."""
    return not batch[done - 1].later and done < len(batch) and batch[done].later


class Database:
    """One database, one workspace. Open it with `async with`; it drains its writer when it closes."""

    def __init__(self, url: str, clock: Clock, workspace: str = "", *, readers: int = 4) -> None:
        self.url = url
        self.clock = clock
        self.workspace = workspace
        self._writer: Engine = writer_engine(url)
        self._reader: Engine = reader_engine(url, readers)
        self._jobs = Jobs()
        self._taken: list[Job] = []  # what the writer has in hand
        self._pool = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._closed = False
        self._cache: dict[tuple[str, str], tuple[Any, Any]] = {}
        self._wakers: dict[str, list[Callable[[], None]]] = {}
        self._observe: Callable[[float, int], None] = lambda seconds, actions: None

    async def __aenter__(self) -> Database:
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        self._jobs.close()
        await asyncio.to_thread(self._thread.join)
        self._pool.shutdown(wait=True)
        self._reader.dispose()
        self._writer.dispose()

    def on_commit(self, what: str, wake: Callable[[], None]) -> None:
        """Call `wake` on the event loop after each commit whose transaction named `what` in `wakes`."""
        self._wakers.setdefault(what, []).append(wake)

    def let_pass(self, busy: Callable[[], bool]) -> None:
        """While `busy` (asked on the writer thread), `write_later` waits for a moment: a `write` is about to come."""
        self._jobs.busy = busy

    def observe_commits(self, observe: Callable[[float, int], None]) -> None:
        """Call `observe(seconds, actions)` on the writer thread after each commit (metrics)."""
        self._observe = observe

    async def write(
        self, action: Callable[Concatenate[Transaction, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `action` in a write transaction and return its result once it is durable.

        Raises:
            DatabaseUnavailable: nothing was written (locked, full, read-only, unreachable).
        """
        return await self._wait_for(lambda tx: action(tx, *args, **kwargs), later=False)

    async def write_later(
        self, action: Callable[Concatenate[Transaction, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`write` for work that nobody looks at meanwhile: it gives way to what people wait for."""
        return await self._wait_for(lambda tx: action(tx, *args, **kwargs), later=True)

    async def _wait_for(self, action: Callable[[Transaction], R], *, later: bool) -> R:
        if self._closed:
            raise DatabaseUnavailable()
        loop = asyncio.get_running_loop()
        job = Job(action, contextvars.copy_context(), loop.create_future(), loop, later)
        self._jobs.put(job)
        result: R = await job.future
        return result

    async def read(
        self, query: Callable[Concatenate[Transaction, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `query` on one consistent snapshot, beside the writer.

        Raises:
            DatabaseUnavailable: the database cannot be read.
        """
        context = contextvars.copy_context()

        def run() -> R:
            try:
                with transaction(self._reader) as connection:
                    return query(self._transaction(connection), *args, **kwargs)
            except Exception as error:
                told = _told(error)
                raise told from told.__cause__

        return await asyncio.get_running_loop().run_in_executor(self._pool, context.run, run)

    def _transaction(self, connection: Connection, shared: dict[str, Any] | None = None) -> Transaction:
        now, real_now = self.clock.business_now(), self.clock.real_now()
        mine = {} if shared is None else shared
        return Transaction(connection, self.workspace, now, real_now, shared=mine, cache=self._cache)

    # --- the writer thread -------------------------------------------------------------------------------------

    def _run(self) -> None:
        while batch := self._jobs.take(BATCH):
            self._taken = list(batch)
            try:
                self._commit(batch)
            except BaseException as error:  # nothing may end the only writer
                for job in self._taken:
                    if not (job.answered or job.queued):
                        job.error = _told(error)
            self._answer(self._taken)

    def _commit(self, jobs: list[Job]) -> None:
        """Commit the jobs, together if that works; what a conflict or a bad neighbour refused goes again, alone, each to its
        end before the next: so their order stays.

        Raises:
            DBAPIError, TimeoutError: no transaction could be begun; nobody who is unanswered needs to try.
        """
        for job in self._commit_batch(jobs):
            alone = [job]
            for attempt in range(SERIALISATION_TRIES):
                time.sleep(random.uniform(0, 0.001 * 2**attempt))
                if not (alone := self._commit_batch(alone, lets_in=False)):
                    break

    def _commit_batch(self, batch: list[Job], *, lets_in: bool = True) -> list[Job]:
        """Commit in slices of BATCH_SECONDS and answer each; return what should be tried again."""
        guarded = False
        while batch:
            started, done, begun = time.perf_counter(), 0, False
            try:
                with transaction(self._writer) as connection:
                    begun, shared = True, dict[str, Any]()
                    while done < len(batch):
                        self._run_one(connection, batch[done], shared, guarded=guarded)
                        done += 1
                        if lets_in:
                            self._let_in(batch, done)
                        if time.perf_counter() - started > BATCH_SECONDS or _is_waited_for(batch, done):
                            break
            except _Spoiled:
                if done:
                    guarded = True
                else:
                    self._answer(batch[:1])
                    batch = batch[1:]
                continue
            except DBAPIError as error:
                if not begun:
                    raise
                for job in batch:
                    job.error = _told(error)
                return batch if trouble(error) is Trouble.AGAIN or len(batch) > 1 else []
            with contextlib.suppress(Exception):  # figures about a write must not cost it
                self._observe(time.perf_counter() - started, done)
            self._answer(batch[:done])
            batch, guarded = batch[done:], False
            if batch and batch[0].later and lets_in:
                self._jobs.put_back(batch)
                break
        return []

    def _let_in(self, batch: list[Job], done: int) -> None:
        """Between two jobs that nobody waits for: who waits for an answer meanwhile comes into the same commit, next."""
        if all(job.later for job in batch[done - 1 : done + 1]) and self._jobs.urgent:
            batch[done:done] = joined = self._jobs.take_urgent(BATCH)
            self._taken += joined

    def _run_one(self, connection: Connection, job: Job, shared: dict[str, Any], *, guarded: bool) -> None:
        """Run one action; the database's failure is raised. Its own failure stays its own under a savepoint (`guarded`);
        without one, which is the rule because few actions fail, it spoils the transaction."""
        tx = self._transaction(connection, shared)
        job.result, job.error, job.wakes = None, None, tx.wakes
        if guarded:
            connection.exec_driver_sql("SAVEPOINT action")
        try:
            job.result = job.context.run(job.action, tx)
        except BaseException as error:
            if trouble(error) is not Trouble.OWN:
                raise
            job.error = _told(error)
            if not guarded:
                raise _Spoiled from error
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT action")
        if guarded:
            connection.exec_driver_sql("RELEASE SAVEPOINT action")

    def _answer(self, jobs: Iterable[Job]) -> None:
        """Settle those that were not settled yet and have had their turn, each on its loop."""
        unanswered = [job for job in jobs if not (job.answered or job.queued)]
        for loop in {job.loop for job in unanswered}:
            mine = [job for job in unanswered if job.loop is loop]
            with contextlib.suppress(RuntimeError):  # the loop is gone, and with it everyone who waited
                loop.call_soon_threadsafe(self._settle, mine)
        for job in unanswered:
            job.answered = True

    def _settle(self, jobs: list[Job]) -> None:
        wakes: set[str] = set()
        for job in jobs:
            if job.error is None:
                wakes |= job.wakes
            if job.future.cancelled():
                continue
            if job.error is not None:
                job.future.set_exception(job.error)
            else:
                job.future.set_result(job.result)
        for what in wakes:
            for wake in self._wakers.get(what, ()):
                wake()
