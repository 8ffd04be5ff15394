"""Talents and who is on duty when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, select

from storage.database import Transaction
from storage.tables import (
    duties,
    members,
    questions,
    talents,
)
from storage.upsert import EXCLUDED, insert_or


@dataclass(frozen=True, slots=True)
class Talent:
    """A digital talent, with what routing needs: `duty` is (starts, ends) of the shift that is on, `open_questions`
    how many questions lie with them."""

    user_id: str
    name: str
    role: str
    fields: tuple[str, ...]
    conflicts: tuple[str, ...]
    working_hours: str
    absent: bool
    on_duty: bool
    open_questions: int


def save_talent(tx: Transaction, **values: Any) -> None:
    """Insert or change a talent."""
    row = {"workspace": tx.workspace, **values}
    insert_or(
        tx,
        talents,
        row,
        unique=["workspace", "user_id"],
        update={column: EXCLUDED for column in values if column != "user_id"},
    )


def add_duties(tx: Transaction, rows: Sequence[tuple[str, datetime, datetime]]) -> None:
    """Put shifts (user, starts, ends) on the rota; known ones stay."""
    if rows:
        insert_or(
            tx,
            duties,
            [
                {"workspace": tx.workspace, "user_id": user, "starts_at": starts, "ends_at": ends}
                for user, starts, ends in rows
            ],
            unique=["workspace", "user_id", "starts_at"],
        )


def remove_duties(tx: Transaction, starts: datetime, ends: datetime) -> None:
    """Take all shifts that begin in [starts, ends) off the rota."""
    tx.connection.execute(
        delete(duties).where(
            duties.c.workspace == tx.workspace, duties.c.starts_at >= starts, duties.c.starts_at < ends
        )
    )


def on_duty(tx: Transaction, starts: datetime, ends: datetime) -> list[str]:
    """Talents with a shift that touches [starts, ends)."""
    return list(
        tx.connection.execute(
            select(duties.c.user_id)
            .where(duties.c.workspace == tx.workspace, duties.c.ends_at > starts, duties.c.starts_at < ends)
            .distinct()
            .order_by(duties.c.user_id)
        ).scalars()
    )


def open_by_responsible(tx: Transaction) -> dict[str, int]:
    """How many waiting questions lie with whom."""
    rows = tx.connection.execute(
        select(questions.c.responsible, func.count())
        .where(
            questions.c.workspace == tx.workspace,
            questions.c.state.not_in(["closed", "answered"]),
            questions.c.responsible.is_not(None),
        )
        .group_by(questions.c.responsible)
    )
    return {user: count for user, count in rows}


def routing_talents(
    tx: Transaction, duty_from: datetime, duty_to: datetime, load: Mapping[str, int]
) -> list[Talent]:
    """Every active talent as routing sees them; on duty = a shift touches [duty_from, duty_to), `load` as from
    `open_by_responsible`."""
    duty = set(on_duty(tx, duty_from, duty_to))
    rows = tx.connection.execute(
        select(talents)
        .join(
            members,
            and_(members.c.workspace == talents.c.workspace, members.c.user_id == talents.c.user_id),
        )
        .where(talents.c.workspace == tx.workspace, members.c.deactivated.is_(False))
        .order_by(talents.c.user_id)
    )
    return [
        Talent(
            row["user_id"],
            row["name"],
            row["role"],
            tuple(row["fields"]),
            tuple(row["conflicts"]),
            row["working_hours"],
            row["absent"],
            row["user_id"] in duty,
            load.get(row["user_id"], 0),
        )
        for row in rows.mappings()
    ]


def talent(tx: Transaction, user_id: str) -> Talent | None:
    """One talent, without duty and load; None when they are none."""
    row = (
        tx.connection.execute(
            select(talents).where(talents.c.workspace == tx.workspace, talents.c.user_id == user_id)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    return Talent(
        row["user_id"],
        row["name"],
        row["role"],
        tuple(row["fields"]),
        tuple(row["conflicts"]),
        row["working_hours"],
        row["absent"],
        False,
        0,
    )


def helped(tx: Transaction, municipality_code: str) -> set[str]:
    """Who has answered a question of this municipality before."""
    q = questions.c
    return set(
        tx.connection.execute(
            select(q.responsible)
            .where(
                q.workspace == tx.workspace,
                q.municipality_code == municipality_code,
                q.first_reply_at.is_not(None),
                q.responsible.is_not(None),
            )
            .distinct()
        ).scalars()
    )
