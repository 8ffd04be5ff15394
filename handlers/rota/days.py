"""What rotas do by themselves on each office day, in its first open minute."""

from __future__ import annotations

from datetime import datetime

from bot.feature import DueWork
from handlers.members.hours import DAY, extend
from handlers.rota import gaps, leaving, reminding
from handlers.rota.office import calendar
from storage import due
from storage.database import Transaction


def day(tx: Transaction, work: DueWork) -> None:
    """The first minute of an office day, or whenever we are there after it."""
    extend(tx)
    leaving.look(tx)
    due.schedule(tx, DAY, DAY, 0, _tomorrow(tx))
    reminding.plan(tx)
    gaps.look(tx)


def _tomorrow(tx: Transaction) -> datetime:
    """When the next office day begins; today's, when it has not begun or we came back in the night before it."""
    office = calendar(tx)
    if not office.is_open(tx.now):
        return office.next_open(tx.now)
    closed = office.closing(office.day_of(tx.now))
    return office.next_open(max(closed, tx.now))
