"""When a prefecture's offices are open: what business time counts. Without it the usual hours.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("workspace") as batch:
        batch.add_column(sa.Column("hours", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Back to the one before: the usual hours count again."""
    with op.batch_alter_table("workspace") as batch:
        batch.drop_column("hours")
