"""What was done to a question, line by line, and how to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from storage.database import Transaction
from storage.tables import events, questions


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a question's timeline; `before` holds the columns a change overwrote (for undo)."""

    id: int
    question_id: int
    at: datetime
    actor: str | None
    verb: str
    state: str
    why: str | None
    before: Mapping[str, Any]
    undoes: int | None


_TIMES = {column.name for column in questions.c if column.name.endswith("_at")}
_DAYS = {"needed_on"}


def restored(event: Event) -> dict[str, Any]:
    """The columns an event overwrote, as they were."""
    return {name: _typed(name, value) for name, value in event.before.items()}


def _typed(name: str, value: Any) -> Any:
    if value is None or name not in _TIMES | _DAYS:
        return value
    return datetime.fromisoformat(value) if name in _TIMES else date.fromisoformat(value)


_DOERS = select(events.c.actor).where(
    events.c.question_id == bindparam("q"),
    events.c.verb == bindparam("v"),
    events.c.actor.is_not(None),
    events.c.id.not_in(
        select(events.c.undoes).where(events.c.question_id == bindparam("q"), events.c.undoes.is_not(None))
    ),
)


def doers(tx: Transaction, question_id: int, verb: str) -> set[str]:
    """Who did a verb to a question and did not take it back."""
    return set(tx.connection.execute(_DOERS, {"q": question_id, "v": verb}).scalars())


_TIMELINE = (
    select(*[events.c[f.name] for f in dataclass_fields(Event)])
    .where(events.c.question_id == bindparam("q"))
    .order_by(events.c.id)
)


def timeline(tx: Transaction, question_id: int) -> list[Event]:
    """A question's events, oldest first."""
    return [Event(*tuple(row)) for row in tx.connection.execute(_TIMELINE, {"q": question_id})]
