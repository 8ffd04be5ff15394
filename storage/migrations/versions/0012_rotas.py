"""Several rotas: whose members come and go by date, dated absences, shifts that somebody else takes over.

What was on duty before becomes the general rota, in which everybody has duty in their own hours.

Revision ID: 0012
Revises: 0010
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

GENERAL = "全体の当番"
_UNIQUE = "uq_duty_workspace_user_id_starts_at"


def _id(name: str = "id", **more: Any) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, **more)


def _key() -> sa.Column[int]:
    return _id(primary_key=True, autoincrement=True)


def _text(name: str, default: str | None = None, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=str(default), nullable=False)


def _of(name: str, table: str, *, nullable: bool = False) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return _id(name, nullable=nullable), sa.ForeignKeyConstraint([name], [f"{table}.id"])


def upgrade() -> None:
    """To this version."""
    _rotas()
    _shifts()
    _absences_and_swaps()


def _rotas() -> None:
    op.create_table(
        "rota",
        _key(),
        *(_text(name) for name in ("workspace", "name")),
        _text("scope", "general"),
        _text("scope_value", nullable=True),
        _text("handoff"),
        _number("handoff_weekday", 0),
        _number("seats", 1),
        _number("deputies", 0),
        *(_text(name, nullable=True) for name in ("user_group", "user_group_refused")),
        sa.Column("user_group_holds", sa.JSON(), nullable=False),
        _number("revision", 1),
        _time("created_at"),
        _time("changed_at"),
        _time("archived_at", nullable=True),
    )
    op.create_table(
        "rota_member",
        _key(),
        _text("workspace"),
        *_of("rota_id", "rota"),
        _text("user_id"),
        sa.Column("joins", sa.Date(), nullable=True),
        sa.Column("leaves", sa.Date(), nullable=True),
    )
    op.create_index("ix_rota_member_rota", "rota_member", ["rota_id", "user_id"])


def _shifts() -> None:
    """Shifts know their rota; the one of before is made where there are any."""
    op.add_column("duty", _id("rota_id", nullable=True))
    connection, made = op.get_bind(), datetime.now(UTC)  # noqa: TID251 - when this was run
    rota = sa.table(
        "rota",
        _id(),
        *(sa.column(name, sa.Text()) for name in ("workspace", "name", "handoff")),
        sa.column("user_group_holds", sa.JSON()),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("created_at", "changed_at")),
    )
    for (workspace,) in connection.execute(sa.text("SELECT DISTINCT workspace FROM duty")).all():
        values = {"name": GENERAL, "handoff": "hours", "user_group_holds": [], "created_at": made}
        connection.execute(sa.insert(rota).values(workspace=workspace, changed_at=made, **values))
        connection.execute(
            sa.text(
                "UPDATE duty SET rota_id = (SELECT id FROM rota WHERE rota.workspace = :w) WHERE workspace = :w"
            ),
            {"w": workspace},
        )
    _put_in(made)
    with op.batch_alter_table("duty") as batch:
        batch.alter_column("rota_id", existing_type=sa.BigInteger(), nullable=False)
        batch.add_column(sa.Column("deputy", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(_text("source", "hours"))
        batch.add_column(_number("revision", 1))
        batch.add_column(_time("given_at", nullable=True))
        batch.add_column(_time("cancelled_at", nullable=True))
        batch.drop_constraint(_UNIQUE, type_="unique")
        columns = ["workspace", "rota_id", "user_id", "starts_at"]
        batch.create_unique_constraint("uq_duty_workspace_rota_id_user_id_starts_at", columns)
        batch.create_foreign_key("fk_duty_rota_id", "rota", ["rota_id"], ["id"])


def _put_in(made: datetime) -> None:
    """In the rota are those who have duty ahead: others were taken off it. Where nobody has any more, all who had it."""
    names = ("workspace", "rota_id", "user_id")
    duty = sa.table("duty", *map(sa.column, names), sa.column("ends_at", sa.DateTime(timezone=True)))
    other = duty.alias("other")
    ahead = sa.exists().where(other.c.workspace == duty.c.workspace, other.c.ends_at > made)
    people = sa.select(*(duty.c[name] for name in names)).distinct()
    people = people.where(sa.or_(duty.c.ends_at > made, ~ahead))
    member = sa.table("rota_member", *map(sa.column, names))
    op.execute(sa.insert(member).from_select(list(names), people))


def _absences_and_swaps() -> None:
    op.create_table(
        "absence",
        _key(),
        *(_text(name) for name in ("workspace", "user_id")),
        *(_time(name) for name in ("starts_at", "ends_at")),
        _text("said", nullable=True),
        _text("made_by"),
        _time("made_at"),
        _time("withdrawn_at", nullable=True),
    )
    op.create_index("ix_absence_when", "absence", ["workspace", "ends_at"])
    op.create_table(
        "swap",
        _key(),
        _text("workspace"),
        *_of("duty_id", "duty"),
        *_of("new_duty_id", "duty", nullable=True),
        *(_text(name) for name in ("giver", "taker")),
        _text("said", nullable=True),
        _text("state"),
        _time("asked_at"),
        _time("decided_at", nullable=True),
    )
    op.create_index("ix_swap_duty", "swap", ["duty_id"])
    asked = sa.text("state = 'asked'")
    op.create_index(
        "ix_swap_open", "swap", ["workspace", "taker"], sqlite_where=asked, postgresql_where=asked
    )


def downgrade() -> None:
    """Back to the one before: of the shifts, each person's that begin at one moment are one; what was cancelled goes."""
    op.drop_table("swap")
    op.drop_table("absence")
    op.execute(sa.text("DELETE FROM duty WHERE cancelled_at IS NOT NULL OR deputy"))
    same = "o.workspace = duty.workspace AND o.user_id = duty.user_id AND o.starts_at = duty.starts_at"
    op.execute(
        sa.text(f"DELETE FROM duty WHERE EXISTS (SELECT 1 FROM duty AS o WHERE {same} AND o.id < duty.id)")
    )
    with op.batch_alter_table("duty") as batch:
        batch.drop_constraint("fk_duty_rota_id", type_="foreignkey")
        batch.drop_constraint("uq_duty_workspace_rota_id_user_id_starts_at", type_="unique")
        batch.create_unique_constraint(_UNIQUE, ["workspace", "user_id", "starts_at"])
        for name in ("cancelled_at", "given_at", "revision", "source", "deputy", "rota_id"):
            batch.drop_column(name)
    op.drop_table("rota_member")
    op.drop_table("rota")
