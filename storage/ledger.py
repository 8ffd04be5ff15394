"""The ledger: received = waiting + answered + closed, and nothing is without a responsible person and a next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    or_,
    select,
)

from bot.domain.question import GROUP_WITHIN
from storage.database import Transaction
from storage.tables import channels, due_work, events, failed_events, messages, questions

GRACE = timedelta(minutes=15)
NEXT_STEP = "question.next"
"""The kind of the due row with which a question goes on; its key names the question."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Counts of one workspace, practice channels apart. `set_aside` counts askings, not messages."""

    received: int
    set_aside: int
    waiting: int
    answered: int
    closed: dict[str, int]

    @property
    def balanced(self) -> bool:
        """Whether every received question is accounted for."""
        return self.received == self.waiting + self.answered + sum(self.closed.values())


def ledger(tx: Transaction) -> Ledger:
    """Count. `received` comes from the events, the rest from the questions, so that the two check one another."""
    q = questions.c
    received = tx.connection.execute(
        select(func.count())
        .select_from(events.join(questions, q.id == events.c.question_id))
        .where(events.c.workspace == tx.workspace, events.c.verb == "receive", q.practice.is_(False))
    ).scalar_one()
    waiting = answered = not_counted = 0
    closed: dict[str, int] = {}
    counts = tx.connection.execute(
        select(q.state, q.close_reason, func.count())
        .where(q.workspace == tx.workspace, q.practice.is_(False))
        .group_by(q.state, q.close_reason)
    )
    for state, reason, count in counts:
        if state == "answered":
            answered += count
        elif state != "closed":
            waiting += count
        elif reason == "not_a_question":
            not_counted += count
        else:
            closed[str(reason)] = closed.get(str(reason), 0) + count
    practice = select(channels.c.channel).where(
        channels.c.workspace == tx.workspace, channels.c.purpose == "practice"
    )
    aside = tx.connection.execute(
        select(func.count(func.distinct(messages.c.channel + ":" + messages.c.group_ts))).where(
            messages.c.workspace == tx.workspace,
            messages.c.set_aside.is_not(None),
            messages.c.question_id.is_(None),
            messages.c.channel.not_in(practice),
        )
    ).scalar_one()
    return Ledger(received - not_counted, aside + not_counted, waiting, answered, closed)


def next_step_at(tx: Transaction) -> datetime | None:
    """When something of a living question falls due next, whoever wrote it; None when nothing does."""
    q = questions.c
    ahead = (q.workspace == tx.workspace, q.state != "closed", q.next_at > tx.now)
    found: datetime | None = tx.connection.execute(select(func.min(q.next_at)).where(*ahead)).scalar_one()
    return found


def _adrift(tx: Transaction) -> list[ColumnElement[bool]]:
    """Living questions without a responsible person, a next step in the future (15 minutes' grace), or the due row that
    does it. What its asker has not said yet before whom they ask is nobody's; that this ends is its next step."""
    q, d = questions.c, due_work.c
    nobody = and_(q.responsible.is_(None), q.audience != "undecided")
    row = exists().where(d.workspace == q.workspace, d.key == NEXT_STEP + ":" + cast(q.id, Text))
    aimless = or_(nobody, q.next_at.is_(None), q.next_at < tx.now - GRACE, ~row)
    return [q.workspace == tx.workspace, q.state != "closed", aimless]


def without_next_step(tx: Transaction) -> list[int]:
    """Numbers of living questions that nobody follows."""
    q = questions.c
    return list(tx.connection.execute(select(q.number).where(*_adrift(tx)).order_by(q.number)).scalars())


def adrift(tx: Transaction, *, most: int, mended_before: datetime) -> list[int]:
    """Ids of living questions that nobody follows and that were not mended since a moment, oldest first."""
    q = questions.c
    unmended = or_(q.repaired_at.is_(None), q.repaired_at < mended_before)
    found = select(q.id).where(*_adrift(tx), unmended).order_by(q.id).limit(most)
    return list(tx.connection.execute(found).scalars())


def is_scheduled(tx: Transaction, question_id: int) -> bool:
    """Whether a question's next step has its due row."""
    d = due_work.c
    mine = (d.workspace == tx.workspace, d.key == f"{NEXT_STEP}:{question_id}")
    return tx.connection.execute(select(d.id).where(*mine)).first() is not None


def unreplayed(tx: Transaction) -> int:
    """How many failed events wait to be replayed."""
    f = failed_events.c
    return int(
        tx.connection.execute(
            select(func.count()).where(f.workspace == tx.workspace, f.replayed_at.is_(None))
        ).scalar_one()
    )


def source_twice(tx: Transaction) -> int:
    """How many questions were opened by words that belong to another one; always 0 unless our bookkeeping is broken.

    Counted from what people wrote and when, not from the groups that the capture formed: messages of one author in one
    place within two minutes are one asking, unless the question before was closed by then. A question that somebody
    closed as a duplicate is mended.
    """
    counts = (tx.connection.execute(query, {"w": tx.workspace}) for query in (_ON_ANOTHERS, _AGAIN))
    return sum(int(count.scalar_one()) for count in counts)


_OPENED, _BEFORE = questions.alias("opened"), questions.alias("before")
_UNMENDED = [one.c.close_reason.is_distinct_from("duplicate") for one in (_OPENED, _BEFORE)]
_OURS = (messages.c.workspace == bindparam("w"), _OPENED.c.workspace == bindparam("w"))

_ON_ANOTHERS = (
    select(func.count())
    .select_from(messages)
    .join(_OPENED, and_(_OPENED.c.channel == messages.c.channel, _OPENED.c.ts == messages.c.ts))
    .join(_BEFORE, _BEFORE.c.id == messages.c.question_id)
    .where(*_OURS, messages.c.question_id != _OPENED.c.id, *_UNMENDED)
)
"""Questions whose first message lies in another question."""


def _again() -> Select[Any]:
    """Questions whose first message came within two minutes after words of an open one; a single pass over the messages."""
    m = messages.c
    # A Slack timestamp is seconds; what came by a form has a natural key instead, and no two of those are one asking.
    stamp = m.ts.not_like("%:%")
    at = case((stamp, cast(m.ts, Float)))
    before: dict[str, Any] = {
        "partition_by": [m.channel, func.coalesce(m.thread_ts, ""), m.author],
        "order_by": [at],
    }
    asked = (
        select(
            *(m.question_id, m.ts, at.label("at")),
            func.lag(m.question_id).over(**before).label("earlier"),
            func.lag(at).over(**before).label("earlier_at"),
        )
        .where(m.workspace == bindparam("w"), m.asks.is_(True), m.deleted_at.is_(None), stamp)
        .subquery()
    )
    then = events.alias("then")
    began = select(func.min(then.c.id)).where(then.c.question_id == _OPENED.c.id).correlate(_OPENED)
    state_then = (
        select(events.c.state)
        .where(events.c.question_id == _BEFORE.c.id, events.c.id < began.scalar_subquery())
        .order_by(events.c.id.desc())
        .limit(1)
        .correlate(_OPENED, _BEFORE)
        .scalar_subquery()
    )
    return (
        select(func.count())
        .select_from(asked)
        .join(_OPENED, and_(_OPENED.c.id == asked.c.question_id, _OPENED.c.ts == asked.c.ts))
        .join(_BEFORE, _BEFORE.c.id == asked.c.earlier)
        .where(
            asked.c.earlier != asked.c.question_id,
            asked.c.at - asked.c.earlier_at < GROUP_WITHIN.total_seconds(),
            state_then != "closed",
            *_UNMENDED,
        )
    )


_AGAIN = _again()


def held_by(tx: Transaction, people: Sequence[str]) -> list[int]:
    """The ids of the questions these people are responsible for and that are not closed, the most urgent first."""
    q = questions.c
    mine = (q.workspace == tx.workspace, q.responsible.in_(people), q.state != "closed")
    return list(tx.connection.execute(select(q.id).where(*mine).order_by(q.target_at, q.id)).scalars())


def owed_by(tx: Transaction, user: str, *, taken_before: datetime) -> list[int]:
    """The ids of the questions that wait for an answer of somebody who was given them, or took them before a moment; the
    most urgent first."""
    q = questions.c
    taken = or_(q.claimed_at.is_(None), q.claimed_at < taken_before)
    mine = (q.workspace == tx.workspace, q.responsible == user, q.state.not_in(_NOT_OWED), taken)
    return list(tx.connection.execute(select(q.id).where(*mine).order_by(q.target_at, q.id)).scalars())


_NOT_OWED = ("answered", "waiting", "closed")
