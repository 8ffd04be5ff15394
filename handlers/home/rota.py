"""Duty as Home tells of it: somebody's own, and the days on which nobody is."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import words
from bot.domain.business_time import UnreadableHours, parse_working_hours
from handlers.questions.base.routing import calendar_of
from storage import talents, workspace
from storage.database import Transaction
from storage.talents import Shift, Talent

AHEAD = timedelta(days=14)


def duties(tx: Transaction, user: str) -> list[Shift]:
    """Somebody's shifts that are not over, the next one first."""
    return [each for each in talents.shifts(tx) if each.user_id == user and each.ends > tx.now]


def span(tx: Transaction, shift: Shift) -> str:
    """A shift in words: 「12/4(金)9:00〜17:00」."""
    zone = workspace.workspace(tx).zone
    ends = shift.ends.astimezone(ZoneInfo(zone))
    same = ends.date() == shift.starts.astimezone(ZoneInfo(zone)).date()
    return f"{words.short(shift.starts, zone)}〜{_clock(ends.time()) if same else words.short(ends, zone)}"


def hours_today(tx: Transaction, talent: Talent) -> str:
    """When somebody works today, in words; "" where it is not known."""
    calendar = calendar_of(workspace.workspace(tx))
    today = calendar.day_of(tx.now)
    if talent.absent:
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
    active, calendar = talents.active(tx), calendar_of(workspace.workspace(tx))
    if not active:
        return []
    covered = set()
    for shift in talents.shifts(tx):
        talent, day = active.get(shift.user_id), calendar.day_of(shift.starts)
        if talent is not None and not talent.absent and talent.under_contract(day):
            covered.add(day)
    first = calendar.day_of(tx.now)
    days = [first + timedelta(days=n) for n in range(AHEAD.days)]
    return [
        day
        for day in days
        if calendar.is_business_day(day) and day not in covered and calendar.closing(day) > tx.now
    ]
