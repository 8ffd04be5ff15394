"""Whoever is in a rota no longer, or not on these days, has no duty there: their turns are nobody's, and they hear of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import takewhile

from handlers.rota import planning, swapping
from handlers.rota.office import calendar
from storage import duties, duty_reasons, rotas, workspace
from storage.database import Transaction
from storage.duties import Shift
from storage.rotas import Membership, Rota


def release(tx: Transaction, rota: Rota, before: Membership, actor: str) -> None:
    """Somebody's days in a filled rota were these and have been changed: they have no turn outside them, and hear of it."""
    swapping.tell_moved(tx, *taken(tx, rota, before), actor)


def taken(tx: Transaction, rota: Rota, before: Membership) -> tuple[list[Shift], list[Shift]]:
    """The same, of which nobody has heard yet: their shifts that change, and what is left of these. What they have no longer
    is a gap. A turn that lay outside before, given by hand, stays."""
    now = [each for each in rotas.members_of(tx, rota.id) if each.user_id == before.user_id]
    was, is_now = list[Shift](), list[Shift]()
    for shift in duties.shifts(tx):
        if (shift.rota_id, shift.user_id) != (rota.id, before.user_id) or shift.ends <= tx.now:
            continue
        days = _days(tx, shift)
        stay = [day for day in days if not before.covers(day) or _covered(day, now)]
        if len(stay) < len(days):
            was.append(shift)
            is_now += _left(tx, shift, days, stay)
    return was, is_now


def _covered(day: date, spans: Iterable[Membership]) -> bool:
    return any(each.covers(day) for each in spans)


def _days(tx: Transaction, shift: Shift) -> list[date]:
    """The open days of a shift from today on."""
    office = calendar(tx)
    first, last = max(office.day_of(shift.starts), workspace.today(tx)), office.day_of(shift.ends)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if office.is_business_day(day)]


def _left(tx: Transaction, shift: Shift, days: Sequence[date], stay: Sequence[date]) -> list[Shift]:
    """Let somebody keep of a shift the first days in a row that stay theirs; returns it if it begins later than before. What
    ends earlier says so itself."""
    office, minute = calendar(tx), tx.now.replace(second=0, microsecond=0)
    row = list(takewhile(set(stay).__contains__, days[days.index(stay[0]) :])) if stay else []
    if row[:1] == days[:1]:
        duties.cut(tx, shift.id, office.closing(row[-1]))
        return []
    if shift.starts < minute:
        duties.cut(tx, shift.id, minute)
    else:
        duties.cancel(tx, [shift.id])
    if not row:
        return []
    ends = shift.ends if row[-1] == days[-1] else office.closing(row[-1])
    turn = replace(shift.turn, starts=office.next_open(planning.begins(tx, row[0])), ends=ends)
    found = duties.give_one(tx, shift.rota_id, turn, shift.source)
    duty_reasons.carry(tx, shift.id, found.id)
    return [found]
