"""緊急: the timed log of a record: what was said and done, by whom and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, select, update

from storage.database import Transaction
from storage.tables import emergency_entries
from storage.upsert import Upsert

FLARED = "flared"
"""The kind of the log's line with which it goes back to "open": everybody is rung anew then."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log; a word that was written in a thread has its `place_id`."""

    id: int
    emergency_id: int
    at: datetime
    actor: str | None
    kind: str
    body: str | None
    files: Sequence[Mapping[str, Any]]
    place_id: int | None
    edited_at: datetime | None
    deleted_at: datetime | None


_N = emergency_entries.c
_ENTRY = Upsert(emergency_entries, ["workspace", "source"])
_SOME_ENTRY = select(*(_N[name] for name in Entry.__dataclass_fields__)).where(_N.workspace == bindparam("w"))
_ENTRY_BY_ID = _SOME_ENTRY.where(_N.id == bindparam("n"))
_ENTRY_FROM = _SOME_ENTRY.where(_N.source == bindparam("source"))
_ENTRIES = _SOME_ENTRY.where(_N.emergency_id == bindparam("e")).order_by(_N.at, _N.id)


@cache
def _amending(*columns: str) -> Update:
    return update(emergency_entries).where(_N.id == bindparam("n")).values(dict.fromkeys(columns))


def write(
    tx: Transaction,
    emergency_id: int,
    kind: str,
    *,
    source: str,
    actor: str | None = None,
    body: str | None = None,
    at: datetime | None = None,
    files: Sequence[Mapping[str, Any]] = (),
    place_id: int | None = None,
) -> bool:
    """Write a line; the same `source` again does nothing, and False comes back."""
    row = {"emergency_id": emergency_id, "kind": kind, "actor": actor, "body": body, "at": at or tx.now}
    more = {"files": [dict(each) for each in files], "place_id": place_id, "source": source}
    return _ENTRY.run(tx, {**row, **more, "edited_at": None, "deleted_at": None}) == 1


def amend(tx: Transaction, entry_id: int, **values: Any) -> None:
    """Change a line: a word was edited or deleted by whoever wrote it."""
    tx.connection.execute(_amending(*values), {"n": entry_id, **values})


def entry(tx: Transaction, entry_id: int) -> Entry | None:
    """The line with this id."""
    row = tx.connection.execute(_ENTRY_BY_ID, {"w": tx.workspace, "n": entry_id}).one_or_none()
    return None if row is None else Entry(*row)


def entry_from(tx: Transaction, source: str) -> Entry | None:
    """The line that came from there."""
    row = tx.connection.execute(_ENTRY_FROM, {"w": tx.workspace, "source": source}).one_or_none()
    return None if row is None else Entry(*row)


def entries(tx: Transaction, emergency_id: int) -> list[Entry]:
    """The whole log, oldest first."""
    found = tx.connection.execute(_ENTRIES, {"w": tx.workspace, "e": emergency_id})
    return [Entry(*row) for row in found]


def flares(tx: Transaction, emergency_id: int) -> list[Entry]:
    """The lines that say that it flared up again, oldest first."""
    return [each for each in entries(tx, emergency_id) if each.kind == FLARED]
