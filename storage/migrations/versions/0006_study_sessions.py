"""Study sessions: series, and what is known of single sessions beyond what their series says.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _id(name: str = "id", **more: Any) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, **more)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, default: int | None = None) -> sa.Column[int]:
    given = None if default is None else str(default)
    return sa.Column(name, sa.BigInteger(), server_default=given, nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "study_series",
        _id(primary_key=True, autoincrement=True),
        *(_text(name) for name in ("workspace", "title", "audience")),
        *(_text(name, nullable=True) for name in ("channel", "place", "link")),
        sa.Column("first", sa.Date(), nullable=False),
        _text("clock"),
        _number("minutes"),
        _text("every"),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("times", sa.BigInteger(), nullable=True),
        _text("on_closed"),
        _number("first_number", 1),
        sa.Column("marked_on", sa.Date(), nullable=True),
        _number("marked_number", 0),
        _number("revision", 1),
        _text("created_by"),
        _time("created_at"),
        _time("changed_at"),
        _time("ended_at", nullable=True),
    )
    op.create_index("ix_study_series_live", "study_series", ["workspace", "ended_at"])
    op.create_table(
        "study_session",
        _id(primary_key=True, autoincrement=True),
        _text("workspace"),
        _id("series_id", nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        _time("starts_at", nullable=True),
        _time("ends_at", nullable=True),
        _flag("cancelled"),
        _flag("moved"),
        _text("changed_by", nullable=True),
        _time("changed_at"),
        sa.ForeignKeyConstraint(["series_id"], ["study_series.id"]),
        sa.UniqueConstraint("series_id", "planned_on"),
    )
    op.create_index("ix_study_session_ends", "study_session", ["workspace", "ends_at"])


def downgrade() -> None:
    """Back to the one before: the series are gone with it."""
    op.drop_table("study_session")
    op.drop_table("study_series")
