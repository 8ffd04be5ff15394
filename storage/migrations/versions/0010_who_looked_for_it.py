"""Whom an entry helped leads no more to what they looked for: neither by a key, nor by the minute.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_HELPED, _PHRASINGS = (
    sa.table(
        name,
        sa.column("id", _id),
        sa.column("source", sa.Text()),
        sa.column("author", sa.Text()),
        sa.column("question_id", _id),
        sa.column(at, sa.DateTime(timezone=True)),
    )
    for name, at in (("faq_helped", "at"), ("faq_phrasing", "added_at"))
)


def upgrade() -> None:
    """To this version. What was counted stays counted."""
    connection, h, p = op.get_bind(), _HELPED.c, _PHRASINGS.c
    helps = sa.select(h.id, h.at).where(h.question_id.is_(None))
    for row in connection.execute(helps).all():
        values = {"source": f"before:{row.id}", "at": _day(row.at)}
        connection.execute(sa.update(_HELPED).where(h.id == row.id).values(values))
    words = sa.select(p.id, p.source, p.added_at).where(p.author.is_(None), p.question_id.is_(None))
    for word in connection.execute(words).all():
        source = f"before:{word.id}" if word.source.startswith("form:") else word.source
        values = {"source": source, "added_at": _day(word.added_at)}
        connection.execute(sa.update(_PHRASINGS).where(p.id == word.id).values(values))


def _day(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def downgrade() -> None:
    """Back to the one before: nothing is lost that it needs."""
