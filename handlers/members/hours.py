"""Duty in one's own hours: the rota in which everybody is on duty while they work, two months ahead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.business_time import BusinessCalendar, UnreadableHours, parse_working_hours
from storage import due, duties, rotas, talents, workspace
from storage.database import Transaction
from storage.rotas import Membership
from storage.talents import Talent

DUTY_DAYS = 60
DAY = "rota.day"
"""Due each office day in its first open minute: what a rota does by itself (`handlers.rota.days`)."""


def set_hours(tx: Transaction, users: Collection[str], on_duty: Collection[str]) -> None:
    """Let the shifts of these people's coming 60 days be their hours, for those who have duty at all. A workspace whose
    rotas are all filled has none by hours, and gets none."""
    mine = [each for each in rotas.living(tx) if each.by_hours]
    if not mine and (rotas.living(tx) or not on_duty):
        begin_days(tx)
        return
    rota_id = mine[0].id if mine else rotas.hours_rota(tx)
    there = rotas.members_of(tx, rota_id)
    for member in there:
        if member.user_id in users and member.user_id not in on_duty:
            rotas.remove_member(tx, rota_id, member.id)
    for user in on_duty:
        if user not in {member.user_id for member in there}:
            rotas.add_member(tx, rota_id, user)
    _write(tx, rota_id, users)
    begin_days(tx)


def extend(tx: Transaction, *, gone: Collection[str] = ()) -> None:
    """The rotas by hours go on: what is missing of the coming 60 days is added, on the days on which people are in them;
    `gone` are those who are in none any more."""
    for rota in rotas.living(tx):
        if rota.by_hours:
            _write(tx, rota.id, {*gone, *(each.user_id for each in rotas.members_of(tx, rota.id))})


def begin_days(tx: Transaction) -> None:
    """What is looked at each office day begins with the next one, unless it has begun, or there is nothing to look at: no
    rota, and no contract that may end."""
    ends = any(each.contract_until or each.contract_from for each in talents.active(tx).values())
    if (ends or rotas.living(tx)) and not due.is_scheduled(tx, DAY):
        due.schedule(tx, DAY, DAY, 0, _next_morning(tx))


def days_moved(tx: Transaction) -> None:
    """Offices open at other times: the next office day may begin earlier than it did, or have begun. What is done each day
    can be done twice."""
    if due.is_scheduled(tx, DAY):
        due.schedule(tx, DAY, DAY, 0, _calendar(tx).next_open(tx.now))


def _next_morning(tx: Transaction) -> datetime:
    office = _calendar(tx)
    return office.next_open(max(office.closing(office.day_of(tx.now)), tx.now))


def _write(tx: Transaction, rota_id: int, users: Collection[str]) -> None:
    calendar, spans = _calendar(tx), defaultdict[str, list[Membership]](list)
    for span in rotas.members_of(tx, rota_id):
        spans[span.user_id].append(span)
    people = [each for user in sorted(users) if (each := talents.talent(tx, user)) is not None]
    start = tx.now.astimezone(ZoneInfo(calendar.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = [
        (each.user_id, *shift)
        for each in people
        for shift in shifts_of(calendar, each, start.date(), DUTY_DAYS)
        if any(member.covers(shift[0].date()) for member in spans[each.user_id])
    ]
    found = [each.user_id for each in people]
    duties.remove_hours(tx, start, start + timedelta(days=DUTY_DAYS), users=found, but=rows)
    duties.add_hours(tx, rows)


def shifts_of(
    calendar: BusinessCalendar, talent: Talent, first: date, days: int
) -> list[tuple[datetime, datetime]]:
    """The turns of duty that somebody's regular hours give, on business days under contract; none where the hours cannot
    be read."""
    try:
        weekly = parse_working_hours(talent.working_hours)
    except UnreadableHours:
        return []
    found, zone = [], ZoneInfo(calendar.zone)
    for number in range(days):
        day = first + timedelta(days=number)
        if day.weekday() in weekly and calendar.is_business_day(day) and talent.under_contract(day):
            begins, ends = weekly[day.weekday()]
            found.append((datetime.combine(day, begins, zone), datetime.combine(day, ends, zone)))
    return found


def _calendar(tx: Transaction) -> BusinessCalendar:
    return workspace.workspace(tx).calendar
