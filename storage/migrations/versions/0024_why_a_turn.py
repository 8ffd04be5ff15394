"""Why a turn of duty is whose it is, as the rule said when the plan was kept.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """To this version: of turns that were planned before, nobody knows any more."""
    op.create_table(
        "duty_reason",
        sa.Column("duty_id", _id, autoincrement=False, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_duty_reason_duty_id")),
        sa.PrimaryKeyConstraint("duty_id", name=op.f("pk_duty_reason")),
    )


def downgrade() -> None:
    """Back to the one before: nobody knows why."""
    op.drop_table("duty_reason")
