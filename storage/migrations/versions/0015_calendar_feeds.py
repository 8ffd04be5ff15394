"""Calendars at secret addresses, of which only a digest is kept.

Revision ID: 0015
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    names = ("workspace", "user_id", "kind", "selector", "digest", "made_as")
    op.create_table(
        "calendar_feed",
        sa.Column("id", key, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in names),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "workspace", "user_id", "kind", name=op.f("uq_calendar_feed_workspace_user_id_kind")
        ),
        sa.UniqueConstraint("selector", name=op.f("uq_calendar_feed_selector")),
    )


def downgrade() -> None:
    """Back to the one before: nobody's address answers any more."""
    op.drop_table("calendar_feed")
