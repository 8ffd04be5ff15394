"""`/banso 当番`: who is on duty now and until when, and who is next, rota by rota."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.permissions import Deed, allowed
from handlers.common.doors import Visitor, role
from handlers.rota.office import away_now, calendar, called, serves, zone
from handlers.rota.values import Board, Part, Present
from storage import absences, duties, rotas
from storage.database import Transaction
from storage.duties import Shift
from storage.rotas import Rota

NEXT_SHOWN, ROTAS_SHOWN = 3, 10


def look(tx: Transaction, visitor: Visitor) -> Board:
    """Who is on duty now, and the next shifts of people who still work with us."""
    known, found = rotas.living(tx), role(tx, visitor)
    shown = [_part(tx, rota) for rota in known[:ROTAS_SHOWN]]
    return Board(
        tx.now,
        zone(tx),
        shown,
        len(known) - len(shown),
        swaps=allowed(Deed.SWAP_DUTY, found),
        arranges=allowed(Deed.ARRANGE_DUTY, found),
    )


def _part(tx: Transaction, rota: Rota) -> Part:
    day_of = calendar(tx).day_of
    ours = [
        shift
        for shift in duties.shifts(tx)
        if shift.rota_id == rota.id
        and shift.ends > tx.now
        and serves(tx, shift.user_id, day_of(max(shift.starts, tx.now)))
    ]
    coming = [
        (shift.starts, called(tx, shift.user_id))
        for shift in ours
        if shift.starts > tx.now and not shift.deputy and not _is_away(tx, shift)
    ]
    return Part(rota.name, _present(tx, rota, ours), coming[:NEXT_SHOWN])


def _present(tx: Transaction, rota: Rota, ours: Sequence[Shift]) -> list[Present]:
    """Those on duty; deputies only while somebody on duty is away."""
    if not rota.by_hours and not _office_day(tx):
        return []
    now, away = [shift for shift in ours if shift.starts <= tx.now], away_now(tx)
    first = [shift for shift in now if not shift.deputy]
    there = [shift for shift in first if shift.user_id not in away]
    found = [Present(called(tx, shift.user_id), _until(tx, shift)) for shift in there]
    if len(there) < min(len(first), rota.seats):
        taken = {shift.user_id for shift in there}
        found += [
            Present(called(tx, shift.user_id), _until(tx, shift), instead=True)
            for shift in now
            if shift.deputy and shift.user_id not in away | taken
        ]
    return found


def _office_day(tx: Transaction) -> bool:
    """Whether the office has opened today and has not closed for the day; lunch is no end of anybody's duty."""
    office = calendar(tx)
    local = tx.now.astimezone(ZoneInfo(office.zone))
    return office.is_business_day(local.date()) and office.opens <= local.time() < office.closes


def _is_away(tx: Transaction, shift: Shift) -> bool:
    """Whether somebody is away for the whole of a shift that is to come."""
    return any(
        each.user_id == shift.user_id and each.starts <= shift.starts and shift.ends <= each.ends
        for each in absences.known(tx)
    )


def _until(tx: Transaction, shift: Shift) -> datetime:
    """When a shift ends, or its person goes away before."""
    goes = [
        each.starts
        for each in absences.known(tx)
        if each.user_id == shift.user_id and tx.now < each.starts < shift.ends
    ]
    return min([shift.ends, *goes])
