"""How a question came in, before whom, how soon; who people are and how long they work for us; how far the set-up is.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW: dict[str, tuple[sa.Column[object], ...]] = {
    "question": (
        sa.Column("way", sa.Text(), server_default="message", nullable=False),
        sa.Column("audience", sa.Text(), server_default="open", nullable=False),
        sa.Column("urgency", sa.Text(), server_default="week", nullable=False),
        sa.Column("needed_on", sa.Date()),
        sa.Column("needed_for", sa.Text()),
        sa.Column("phone", sa.Text()),
        sa.Column("entered_by", sa.Text()),
        sa.Column("minutes", sa.BigInteger()),
        sa.Column("desk_channel", sa.Text()),
        sa.Column("desk_ts", sa.Text()),
    ),
    "member": (
        sa.Column("mail_domain", sa.Text()),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
    ),
    "talent": (
        sa.Column("bio", sa.Text(), server_default="", nullable=False),
        sa.Column("contract_from", sa.Date()),
        sa.Column("contract_until", sa.Date()),
        sa.Column("contract_hours", sa.BigInteger()),
    ),
    "workspace": (
        sa.Column("prefecture", sa.Text(), server_default="", nullable=False),
        sa.Column("emergency_phone", sa.Text()),
        sa.Column("setup_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True)),
    ),
}


def upgrade() -> None:
    """To this version."""
    for table, columns in _NEW.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(column)
    op.create_index("ix_question_desk", "question", ["workspace", "desk_channel", "desk_ts"])


def downgrade() -> None:
    """Back to the one before."""
    op.drop_index("ix_question_desk", "question")
    for table, columns in _NEW.items():
        with op.batch_alter_table(table) as batch:
            for column in reversed(columns):
                batch.drop_column(column.name)
