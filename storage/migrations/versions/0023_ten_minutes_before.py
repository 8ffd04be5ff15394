"""Who wants to be told ten minutes before a study session: a person's own choice, no longer what they said to the last one.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version: who wanted it the last time they came anywhere goes on wanting it."""
    op.add_column("member", sa.Column("study_soon", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE member SET study_soon = TRUE WHERE"
        " (SELECT soon FROM study_reply WHERE study_reply.workspace = member.workspace"
        " AND study_reply.user_id = member.user_id AND answer = 'yes'"
        " ORDER BY answered_at DESC, id DESC LIMIT 1)"
    )


def downgrade() -> None:
    """Back to the one before: what they said to the last session says it."""
    with op.batch_alter_table("member") as batch:
        batch.drop_column("study_soon")
