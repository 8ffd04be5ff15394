"""Words are kept first and taken in a moment later, in the order in which they came.

Slack and whoever wrote wait for the first, short transaction only, however much is to be made of the words. What is kept
is taken in also when this process dies in between: by the next one, or by another replica
(docs/decisions/0020-kept-first.md).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog

from bot.errors import DatabaseUnavailable
from bot.gate import Gate
from bot.logs import current_reference, reference, referenced
from handlers.common.services import Services
from handlers.questions import capture
from handlers.questions.capture import Became
from handlers.questions.incoming import Incoming
from storage import kept, questions
from storage.database import Transaction
from storage.kept import Word

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger("taking")

WRITTEN, CHANGED, DELETED = "written", "changed", "deleted"

BATCH = 32
POLL_SECONDS = 1.0
DRAIN_SECONDS = 5.0
"""How long a stop goes on taking in what is kept; the rest waits for the next start."""


def written(tx: Transaction, message: Incoming, kind: str, owner: str) -> None:
    """Keep what somebody wrote (WRITTEN) or how they changed it (CHANGED)."""
    _keep(tx, message.channel, kind, asdict(message), owner)


def deleted(tx: Transaction, channel: str, ts: str, previous: Incoming | None, owner: str) -> None:
    """Keep that somebody deleted a message, with what it said where Slack tells."""
    body = {"channel": channel, "ts": ts, "previous": asdict(previous) if previous else None}
    _keep(tx, channel, DELETED, body, owner)


def _keep(tx: Transaction, channel: str, kind: str, body: Mapping[str, Any], owner: str) -> None:
    kept.keep(tx, channel, kind, body, owner=owner, reference=current_reference() or reference())


def take_in(tx: Transaction, word: Word) -> Became:
    """Make of a kept word what it is."""
    if not kept.take(tx, word):
        return Became.SEEN_BEFORE
    body = word.body
    if word.kind == DELETED:
        previous = _message(body["previous"]) if body["previous"] else None
        return capture.deleted(tx, body["channel"], body["ts"], previous)
    return (capture.edited if word.kind == CHANGED else capture.capture)(tx, _message(body))


def after_words(
    tx: Transaction,
    action: Callable[Concatenate[Transaction, int, P], R],
    question_id: int,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """What somebody does to a question by hand, after what was said about it before: who has just written an answer and
    presses 「回答した」 has answered in words."""
    question = questions.get(tx, question_id)
    if question is not None:
        places = {question.channel, question.desk_channel or question.channel}
        for word in kept.of_channels(tx, places):
            take_in(tx, word)
    return action(tx, question_id, *args, **kwargs)


def _message(body: Mapping[str, Any]) -> Incoming:
    return Incoming(**{**body, "files": tuple(body["files"])})


class Taker:
    """Takes in what is kept, until stopped. `owner` is this process; everything kept before its start is its own too."""

    def __init__(self, services: Services, gate: Gate | None = None) -> None:
        self._gate = gate or Gate(services.metrics)
        self.owner = services.process
        self._services, self._db = services, services.database
        self._wake = asyncio.Event()
        self._stopping = False
        self._db.on_commit(kept.KEPT, self._wake.set)

    async def run(self) -> None:
        """Go on until `stop`; a database that is away for a while is waited for."""
        everybodys = True
        while True:
            self._wake.clear()
            try:
                if await self.round(everybodys=everybodys):
                    continue
                everybodys = False
            except DatabaseUnavailable:
                log.warning("kept words wait for the database")
            if self._stopping:
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()

    async def round(self, *, everybodys: bool = False) -> int:
        """Take in some; returns how many there were. One at a time while Slack brings more: that must not wait.

        Raises:
            DatabaseUnavailable: some of them wait still.
        """
        words = await self._db.read(kept.waiting, self.owner, BATCH, everybodys=everybodys)
        left = list(words)
        while left:
            await self._gate.calm()
            number = 1 if self._gate.crowded else len(left)
            now, left = left[:number], left[number:]
            for outcome in await asyncio.gather(*map(self._take, now), return_exceptions=True):
                if isinstance(outcome, BaseException):
                    raise outcome
        return len(words)

    async def _take(self, word: Word) -> None:
        metrics = self._services.metrics
        with referenced(word.reference):
            try:
                became = await self._db.write_later(take_in, word)
            except DatabaseUnavailable:
                raise
            except Exception as error:
                log.error("word failed, kept for replay", kind=word.kind, exc_info=error)
                metrics.failed_events.inc()
                await self._db.write_later(kept.failed, word, type(error).__name__)
                return
        if became is Became.QUESTION:
            metrics.captured.inc()
        elif became is Became.SET_ASIDE:
            metrics.set_aside.inc()

    async def stop(self, running: asyncio.Task[None]) -> None:
        """Take in what is there, for at most `DRAIN_SECONDS`."""
        self._stopping = True
        self._wake.set()
        await asyncio.wait({running}, timeout=DRAIN_SECONDS)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def take_in_again(services: Services) -> tuple[int, int]:
    """Take in everything that is kept, also what failed before, without a running bot. Returns how many words were taken
    in and how many failed."""
    await services.database.write(kept.try_again, all_of_them=True)
    taker, before = Taker(services), (await services.database.read(kept.backlog)).waiting
    while await taker.round(everybodys=True):
        pass
    failing = (await services.database.read(kept.backlog)).failing
    return before - failing, failing
