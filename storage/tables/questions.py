"""Questions, the messages they are made of, and what happened to them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from storage.columns import BigId, data, flag, identity, maybe, number, text, time, workspace
from storage.tables.metadata import metadata

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
