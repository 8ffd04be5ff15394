"""The clock of a question: how long things may take is a setting; whoever answers may put a question off to a day; letters
wait for when their reader works; how it came to whoever has it is kept.

Revision ID: 0013
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """To this version."""
    op.add_column("workspace", sa.Column("targets", sa.Text(), nullable=False, server_default=""))
    op.add_column("member", sa.Column("letters", sa.Text(), nullable=False, server_default=""))
    op.add_column("question", sa.Column("later_at", sa.DateTime(timezone=True)))
    op.add_column("question", sa.Column("later_why", sa.Text()))
    op.add_column("question", sa.Column("repaired_at", sa.DateTime(timezone=True)))
    op.add_column("event", sa.Column("ranking", sa.JSON()))
    op.create_table(
        "held_letter",
        sa.Column("id", _id, primary_key=True, autoincrement=True),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Text(), nullable=False),
        sa.Column("record_id", _id, nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("sent_as", sa.Text()),
        sa.UniqueConstraint("workspace", "key"),
    )
    waiting = sa.text("done_at IS NULL")
    op.create_index(
        "ix_held_letter_waiting",
        "held_letter",
        ["workspace", "user_id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    """Back to the one before. What was held back is not told any more."""
    op.drop_table("held_letter")
    for table, column in (
        ("event", "ranking"),
        ("question", "repaired_at"),
        ("question", "later_why"),
        ("question", "later_at"),
        ("member", "letters"),
        ("workspace", "targets"),
    ):
        op.drop_column(table, column)
