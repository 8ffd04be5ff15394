"""What was learned is found again: entries, their revisions and phrasings, searches, whom they helped,
what is like a question. Letters are found by
where they stand, and what Home counts by indexes.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COUNTS = ("last_entry", "last_change")


def _id(name: str = "id", **more: Any) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, **more)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key() -> tuple[sa.Column[int], sa.Column[str]]:
    return _id(primary_key=True, autoincrement=True), _text("workspace")


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("workspace") as batch:
        for name in _COUNTS:
            batch.add_column(sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    posted = sa.text("posted_ts IS NOT NULL")
    where = ["workspace", "posted_channel", "posted_ts"]
    op.create_index("ix_outbox_posted", "outbox", where, sqlite_where=posted, postgresql_where=posted)
    _counted()
    _entries()
    op.create_table(
        "faq_revision",
        *_key(),
        _id("entry_id", nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        _time("at"),
        _text("actor", nullable=True),
        _text("verb"),
        _text("state"),
        _text("note", nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["faq_entry.id"]),
        sa.UniqueConstraint("entry_id", "number"),
    )
    op.create_table(
        "faq_phrasing",
        *_key(),
        _id("entry_id", nullable=False),
        _text("source"),
        _text("words"),
        _text("author", nullable=True),
        _id("question_id", nullable=True),
        _time("added_at"),
        _time("undone_at", nullable=True),
        _text("undone_by", nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["faq_entry.id"]),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"]),
        sa.UniqueConstraint("entry_id", "source"),
    )
    _use()


def _counted() -> None:
    received = ["workspace", "practice", "received_at", "state", "close_reason"]
    op.create_index("ix_question_received", "question", received)
    alive, dead = sa.text("state <> 'closed'"), sa.text("dead_at IS NOT NULL")
    where = ["workspace", "asker"]
    op.create_index("ix_question_alive", "question", where, sqlite_where=alive, postgresql_where=alive)
    op.create_index("ix_outbox_dead", "outbox", ["workspace"], sqlite_where=dead, postgresql_where=dead)


def _entries() -> None:
    op.create_table(
        "faq_entry",
        *_key(),
        sa.Column("number", sa.BigInteger(), nullable=False),
        *(_text(name) for name in ("kind", "state", "question", "answer")),
        _text("field_id", nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        _text("owner"),
        sa.Column("review_on", sa.Date(), nullable=True),
        *(
            _text(name, nullable=True)
            for name in ("municipality_code", "size_band", "cost", "effort", "contact")
        ),
        _text("consent"),
        _id("question_id", nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        _time("created_at"),
        _time("changed_at"),
        _time("published_at", nullable=True),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"]),
        sa.UniqueConstraint("workspace", "number"),
        sa.UniqueConstraint("workspace", "change"),
    )
    op.create_index("ix_faq_entry_question_id", "faq_entry", ["question_id"])
    op.create_index("ix_faq_entry_state", "faq_entry", ["workspace", "state", "review_on"])


def _use() -> None:
    op.create_table(
        "faq_search",
        *_key(),
        _time("at"),
        _text("words"),
        sa.Column("found", sa.BigInteger(), nullable=False),
    )
    nothing = sa.text("found = 0")
    op.create_index(
        "ix_faq_search_nothing",
        "faq_search",
        ["workspace", "at"],
        sqlite_where=nothing,
        postgresql_where=nothing,
    )
    op.create_table(
        "faq_similar",
        _id("question_id", primary_key=True, autoincrement=False),
        _text("workspace"),
        sa.Column("entries", sa.JSON(), nullable=False),
        _time("at"),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"]),
    )
    op.create_table(
        "faq_helped",
        *_key(),
        _text("source"),
        _id("entry_id", nullable=False),
        _id("question_id", nullable=True),
        _text("user_id"),
        _time("at"),
        _time("thanked_at", nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["faq_entry.id"]),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"]),
        sa.UniqueConstraint("workspace", "source"),
    )
    op.create_index("ix_faq_helped_entry_id", "faq_helped", ["entry_id"])


def downgrade() -> None:
    """Back to the one before: what is in the FAQ is gone with it."""
    for table in ("faq_helped", "faq_similar", "faq_search", "faq_phrasing", "faq_revision", "faq_entry"):
        op.drop_table(table)
    for index in ("ix_question_received", "ix_question_alive"):
        op.drop_index(index, "question")
    for index in ("ix_outbox_posted", "ix_outbox_dead"):
        op.drop_index(index, "outbox")
    with op.batch_alter_table("workspace") as batch:
        for name in reversed(_COUNTS):
            batch.drop_column(name)
