"""Study sessions: series, and what is known of single sessions beyond what their series says."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Table, UniqueConstraint

from storage.columns import BigId, count, day, flag, identity, maybe, number, text, time, words, workspace
from storage.tables.metadata import metadata

series = Table(
    "study_series",
    metadata,
    identity(),
    workspace(),
    words("title"),
    text("audience"),
    maybe("channel"),
    words("place", required=False),
    words("link", required=False),
    Column("first", Date, nullable=False),
    text("clock"),
    number("minutes"),
    text("every"),
    day("until"),
    count("times"),
    text("on_closed"),
    number("first_number", 1),
    day("marked_on"),
    number("marked_number", 0),
    number("revision", 1),
    text("created_by"),
    time("created_at", required=True),
    time("changed_at", required=True),
    time("ended_at"),
    Index("ix_study_series_live", "workspace", "ended_at"),
)

sessions = Table(
    "study_session",
    metadata,
    identity(),
    workspace(),
    Column("series_id", BigId, ForeignKey("study_series.id"), nullable=False),
    Column("planned_on", Date, nullable=False),
    count("number"),
    time("starts_at"),
    time("ends_at"),
    flag("cancelled"),
    flag("moved"),
    maybe("changed_by"),
    time("changed_at", required=True),
    UniqueConstraint("series_id", "planned_on"),
    Index("ix_study_session_ends", "workspace", "ends_at"),
)
"""`number` is null until it is given for good; what is null of the time is as the series says."""
