"""Alembic's entry: always on a connection that `storage.migrate` opened."""

from typing import Any, Literal

from alembic import context

from storage.columns import Json, UtcTime, Words
from storage.tables import metadata

_PLAIN = {UtcTime: "sa.DateTime(timezone=True)", Words: "sa.Text()", Json: "sa.JSON()"}


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our types as the plain ones, so that old migrations never depend on today's code."""
    return _PLAIN.get(type(item), False) if kind == "type" else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_render,
    transactional_ddl=False,
)
context.run_migrations()
