"""What an embedder makes of the entries of the FAQ, if there is one.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "faq_vector",
        sa.Column("entry_id", _id, autoincrement=False, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["faq_entry.id"], name=op.f("fk_faq_vector_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "model", name=op.f("pk_faq_vector")),
    )
    op.create_index("ix_faq_vector_number", "faq_vector", ["workspace", "model", "number"])
    op.create_table(
        "faq_embedding",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_faq_embedding")),
    )


def downgrade() -> None:
    """Back to the one before: vectors can be made again."""
    op.drop_table("faq_embedding")
    op.drop_table("faq_vector")
