"""What people write is kept before anything is made of it, so that Slack need not wait for that.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "kept_word",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True
        ),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("error", sa.Text()),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_kept_word_author", "kept_word", ["workspace", "author"])


def downgrade() -> None:
    """Back to the one before; refused while something waits that was acknowledged (`banso replay` takes it in)."""
    if op.get_bind().execute(sa.text("SELECT count(*) FROM kept_word")).scalar_one():
        raise RuntimeError("kept_word is not empty: run `banso replay` with this version first")
    op.drop_index("ix_kept_word_author", "kept_word")
    op.drop_table("kept_word")
