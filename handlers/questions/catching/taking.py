"""Words are kept first and taken in a moment later, in the order in which they came.

Slack and whoever wrote wait for the first, short transaction only, however much is to be made of the words. What is kept
is taken in also when this process dies in between: by the next one, or by another replica
(docs/decisions/0020-kept-first.md).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import structlog

from bot.errors import DatabaseUnavailable
from bot.gate import Gate
from bot.logs import current_reference, reference, referenced
from bot.metrics import Metrics
from handlers.common.services import Services
from handlers.questions.base.incoming import Incoming
from handlers.questions.intake import capture
from handlers.questions.intake.capture import Became
from storage import kept, questions
from storage.database import Transaction
from storage.kept import Word

log = structlog.get_logger("taking")

WRITTEN, CHANGED, DELETED = "written", "changed", "deleted"

BATCH = 32
BEFORE_A_PRESS = 10
UNLUCKY_TRIES = 30
"""Rounds, each a second or more apart, in which the database refuses one word before that counts as its failure."""

POLL_SECONDS = 1.0
DRAIN_SECONDS = 5.0
"""How long a stop goes on taking in what is kept; the rest waits for the next start."""


def written(tx: Transaction, message: Incoming, kind: str, owner: str) -> None:
    """Keep what somebody wrote (WRITTEN) or how they changed it (CHANGED)."""
    _keep(tx, message.author, kind, asdict(message), owner)


def deleted(tx: Transaction, channel: str, ts: str, previous: Incoming | None, owner: str) -> None:
    """Keep that somebody deleted a message, with what it said where Slack tells."""
    body = {"channel": channel, "ts": ts, "previous": asdict(previous) if previous else None}
    _keep(tx, previous.author if previous else "", DELETED, body, owner)


def _keep(tx: Transaction, author: str, kind: str, body: Mapping[str, Any], owner: str) -> None:
    kept.keep(tx, author, kind, body, owner=owner, reference=current_reference() or reference())


def take_in(tx: Transaction, word: Word) -> Became:
    """Make of a kept word what it is."""
    if not kept.take(tx, word):
        return Became.SEEN_BEFORE
    body = word.body
    if word.kind == DELETED:
        previous = _message(body["previous"]) if body["previous"] else None
        return capture.deleted(tx, body["channel"], body["ts"], previous)
    return (capture.edited if word.kind == CHANGED else capture.capture)(tx, _message(body))


def _message(body: Mapping[str, Any]) -> Incoming:
    return Incoming(**{**body, "files": tuple(body["files"])})


def _said_before(tx: Transaction, question_id: int, actor: str) -> list[Word]:
    """What those whom a press concerns have said before it."""
    question = questions.get(tx, question_id)
    people = {actor, question.asker, question.responsible or actor} if question is not None else {actor}
    return kept.of_people(tx, people, BEFORE_A_PRESS)


async def hear_out(services: Services, question_id: int, actor: str) -> None:
    """Before somebody does something to a question by hand: take in what they, its asker and whoever is responsible have
    said. Who has just written an answer and presses 「回答した」 has answered in words. What cannot be taken in now is
    left to the taker and refuses nobody's press; neither does it keep them waiting for a database that is away.

    Raises:
        DatabaseUnavailable: nothing can be done now.
    """
    # Asked on the writer, behind what is just being kept: a word and a press may come over two connections.
    for word in await services.database.write(_said_before, question_id, actor):
        try:
            _count(services.metrics, await services.database.write(take_in, word))
        except DatabaseUnavailable:
            return
        except Exception:
            log.info("word left to the taker", ref=word.reference)


def _count(metrics: Metrics, became: Became) -> None:
    if became is Became.QUESTION:
        metrics.captured.inc()
    elif became is Became.SET_ASIDE:
        metrics.set_aside.inc()


class Taker:
    """Takes in what this process keeps, what a process before it kept, and what another one left behind, until stopped."""

    def __init__(self, services: Services, gate: Gate | None = None) -> None:
        self._gate = gate or Gate(services.metrics)
        self._owner = services.process
        self._metrics, self._db = services.metrics, services.database
        self._wake = asyncio.Event()
        self._stopping, self._began = False, self._db.clock.real_now()
        self._unlucky: Counter[int] = Counter()
        self._db.on_commit(kept.KEPT, self._wake.set)

    async def run(self) -> None:
        """Go on until `stop`; a database that is away for a while is waited for."""
        while True:
            self._wake.clear()
            if await self._safe_round():
                continue
            if self._stopping:
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()

    async def _safe_round(self) -> int:
        try:
            return await self.round()
        except DatabaseUnavailable:
            log.warning("kept words wait for the database")
        except Exception:  # one bad row must not end the only way in
            log.exception("taking in failed")
        return 0

    async def round(self) -> int:
        """Take in some; returns how many there were. One at a time while Slack brings more: that must not wait.

        Raises:
            DatabaseUnavailable: some of them wait still.
        """
        left = await self._db.read(kept.waiting, self._owner, BATCH)
        if not left:
            return await self._adopt()
        number, failure = len(left), None
        while left:
            await self._gate.calm()
            size = 1 if self._gate.crowded else len(left)
            now, left = left[:size], left[size:]
            for outcome in await asyncio.gather(*map(self._take, now), return_exceptions=True):
                failure = outcome if isinstance(outcome, BaseException) else failure
        if failure is not None:
            raise failure
        return number

    async def _adopt(self) -> int:
        """What nobody takes in is ours now: what was kept before we began, and what another process has left for long."""
        if not await self._db.read(kept.anything_left, self._owner, self._began):
            return 0
        return await self._db.write_later(kept.adopt, self._owner, self._began, BATCH)

    async def _take(self, word: Word) -> None:
        with referenced(word.reference):
            try:
                became = await self._db.write_later(take_in, word)
            except DatabaseUnavailable:
                await self._unlucky_again(word)
            except Exception as error:
                await self._failed(word, error)
            else:
                self._unlucky.pop(word.id, None)
                _count(self._metrics, became)

    async def _unlucky_again(self, word: Word) -> None:
        """The database refuses this one word again and again and takes others: it is the word's fault."""
        self._unlucky[word.id] += 1
        if self._unlucky[word.id] >= UNLUCKY_TRIES:
            await self._failed(word, DatabaseUnavailable())
            del self._unlucky[word.id]
        else:
            raise DatabaseUnavailable()

    async def _failed(self, word: Word, error: Exception) -> None:
        await self._db.write_later(kept.failed, word, type(error).__name__)
        log.error("word failed, kept for replay", kind=word.kind, exc_info=error)
        self._metrics.failed_events.inc()

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
    while await taker.round():
        pass
    failing = (await services.database.read(kept.backlog)).failing
    return before - failing, failing
