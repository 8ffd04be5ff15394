"""What is proposed for study sessions, who wants to hear it, who presents it, and where the agenda stands.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _id(name: str = "id", **more: Any) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), **more)


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def _of_topic() -> list[Any]:
    return [
        _id("topic_id", nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["study_topic.id"]),
    ]


def upgrade() -> None:
    """To this version."""
    key: dict[str, Any] = {"primary_key": True, "autoincrement": True}
    op.create_table(
        "study_topic",
        _id(**key),
        _id("series_id", nullable=False),
        *_texts("workspace", "title", "said", "proposed_by"),
        *_texts("closed_by", nullable=True),
        _id("question_id", nullable=True),
        _id("entry_id", nullable=True),
        _time("proposed_at", nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        _number("place"),
        _time("held_at"),
        _time("closed_at"),
        sa.ForeignKeyConstraint(["series_id"], ["study_series.id"]),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"]),
        sa.ForeignKeyConstraint(["entry_id"], ["faq_entry.id"]),
    )
    open_ones = ["workspace", "series_id", "closed_at", "held_at"]
    op.create_index("ix_study_topic_open", "study_topic", open_ones)
    op.create_index("ix_study_topic_question", "study_topic", ["workspace", "question_id"])
    op.create_table(
        "study_topic_vote",
        _id(**key),
        *_texts("workspace", "user_id"),
        _time("at", nullable=False),
        *_of_topic(),
        sa.UniqueConstraint("topic_id", "user_id"),
    )
    op.create_table(
        "study_request",
        _id(**key),
        *_texts("workspace", "user_id", "state", "asked_by"),
        _time("asked_at", nullable=False),
        _time("answered_at"),
        _number("answers"),
        *_of_topic(),
    )
    op.create_index("ix_study_request_topic", "study_request", ["topic_id"])
    op.create_table(
        "study_agenda",
        _id(**key),
        _id("series_id", nullable=False),
        *_texts("workspace", "channel", "published_by", "digest"),
        *_texts("posted_ts", "pinned_ts", "error", nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        _time("published_at", nullable=False),
        _time("closed_at"),
        sa.ForeignKeyConstraint(["series_id"], ["study_series.id"]),
        sa.UniqueConstraint("series_id", "planned_on"),
    )
    op.create_index("ix_study_agenda_open", "study_agenda", ["workspace", "closed_at"])


def downgrade() -> None:
    """Back to the one before: topics and agendas are gone with it."""
    for table in ("study_agenda", "study_request", "study_topic_vote", "study_topic"):
        op.drop_table(table)
