"""Sessions that people are told of: where they are announced, who comes, what they bring, what came of them."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Table, UniqueConstraint

from storage.columns import (
    BigId,
    count,
    flag,
    identity,
    maybe,
    maybe_flag,
    number,
    text,
    time,
    words,
    workspace,
)
from storage.tables.metadata import metadata

meetings = Table(
    "study_meeting",
    metadata,
    identity(),
    workspace(),
    Column("series_id", BigId, ForeignKey("study_series.id"), nullable=False),
    Column("planned_on", Date, nullable=False),
    count("number"),
    time("starts_at", required=True),
    time("ends_at", required=True),
    flag("cancelled"),
    number("version", 1),
    text("channel", default=""),
    time("told_at"),
    words("link", required=False),
    words("materials", required=False),
    maybe("materials_by"),
    words("minutes", required=False),
    words("recording", required=False),
    maybe("recorded_by"),
    time("recorded_at"),
    time("closed_at"),
    UniqueConstraint("series_id", "planned_on"),
    Index("ix_study_meeting_living", "workspace", "series_id", "closed_at"),
    Index("ix_study_meeting_starts", "workspace", "starts_at"),
)
"""The time is the one people were told last; `version` counts how often it changed, from 1."""

replies = Table(
    "study_reply",
    metadata,
    identity(),
    workspace(),
    Column("meeting_id", BigId, ForeignKey("study_meeting.id"), nullable=False),
    text("user_id"),
    text("answer", default=""),
    maybe("municipality_code"),
    time("answered_at"),
    flag("soon"),
    maybe_flag("attended"),
    time("known_at"),
    time("said_at"),
    number("told_change", 0),
    number("told_day", 0),
    number("told_soon", 0),
    flag("told_recap"),
    UniqueConstraint("meeting_id", "user_id"),
    Index("ix_study_reply_user", "workspace", "user_id"),
)
"""`known_at` is when it begins as far as they know (null: that it is cancelled), `said_at` as a letter on its way says;
`told_…` are the versions of the meeting of which they were told."""

outcomes = Table(
    "study_outcome",
    metadata,
    identity(),
    workspace(),
    Column("meeting_id", BigId, ForeignKey("study_meeting.id"), nullable=False),
    Column("question_id", BigId, ForeignKey("question.id"), nullable=False),
    words("body"),
    text("said_by"),
    time("said_at", required=True),
    UniqueConstraint("meeting_id", "question_id"),
)
