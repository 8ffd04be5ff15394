"""When each body's offices are open: hours, closures and openings of their own; how a fiscal year is written.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version. Yearly closures stay as they are written: they are lines without a name."""
    with op.batch_alter_table("workspace") as batch:
        batch.add_column(sa.Column("openings", sa.JSON(), server_default="[]", nullable=False))
        batch.add_column(sa.Column("years", sa.Text(), server_default="both", nullable=False))
    op.create_table(
        "office",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), server_default="", nullable=False),
        sa.Column("closures", sa.JSON(), nullable=False),
        sa.Column("openings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipality.code"],
            name=op.f("fk_office_municipality_code"),
        ),
        sa.PrimaryKeyConstraint("workspace", "municipality_code", name=op.f("pk_office")),
    )


def downgrade() -> None:
    """Back to the one before, which knows closures of every year alone."""
    op.drop_table("office")
    connection = op.get_bind()
    own = sa.table("workspace", sa.column("workspace", sa.Text()), sa.column("closures", sa.JSON()))
    for row in connection.execute(sa.select(own.c.workspace, own.c.closures)).all():
        yearly = sorted({each[:5] for each in row.closures if each[2:3] == "-" and each[5:6] != "~"})
        mine = own.c.workspace == row.workspace
        connection.execute(sa.update(own).where(mine).values(closures=yearly))
    with op.batch_alter_table("workspace") as batch:
        batch.drop_column("years")
        batch.drop_column("openings")
