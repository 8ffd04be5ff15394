"""Who is there when in the play: the rotas that are filled, beside the general one, in which everybody has duty in their own
hours; the days on which a body is closed, and whom its people call first; whom to call at the prefecture; where everybody
reads what a week brought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.demo.cast import Cast
from bot.domain import closures, telephone
from bot.domain.digests import Plans
from bot.domain.rota import Scope, ScopeKind
from handlers.rota.filling import Wanted, compute
from storage import digests, duties, emergency_guide, offices, rotas
from storage.database import Transaction
from storage.emergency_guide import Guide
from storage.offices import Office
from storage.rotas import Plan
from storage.workspace import set_workspace

_WEEKS = timedelta(days=55)


def settle(tx: Transaction, cast: Cast, rooms: Mapping[str, str]) -> None:
    """Enter all of it, as coordinators would; `rooms` are the ids of the channels there are, by name."""
    first = cast.emergency
    set_workspace(tx, emergency_phone=first.day)
    emergency_guide.set_guide(tx, Guide(first.night, first.hours), cast.coordinators[0].id)
    for code in {**cast.closures, **cast.phones}:
        days, phone = "\n".join(cast.closures.get(code, ())), cast.phones.get(code, "")
        offices.save_office(tx, code, Office(closures=closures.read(days), phone=telephone.read(phone)))
    digests.keep(tx, Plans(channel=rooms.get(cast.digests_room, "")))
    plan_rotas(tx, cast)


def plan_rotas(tx: Transaction, cast: Cast) -> None:
    """Make them and fill them from the first day on."""
    for each in cast.rotas:
        scope = Scope(ScopeKind.FIELD, each.field)
        rota_id = rotas.add(tx, Plan(each.name, scope, each.handoff, deputies=int(each.deputy)))
        for member in each.members:
            rotas.add_member(tx, rota_id, member)
        found = compute(tx, Wanted(rota_id, cast.day, cast.day + _WEEKS, "keep"))
        duties.give(tx, rota_id, found.filled.turns, duties.AUTO)
