"""What becomes of a row whose call failed: tried again, looked for, posted anew, or given up and said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.feature import DeadLetter, DeadLetterHook
from bot.metrics import Metrics
from bot.slack import Outcome
from storage import delivered
from storage.database import Transaction
from storage.outbox import Kind
from storage.sending import OutboxRow

log = structlog.get_logger("delivery")

THREAD_TRIES = 40
"""Times a missing thread is tried again: about 16 minutes, in which the event or the catch-up tells of the deletion."""
BUG_TRIES = 20
"""Times we try again after a mistake of our own: about ten minutes, then somebody must hear of it."""
OUR_BUG = "our_bug"
RETRY = timedelta(seconds=2)
OPERATOR_RETRY = timedelta(seconds=30)
_TRY_AGAIN = frozenset({Outcome.LIMITED, Outcome.REFUSED_US, Outcome.NOT_SENT, Outcome.OUR_BUG})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a lease holds and how long to wait before looking in the history after an unsure outcome (seconds)."""

    lease: float = 30.0
    unsure_wait: float = 5.0

    @property
    def call(self) -> float:
        """How long a call to Slack may take: it must be over well before somebody else may hold the lease."""
        return self.lease / 3


@dataclass(frozen=True, slots=True)
class Setbacks:
    """Actions on a leased row; all are fenced off by its token. `hooks` are told of a dead letter."""

    hooks: Sequence[DeadLetterHook[Transaction]]
    metrics: Metrics
    patience: Patience

    def note(
        self, tx: Transaction, row: OutboxRow, what: Outcome, code: str, wait: float, looking: bool
    ) -> None:
        """Mark what Slack's answer means for the row. `wait` is its Retry-After, `looking` that it was only looked for."""
        # An edit or a reaction can be repeated.
        repeatable = row.posted_ts is not None or row.kind is Kind.MARK
        tries = row.attempts if row.error == code else 1
        enough = code == OUR_BUG and tries >= BUG_TRIES
        due = tx.real_now + self._delay(what, wait, tries)
        if what is Outcome.LIMITED and not looking:
            _hold_back(tx, row, due)
        if not enough and (what in _TRY_AGAIN or (what is Outcome.UNSURE and (repeatable or looking))):
            (delivered.look_later if looking else delivered.put_off)(tx, row, due, code)
        elif not enough and what is Outcome.UNSURE:
            delivered.unsure(tx, row, due, code)
        elif what is Outcome.GONE and row.posted_ts is not None:
            delivered.message_gone(tx, row)
        elif row.kind in {Kind.MARK, Kind.EPHEMERAL}:  # never the only copy of anything
            delivered.sent(tx, row, channel=None, ts=None, state=row.posted_state)
        elif code == "thread_not_found" and tries < THREAD_TRIES:
            delivered.put_off(tx, row, due, code)  # its question was deleted, which we shall hear of
        else:
            self._give_up(tx, row, code, unsure=looking or (what is Outcome.UNSURE and not repeatable))

    def _delay(self, what: Outcome, wait: float, tries: int) -> timedelta:
        if what is Outcome.LIMITED:
            return timedelta(seconds=wait)
        if what in {Outcome.REFUSED_US, Outcome.OUR_BUG}:
            return OPERATOR_RETRY
        if what is Outcome.UNSURE:
            return timedelta(seconds=self.patience.unsure_wait)
        return RETRY * min(tries, 15)

    def _give_up(self, tx: Transaction, row: OutboxRow, code: str, *, unsure: bool) -> None:
        """Mark the dead letter and tell the features in the same transaction: somebody must hear of it."""
        if not delivered.give_up(tx, row, code, unsure=unsure):
            return
        self.metrics.dead_letters.inc()
        log.error("dead letter", renderer=row.renderer, record=row.record_id, error=code)
        place = (row.channel, row.user_id)
        letter = DeadLetter(row.uid, row.kind.value, row.renderer, row.record_id, *place, row.sent, code)
        for hook in self.hooks:
            hook(tx, letter)


def _hold_back(tx: Transaction, row: OutboxRow, until: datetime) -> None:
    """What would meet the same limit waits with the row that met it."""
    if row.kind is Kind.CARD and row.posted_ts is not None:
        delivered.hold_back(tx, until, updates=True)
    elif row.channel and row.kind in {Kind.CARD, Kind.NOTICE}:
        delivered.hold_back(tx, until, channel=row.channel)
