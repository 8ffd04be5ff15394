"""Whom each body's people call first in an emergency, by day and at night.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version: no body has numbers of its own yet."""
    for name in ("phone", "night"):
        op.add_column("office", sa.Column(name, sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Back to the one before."""
    for name in ("night", "phone"):
        op.drop_column("office", name)
