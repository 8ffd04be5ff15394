"""What was written while we were away: the history of the bot's channels and the threads of its questions.

Slack sends an unacknowledged event again three times within six minutes, then no more. So at every start, after every
new connection and every few minutes the bot reads what it may have missed; natural keys make what it knows harmless.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from slack_sdk.errors import SlackApiError

from bot.errors import DatabaseUnavailable
from bot.reading import BAD_LUCK, Reader
from bot.slack import outcome
from handlers.common.services import Services
from handlers.questions.catching.rereading import OVERLAP, Rereading, Window
from storage import channels, messages
from storage.database import Transaction
from storage.messages import Thread

log = structlog.get_logger("catchup")

T = TypeVar("T")

CLOSED_FOR = timedelta(days=7)
LONG = timedelta(minutes=15)
FAR_BACK, BACK = timedelta(days=7), timedelta(days=1)
"""How old a message may be below which new replies are looked for: after a long gap, and otherwise."""

DIRECTS = "direct messages"
"""Stands for whose there are, among the channels that could not be read."""

FIRST_PAUSE, LAST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be read: `channels` (None = all of ours). `began` is when it was first tried, `again_at` when it is
    tried next (the machine's time)."""

    began: datetime
    again_at: datetime
    closed_for: timedelta
    channels: frozenset[str] | None = None
    tries: int = 0

    def later(self, now: datetime, channels: Collection[str] | None = None) -> Errand:
        """The same again after a pause that grows: everything, or only what is left of it."""
        left = self.channels if channels is None else frozenset(channels)
        pause = min(FIRST_PAUSE * 2**self.tries, LAST_PAUSE)
        return replace(self, channels=left, again_at=now + pause, tries=self.tries + 1)


@dataclass(slots=True, eq=False)
class _Asked:
    """A run that several may ask for until it begins; they wait until it has `ended`."""

    closed_for: timedelta
    ended: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class _Round:
    """How a run goes: messages that were news, channels that are not wholly read, those of them that bad luck kept
    from us, whether Slack answered anything, and whether it seems to be away."""

    news: int = 0
    unread: set[str] = field(default_factory=set)
    unlucky: set[str] = field(default_factory=set)
    answered: bool = False
    away: bool = False

    async def attempt(self, channel: str, reading: Callable[[], Awaitable[T]]) -> T | None:
        """Read; what is refused or meets bad luck leaves the channel unread and the others untouched."""
        if channel in self.unread:
            return None
        if self.away:
            self.missed(channel)
            return None
        try:
            found = await reading()
        except DatabaseUnavailable:
            raise
        except Exception as error:
            self._failed(channel, error)
            return None
        self.answered = True
        return found

    def missed(self, channel: str, *, refused: bool = False) -> None:
        """A channel could not be read; unless Slack refuses it, trying again soon may help."""
        self.unread.add(channel)
        if not refused:
            self.unlucky.add(channel)

    def _failed(self, channel: str, error: Exception) -> None:
        try:
            what, name = outcome(error)
        except Exception:  # our own mistake, which must not keep the other channels from being read
            log.error("cannot read a channel", channel=channel, exc_info=error)
            self.missed(channel)
            return
        self.answered |= isinstance(error, SlackApiError)
        self.away = what in BAD_LUCK and not isinstance(error, SlackApiError)
        self.missed(channel, refused=what not in BAD_LUCK)
        log.warning("cannot read a channel", channel=channel, error=name)


class CatchUp:
    """Reads what was missed, one run at a time; a run asked for before another has begun to read words is the same run.
    After a gap `first` is done before: who is in the channels may have changed too, and decides whom a question rings."""

    def __init__(
        self, services: Services, reader: Reader, *, first: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self._services = services
        self._first = first
        self._rereading = Rereading(services, reader)
        self._lock = asyncio.Lock()
        self._asked: _Asked | None = None
        self._owed: Errand | None = None

    async def run(self, *, closed_for: timedelta = CLOSED_FOR) -> int:
        """Catch up once; returns how many messages were news, or 0 where somebody else's run was joined. Threads closed at
        most `closed_for` ago are read too: their asker's next word reopens them. After a long gap, or events that had to be
        refused, those of a week are."""
        if (asked := self._asked) is not None:
            asked.closed_for = max(asked.closed_for, closed_for)
            await asked.ended.wait()
            return 0
        asked = self._asked = _Asked(closed_for)
        try:
            async with self._lock:
                return await self._do(await self._begun(asked))
        finally:
            asked.ended.set()
            self._no_more(asked)

    async def again(self) -> int:
        """Read what bad luck kept from us, or a refused event left open, without waiting for the next regular run."""
        hearing, now = self._services.hearing, self._services.database.clock.real_now()
        if self._lock.locked():
            return 0
        if self._owed is None:
            return await self.run() if hearing.unread(now) else 0
        if now < self._owed.again_at:
            return 0
        async with self._lock:
            await self._before(self._owed)
            return await self._do(self._owed)

    async def _begun(self, asked: _Asked) -> Errand:
        """What is to be read, once all that comes before words is done: until then others may ask for the same."""
        await self._before(self._errand(asked.closed_for))
        self._no_more(asked)
        return self._errand(asked.closed_for)

    def _no_more(self, asked: _Asked) -> None:
        """Who asks from now on asks for another run."""
        if self._asked is asked:
            self._asked = None

    def _errand(self, closed_for: timedelta) -> Errand:
        now = self._services.database.clock.real_now()
        return Errand(now, now, closed_for)

    async def _before(self, errand: Errand) -> None:
        """What comes before words; after a failure everything is owed."""
        now = self._services.database.clock.real_now()
        if self._first is None or not self._services.hearing.unread(now):
            return
        try:
            await self._first()
            await asyncio.sleep(0)  # what its commits woke may ask for this run too
        except BaseException:
            self._owed = errand.later(now)
            raise

    async def _do(self, errand: Errand) -> int:
        clock, hearing = self._services.database.clock, self._services.hearing
        if hearing.missed_refused:
            errand = replace(errand, closed_for=CLOSED_FOR)
        done = _Round()
        try:
            await self._everything(errand, done)
        except BaseException:
            self._owed = errand.later(clock.real_now())
            raise
        hearing.answered(clock.real_now(), at_all=done.answered or not done.unread)
        self._owed = errand.later(clock.real_now(), done.unlucky) if done.unlucky else None
        if not done.unlucky:
            hearing.read(errand.began)
        if done.news:
            log.info("caught up", news=done.news)
        return done.news

    async def _everything(self, errand: Errand, done: _Round) -> None:
        """Channels, then threads. A channel counts as read only when its threads are: else the next run begins where
        this one did."""
        database = self._services.database
        started = database.clock.business_now()
        windows = await self._windows(errand, started, done)
        threads: dict[tuple[str, str], Thread] = {}
        for channel, window in windows.items():
            read = await done.attempt(channel, partial(self._rereading.channel, channel, window))
            if read is not None:
                done.news += read[0]
                threads |= {(channel, ts): Thread(channel, ts, ()) for ts in read[1]}
        threads |= await self._of_questions(windows, errand.closed_for)
        for thread in threads.values():
            window = windows[thread.channel]
            read_thread = partial(self._rereading.thread, thread, window, started)
            done.news += await done.attempt(thread.channel, read_thread) or 0
        await database.write_later(_caught_up, windows.keys() - done.unread, started)

    async def _windows(self, errand: Errand, started: datetime, done: _Round) -> dict[str, Window]:
        """What to read of which channel; far back after a gap."""
        database = self._services.database
        places = await database.read(channels.all_channels)
        ours = {place.channel: place for place in places if place.bot_is_member and not place.archived}
        since = {place.channel: place.caught_up_at for place in ours.values() if place.caught_up_at}
        thorough = errand.closed_for >= CLOSED_FOR
        windows = {
            channel: Window(last, FAR_BACK if thorough or started - last > LONG else BACK)
            for channel, last in since.items()
            if errand.channels is None or channel in errand.channels
        }
        for channel in sorted(ours.keys() - since.keys()):
            came = await self._came(channel, started, done) if since else None
            await database.write_later(_caught_up, [channel], came or started)
            if came is not None:
                windows[channel] = Window(came + OVERLAP, FAR_BACK)
        return {**dict(sorted(windows.items())), **await self._directs(errand, started, done)}

    async def _directs(self, errand: Errand, started: datetime, done: _Round) -> dict[str, Window]:
        """The direct messages to read, last of all: after a gap everybody's, else those in which a question lives. One that
        we have never read is read as far back as after a gap."""
        database, thorough = self._services.database, errand.closed_for >= CLOSED_FOR
        if thorough and (errand.channels is None or DIRECTS in errand.channels):
            await done.attempt(DIRECTS, self._meet)
        living = {thread.channel for thread in await database.read(messages.threads, errand.closed_for)}
        return {
            place.channel: Window(place.caught_up_at or started - FAR_BACK, FAR_BACK if thorough else BACK)
            for place in await database.read(channels.directs)
            if (thorough or place.channel in living)
            and (errand.channels is None or errand.channels & {place.channel, DIRECTS})
        }

    async def _meet(self) -> None:
        """Learn of direct messages that somebody began while we were away."""
        async for people in self._rereading.directs():
            await self._services.database.write_later(_met, people)

    async def _came(self, channel: str, started: datetime, done: _Round) -> datetime | None:
        """When the bot came into a channel that is new to us while we were away: from then on nothing in it may be missed.
        Its past stays past, and so does everything before the first start."""
        after = started - FAR_BACK
        came = await done.attempt(channel, partial(self._rereading.came, channel, after))
        return after if channel in done.unlucky else came

    async def _of_questions(
        self, windows: dict[str, Window], closed_for: timedelta
    ) -> dict[tuple[str, str], Thread]:
        """The threads of living questions, and of closed ones where a week must be read."""
        read = self._services.database.read
        found = {}
        for thread in await read(messages.threads, CLOSED_FOR):
            found[thread.channel, thread.ts] = thread
        living = {(t.channel, t.ts) for t in await read(messages.threads, closed_for)}
        return {
            key: thread
            for key, thread in found.items()
            if key[0] in windows and (key in living or windows[key[0]].back == FAR_BACK)
        }


def _met(tx: Transaction, people: Sequence[tuple[str, str]]) -> None:
    for channel, user in people:
        channels.met_directly(tx, channel, user)


def _caught_up(tx: Transaction, places: Collection[str], at: datetime) -> None:
    for channel in places:
        channels.caught_up(tx, channel, at)
