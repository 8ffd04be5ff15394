"""What was learned: FAQ entries, what became of them, how people asked for them, whom they helped."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from storage.columns import (
    BigId,
    count,
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

entries = Table(
    "faq_entry",
    metadata,
    identity(),
    workspace(),
    number("number"),
    text("kind"),
    text("state"),
    words("question"),
    words("answer"),
    maybe("field_id"),
    data("tags"),
    data("sources"),
    text("owner"),
    day("review_on"),
    maybe("municipality_code"),
    maybe("size_band"),
    words("cost", required=False),
    words("effort", required=False),
    words("contact", required=False),
    maybe("agreed_by"),
    day("agreed_on"),
    text("consent"),
    Column("question_id", BigId, ForeignKey("question.id"), index=True),
    number("revision", 1),
    count("proposed"),
    number("change"),
    time("created_at", required=True),
    time("changed_at", required=True),
    time("published_at"),
    day("found_on"),
    UniqueConstraint("workspace", "number"),
    UniqueConstraint("workspace", "change"),
    Index("ix_faq_entry_state", "workspace", "state", "review_on"),
    Index(
        "ix_faq_entry_proposed",
        "workspace",
        sqlite_where=sql("proposed IS NOT NULL"),
        postgresql_where=sql("proposed IS NOT NULL"),
    ),
)

revisions = Table(
    "faq_revision",
    metadata,
    identity(),
    workspace(),
    Column("entry_id", BigId, ForeignKey("faq_entry.id"), nullable=False),
    number("number"),
    time("at", required=True),
    maybe("actor"),
    text("verb"),
    text("state"),
    words("note", required=False),
    data("content"),
    UniqueConstraint("entry_id", "number"),
)

phrasings = Table(
    "faq_phrasing",
    metadata,
    identity(),
    workspace(),
    Column("entry_id", BigId, ForeignKey("faq_entry.id"), nullable=False),
    text("source"),
    words("words"),
    maybe("author"),
    Column("question_id", BigId, ForeignKey("question.id")),
    time("added_at", required=True),
    time("undone_at"),
    maybe("undone_by"),
    UniqueConstraint("entry_id", "source"),
)

searches = Table(
    "faq_search",
    metadata,
    identity(),
    workspace(),
    time("at", required=True),
    words("words"),
    number("found"),
    number("near", 0),
    flag("opened"),
    flag("solved"),
    time("done_at"),
    maybe("done_by"),
    Index("ix_faq_search_at", "workspace", "at"),
    Index(
        "ix_faq_search_nothing",
        "workspace",
        "at",
        sqlite_where=sql("found = 0"),
        postgresql_where=sql("found = 0"),
    ),
)

similar = Table(
    "faq_similar",
    metadata,
    Column("question_id", BigId, ForeignKey("question.id"), primary_key=True, autoincrement=False),
    workspace(),
    data("entries"),
    time("at", required=True),
    data("others", default="[]"),
)

word_table = Table(
    "faq_words",
    metadata,
    Column("workspace", Text, primary_key=True),
    data("alike"),
    data("silent"),
    data("apart"),
    number("version"),
    time("changed_at", required=True),
    text("changed_by"),
)

helped = Table(
    "faq_helped",
    metadata,
    identity(),
    workspace(),
    text("source"),
    Column("entry_id", BigId, ForeignKey("faq_entry.id"), nullable=False, index=True),
    Column("question_id", BigId, ForeignKey("question.id")),
    text("user_id"),
    time("at", required=True),
    time("thanked_at"),
    maybe("thanked_to"),
    UniqueConstraint("workspace", "source"),
)

vectors = Table(
    "faq_vector",
    metadata,
    Column("entry_id", BigId, ForeignKey("faq_entry.id"), primary_key=True, autoincrement=False),
    Column("model", Text, primary_key=True),
    workspace(),
    number("change"),
    text("digest"),
    Column("vector", LargeBinary, nullable=False),
    number("number"),
    time("made_at", required=True),
    Index("ix_faq_vector_number", "workspace", "model", "number"),
)

embedding = Table(
    "faq_embedding",
    metadata,
    Column("workspace", Text, primary_key=True),
    number("last", 0),
    time("until"),
)
