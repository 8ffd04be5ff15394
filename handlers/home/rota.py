"""Duty as Home tells of it: somebody's own, and the days on which nobody is."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.domain import words
from bot.domain.business_time import UnreadableHours, parse_working_hours
from bot.domain.rota import ScopeKind
from handlers.questions.base.routing import calendar_of
from handlers.rota.gaps import find as planned_gaps
from storage import absences, duties, rotas, talents, workspace
from storage.database import Transaction
from storage.duties import Shift
from storage.talents import Talent

AHEAD = timedelta(days=14)


def duties_of(tx: Transaction, user: str) -> list[Shift]:
    """Somebody's shifts that are not over, the next one first."""
    return [each for each in duties.shifts(tx) if each.user_id == user and each.ends > tx.now]


def span(tx: Transaction, shift: Shift) -> str:
    """A shift in words: 「12/4(金)9:00〜17:00」."""
    return words.spell(shift.starts, shift.ends, workspace.workspace(tx).zone)


def hours_today(tx: Transaction, talent: Talent) -> str:
    """When somebody works today, in words; "" where it is not known."""
    calendar = calendar_of(workspace.workspace(tx))
    today = calendar.day_of(tx.now)
    if talent.user_id in absences.away(tx, tx.now):
        return "お休み中"
    try:
        hours = parse_working_hours(talent.working_hours).get(today.weekday())
    except UnreadableHours:
        return ""
    if hours is None or not calendar.is_business_day(today):
        return "なし"
    return "〜".join(map(_clock, hours))


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"


def gaps(tx: Transaction) -> list[date]:
    """The business days of the next two weeks on which nobody has duty who can; none where there is no rota at all."""
    calendar = calendar_of(workspace.workspace(tx))
    if not talents.active(tx):
        return []
    first = calendar.day_of(tx.now)
    planned = {calendar.day_of(each.gap.starts) for each in planned_gaps(tx)}
    days = [first + timedelta(days=n) for n in range(AHEAD.days)]
    return [
        day
        for day in days
        if calendar.is_business_day(day)
        and calendar.closing(day) > tx.now
        and (day in planned or not _covered(tx, day))
    ]


def _covered(tx: Transaction, day: date) -> bool:
    """Whether somebody has duty for everybody's questions on a day, and can."""
    calendar, active = calendar_of(workspace.workspace(tx)), talents.active(tx)
    closes = calendar.closing(day)
    opens = closes - timedelta(hours=12)
    general = {rota.id for rota in rotas.living(tx) if rota.scope.kind is ScopeKind.GENERAL}
    for shift in duties.touching(tx, opens, closes):
        talent = active.get(shift.user_id)
        can = talent is not None and talent.under_contract(day)
        gone = shift.user_id in absences.away(tx, max(shift.starts, opens, tx.now))
        if shift.rota_id in general and not shift.deputy and can and not gone:
            return True
    return False
