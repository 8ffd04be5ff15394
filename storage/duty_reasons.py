"""Why a turn of duty is whose it is, as it was when the plan was kept.

It cannot be reckoned later: absences, contracts and people of that day are others by then. What kept others from it is for
coordinators only; so it is no part of a shift, of which calendars and lists are made: whoever wants it asks here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from bot.domain.rota import Because, Other, Why, WhyNot
from storage.database import Transaction
from storage.duties import AUTO, OVERRIDE
from storage.tables import duties, duty_reasons
from storage.upsert import Upsert

_R, _D = duty_reasons.c, duties.c
_KEEP = Upsert(duty_reasons, ["duty_id"], ["kept_at", "why"])


def keep(tx: Transaction, found: Mapping[int, Because]) -> None:
    """Remember why these shifts (by id) are whose they are; a year's take one statement."""
    own = {"kept_at": tx.now}
    rows = [{"duty_id": shift_id, "why": _written(why), **own} for shift_id, why in found.items()]
    _KEEP.rows(tx, rows, [_R.duty_id])


def carry(tx: Transaction, old: int, new: int) -> None:
    """What is left of a shift has another id: it is theirs for the same reason."""
    if (why := of(tx, [old]).get(old)) is not None:
        keep(tx, {new: why})


def of(tx: Transaction, ids: Sequence[int]) -> dict[int, Because]:
    """Why each of these shifts is whose it is, as far as a rule chose them. None for what people gave away or brought as a
    list, or before reasons were kept."""
    current = and_(_R.duty_id == _D.id, _D.source.in_((AUTO, OVERRIDE)), _R.kept_at >= _D.given_at)
    query = select(_R.duty_id, _R.why).select_from(duty_reasons.join(duties, current))
    rows = (
        tx.connection.execute(query.where(_R.workspace == tx.workspace, _R.duty_id.in_(ids))) if ids else ()
    )
    return {shift_id: _read(why) for shift_id, why in rows}


def _written(why: Because) -> dict[str, Any]:
    return {
        "reasons": [each.value for each in why.reasons],
        "last_on": why.last_on.isoformat() if why.last_on else None,
        "others": [[each.user_id, each.why.value] for each in why.others],
    }


def _read(kept: Mapping[str, Any]) -> Because:
    last_on = datetime.fromisoformat(kept["last_on"]) if kept["last_on"] else None
    others = tuple(Other(user, WhyNot(why)) for user, why in kept["others"])
    return Because(tuple(map(Why, kept["reasons"])), last_on, others)
