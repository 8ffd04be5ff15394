"""Digests of a week that were made: at most one of each kind."""

from __future__ import annotations

from sqlalchemy import Column, Date, Table, Text

from storage.columns import flag, text, time
from storage.tables.metadata import metadata

digests = Table(
    "digest",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("week", Date, primary_key=True),
    time("since", required=True),
    time("until", required=True),
    flag("late"),
    text("channel", default=""),
    time("made_at", required=True),
)
"""`week` is a Monday; it tells of what happened from `since` until before `until`."""
