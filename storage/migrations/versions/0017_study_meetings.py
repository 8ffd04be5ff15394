"""Sessions that people are told of: announcements, replies, materials, what came of them.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _id(name: str = "id", **more: Any) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, **more)


def _text(name: str, *, nullable: bool = True, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=default)


def _time(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=str(default), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def upgrade() -> None:
    """To this version; series that are there already are looked at as soon as the bot runs."""
    _meetings()
    _replies()
    op.create_table(
        "study_outcome",
        _id(primary_key=True, autoincrement=True),
        _text("workspace", nullable=False),
        _id("meeting_id", nullable=False),
        _id("question_id", nullable=False),
        _text("body", nullable=False),
        _text("said_by", nullable=False),
        _time("said_at", nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["study_meeting.id"]),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"]),
        sa.UniqueConstraint("meeting_id", "question_id"),
    )
    op.execute(
        sa.text(
            "INSERT INTO due_work (workspace, key, kind, record_id, due_at) "
            "SELECT workspace, 'study.morning:' || id, 'study.morning', id, changed_at FROM study_series "
            "WHERE ended_at IS NULL"
        )
    )


def _meetings() -> None:
    op.create_table(
        "study_meeting",
        _id(primary_key=True, autoincrement=True),
        _text("workspace", nullable=False),
        _id("series_id", nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        _time("starts_at", nullable=False),
        _time("ends_at", nullable=False),
        _flag("cancelled"),
        _number("version", 1),
        _text("channel", nullable=False, default=""),
        _time("told_at"),
        *(
            _text(name)
            for name in ("link", "materials", "materials_by", "minutes", "recording", "recorded_by")
        ),
        _time("recorded_at"),
        _time("closed_at"),
        sa.ForeignKeyConstraint(["series_id"], ["study_series.id"]),
        sa.UniqueConstraint("series_id", "planned_on"),
    )
    op.create_index("ix_study_meeting_living", "study_meeting", ["workspace", "series_id", "closed_at"])
    op.create_index("ix_study_meeting_starts", "study_meeting", ["workspace", "starts_at"])


def _replies() -> None:
    op.create_table(
        "study_reply",
        _id(primary_key=True, autoincrement=True),
        _text("workspace", nullable=False),
        _id("meeting_id", nullable=False),
        _text("user_id", nullable=False),
        _text("answer", nullable=False, default=""),
        _text("municipality_code"),
        _time("answered_at"),
        _flag("soon"),
        sa.Column("attended", sa.Boolean(), nullable=True),
        _time("known_at"),
        _time("said_at"),
        *(_number(name, 0) for name in ("told_change", "told_day", "told_soon")),
        _flag("told_recap"),
        sa.ForeignKeyConstraint(["meeting_id"], ["study_meeting.id"]),
        sa.UniqueConstraint("meeting_id", "user_id"),
    )
    op.create_index("ix_study_reply_user", "study_reply", ["workspace", "user_id"])


def downgrade() -> None:
    """Back to the one before: who comes to which session is forgotten."""
    op.execute(sa.text("DELETE FROM due_work WHERE kind LIKE 'study.%' AND kind <> 'study.begun'"))
    for table in ("study_outcome", "study_reply", "study_meeting"):
        op.drop_table(table)
