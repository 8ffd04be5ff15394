"""Feeds: calendars at secret addresses."""

from __future__ import annotations

from sqlalchemy import Table, UniqueConstraint

from storage.columns import identity, text, time, workspace
from storage.tables.metadata import metadata

feeds = Table(
    "calendar_feed",
    metadata,
    identity(),
    workspace(),
    text("user_id"),
    text("kind"),
    text("selector"),
    text("digest"),
    text("made_as"),
    time("made_at", required=True),
    UniqueConstraint("workspace", "user_id", "kind"),
    UniqueConstraint("selector"),
)
"""`selector` finds the row, `digest` is of the secret that must come with it; `made_as` is the permission its owner had."""
