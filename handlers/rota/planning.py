"""What the rules of planning are given: who is in a rota with their hours and contract, absences, everybody's turns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.business_time import UnreadableHours, WorkingHours, parse_working_hours
from bot.domain.rota import Absence, RotaMember, Turn
from bot.domain.rota_filling import REMEMBERED
from handlers.rota.office import filled, zone
from storage import absences, duties, rotas, talents
from storage.database import Transaction
from storage.rotas import Membership, Rota
from storage.talents import Talent


def member_of(talent: Talent, joins: date | None = None, leaves: date | None = None) -> RotaMember:
    """A talent as the rules know them; a month's contract hours bound their turns."""
    hours = timedelta(hours=talent.contract_hours) if talent.contract_hours else None
    return RotaMember(
        talent.user_id,
        talent.name,
        _hours(talent.working_hours),
        joins,
        leaves,
        talent.contract_from,
        talent.contract_until,
        hours,
    )


def _hours(text: str) -> WorkingHours:
    """Hours that nobody can read keep nobody from duty: the coordinator sees the plan before it is kept."""
    try:
        return parse_working_hours(text) if text else {}
    except UnreadableHours:
        return {}


def people(tx: Transaction, rota: Rota) -> tuple[list[RotaMember], list[Absence]]:
    """Who is in a rota, and when they are away. Whoever left and came again was away between."""
    rows: dict[str, list[Membership]] = defaultdict(list)
    for each in rotas.members_of(tx, rota.id):
        rows[each.user_id].append(each)
    active, found = talents.active(tx), []
    gone = [
        each.rule for each in absences.remembered(tx, REMEMBERED)
    ]  # nobody is owed what they were away for
    for user, mine in rows.items():
        talent = active.get(user)
        if talent is None:
            continue
        joins = None if any(each.joins is None for each in mine) else min(_joins(mine))
        leaves = None if any(each.leaves is None for each in mine) else max(_leaves(mine))
        found.append(member_of(talent, joins, leaves))
        gone += [Absence(user, *span) for span in _between(tx, mine)]
    return found, gone


def _joins(mine: Iterable[Membership]) -> list[date]:
    return [each.joins for each in mine if each.joins is not None]


def _leaves(mine: Iterable[Membership]) -> list[date]:
    return [each.leaves for each in mine if each.leaves is not None]


def _between(tx: Transaction, mine: list[Membership]) -> list[tuple[datetime, datetime]]:
    """The spans between two times in a rota."""
    found, until = [], None
    for each in sorted(mine, key=lambda each: (each.joins is not None, each.joins or date.min)):
        if until is not None and each.joins is not None and until + timedelta(days=1) < each.joins:
            found.append((begins(tx, until + timedelta(days=1)), begins(tx, each.joins)))
        if each.leaves is None:
            break
        until = each.leaves if until is None else max(until, each.leaves)
    return found


def begins(tx: Transaction, day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), ZoneInfo(zone(tx)))


def turns(tx: Transaction, rota: Rota, first: date, last: date) -> list[Turn]:
    """A rota's turns that touch the days from `first` to `last`, of people who still answer: nobody else covers anything."""
    found = duties.in_span(tx, rota.id, begins(tx, first), begins(tx, last + timedelta(days=1)))
    return [shift.turn for shift in found if shift.user_id in talents.active(tx)]


def history(tx: Transaction, rota: Rota, first: date) -> list[Turn]:
    """A rota's turns before a day, as far back as they count."""
    before = begins(tx, first)
    found = duties.in_span(tx, rota.id, before - REMEMBERED, before)
    return [shift.turn for shift in found if shift.starts < before]


def elsewhere(tx: Transaction, rota: Rota, first: date, last: date) -> list[Turn]:
    """The turns of the other planned rotas that count for one: nobody is on duty in two at once."""
    since, until = begins(tx, first) - REMEMBERED, begins(tx, last + timedelta(days=1))
    return [
        shift.turn
        for other in filled(tx)
        if other.id != rota.id
        for shift in duties.in_span(tx, other.id, since, until)
    ]
