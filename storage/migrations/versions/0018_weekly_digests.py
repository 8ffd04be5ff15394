"""The digests of a week: which were made, when each comes, and what somebody wants of them.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version: as usual for everybody."""
    moments = ("since", "until")
    op.create_table(
        "digest",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in moments),
        sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("channel", sa.Text(), nullable=False, server_default=""),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "kind", "week", name=op.f("pk_digest")),
    )
    op.add_column("workspace", sa.Column("digests", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("member", sa.Column("digests", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Back to the one before: nobody's choices are kept."""
    for table in ("member", "workspace"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("digests")
    op.drop_table("digest")
