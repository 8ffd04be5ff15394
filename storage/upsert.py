"""INSERT … ON CONFLICT, which both engines know and SQLAlchemy spells per engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Transaction


def insert_or(
    tx: Transaction,
    table: Table,
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    *,
    unique: Sequence[str],
    update: Mapping[str, Any] | None = None,
) -> int:
    """Insert; on a conflict in `unique` set `update`, or do nothing. Returns how many rows were touched.

    `update` may be the name of the excluded column's value: pass `{"name": EXCLUDED}`.
    """
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(list(values) if isinstance(values, Sequence) else dict(values))
    if not update:
        statement = statement.on_conflict_do_nothing(index_elements=list(unique))
    else:
        changes = {
            name: statement.excluded[name] if value is EXCLUDED else value for name, value in update.items()
        }
        statement = statement.on_conflict_do_update(index_elements=list(unique), set_=changes)
    result = tx.connection.execute(statement, execution_options={"preserve_rowcount": True})
    return int(result.rowcount)


EXCLUDED = object()
"""Stands for the value that could not be inserted."""
