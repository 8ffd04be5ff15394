"""What rotas do by themselves on each office day, in its first open minute."""

from __future__ import annotations

from datetime import datetime

from bot.feature import DueWork
from handlers.members.hours import DAY, extend
from handlers.rota import gaps, leaving, reminding, weekly
from handlers.rota.office import calendar
from storage import due
from storage.database import Transaction


def day(tx: Transaction, work: DueWork) -> None:
    """The first minute of an office day, or whenever we are there after it."""
    due.schedule(tx, DAY, DAY, 0, _tomorrow(tx))
    extend(tx)
    leaving.look(tx)
    weekly.announce(tx, work.due_at)
    reminding.plan(tx)
    gaps.look(tx)


def _tomorrow(tx: Transaction) -> datetime:
    office = calendar(tx)
    closed = office.closing(office.day_of(tx.now))
    return office.next_open(max(closed, tx.now))
