"""Whose words an entry has: what its owner proposed, who asked a named body and when; who was thanked for a help. A
question is solved by one entry, not by each that was tried. What was shared is a card, which can be taken back.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ENTRIES = sa.table(
    "faq_entry",
    sa.column("id", _id),
    sa.column("municipality_code", sa.Text()),
    sa.column("agreed_by", sa.Text()),
    sa.column("agreed_on", sa.Date()),
)
_REVISIONS = sa.table(
    "faq_revision",
    sa.column("entry_id", _id),
    sa.column("number", sa.BigInteger()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor", sa.Text()),
    sa.column("content", sa.JSON()),
)


def upgrade() -> None:
    """To this version."""
    op.add_column("faq_entry", sa.Column("proposed", sa.BigInteger()))
    op.add_column("faq_entry", sa.Column("agreed_by", sa.Text()))
    op.add_column("faq_entry", sa.Column("agreed_on", sa.Date()))
    proposed = sa.text("proposed IS NOT NULL")
    op.create_index(
        "ix_faq_entry_proposed",
        "faq_entry",
        ["workspace"],
        sqlite_where=proposed,
        postgresql_where=proposed,
    )
    op.add_column("faq_helped", sa.Column("thanked_to", sa.Text()))
    _who_was_thanked()
    _one_entry_a_question()
    _who_agreed()
    _shared_as_cards()


def _who_was_thanked() -> None:
    """As far as we know: whoever owns the entry now."""
    owner = "(SELECT owner FROM faq_entry WHERE faq_entry.id = faq_helped.entry_id)"
    op.execute(sa.text(f"UPDATE faq_helped SET thanked_to = {owner} WHERE thanked_at IS NOT NULL"))


def _one_entry_a_question() -> None:
    """Of several entries that were said to solve a question, the last one did."""
    later = "later.workspace = faq_helped.workspace AND later.question_id = faq_helped.question_id"
    op.execute(
        sa.text(
            "DELETE FROM faq_helped WHERE question_id IS NOT NULL AND EXISTS "
            f"(SELECT 1 FROM faq_helped AS later WHERE {later} AND later.id > faq_helped.id)"
        )
    )
    source = "'question:' || CAST(question_id AS TEXT)"
    op.execute(sa.text(f"UPDATE faq_helped SET source = {source} WHERE question_id IS NOT NULL"))


def _who_agreed() -> None:
    """Whoever entered a body in the dialog had to say that they had asked it; a list (which is nobody's) said nothing."""
    connection, e, r = op.get_bind(), _ENTRIES.c, _REVISIONS.c
    named = sa.select(e.id, e.municipality_code).where(e.municipality_code.is_not(None))
    for entry_id, code in connection.execute(named).all():
        past = sa.select(r.actor, r.at, r.content).where(r.entry_id == entry_id).order_by(r.number)
        agreed = _agreed([dict(row) for row in connection.execute(past).mappings()], code)
        if agreed is not None:
            mine = sa.update(_ENTRIES).where(e.id == entry_id)
            connection.execute(mine.values(agreed_by=agreed[0], agreed_on=agreed[1]))


def _agreed(past: Sequence[Mapping[str, Any]], code: str) -> tuple[str, date] | None:
    """Who named this body last, and when."""
    before, found = None, None
    for row in past:
        said = row["content"].get("municipality_code")
        if said == code != before:
            found = row
        before = said
    return (found["actor"], found["at"].date()) if found and found["actor"] else None


def _shared_as_cards() -> None:
    key = "'card:faq.shared:' || CAST(record_id AS TEXT) || ':' || key"
    op.execute(
        sa.text(
            f"UPDATE outbox SET kind = 'card', key = {key} WHERE renderer = 'faq.shared' AND kind = 'notice'"
        )
    )


def downgrade() -> None:
    """Back to the one before: who agreed, and what was proposed, is in the revisions alone."""
    op.execute(sa.text("UPDATE outbox SET kind = 'notice' WHERE renderer = 'faq.shared' AND kind = 'card'"))
    op.drop_column("faq_helped", "thanked_to")
    op.drop_index("ix_faq_entry_proposed", "faq_entry")
    for name in ("agreed_on", "agreed_by", "proposed"):
        op.drop_column("faq_entry", name)
