"""緊急: the records, who is told and where, what happened when; the prefecture's own steps and numbers."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from storage.columns import BigId, data, flag, identity, maybe, number, text, time, words, workspace
from storage.tables.metadata import metadata

emergencies = Table(
    "emergency",
    metadata,
    identity(),
    workspace(),
    number("number"),
    flag("practice"),
    text("asker"),
    maybe("municipality_code"),
    words("section", required=False),
    text("kind"),
    text("state"),
    words("body", required=False),
    words("called", required=False),
    time("noticed_at"),
    time("opened_at", required=True),
    time("seen_at"),
    time("changed_at", required=True),
    time("closed_at"),
    words("closing", required=False),
    UniqueConstraint("workspace", "practice", "number"),
    Index("ix_emergency_state", "workspace", "state", "opened_at"),
)
"""`seen_at`: when the first of those who were rung said that they are on it."""


def _of() -> Column[int]:
    return Column("emergency_id", BigId, ForeignKey("emergency.id"), nullable=False)


people = Table(
    "emergency_person",
    metadata,
    identity(),
    workspace(),
    _of(),
    text("user_id"),
    text("role"),
    maybe("added_by"),
    flag("direct"),
    time("rung_at", required=True),
    time("seen_at"),
    UniqueConstraint("emergency_id", "user_id"),
)
"""`direct`: they read it in their direct message with the bot, not at the desk."""

places = Table(
    "emergency_place",
    metadata,
    identity(),
    workspace(),
    _of(),
    text("user_id", default=""),
    text("channel", default=""),
    maybe("ts"),
    UniqueConstraint("emergency_id", "user_id"),
    Index("ix_emergency_place_thread", "workspace", "channel", "ts"),
)
"""A thread in which it goes on: the desk's ("" as user), or somebody's direct message. `ts` is its card's."""

entries = Table(
    "emergency_entry",
    metadata,
    identity(),
    workspace(),
    _of(),
    time("at", required=True),
    maybe("actor"),
    text("kind"),
    words("body", required=False),
    data("files"),
    text("source"),
    Column("place_id", BigId),
    time("edited_at"),
    time("deleted_at"),
    UniqueConstraint("workspace", "source"),
    Index("ix_emergency_entry_of", "emergency_id", "at"),
)
"""The log. `place_id`: where a word was written."""

guides = Table(
    "emergency_guide",
    metadata,
    Column("workspace", Text, primary_key=True),
    words("night", required=False),
    words("hours", required=False),
    words("steps", required=False),
    time("changed_at", required=True),
    maybe("changed_by"),
)
"""The day number is the workspace's `emergency_phone`."""
