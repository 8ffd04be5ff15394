"""What the running bot does by itself beside delivering: catching up, replaying, auditing, reading who is here."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot import auditor
from bot.errors import DatabaseUnavailable, SearchUnavailable
from bot.metrics import Metrics
from bot.reading import Reader
from bot.slack import SCOPE_ERRORS, Outcome, outcome
from bot.sockets import Sockets
from bot.web import Health
from handlers.common.hearing import GAP
from handlers.common.replay import replay_failed
from handlers.common.services import Look, Services
from handlers.faq.similar import look_for_similar
from handlers.members.sync import sync_channels, sync_people
from handlers.questions.catching.catchup import CatchUp
from handlers.questions.lifecycle.repairing import anything_to_repair, repair
from handlers.rota import groups
from handlers.study import pinning
from scheduler.loop import Tick
from storage import channels, failures, kept
from storage.database import Transaction

log = structlog.get_logger("app")

AGENDA_SECONDS = 5.0
AGAIN_SECONDS, AUDIT_SECONDS, KNOW_SECONDS, REPLAY_SECONDS = 3.0, 30.0, 60.0, 120.0
TOKEN_SECONDS = 60.0
CHANNELS_SECONDS, SYNC_SECONDS = 3600.0, 6 * 3600.0
HANDLED_FOR = timedelta(days=14)


@dataclass(slots=True)
class Upkeep:
    """The upkeep of one running app. `sockets` is None in HTTP mode."""

    services: Services
    bolt: AsyncApp
    catch_up: CatchUp
    members_reader: Reader
    sockets: Sockets | None
    _places_read_at: datetime | None = None

    def ticks(self, catch_up_seconds: float) -> list[Tick]:
        """Everything that is done again and again."""
        return [
            Tick("catch up", catch_up_seconds, self._catch_up),
            Tick("read again", AGAIN_SECONDS, self.catch_up.again),
            Tick("token", TOKEN_SECONDS, self.try_token),
            Tick("audit", AUDIT_SECONDS, self._audit),
            Tick("replay", REPLAY_SECONDS, self._replay),
            Tick("people", SYNC_SECONDS, self.people),
            Tick("new channels", KNOW_SECONDS, self.know_channels),
            Tick("channels", CHANNELS_SECONDS, self.read_channels),
            Tick("similar", KNOW_SECONDS, self.similar),
            Tick("user groups", KNOW_SECONDS, self.user_groups),
            Tick("agendas", AGENDA_SECONDS, self.agendas),
            Tick("forget", SYNC_SECONDS, self._forget),
        ]

    async def health(self) -> Health:
        """What /healthz says; by the way the gauges of /metrics are set, and what Home tells an administrator."""
        books = await self.services.database.read(auditor.read)
        connected = await self.sockets.connected() if self.sockets else None
        _show(self.services.metrics, books, connected)
        clock = self.services.database.clock
        waits = self.services.hearing.waits_for(clock.real_now())
        found = auditor.health(books, broken=self.services.token.refused, sockets=connected, waits=waits)
        self.services.watch.last = Look(clock.business_now(), connected, found.findings)
        return found

    async def similar(self) -> None:
        """Look for what is like the questions that are new; what is missed is looked for with the next tick."""
        with contextlib.suppress(DatabaseUnavailable, SearchUnavailable):
            await look_for_similar(self.services)

    async def try_token(self) -> None:
        """Ask Slack whether it still takes our token. Without one no event comes either, and a quiet day would be green."""
        token = self.services.token
        try:
            await self.services.client.auth_test()
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            what, code = outcome(error)
            if what is Outcome.REFUSED_US:
                token.refused = code
        else:
            if token.refused not in SCOPE_ERRORS:  # which only a call that needs them can clear
                token.refused = None

    async def behind(self) -> bool:
        """Whether people may have written what we do not know yet; asked before due work is run, each second."""
        hearing, now = self.services.hearing, self.services.database.clock.real_now()
        if self.sockets is None or await self.sockets.connected():
            hearing.connected(now)
        else:
            hearing.cut_off(now)
        return hearing.behind(now, kept=await self.services.database.read(kept.any_waiting))

    async def hello(self) -> None:
        """Slack can reach us: read what it could not bring, far back after a gap. A connection that is renewed while
        another is up is none."""
        now = self.services.database.clock.real_now()
        self.services.hearing.connected(now)
        await (self.catch_up.run() if self.services.hearing.unread(now) else self._catch_up())

    async def before_doors(self) -> None:
        """Before the first mention: whom would it ring? Read it where we do not know that. If that was everywhere, the first
        catch-up takes it for its own."""
        began, read = self.services.database.clock.real_now(), self.services.database.read
        if await read(channels.members_known):
            return
        found = await self.read_channels(only_unknown=True)
        places = await read(channels.all_channels)
        ours = {each.channel for each in places if each.bot_is_member and not each.archived}
        self._places_read_at = began if ours <= found else None

    async def before_words(self) -> None:
        """Before words are read after a gap: who is where may have changed as well. What changed since the start read it
        Slack sends again (`GAP`)."""
        at, self._places_read_at = self._places_read_at, None
        if at is None or self.services.database.clock.real_now() - at > GAP:
            await self.read_channels()

    async def know_channels(self) -> None:
        """Read who is in the channels we do not know that of: whom would a mention ring?"""
        if not await self.services.database.read(channels.members_known):
            await self.know_places()

    async def know_places(self) -> None:
        """Read where we are, and who is there where we do not know it; somebody may have invited us while we were away."""
        await self.read_channels(only_unknown=True)

    async def people(self) -> None:
        """Read everybody in the workspace."""
        await sync_people(self.services, Reader(10, 0.3))  # a tier of its own (2), and no hurry

    async def user_groups(self) -> None:
        """Let the user groups of rotas hold who is on duty."""
        await groups.sync(self.services)

    async def agendas(self) -> None:
        """Let the agendas of study sessions show what is so, and be pinned."""
        with contextlib.suppress(DatabaseUnavailable):
            await pinning.keep(self.services)

    async def places(self) -> None:
        """We are back somewhere: who is there, and what was written meanwhile?"""
        await self.know_places()
        await self.catch_up.run()

    async def read_channels(self, *, only_unknown: bool = False) -> frozenset[str]:
        """Read where we are and who is there; returns the channels of which we know that now. A Slack that does not answer
        keeps nobody from the words: who is not known to be in a channel gets a direct message."""
        try:
            return await sync_channels(self.services, self.members_reader, only_unknown=only_unknown)
        except DatabaseUnavailable:
            raise
        except Exception as error:
            log.warning("cannot read the channels", exc_info=error)
            return frozenset()

    async def _catch_up(self) -> None:
        """Between two connections only a rare event is missed: living threads are enough."""
        await self.catch_up.run(closed_for=timedelta())

    async def _replay(self) -> None:
        await self.services.database.write_later(kept.try_again)
        await replay_failed(self.bolt, self.services)

    async def _audit(self) -> None:
        """Mend what nobody follows, once; what does not hold turns health red."""
        if await self.services.database.read(anything_to_repair):  # or the writer would wait for the looking
            for each in await self.services.database.write_later(repair):
                log.warning("question repaired", number=each.number, how=each.how)
        found = await self.health()
        if not found.ok:
            log.error("audit", findings=list(found.findings))

    async def _forget(self) -> None:
        await self.services.database.write(_forget)


def _show(metrics: Metrics, books: auditor.Books, connected: int | None) -> None:
    metrics.open_questions.set(books.ledger.waiting)
    metrics.words_waiting.set(books.kept.waiting)
    metrics.outbox_waiting.set(books.backlog.waiting)
    oldest = books.backlog.oldest
    metrics.outbox_oldest_seconds.set(
        max(0.0, (books.real_now - oldest).total_seconds()) if oldest is not None else 0.0
    )
    metrics.sockets.set(connected or 0)


def _forget(tx: Transaction) -> None:
    failures.forget_handled(tx, tx.real_now - HANDLED_FOR)
