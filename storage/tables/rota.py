"""Who is on duty when: rotas, their members, shifts, absences, and who was asked to step in."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from storage.columns import (
    BigId,
    data,
    day,
    flag,
    identity,
    maybe,
    number,
    text,
    time,
    words,
    workspace,
)
from storage.tables.metadata import metadata

rotas = Table(
    "rota",
    metadata,
    identity(),
    workspace(),
    words("name"),
    text("scope", default="general"),
    maybe("scope_value"),
    text("handoff"),
    number("handoff_weekday", 0),
    number("seats", 1),
    number("deputies", 0),
    maybe("user_group"),
    maybe("user_group_refused"),
    data("user_group_holds"),
    number("revision", 1),
    time("created_at", required=True),
    time("changed_at", required=True),
    time("archived_at"),
)
"""`scope` is general, field or role; `handoff` daily, weekly, or hours: everybody has duty in their own hours. `user_group`
is Slack's id of a group of those on duty, `user_group_holds` whom it was last given, `user_group_refused` why not."""

rota_members = Table(
    "rota_member",
    metadata,
    identity(),
    workspace(),
    Column("rota_id", BigId, ForeignKey("rota.id"), nullable=False),
    text("user_id"),
    day("joins"),
    day("leaves"),
    Index("ix_rota_member_rota", "rota_id", "user_id"),
)
"""`leaves` is the last day; somebody who comes again has a second row."""

duties = Table(
    "duty",
    metadata,
    identity(),
    workspace(),
    text("user_id"),
    time("starts_at", required=True),
    time("ends_at", required=True),
    Column("rota_id", BigId, ForeignKey("rota.id"), nullable=False),
    flag("deputy"),
    text("source", default="hours"),
    number("revision", 1),
    time("given_at"),
    time("cancelled_at"),
    UniqueConstraint("workspace", "rota_id", "user_id", "starts_at"),
    Index("ix_duty_when", "workspace", "ends_at", "starts_at"),
)
"""A row is one person's for good, and its `id` the shift's; `revision` rises with each change, a cancelled one stays."""

duty_reasons = Table(
    "duty_reason",
    metadata,
    Column("duty_id", BigId, ForeignKey("duty.id"), primary_key=True, autoincrement=False),
    workspace(),
    time("kept_at", required=True),
    data("why"),
)
"""Why a shift is whose it is (`storage/duty_reasons.py`). What was kept before a shift was last given says nothing of it."""

absences = Table(
    "absence",
    metadata,
    identity(),
    workspace(),
    text("user_id"),
    time("starts_at", required=True),
    time("ends_at", required=True),
    words("said", required=False),
    text("made_by"),
    time("made_at", required=True),
    time("withdrawn_at"),
    Index("ix_absence_when", "workspace", "ends_at"),
)

swaps = Table(
    "swap",
    metadata,
    identity(),
    workspace(),
    Column("duty_id", BigId, ForeignKey("duty.id"), nullable=False),
    Column("new_duty_id", BigId, ForeignKey("duty.id")),
    text("giver"),
    text("taker"),
    words("said", required=False),
    text("state"),
    time("asked_at", required=True),
    time("decided_at"),
    Index("ix_swap_duty", "duty_id"),
    Index(
        "ix_swap_open",
        "workspace",
        "taker",
        sqlite_where=sql("state = 'asked'"),
        postgresql_where=sql("state = 'asked'"),
    ),
)
