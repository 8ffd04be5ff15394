"""Questions and their events. Every change goes through `change`, which writes both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, insert, or_, select, update

from bot.errors import NotFound
from storage.database import Transaction
from storage.tables import events, municipalities, questions, workspaces


@dataclass(frozen=True, slots=True)
class Question:
    """A question as stored; times are aware UTC. `responsible` is a Slack user id, `reasons` reason codes."""

    id: int
    number: int
    practice: bool
    channel: str
    ts: str
    thread_ts: str
    asker: str
    municipality_code: str | None
    section: str | None
    field_id: str | None
    state: str
    close_reason: str | None
    responsible: str | None
    reasons: Sequence[str]
    received_at: datetime
    target_at: datetime
    claimed_at: datetime | None
    first_reply_at: datetime | None
    talent_wrote_at: datetime | None
    asker_wrote_at: datetime | None
    answered_at: datetime | None
    nudged_at: datetime | None
    closed_at: datetime | None
    next_step: str | None
    next_at: datetime | None
    municipality: str | None


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


_NAMES = [f.name for f in dataclass_fields(Question) if f.name != "municipality"]
_QUESTION = select(*[questions.c[name] for name in _NAMES], municipalities.c.name).outerjoin(
    municipalities, municipalities.c.code == questions.c.municipality_code
)
_TIMES = {name for name in _NAMES if name.endswith("_at")}


def _one(tx: Transaction, query: Select[Any]) -> Question | None:
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else Question(*tuple(row))


def get(tx: Transaction, question_id: int) -> Question | None:
    """A question by its id."""
    return _one(tx, _QUESTION.where(questions.c.workspace == tx.workspace, questions.c.id == question_id))


def need(tx: Transaction, question_id: int) -> Question:
    """A question by its id.

    Raises:
        NotFound: there is none in this workspace.
    """
    found = get(tx, question_id)
    if found is None:
        raise NotFound()
    return found


def touch(tx: Transaction, question_id: int, **values: Any) -> None:
    """Note a time on a question that changes neither its state nor its timeline."""
    if values:
        tx.connection.execute(update(questions).where(questions.c.id == question_id).values(**values))


def in_thread(tx: Transaction, channel: str, thread_ts: str) -> Question | None:
    """The question a thread belongs to; the newest when a thread somehow holds several."""
    query = (
        _QUESTION.where(
            questions.c.workspace == tx.workspace,
            questions.c.channel == channel,
            questions.c.thread_ts == thread_ts,
        )
        .order_by(questions.c.id.desc())
        .limit(1)
    )
    return _one(tx, query)


def recent(tx: Transaction, closed_for: timedelta) -> list[Question]:
    """Every question that is not closed, and those closed at most `closed_for` ago, oldest first."""
    query = _QUESTION.where(
        questions.c.workspace == tx.workspace,
        or_(questions.c.state != "closed", questions.c.closed_at >= tx.now - closed_for),
    )
    return [Question(*tuple(row)) for row in tx.connection.execute(query.order_by(questions.c.id))]


def next_number(tx: Transaction, *, practice: bool) -> int:
    """The next number; gapless, because it rolls back with its transaction."""
    column = workspaces.c.last_practice_number if practice else workspaces.c.last_number
    return int(
        tx.connection.execute(
            update(workspaces)
            .where(workspaces.c.workspace == tx.workspace)
            .values({column: column + 1})
            .returning(column)
        ).scalar_one()
    )


def add(
    tx: Transaction, *, actor: str | None, verbs: Sequence[tuple[str, str, str | None]], **values: Any
) -> int:
    """Insert a question with its first events (verb, state, why); returns its id."""
    question_id = int(
        tx.connection.execute(
            insert(questions).values(workspace=tx.workspace, **values).returning(questions.c.id)
        ).scalar_one()
    )
    tx.connection.execute(
        insert(events),
        [
            {
                "workspace": tx.workspace,
                "question_id": question_id,
                "at": tx.now,
                "actor": actor,
                "verb": verb,
                "state": state,
                "why": why,
                "before": {},
            }
            for verb, state, why in verbs
        ],
    )
    return question_id


def change(
    tx: Transaction,
    question: Question,
    *,
    verb: str,
    actor: str | None,
    why: str | None = None,
    undoes: int | None = None,
    **values: Any,
) -> None:
    """Change a question and write the event that says who did what; `before` keeps what was overwritten."""
    if values:
        tx.connection.execute(update(questions).where(questions.c.id == question.id).values(**values))
    before = {name: _plain(getattr(question, name)) for name in values}
    tx.connection.execute(
        insert(events).values(
            workspace=tx.workspace,
            question_id=question.id,
            at=tx.now,
            actor=actor,
            verb=verb,
            state=values.get("state", question.state),
            why=why,
            before=before,
            undoes=undoes,
        )
    )


def _plain(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, datetime)
        else list(value)
        if isinstance(value, tuple)
        else value
    )


def restored(event: Event) -> dict[str, Any]:
    """The columns an event overwrote, as they were."""
    return {
        name: datetime.fromisoformat(value) if name in _TIMES and value is not None else value
        for name, value in event.before.items()
    }


def timeline(tx: Transaction, question_id: int) -> list[Event]:
    """A question's events, oldest first."""
    names = [events.c[f.name] for f in dataclass_fields(Event)]
    rows: list[Row[Any]] = list(
        tx.connection.execute(select(*names).where(events.c.question_id == question_id).order_by(events.c.id))
    )
    return [Event(*tuple(row)) for row in rows]
