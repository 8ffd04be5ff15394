"""The one way out: outbox → Slack.

It alone knows rate limits, ordering within a thread, unsure outcomes and dead letters. Several deliveries (replicas)
may run on one database: rows are leased under a fencing token (`storage.sending`, `storage.delivered`).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.carrying import FILES, Carrier, made
from bot.domain import my_number
from bot.errors import DatabaseUnavailable
from bot.feature import Feature, FirstPost, Message, Outgoing, PostedHook, Renderer
from bot.gate import Gate
from bot.metrics import Metrics
from bot.pacing import Pacing
from bot.posting import METADATA, LeaseOver, Posted, Poster
from bot.setbacks import OUR_BUG, Patience, Setbacks
from bot.slack import Outcome, Token, outcome, retry_after
from storage import delivered, sending
from storage.database import Database, Transaction
from storage.outbox import Kind
from storage.sending import OutboxRow

__all__ = ["METADATA", "Delivery", "Patience"]

log = structlog.get_logger("delivery")

AT_ONCE = 16
POLL_SECONDS = 1.0
DRAIN_SECONDS = 5.0
"""How long a stop goes on sending what is due; container hosts kill after ten seconds by default."""


class Delivery:
    """Runs until stopped; notes in `token` whether Slack refuses it."""

    def __init__(
        self,
        database: Database,
        client: AsyncWebClient,
        features: Sequence[Feature[Transaction]],
        metrics: Metrics,
        patience: Patience | None = None,
        token: Token | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._db = database
        self._renderers: Mapping[str, Renderer[Transaction]] = {
            name: renderer for feature in features for name, renderer in feature.renderers.items()
        }
        self._hooks: Mapping[str, PostedHook[Transaction]] = {
            name: feature.on_posted for feature in features if feature.on_posted for name in feature.renderers
        }
        self._metrics, self._patience = metrics, patience or Patience()
        self._wait = timedelta(seconds=self._patience.unsure_wait)
        self._poster = Poster(client, database.clock, timedelta(seconds=self._patience.call))
        self._carrier = Carrier(client, database, self._poster.channel)
        hooks = [feature.on_dead_letter for feature in features if feature.on_dead_letter]
        self._setbacks = Setbacks(hooks, metrics, self._patience)
        self._pacing = Pacing()
        self._wake = asyncio.Event()
        self._flying: set[asyncio.Task[None]] = set()
        self._draining = self._stopping = False
        self._looking = 0.0
        self._ended = asyncio.Event()
        self._token, self._gate = token or Token(), gate or Gate(metrics)
        database.on_commit("outbox", self._wake.set)

    async def run(self) -> None:
        """Deliver until `stop`; a database that is away for a while is waited for."""
        try:
            while not self._stopping:
                self._wake.clear()
                if await self._safe_round():
                    continue
                if self._draining and await self._drained():
                    break
                await self._rest()
            await asyncio.gather(*self._flying)
        finally:
            self._ended.set()

    async def stop(self) -> None:
        """Send what is due now, for at most `DRAIN_SECONDS`; then take no more rows and wait for those on their way.
        What is left waits in its row for the next start."""
        self._draining = True
        self._wake.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._ended.wait()
        self._stopping = True
        self._wake.set()
        await self._ended.wait()

    async def _drained(self) -> bool:
        """Whether nothing is on its way and nothing could be sent now."""
        try:
            return not self._flying and not await self._db.read(sending.anything_ready)
        except DatabaseUnavailable:
            return not self._flying

    async def _safe_round(self) -> int:
        try:
            return await self._round()
        except DatabaseUnavailable:
            log.warning("delivery waits for the database")
        except Exception:  # one bad row must not end the only way out
            log.exception("delivery round failed")
        return 0

    async def _rest(self) -> None:
        """Until something is new or free; looking takes at most a fifth of the time, however often we are woken while
        much waits for its turn."""
        await asyncio.sleep(min(4 * self._looking, POLL_SECONDS / 4))
        wait = min(POLL_SECONDS, max(0.01, self._pacing.next_free(time.monotonic())))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait if len(self._flying) < AT_ONCE else POLL_SECONDS):
                await self._wake.wait()

    async def _round(self) -> int:
        """Start sending what may go now; returns how many rows were started."""
        await self._gate.calm()
        chosen = await self._choose(AT_ONCE - len(self._flying))
        if not chosen:
            return 0
        rows = await self._db.write_later(sending.lease, chosen, timedelta(seconds=self._patience.lease))
        for row in rows:
            task = asyncio.create_task(self._deliver(row), name=row.kind.value)
            self._flying.add(task)
            task.add_done_callback(self._landed)
        return len(rows)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._wake.set()

    async def _choose(self, limit: int) -> list[int]:
        """The due rows that our own pacing lets go, looked for beside the writer: captures must not wait. A token spent
        for a row that somebody else leases first only makes us slower, never faster than Slack allows."""
        if limit <= 0:
            return []
        started = time.monotonic()
        room = FILES - sum(task.get_name() == Kind.FILE for task in self._flying)  # or messages wait
        kinds = self._pacing.busy_kinds(started) | ({"file"} if room <= 0 else set())
        skip = {"skip_channels": self._pacing.busy_channels(started), "skip_kinds": kinds}
        found = await self._db.read(sending.ready, limit=limit, **skip)
        now = time.monotonic()
        self._looking = now - started
        others = [row.id for row in found if row.kind is not Kind.FILE and self._may_go(row, now)]
        return others + [row.id for row in found if row.kind is Kind.FILE][: max(0, room)]

    def _may_go(self, row: OutboxRow, now: float) -> bool:
        if row.kind is Kind.MARK or row.posted_ts is not None:
            return self._pacing.call("mark" if row.kind is Kind.MARK else "update", now)
        posts = row.kind in {Kind.CARD, Kind.NOTICE} and row.channel and not row.unsure
        return not posts or self._pacing.post(row.channel, now)

    # --- one row -----------------------------------------------------------------------------------------------

    async def _deliver(self, row: OutboxRow) -> None:
        with structlog.contextvars.bound_contextvars(outbox=row.uid, kind=row.kind.value):
            called = False
            try:
                message = await self._prepare(row)
                if message is not None:
                    called = True
                    await self._call(row, message)
            except LeaseOver:  # nothing was sent; if somebody else has the row by now, this changes nothing
                log.warning("too slow, not sent under this lease")
                with contextlib.suppress(DatabaseUnavailable):
                    await self._db.write_later(delivered.put_off, row, self._db.clock.real_now(), "slow")
            except DatabaseUnavailable:
                # The lease runs out, the row is unsure, and the history will tell.
                log.warning("outcome not recorded, will be looked up")
            except Exception:
                log.exception("delivery failed")
                if not called:  # else as above
                    with contextlib.suppress(DatabaseUnavailable):
                        await self._note(row, Outcome.OUR_BUG, OUR_BUG, looking=row.unsure)

    async def _prepare(self, row: OutboxRow) -> Message | None:
        """What to send now; None when there is nothing (more) to send under this lease."""
        if row.unsure and row.posted_ts is None:
            if row.kind is Kind.EPHEMERAL:  # at most once, and never the only copy of anything
                await self._db.write_later(delivered.sent, row, channel=None, ts=None)
                return None
            if row.kind is not Kind.MARK:
                await self._look(row)
                return None
        if row.kind is Kind.FILE and row.posted_ts is None:
            await self._carrier.hold(row)  # to read what a file is made of, and to make it, may take long
        message = await self._db.read(self._render, row)
        if message is None:
            await self._db.write_later(delivered.sent, row, channel=row.posted_channel, ts=row.posted_ts)
        return message if message is None or message.made is None else await made(message)

    async def _call(self, row: OutboxRow, message: Message) -> None:
        way = self._way(row)
        try:
            async with asyncio.timeout(way.seconds):
                posted = await way.send(row, message)
        except LeaseOver:
            raise
        except Exception as error:
            await self._failed(row, error)
            return
        self._succeeded(row)
        await self._db.write_later(self._sent, row, posted)

    def _sent(self, tx: Transaction, row: OutboxRow, posted: Posted) -> None:
        if row.kind is Kind.FILE and posted.state is not None and posted.ts is None:
            delivered.unsure(tx, row, tx.real_now + self._wait, "sharing")
        elif delivered.sent(tx, row, channel=posted.channel, ts=posted.ts, state=posted.state):
            self._tell_where(tx, row, posted)

    def _found(self, tx: Transaction, row: OutboxRow, found: Posted) -> None:
        if delivered.found(tx, row, channel=found.channel or "", ts=found.ts or "", version=found.version):
            self._tell_where(tx, row, found)

    def _tell_where(self, tx: Transaction, row: OutboxRow, posted: Posted) -> None:
        """A message that stands there since now: what was written below it meanwhile must find what it is about."""
        hook = self._hooks.get(row.renderer)
        if hook is not None and row.posted_ts is None and posted.channel and posted.ts:
            hook(tx, FirstPost(row.renderer, row.record_id, row.user_id, posted.channel, posted.ts))

    def _way(self, row: OutboxRow) -> Poster | Carrier:
        return self._carrier if row.kind is Kind.FILE else self._poster

    def _render(self, tx: Transaction, row: OutboxRow) -> Message | None:
        if not sending.still_held(tx, row):
            raise LeaseOver
        first = row.posted_ts is None and row.sent == 0
        outgoing = Outgoing(row.uid, row.renderer, row.record_id, row.values, first)
        message = self._renderers[row.renderer](tx, outgoing)
        if message is None:
            return None
        # Several texts, each without one, may make a My Number together.
        return replace(message, text=my_number.masked(message.text), blocks=my_number.masked(message.blocks))

    def _succeeded(self, row: OutboxRow) -> None:
        self._token.refused = None
        if row.kind is not Kind.MARK:
            (self._metrics.updates if row.posted_ts else self._metrics.posts).inc()
        waited = self._db.clock.real_now() - row.created_at
        if row.posted_ts is None:
            self._metrics.delivery_seconds.observe(waited.total_seconds())

    async def _look(self, row: OutboxRow) -> None:
        """Was it posted? Look now, look again after a while, and only then post again."""
        try:
            async with asyncio.timeout(self._patience.call):
                found: Posted | None = await self._way(row).find(row)
        except Exception as error:
            await self._failed(row, error, looking=True)
            return
        if found is not None:
            log.info("found in the history", looks=row.looks + 1)
            await self._db.write_later(self._found, row, found)
        elif row.looks + 1 < self._way(row).looks:
            await self._db.write_later(lambda tx: delivered.looked(tx, row, tx.real_now + self._wait))
        else:
            log.info("not in the history, posting again", looks=row.looks + 1)
            await self._db.write_later(delivered.sure, row)

    async def _failed(self, row: OutboxRow, error: Exception, *, looking: bool = False) -> None:
        try:
            what, code = outcome(error)
        except Exception:  # our own mistake around the call: nobody knows how far it came
            log.exception("delivery failed")
            what, code = Outcome.UNSURE, OUR_BUG
        log.warning("slack refused", outcome=what.value, error=code, attempts=row.attempts)
        if what is Outcome.LIMITED:
            self._metrics.rate_limited.inc()
        if what is Outcome.REFUSED_US:
            self._token.refused = code
        if what is Outcome.UNSURE and not looking:
            self._metrics.unsure.inc()
        await self._note(row, what, code, wait=retry_after(error), looking=looking)

    async def _note(
        self, row: OutboxRow, what: Outcome, code: str, *, wait: float = 0.0, looking: bool = False
    ) -> None:
        try:
            await self._db.write_later(self._setbacks.note, row, what, code, wait, looking)
        except DatabaseUnavailable:
            raise
        except Exception:  # whoever should hear of a dead letter cannot: it is visible all the same
            log.exception("a dead letter could not be told")
            await self._db.write_later(replace(self._setbacks, hooks=()).note, row, what, code, wait, looking)
