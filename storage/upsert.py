"""INSERT … ON CONFLICT, which both engines know and SQLAlchemy spells per engine.

Made once at module level and executed with parameters: building a statement costs five times what running it does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Row, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Transaction

Changes = Callable[[Any], Mapping[str, Any]]
"""From the row that could not be inserted (`new.column`) to the columns to set."""


class Upsert:
    """Insert; on a conflict in `unique` set what `update` says, or do nothing."""

    def __init__(
        self, table: Table, unique: Sequence[str], update: Sequence[str] | Changes | None = None
    ) -> None:
        self._table, self._unique, self._update = table, list(unique), update
        self._statement = lru_cache(maxsize=2)(self._build)
        self._returning = lru_cache(maxsize=4)(self._build_returning)

    def _build(self, dialect: str) -> Any:
        statement = (postgresql if dialect == "postgresql" else sqlite).insert(self._table)
        if not self._update:
            return statement.on_conflict_do_nothing(index_elements=self._unique)
        new = statement.excluded
        changes = self._update(new) if callable(self._update) else {name: new[name] for name in self._update}
        return statement.on_conflict_do_update(index_elements=self._unique, set_=dict(changes))

    def _build_returning(self, dialect: str, columns: tuple[Column[Any], ...]) -> Any:
        return self._statement(dialect).returning(*columns)

    def run(self, tx: Transaction, rows: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> int:
        """Execute for one row or several of the same columns (the workspace is put in where the table has one).

        Returns how many rows were touched; for several rows that is not known on every engine.
        """
        own = {"workspace": tx.workspace} if "workspace" in self._table.c else {}
        many = [{**own, **row} for row in rows] if isinstance(rows, Sequence) else {**own, **rows}
        if not many:
            return 0
        result = tx.connection.execute(
            self._statement(tx.connection.dialect.name), many, execution_options={"preserve_rowcount": True}
        )
        return int(result.rowcount)

    def rows(
        self, tx: Transaction, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column[Any]]
    ) -> Sequence[Row[Any]]:
        """Execute for several rows of the same columns, a thousand with one statement, and return what stands there then (in
        no order). No two of them may be the same by `unique`: PostgreSQL touches no row twice in one statement."""
        own = {"workspace": tx.workspace} if "workspace" in self._table.c else {}
        if not rows:
            return []
        statement = self._returning(tx.connection.dialect.name, tuple(columns))
        return tx.connection.execute(statement, [{**own, **row} for row in rows]).all()
