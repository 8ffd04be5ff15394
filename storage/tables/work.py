"""What is still to be done, what was done, and what failed."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from storage.columns import BigId, data, flag, identity, maybe, number, text, time, workspace
from storage.tables.metadata import metadata

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
    Index(
        "ix_outbox_dead",
        "workspace",
        sqlite_where=sql("dead_at IS NOT NULL"),
        postgresql_where=sql("dead_at IS NOT NULL"),
    ),
    Index(
        "ix_outbox_posted",
        "workspace",
        "posted_channel",
        "posted_ts",
        sqlite_where=sql("posted_ts IS NOT NULL"),
        postgresql_where=sql("posted_ts IS NOT NULL"),
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

held_letters = Table(
    "held_letter",
    metadata,
    identity(),
    workspace(),
    text("user_id"),
    text("key"),
    text("renderer"),
    Column("record_id", BigId, nullable=False),
    data("values"),
    time("due_at", required=True),
    flag("waits"),
    time("done_at"),
    maybe("sent_as"),
    UniqueConstraint("workspace", "key"),
    Index(
        "ix_held_letter_waiting",
        "workspace",
        "user_id",
        sqlite_where=sql("done_at IS NULL"),
        postgresql_where=sql("done_at IS NULL"),
    ),
)

handled = Table(
    "handled",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    time("at", required=True),
)

kept_words = Table(
    "kept_word",
    metadata,
    identity(),
    workspace(),
    text("author", default=""),
    text("kind"),
    data("body"),
    text("owner"),
    text("reference"),
    time("kept_at", required=True),
    number("attempts", 0),
    maybe("error"),
    Index("ix_kept_word_author", "workspace", "author"),
    sqlite_autoincrement=True,  # or SQLite gives the number of a row that is gone to another: its holder would take that
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
