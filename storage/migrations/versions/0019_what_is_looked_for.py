"""What is looked for: questions are found as entries are, searches say what became of them, words mean the same, an entry
knows when it was last found.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SEARCH = ("near", "opened", "solved", "done_at", "done_by")


def upgrade() -> None:
    """To this version. Every question that there is waits to be taken in by the search."""
    number = sa.Column("last_past", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("workspace", number)
    op.add_column("faq_entry", sa.Column("found_on", sa.Date()))
    op.add_column("faq_similar", sa.Column("others", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("faq_search", sa.Column("near", sa.BigInteger(), nullable=False, server_default="0"))
    for name in ("opened", "solved"):
        op.add_column("faq_search", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("faq_search", sa.Column("done_at", sa.DateTime(timezone=True)))
    op.add_column("faq_search", sa.Column("done_by", sa.Text()))
    op.create_index("ix_faq_search_at", "faq_search", ["workspace", "at"])
    op.create_table(
        "faq_words",
        sa.Column("workspace", sa.Text(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("alike", "silent", "apart")),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_faq_words")),
    )
    op.create_table(
        "question_change",
        sa.Column("question_id", _id, autoincrement=False, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_change_question_id")
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_change")),
        sa.UniqueConstraint("workspace", "change", name=op.f("uq_question_change_workspace_change")),
    )
    op.execute(
        "INSERT INTO question_change (question_id, workspace, change)"
        " SELECT id, workspace, row_number() OVER (PARTITION BY workspace ORDER BY id) FROM question"
    )
    op.execute(
        "UPDATE workspace SET last_past ="
        " (SELECT count(*) FROM question WHERE question.workspace = workspace.workspace)"
    )


def downgrade() -> None:
    """Back to the one before: words mean the same as before they were edited."""
    op.drop_table("question_change")
    op.drop_table("faq_words")
    op.drop_index("ix_faq_search_at", "faq_search")
    for name in reversed(_SEARCH):
        op.drop_column("faq_search", name)
    op.drop_column("faq_similar", "others")
    op.drop_column("faq_entry", "found_on")
    op.drop_column("workspace", "last_past")
