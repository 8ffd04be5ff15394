"""When somebody may be rung for what is not urgent."""

from __future__ import annotations

from datetime import datetime

from bot.domain.business_time import UnreadableHours, next_working_time, parse_working_hours
from handlers.questions.base.routing import calendar_of
from storage import talents, workspace
from storage.database import Transaction


def at_work(tx: Transaction, user: str, at: datetime) -> datetime:
    """A moment when somebody works, else when they next begin: an adviser by their own hours, others when offices are open.
    Hours that cannot be read say nothing."""
    talent = talents.talent(tx, user)
    try:
        hours = parse_working_hours(talent.working_hours) if talent and talent.working_hours else {}
    except UnreadableHours:
        hours = {}
    found = next_working_time(calendar_of(workspace.workspace(tx)), hours, at) if hours else None
    return found or offices_open(tx, at)


def offices_open(tx: Transaction, at: datetime) -> datetime:
    """A moment when the prefecture's office is open, else when it next opens."""
    return calendar_of(workspace.workspace(tx)).next_open(at)
