"""The ledger: received = waiting + answered + closed, and nothing is without a responsible person and a next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select

from storage.database import Transaction
from storage.tables import channels, events, failed_events, messages, questions

GRACE = timedelta(minutes=15)


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


def without_next_step(tx: Transaction) -> list[int]:
    """Numbers of living questions without a responsible person or a next step in the future (15 minutes' grace)."""
    q = questions.c
    return list(
        tx.connection.execute(
            select(q.number)
            .where(
                q.workspace == tx.workspace,
                q.state != "closed",
                or_(q.responsible.is_(None), q.next_at.is_(None), q.next_at < tx.now - GRACE),
            )
            .order_by(q.number)
        ).scalars()
    )


def unreplayed(tx: Transaction) -> int:
    """How many failed events wait to be replayed."""
    f = failed_events.c
    return int(
        tx.connection.execute(
            select(func.count()).where(f.workspace == tx.workspace, f.replayed_at.is_(None))
        ).scalar_one()
    )


def source_twice(tx: Transaction) -> int:
    """How many Slack messages lie in two questions; always 0 unless our bookkeeping is broken."""
    q = questions.c
    twice = (
        select(q.channel)
        .where(q.workspace == tx.workspace)
        .group_by(q.channel, q.ts)
        .having(func.count() > 1)
        .subquery()
    )
    return int(tx.connection.execute(select(func.count()).select_from(twice)).scalar_one())
