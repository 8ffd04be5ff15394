"""The rotas of the play that are filled, beside the general one, in which everybody has duty in their own hours."""

from __future__ import annotations

from datetime import timedelta

from bot.demo.cast import Cast
from bot.domain.rota import Scope, ScopeKind
from handlers.rota.filling import Wanted, compute
from storage import duties, rotas
from storage.database import Transaction
from storage.rotas import Plan

_WEEKS = timedelta(days=55)


def plan_rotas(tx: Transaction, cast: Cast) -> None:
    """Make them and fill them from the first day on."""
    for each in cast.rotas:
        scope = Scope(ScopeKind.FIELD, each.field)
        rota_id = rotas.add(tx, Plan(each.name, scope, each.handoff))
        for member in each.members:
            rotas.add_member(tx, rota_id, member)
        found = compute(tx, Wanted(rota_id, cast.day, cast.day + _WEEKS, "keep"))
        duties.give(tx, rota_id, found.filled.turns, duties.AUTO)
