"""Every table. A change here needs a migration (`alembic check` runs in CI)."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy import (
    text as sql,
)

from storage.columns import BigId, data, identity, maybe, number, text, time, workspace

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def flag(name: str) -> Column[bool]:
    """A required yes or no, no by default."""
    return Column(name, Boolean, nullable=False, server_default=false())


# --- who and where -----------------------------------------------------------------------------------------------

workspaces = Table(
    "workspace",
    metadata,
    Column("workspace", Text, primary_key=True),
    text("name"),
    text("url", default=""),
    text("zone", default="Asia/Tokyo"),
    text("intake", default="desk"),
    number("last_number", 0),
    number("last_practice_number", 0),
    number("config_version", 0),
    data("closures"),
)

municipalities = Table(
    "municipality",
    metadata,
    Column("code", Text, primary_key=True),
    text("prefecture"),
    text("name"),
    text("kana"),
    text("kind"),
)

members = Table(
    "member",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    text("name"),
    text("permission", default="asker"),
    Column("municipality_code", Text, ForeignKey("municipality.code")),
    maybe("section"),
    flag("deactivated"),
    time("seen_at", required=True),
)

fields = Table(
    "field",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    text("label"),
    text("short"),
    data("roles"),
    data("keywords"),
    number("position"),
)

talents = Table(
    "talent",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    text("name"),
    text("role"),
    text("title", default=""),
    data("fields"),
    data("conflicts"),
    text("working_hours", default=""),
    flag("absent"),
)

duties = Table(
    "duty",
    metadata,
    identity(),
    workspace(),
    text("user_id"),
    time("starts_at", required=True),
    time("ends_at", required=True),
    UniqueConstraint("workspace", "user_id", "starts_at"),
    Index("ix_duty_when", "workspace", "ends_at", "starts_at"),
)

channels = Table(
    "channel",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    text("name"),
    text("purpose", default="other"),
    flag("bot_is_member"),
    flag("archived"),
    time("caught_up_at"),
    time("members_read_at"),
)

channel_members = Table(
    "channel_member",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
)

# --- questions ---------------------------------------------------------------------------------------------------

questions = Table(
    "question",
    metadata,
    identity(),
    workspace(),
    number("number"),
    flag("practice"),
    text("channel"),
    text("ts"),
    text("thread_ts"),
    text("asker"),
    maybe("municipality_code"),
    maybe("section"),
    maybe("field_id"),
    text("state"),
    maybe("close_reason"),
    maybe("responsible"),
    data("reasons"),
    time("received_at", required=True),
    time("target_at", required=True),
    time("claimed_at"),
    time("first_reply_at"),
    time("talent_wrote_at"),
    time("asker_wrote_at"),
    time("answered_at"),
    time("nudged_at"),
    time("closed_at"),
    maybe("next_step"),
    time("next_at"),
    UniqueConstraint("workspace", "practice", "number"),
    UniqueConstraint("workspace", "channel", "ts"),
    Index("ix_question_body", "workspace", "municipality_code"),
    Index("ix_question_thread", "workspace", "channel", "thread_ts"),
    Index(
        "ix_question_open",
        "workspace",
        "responsible",
        sqlite_where=sql("state NOT IN ('closed', 'answered')"),
        postgresql_where=sql("state NOT IN ('closed', 'answered')"),
    ),
)

messages = Table(
    "message",
    metadata,
    identity(),
    workspace(),
    text("channel"),
    text("ts"),
    maybe("thread_ts"),
    text("author"),
    text("body"),
    data("files"),
    Column("question_id", BigId, ForeignKey("question.id"), index=True),
    flag("asks"),
    maybe("set_aside"),
    maybe("group_ts"),
    maybe("edited_ts"),
    time("written_at", required=True),
    time("captured_at", required=True),
    time("deleted_at"),
    UniqueConstraint("workspace", "channel", "ts"),
    Index("ix_message_author", "workspace", "channel", "author", "written_at"),
    Index(
        "ix_message_kept_below",
        "workspace",
        "channel",
        "thread_ts",
        sqlite_where=sql("question_id IS NULL"),
        postgresql_where=sql("question_id IS NULL"),
    ),
    Index(
        "ix_message_set_aside",
        "workspace",
        "set_aside",
        sqlite_where=sql("set_aside IS NOT NULL"),
        postgresql_where=sql("set_aside IS NOT NULL"),
    ),
)

events = Table(
    "event",
    metadata,
    identity(),
    workspace(),
    Column("question_id", BigId, ForeignKey("question.id"), nullable=False, index=True),
    time("at", required=True),
    maybe("actor"),
    text("verb"),
    text("state"),
    maybe("why"),
    data("before"),
    Column("undoes", BigId),
)

# --- what is still to be done ------------------------------------------------------------------------------------

outbox = Table(
    "outbox",
    metadata,
    identity(),
    workspace(),
    text("uid"),
    text("key"),
    text("kind"),
    text("renderer"),
    Column("record_id", BigId, nullable=False),
    data("values"),
    text("channel", default=""),
    maybe("thread_ts"),
    maybe("user_id"),
    number("priority", 0),
    number("wanted", 1),
    number("sent", 0),
    maybe("posted_channel"),
    maybe("posted_ts"),
    maybe("posted_state"),
    time("created_at", required=True),
    time("due_at", required=True),
    maybe("lease"),
    time("leased_until"),
    time("unsure_since"),
    number("looks", 0),
    number("attempts", 0),
    maybe("error"),
    time("dead_at"),
    UniqueConstraint("workspace", "key"),
    UniqueConstraint("uid"),
    Index(
        "ix_outbox_due",
        "workspace",
        "due_at",
        sqlite_where=sql("wanted > sent AND dead_at IS NULL"),
        postgresql_where=sql("wanted > sent AND dead_at IS NULL"),
    ),
    Index(
        "ix_outbox_thread",
        "workspace",
        "channel",
        "thread_ts",
        sqlite_where=sql("wanted > sent AND dead_at IS NULL"),
        postgresql_where=sql("wanted > sent AND dead_at IS NULL"),
    ),
)

due_work = Table(
    "due_work",
    metadata,
    identity(),
    workspace(),
    text("key"),
    text("kind"),
    Column("record_id", BigId, nullable=False),
    time("due_at", required=True),
    time("retry_at"),
    number("attempts", 0),
    maybe("error"),
    UniqueConstraint("workspace", "key"),
    Index("ix_due_work_due", "workspace", "due_at"),
)

handled = Table(
    "handled",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    time("at", required=True),
)

failed_events = Table(
    "failed_event",
    metadata,
    identity(),
    workspace(),
    text("reference"),
    text("kind"),
    data("body"),
    text("error"),
    time("failed_at", required=True),
    number("attempts", 0),
    time("replayed_at"),
)

audit = Table(
    "audit",
    metadata,
    identity(),
    workspace(),
    time("at", required=True),
    maybe("actor"),
    text("what"),
    data("detail"),
)
