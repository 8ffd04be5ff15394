"""Whether a channel is private, as Slack says; not known until it is read again.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.add_column("channel", sa.Column("is_private", sa.Boolean()))


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("channel") as batch:
        batch.drop_column("is_private")
