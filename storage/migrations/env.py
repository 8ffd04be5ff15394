"""Alembic's entry: always on a connection that `storage.migrate` opened."""

from typing import Any, Literal

from alembic import context

from storage.columns import UtcTime
from storage.tables import metadata


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our time type as the plain one, so that old migrations never depend on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_render,
    transactional_ddl=False,
)
context.run_migrations()
