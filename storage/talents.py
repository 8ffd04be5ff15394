"""Talents, who is on duty when, and how much lies with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, text

from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.tables import duties, members, questions, talents
from storage.upsert import Upsert

MANY = 100
"""Load is counted up to here; beyond it nobody is called less busy than another."""


@dataclass(frozen=True, slots=True)
class Talent:
    """A digital talent, with what routing needs: whether a shift of theirs is on, and how many questions lie with
    them (at most `MANY`)."""

    user_id: str
    name: str
    role: str
    fields: tuple[str, ...]
    conflicts: tuple[str, ...]
    working_hours: str
    absent: bool
    on_duty: bool = False
    duty_later: bool = False
    open_questions: int = 0


_ADD_DUTIES = Upsert(duties, ["workspace", "user_id", "starts_at"])


@lru_cache(maxsize=8)
def _saving(columns: tuple[str, ...]) -> Upsert:
    return Upsert(talents, ["workspace", "user_id"], columns)


def save_talent(tx: Transaction, **values: Any) -> None:
    """Insert or change a talent."""
    _saving(tuple(column for column in values if column != "user_id")).run(tx, values)
    set_up_changed(tx)


def add_duties(tx: Transaction, rows: Sequence[tuple[str, datetime, datetime]]) -> None:
    """Put shifts (user, starts, ends) on the rota; known ones stay."""
    _ADD_DUTIES.run(
        tx, [{"user_id": user, "starts_at": starts, "ends_at": ends} for user, starts, ends in rows]
    )
    set_up_changed(tx)


def remove_duties(tx: Transaction, starts: datetime, ends: datetime) -> None:
    """Take all shifts that begin in [starts, ends) off the rota."""
    d = duties.c
    tx.connection.execute(
        delete(duties).where(d.workspace == tx.workspace, d.starts_at >= starts, d.starts_at < ends)
    )
    set_up_changed(tx)


_SHIFTS = (
    select(duties.c.user_id, duties.c.starts_at, duties.c.ends_at)
    .where(duties.c.workspace == bindparam("w"), duties.c.ends_at > bindparam("since"))
    .order_by(duties.c.user_id)
)
_ACTIVE = (
    select(
        talents.c.user_id,
        talents.c.name,
        talents.c.role,
        talents.c.fields,
        talents.c.conflicts,
        talents.c.working_hours,
        talents.c.absent,
    )
    .join(members, and_(members.c.workspace == talents.c.workspace, members.c.user_id == talents.c.user_id))
    .where(talents.c.workspace == bindparam("w"), members.c.deactivated.is_(False))
    .order_by(talents.c.user_id)
)


def on_duty(tx: Transaction, starts: datetime, ends: datetime) -> list[str]:
    """Talents with a shift that touches [starts, ends), in the order of their ids."""
    day = tx.now.date()
    shifts = cached(tx, f"shifts from {day}", lambda tx: _shifts(tx, tx.now - timedelta(days=2)))
    return list(dict.fromkeys(user for user, begins, stops in shifts if stops > starts and begins < ends))


def _shifts(tx: Transaction, since: datetime) -> tuple[tuple[str, datetime, datetime], ...]:
    rows = tx.connection.execute(_SHIFTS, {"w": tx.workspace, "since": since})
    return tuple((user, starts, ends) for user, starts, ends in rows)


def active(tx: Transaction) -> Mapping[str, Talent]:
    """Every talent whose account is active, by user id; without duty and load."""
    return cached(tx, "talents", _active)


def _active(tx: Transaction) -> Mapping[str, Talent]:
    found = {}
    for user, name, role, fields, conflicts, hours, absent in tx.connection.execute(
        _ACTIVE, {"w": tx.workspace}
    ):
        found[user] = Talent(user, name, role, tuple(fields), tuple(conflicts), hours, absent)
    return found


_LOAD = text(
    """
    SELECT h.user_id, (
        SELECT count(*) FROM (
            SELECT 1 FROM question q
            WHERE q.workspace = h.workspace AND q.responsible = h.user_id
              AND q.state NOT IN ('closed', 'answered')
            LIMIT :many
        ) counted
    )
    FROM member h WHERE h.workspace = :w AND h.permission <> 'asker'
    """
)


def open_by_responsible(tx: Transaction) -> dict[str, int]:
    """How many waiting questions lie with each of those who answer, counted up to `MANY`."""
    rows = tx.connection.execute(_LOAD, {"w": tx.workspace, "many": MANY})
    return {user: count for user, count in rows if count}


def routing_talents(
    tx: Transaction, start: datetime, target: datetime, load: Mapping[str, int]
) -> list[Talent]:
    """Every active talent as routing sees them: on duty at `start` (the next opening when it is out of hours), or later
    until `target`; `load` as from `open_by_responsible`."""
    now = set(on_duty(tx, start, start + timedelta(minutes=1)))
    later = set(on_duty(tx, start, target))
    return [
        replace(
            found,
            on_duty=user in now,
            duty_later=user in later and user not in now,
            open_questions=load.get(user, 0),
        )
        for user, found in active(tx).items()
    ]


def talent(tx: Transaction, user_id: str) -> Talent | None:
    """One active talent, without duty and load; None when they are none."""
    return active(tx).get(user_id)


_HELPED = (
    select(questions.c.responsible)
    .where(
        questions.c.workspace == bindparam("w"),
        questions.c.municipality_code == bindparam("code"),
        questions.c.first_reply_at.is_not(None),
        questions.c.responsible.is_not(None),
    )
    .distinct()
)


def helped(tx: Transaction, municipality_code: str) -> set[str]:
    """Who has answered a question of this municipality before."""
    return set(tx.connection.execute(_HELPED, {"w": tx.workspace, "code": municipality_code}).scalars())
