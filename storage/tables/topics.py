"""What is proposed for study sessions, who wants to hear it, who presents it, and where the agenda stands."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Table, UniqueConstraint

from storage.columns import BigId, day, identity, maybe, number, text, time, words, workspace
from storage.tables.metadata import metadata

topics = Table(
    "study_topic",
    metadata,
    identity(),
    workspace(),
    Column("series_id", BigId, ForeignKey("study_series.id"), nullable=False),
    words("title"),
    words("said"),
    Column("question_id", BigId, ForeignKey("question.id")),
    Column("entry_id", BigId, ForeignKey("faq_entry.id")),
    text("proposed_by"),
    time("proposed_at", required=True),
    day("planned_on"),
    number("place", 0),
    time("held_at"),
    time("closed_at"),
    maybe("closed_by"),
    Index("ix_study_topic_open", "workspace", "series_id", "closed_at", "held_at"),
    Index("ix_study_topic_question", "workspace", "question_id"),
)
"""`planned_on` names the session it was taken up for, as the series plans it; `held_at` is when that began."""

topic_votes = Table(
    "study_topic_vote",
    metadata,
    identity(),
    workspace(),
    Column("topic_id", BigId, ForeignKey("study_topic.id"), nullable=False),
    text("user_id"),
    time("at", required=True),
    UniqueConstraint("topic_id", "user_id"),
)

topic_requests = Table(
    "study_request",
    metadata,
    identity(),
    workspace(),
    Column("topic_id", BigId, ForeignKey("study_topic.id"), nullable=False),
    text("user_id"),
    text("state"),
    text("asked_by"),
    time("asked_at", required=True),
    time("answered_at"),
    number("answers", 0),
    Index("ix_study_request_topic", "topic_id"),
)

agendas = Table(
    "study_agenda",
    metadata,
    identity(),
    workspace(),
    Column("series_id", BigId, ForeignKey("study_series.id"), nullable=False),
    Column("planned_on", Date, nullable=False),
    text("channel"),
    text("published_by"),
    time("published_at", required=True),
    text("digest"),
    maybe("posted_ts"),
    maybe("pinned_ts"),
    maybe("error"),
    time("closed_at"),
    UniqueConstraint("series_id", "planned_on"),
    Index("ix_study_agenda_open", "workspace", "closed_at"),
)
"""`digest` is of what its card shows, `pinned_ts` the message of it that is pinned, `error` why Slack pins none."""
