"""Members: the Slack users we know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from storage.database import Transaction
from storage.tables import (
    members,
    municipalities,
)
from storage.upsert import EXCLUDED, insert_or


@dataclass(frozen=True, slots=True)
class Member:
    """A Slack user we know. `permission`: asker, talent, coordinator, staff or admin."""

    user_id: str
    name: str
    permission: str
    municipality_code: str | None
    municipality: str | None
    section: str | None
    deactivated: bool


def save_members(
    tx: Transaction, rows: Sequence[Mapping[str, Any]], *, overwrite: Iterable[str] = ("name",)
) -> None:
    """Insert members (user_id, name, and optionally permission, municipality_code, section, deactivated); of known
    ones only the columns in `overwrite` change."""
    if rows:
        defaults = {"permission": "asker", "municipality_code": None, "section": None, "deactivated": False}
        insert_or(
            tx,
            members,
            [{**defaults, **row, "workspace": tx.workspace, "seen_at": tx.now} for row in rows],
            unique=["workspace", "user_id"],
            update={column: EXCLUDED for column in overwrite},
        )


_MEMBER = select(members, municipalities.c.name.label("municipality")).outerjoin(
    municipalities, municipalities.c.code == members.c.municipality_code
)


def _member(row: Mapping[str, Any]) -> Member:
    return Member(
        row["user_id"],
        row["name"],
        row["permission"],
        row["municipality_code"],
        row["municipality"],
        row["section"],
        row["deactivated"],
    )


def member(tx: Transaction, user_id: str) -> Member | None:
    """A member, None when we never saw them."""
    row = tx.connection.execute(
        _MEMBER.where(members.c.workspace == tx.workspace, members.c.user_id == user_id)
    ).one_or_none()
    return None if row is None else _member(dict(row._mapping))


def with_permission(tx: Transaction, *permissions: str) -> list[Member]:
    """Active members with one of these permissions, oldest id first."""
    rows = tx.connection.execute(
        _MEMBER.where(
            members.c.workspace == tx.workspace,
            members.c.permission.in_(permissions),
            members.c.deactivated.is_(False),
        ).order_by(members.c.user_id)
    )
    return [_member(dict(row._mapping)) for row in rows]


def name_of(tx: Transaction, user_id: str) -> str:
    """The name to show for a user; their id when we do not know it."""
    found = tx.connection.execute(
        select(members.c.name).where(members.c.workspace == tx.workspace, members.c.user_id == user_id)
    ).scalar_one_or_none()
    return found or user_id
