"""Facts that all of this feature reads: the office's calendar, people's names, who is there."""

from __future__ import annotations

from datetime import date

from bot.domain.business_time import BusinessCalendar
from bot.domain.text import escape
from storage import absences, members, rotas, talents, workspace
from storage.database import Transaction
from storage.rotas import Rota

DESK = ("coordinator", "admin")


def calendar(tx: Transaction) -> BusinessCalendar:
    """The workspace's business time."""
    return workspace.workspace(tx).calendar


def zone(tx: Transaction) -> str:
    """Where the wall clock hangs."""
    return workspace.workspace(tx).zone


def called(tx: Transaction, user_id: str) -> str:
    """Somebody's family name with 「さん」, fit for a message."""
    talent = talents.talent(tx, user_id)
    name = (talent.name if talent is not None else members.name_of(tx, user_id)).split()
    return f"{escape(name[0])}さん" if name and name[0] != user_id else "アドバイザーの方"


def coordinators(tx: Transaction) -> list[str]:
    """Who is told of what concerns a rota: the coordinators; without one, the administrators."""
    found = members.with_permission(tx, DESK[0]) or members.with_permission(tx, DESK[1])
    return [each.user_id for each in found]


def is_coordinator(tx: Transaction, user_id: str) -> bool:
    """Whether somebody arranges rotas."""
    member = members.member(tx, user_id)
    return member is not None and member.permission in DESK and not member.deactivated


def away_now(tx: Transaction) -> frozenset[str]:
    """Who is away at this moment."""
    return absences.away(tx, tx.now)


def serves(tx: Transaction, user_id: str, day: date) -> bool:
    """Whether somebody still answers, under contract, on a day: whatever the plan says of others, they are not on duty."""
    talent = talents.talent(tx, user_id)
    return talent is not None and talent.under_contract(day)


def filled(tx: Transaction) -> list[Rota]:
    """The rotas whose turns are planned, not taken from hours."""
    return [rota for rota in rotas.living(tx) if not rota.by_hours]
