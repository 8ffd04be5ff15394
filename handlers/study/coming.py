"""The sessions to come of a series as it is stored: computed by the rules (`bot.domain.series`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from zoneinfo import ZoneInfo

from bot.domain.business_time import BusinessCalendar
from bot.domain.series import Change, Session, sessions
from handlers.questions.base.routing import calendar_of
from storage import study, workspace
from storage.database import Transaction
from storage.study import Series

MOST, FAR = 10, 60
"""So many sessions are shown, in the list and of a change; so far ahead topics are taken up."""


def calendar(tx: Transaction) -> BusinessCalendar:
    """When the workspace's offices are open."""
    return calendar_of(workspace.workspace(tx))


def zone_of(tx: Transaction) -> ZoneInfo:
    """The zone of the workspace's walls."""
    return ZoneInfo(workspace.workspace(tx).zone)


def to_come(tx: Transaction, found: Series, changed: Sequence[Change] | None = None) -> Iterator[Session]:
    """The sessions of a series that have no number for good yet, in the order of their dates; with these changes of single
    ones (None: with those that are stored)."""
    single = changes_of(tx, found) if changed is None else changed
    return sessions(found.plan, calendar(tx), single, found.mark)


def session_on(tx: Transaction, found: Series, on: date) -> Session | None:
    """The session of a series that is planned for a date, begun or not; None: there is none (any more)."""
    begun = next((each for each in study.numbered(tx, found.id) if each.on == on), None)
    if begun is not None or found.ended_at is not None:
        return begun
    return next((each for each in islice(to_come(tx, found), FAR) if each.on == on), None)


def following(tx: Transaction, found: Series) -> list[Session]:
    """The sessions of a series that are to come and are not cancelled, the next first."""
    if found.ended_at is not None:
        return []
    coming = islice(to_come(tx, found), FAR)
    return [each for each in coming if each.starts > tx.now and not each.cancelled]


def changes_of(tx: Transaction, found: Series) -> list[Change]:
    """What was changed of single sessions of a series that have no number for good yet."""
    return study.changes(tx, [found.id])[found.id]


def how_many_live(tx: Transaction) -> int:
    """How many series have sessions to come."""
    return sum(next(to_come(tx, each), None) is not None for each in study.living(tx))
