"""Who has duty for a question: the general rotas count for all, those for a field or a profession for theirs alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.fields import Field
from bot.domain.rota import Scope, ScopeKind
from storage import absences, duties, rotas
from storage.database import Transaction
from storage.duties import Shift

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on duty `now`, as `deputy`, or `later` before the reply is due; who is `away` now; who `serves` the
    question's field by a rota for it, whatever they are registered for."""

    now: frozenset[str]
    deputy: frozenset[str]
    later: frozenset[str]
    away: frozenset[str]
    serves: frozenset[str]


def on_duty(tx: Transaction, field: Field | None, start: datetime, target: datetime) -> OnDuty:
    """As of `start`, an open minute; deputies count while they stand by, not later."""
    scopes = {rota.id: rota.scope for rota in rotas.living(tx) if _counts(rota.scope, field)}
    found = [
        shift
        for shift in duties.touching(tx, start, max(target, start + _MINUTE))
        if shift.rota_id in scopes and shift.user_id not in absences.away(tx, max(shift.starts, start))
    ]
    now = [shift for shift in found if shift.starts < start + _MINUTE]
    first = _people(now, deputy=False)
    return OnDuty(
        now=first,
        deputy=_people(now, deputy=True) - first,
        later=_people(found, deputy=False) - first,
        away=absences.away(tx, start),
        serves=frozenset(shift.user_id for shift in found if scopes[shift.rota_id].kind is ScopeKind.FIELD),
    )


def _people(found: list[Shift], *, deputy: bool) -> frozenset[str]:
    return frozenset(shift.user_id for shift in found if shift.deputy is deputy)


def _counts(scope: Scope, field: Field | None) -> bool:
    if scope.kind is ScopeKind.GENERAL:
        return True
    if field is None:
        return False
    return scope.value == field.id if scope.kind is ScopeKind.FIELD else scope.value in field.roles
