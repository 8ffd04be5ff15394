"""Away until further notice is an absence like any other, without an end that is known; every absence that runs is looked
at, so that its end is.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OPEN = datetime(2300, 1, 1, tzinfo=UTC)
_MOMENTS = ("starts_at", "ends_at", "made_at", "withdrawn_at")
_ABSENCE = sa.table(
    "absence",
    *(sa.column(name) for name in ("id", "workspace", "user_id", "made_by")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in _MOMENTS),
)
_TALENT = sa.table("talent", sa.column("workspace"), sa.column("user_id"), sa.column("absent", sa.Boolean()))
_DUE = sa.table(
    "due_work",
    *(sa.column(name) for name in ("workspace", "key", "kind", "record_id", "attempts")),
    sa.column("due_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """To this version. Whoever was away until further notice is so from now on; what runs is due now."""
    now = sa.literal(datetime.now(UTC), sa.DateTime(timezone=True))  # noqa: TID251 - when this is run
    end = sa.literal(_OPEN, sa.DateTime(timezone=True))
    t, a, d = _TALENT.c, _ABSENCE.c, _DUE.c
    flagged = sa.select(t.workspace, t.user_id, now, end, t.user_id, now).where(t.absent)
    names = ["workspace", "user_id", "starts_at", "ends_at", "made_by", "made_at"]
    op.execute(sa.insert(_ABSENCE).from_select(names, flagged))
    key = sa.literal("rota.absence:") + sa.cast(a.id, sa.Text())
    runs = (a.withdrawn_at.is_(None), a.starts_at <= now, a.ends_at > now)
    waits = sa.exists().where(d.workspace == a.workspace, d.key == key)
    kind, none = sa.literal("rota.absence"), sa.literal(0)
    rows = sa.select(a.workspace, key, kind, a.id, none, now).where(*runs, ~waits)
    names = ["workspace", "key", "kind", "record_id", "attempts", "due_at"]
    op.execute(sa.insert(_DUE).from_select(names, rows))
    with op.batch_alter_table("talent") as batch:
        batch.drop_column("absent")


def downgrade() -> None:
    """Back to the one before: who is away and nobody knows until when is so again."""
    flag: sa.Column[bool] = sa.Column("absent", sa.Boolean(), server_default=sa.false(), nullable=False)
    with op.batch_alter_table("talent") as batch:
        batch.add_column(flag)
    now, t, a = datetime.now(UTC), _TALENT.c, _ABSENCE.c  # noqa: TID251 - when this is run
    goes_on = (a.withdrawn_at.is_(None), a.starts_at <= now, a.ends_at >= _OPEN)
    mine = sa.exists().where(a.workspace == t.workspace, a.user_id == t.user_id, *goes_on)
    op.execute(sa.update(_TALENT).values(absent=True).where(mine))
    op.execute(sa.delete(_ABSENCE).where(a.ends_at >= _OPEN))
