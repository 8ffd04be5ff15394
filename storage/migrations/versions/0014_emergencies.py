"""緊急: records, who is told and where, the timed log, and the prefecture's steps and numbers.

Revision ID: 0014
Revises: 0010
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _id(name: str = "id", **more: Any) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, **more)


def _text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=default)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def _of() -> list[Any]:
    """The beginning of a table whose rows belong to a record."""
    return [
        _id(primary_key=True, autoincrement=True),
        _text("workspace"),
        _id("emergency_id", nullable=False),
        sa.ForeignKeyConstraint(["emergency_id"], ["emergency.id"]),
    ]


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "emergency",
        _id(primary_key=True, autoincrement=True),
        _text("workspace"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        _flag("practice"),
        *(_text(name) for name in ("asker", "kind", "state")),
        *(
            _text(name, nullable=True)
            for name in ("municipality_code", "section", "body", "called", "closing")
        ),
        *(_time(name) for name in ("opened_at", "changed_at")),
        *(_time(name, nullable=True) for name in ("noticed_at", "seen_at", "closed_at")),
        sa.UniqueConstraint("workspace", "practice", "number"),
    )
    op.create_index("ix_emergency_state", "emergency", ["workspace", "state", "opened_at"])
    op.create_table(
        "emergency_person",
        *_of(),
        *(_text(name) for name in ("user_id", "role")),
        _text("added_by", nullable=True),
        _flag("direct"),
        _time("rung_at"),
        _time("seen_at", nullable=True),
        sa.UniqueConstraint("emergency_id", "user_id"),
    )
    op.create_table(
        "emergency_place",
        *_of(),
        *(_text(name, default="") for name in ("user_id", "channel")),
        _text("ts", nullable=True),
        sa.UniqueConstraint("emergency_id", "user_id"),
    )
    op.create_index("ix_emergency_place_thread", "emergency_place", ["workspace", "channel", "ts"])
    op.create_table(
        "emergency_entry",
        *_of(),
        _time("at"),
        _text("actor", nullable=True),
        _text("kind"),
        _text("body", nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        _text("source"),
        _id("place_id", nullable=True),
        *(_time(name, nullable=True) for name in ("edited_at", "deleted_at")),
        sa.UniqueConstraint("workspace", "source"),
    )
    op.create_index("ix_emergency_entry_of", "emergency_entry", ["emergency_id", "at"])
    op.create_table(
        "emergency_guide",
        sa.Column("workspace", sa.Text(), primary_key=True),
        *(_text(name, nullable=True) for name in ("night", "hours", "steps", "changed_by")),
        _time("changed_at"),
    )


def downgrade() -> None:
    """Back to the one before: the records are gone with it."""
    for table in (
        "emergency_guide",
        "emergency_entry",
        "emergency_place",
        "emergency_person",
        "emergency",
    ):
        op.drop_table(table)
