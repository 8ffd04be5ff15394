"""Questions and their events. Every change goes through `change`, which writes both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, bindparam, insert, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.errors import NotFound
from storage import after_restore, question_changes
from storage.database import Transaction
from storage.tables import events, municipalities, questions, workspaces


@dataclass(frozen=True, slots=True)
class Question:
    """A question as stored; times are aware UTC. `responsible` is a Slack user id, `reasons` reason codes; `entered_by` the
    one who entered it for the asker, `minutes` what they spent on it; `desk_channel` and `desk_ts` the thread in which
    those who answer a private question talk; `later_at` the moment until which whoever answers put it off, and why;
    `repaired_at` when the auditor gave it a person or a next step."""

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
    way: str
    audience: str
    urgency: str
    needed_on: date | None
    needed_for: str | None
    phone: str | None
    entered_by: str | None
    minutes: int | None
    desk_channel: str | None
    desk_ts: str | None
    later_at: datetime | None
    later_why: str | None
    repaired_at: datetime | None
    municipality: str | None

    @property
    def rooted(self) -> bool:
        """Whether it begins with its card rather than with a message of the asker: `ts` is then a natural key and no time,
        and so is `thread_ts` until the card is posted, which is the thread's first message."""
        return not is_stamp(self.ts)


def is_stamp(ts: str) -> bool:
    """Whether this is a Slack timestamp, not the natural key of something that has none (`view:V0123`)."""
    return ":" not in ts


_NAMES = [f.name for f in dataclass_fields(Question) if f.name != "municipality"]
_QUESTION = select(*[questions.c[name] for name in _NAMES], municipalities.c.name).outerjoin(
    municipalities, municipalities.c.code == questions.c.municipality_code
)
_GET = _QUESTION.where(questions.c.workspace == bindparam("w"), questions.c.id == bindparam("i"))
_IN_THREAD = (
    _QUESTION.where(
        questions.c.workspace == bindparam("w"),
        questions.c.channel == bindparam("c"),
        questions.c.thread_ts == bindparam("t"),
    )
    .order_by(questions.c.id.desc())
    .limit(bindparam("n"))
)
_AT_DESK = _QUESTION.where(
    questions.c.workspace == bindparam("w"),
    questions.c.desk_channel == bindparam("c"),
    questions.c.desk_ts == bindparam("t"),
).limit(bindparam("n"))
_ADD = insert(questions).returning(questions.c.id)
_ADD_EVENT = insert(events)
_CHANGE = update(questions).where(questions.c.id == bindparam("question_id"))
_ENDED = ("answered", "closed")


def get(tx: Transaction, question_id: int) -> Question | None:
    """A question by its id."""
    row = tx.connection.execute(_GET, {"w": tx.workspace, "i": question_id}).one_or_none()
    return None if row is None else Question(*tuple(row))


def need(tx: Transaction, question_id: int) -> Question:
    """A question by its id.

    Raises:
        NotFound: there is none in this workspace.
    """
    if (found := get(tx, question_id)) is None:
        raise NotFound()
    return found


def touch(tx: Transaction, question_id: int, **values: Any) -> None:
    """Note on a question a time or a place that changes neither its state nor its timeline."""
    if values:
        tx.connection.execute(_CHANGE, {"question_id": question_id, **values})


def in_thread(tx: Transaction, channel: str, thread_ts: str) -> Question | None:
    """The question a thread belongs to; the newest when it holds several."""
    return next(iter(all_in_thread(tx, channel, thread_ts, most=1)), None)


def all_in_thread(tx: Transaction, channel: str, thread_ts: str, *, most: int = 50) -> list[Question]:
    """The questions a thread holds, newest first: below an announcement several people may ask. The thread of those who
    answer a question that has one of its own is that question's."""
    where = {"w": tx.workspace, "c": channel, "t": thread_ts, "n": most}
    return _all(tx, _IN_THREAD, where) or _all(tx, _AT_DESK, {**where, "n": 1})


def _all(tx: Transaction, query: Select[Any], where: Mapping[str, Any] | None = None) -> list[Question]:
    return [Question(*tuple(row)) for row in tx.connection.execute(query, dict(where or {}))]


def some(
    tx: Transaction, *fit: ColumnElement[bool], order: Sequence[Any], most: int | None = None, start: int = 0
) -> list[Question]:
    """The workspace's questions for which all of this holds, in an order: for the query modules beside this one."""
    mine = _QUESTION.where(questions.c.workspace == tx.workspace, *fit)
    return _all(tx, mine.order_by(*order).limit(most).offset(start))


def newest_of(tx: Transaction, asker: str) -> Question | None:
    """What somebody asked last."""
    return next(iter(some(tx, questions.c.asker == asker, order=[questions.c.id.desc()], most=1)), None)


def living_of(tx: Transaction, asker: str, channel: str) -> list[Question]:
    """Somebody's questions in a channel that are not closed, newest first."""
    q = questions.c
    return some(tx, q.channel == channel, q.asker == asker, q.state != "closed", order=[q.id.desc()])


def living_after(tx: Transaction, last: int, *, most: int) -> list[Question]:
    """Questions that are not closed, in the order of their ids after this one."""
    q = questions.c
    return some(tx, q.id > last, q.state != "closed", order=[q.id], most=most)


def how_many(tx: Transaction, *, practice: bool) -> int:
    """How many questions were ever counted, or were practice."""
    column = workspaces.c.last_practice_number if practice else workspaces.c.last_number
    query = select(column).where(workspaces.c.workspace == tx.workspace)
    return int(tx.connection.execute(query).scalar_one())


def open_in(tx: Transaction, channel: str) -> list[int]:
    """The ids of the questions asked, or answered, in a channel that wait for somebody, oldest first."""
    q = questions.c
    there = or_(q.channel == channel, q.desk_channel == channel)
    here = select(q.id).where(q.workspace == tx.workspace, there, q.state.not_in(_ENDED)).order_by(q.id)
    return list(tx.connection.execute(here).scalars())


def without_body(tx: Transaction, askers: Sequence[str]) -> list[int]:
    """The ids of these people's questions that are not closed and do not know their body, or no section, oldest first."""
    q = questions.c
    lacks = q.municipality_code.is_(None) | q.section.is_(None)
    mine = (q.workspace == tx.workspace, q.asker.in_(askers), lacks)
    found = select(q.id).where(*mine, q.state != "closed").order_by(q.id)
    return list(tx.connection.execute(found).scalars())


def _counting(column: Column[int]) -> ReturningUpdate[Any]:
    query = update(workspaces).where(workspaces.c.workspace == bindparam("w"))
    return query.values({column: column + 1}).returning(column)


_NEXT = {True: _counting(workspaces.c.last_practice_number), False: _counting(workspaces.c.last_number)}


def next_number(tx: Transaction, *, practice: bool) -> int:
    """The next number; gapless, because it rolls back with its transaction."""
    return int(tx.connection.execute(_NEXT[practice], {"w": tx.workspace}).scalar_one())


def add(
    tx: Transaction,
    *,
    actor: str | None,
    verbs: Sequence[tuple[str, str, str | None]],
    ranking: Mapping[str, Any] | None = None,
    **values: Any,
) -> int:
    """Insert a question with its first events (verb, state, why); returns its id. On the last of them it was given to
    somebody by this `ranking` (`storage.rankings`)."""
    row = {"workspace": tx.workspace, **after_restore.ids(tx, questions), **values}
    question_id = int(tx.connection.execute(_ADD, row).scalar_one())
    added = [_event(tx, question_id, actor, verb, state, why) for verb, state, why in verbs]
    added[-1]["ranking"] = ranking
    tx.connection.execute(_ADD_EVENT, added)
    question_changes.note(tx, question_id)
    return question_id


def _event(
    tx: Transaction, question_id: int, actor: str | None, verb: str, state: str, why: str | None, **more: Any
) -> dict[str, Any]:
    return {
        "workspace": tx.workspace,
        "question_id": question_id,
        "at": tx.now,
        "actor": actor,
        "verb": verb,
        "state": state,
        "why": why,
        "before": {},
        "undoes": None,
        "ranking": None,
        **more,
    }


def change(
    tx: Transaction,
    question: Question,
    *,
    verb: str,
    actor: str | None,
    why: str | None = None,
    undoes: int | None = None,
    ranking: Mapping[str, Any] | None = None,
    **values: Any,
) -> None:
    """Change a question and write the event that says who did what; `before` keeps what was overwritten, `ranking` how
    it came to whoever was given it (`storage.rankings`)."""
    touch(tx, question.id, **values)
    before = {name: _plain(getattr(question, name)) for name in values}
    state = values.get("state", question.state)
    more = {"before": before, "undoes": undoes, "ranking": ranking}
    tx.connection.execute(_ADD_EVENT, _event(tx, question.id, actor, verb, state, why, **more))
    ends = question.state != state and "closed" in {question.state, state}
    if ends or {"audience", "field_id"} & set(values):
        question_changes.note(tx, question.id)


def _plain(value: Any) -> Any:
    return (
        value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
    )
