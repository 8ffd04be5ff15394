"""What the auditor mends: a living question without a person or without a next step gets them anew, once a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.asking import Audience
from bot.domain.question import UNCLAIMED, State, Verb
from handlers.common.telling import LETTERS
from handlers.common.telling import schedule as schedule_letters
from handlers.questions.base.routing import given
from handlers.questions.lifecycle.moves import move, schedule
from handlers.questions.lifecycle.passing import next_person
from handlers.questions.lifecycle.ringing import of, ring
from storage import failures, held, ledger, questions
from storage.database import Transaction
from storage.questions import Question

AT_ONCE = 20
"""So many are mended in one transaction; the rest with the next look."""
AGAIN = timedelta(days=1)
"""What is adrift again within this time is not mended once more: health says so, until somebody has looked."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was mended: the question's number and how, for the log."""

    number: int
    how: str


def anything_to_repair(tx: Transaction) -> bool:
    """Whether something is adrift that was not mended lately, or letters wait that nothing will tell."""
    lately = tx.now - AGAIN
    return bool(ledger.adrift(tx, most=1, mended_before=lately) or held.stranded(tx, LETTERS))


def repair(tx: Transaction) -> list[Repaired]:
    """Mend what is adrift and was not mended lately. A next step that is merely late has its row, and is left alone.
    Letters that wait without a due row have one again."""
    for user in held.stranded(tx, LETTERS):
        schedule_letters(tx, user)
    found = (
        questions.need(tx, each) for each in ledger.adrift(tx, most=AT_ONCE, mended_before=tx.now - AGAIN)
    )
    return [
        Repaired(question.number, how) for question in found if (how := _mended(tx, question)) is not None
    ]


def _mended(tx: Transaction, question: Question) -> str | None:
    how = _mend(tx, question)
    if how is not None:
        questions.touch(tx, question.id, repaired_at=tx.now)
        failures.note(tx, "question repaired", actor=None, number=question.number, how=how)
    return how


def _mend(tx: Transaction, question: Question) -> str | None:
    if question.responsible is None and question.audience != Audience.UNDECIDED:
        return "given to somebody" if _give(tx, question) else None
    if question.next_at is None or question.next_step is None:
        move(tx, question, Verb.REPAIR, None)
        return "next step planned anew"
    if not ledger.is_scheduled(tx, question.id):
        schedule(tx, question.id, question.next_at)
        return "next step scheduled anew"
    return None


def _give(tx: Transaction, question: Question) -> bool:
    routing = next_person(tx, question, desk_again=True)
    if routing is None:
        return False
    user = routing.chosen.user_id
    owed = State(question.state) in UNCLAIMED | {State.CLAIMED}
    verb = Verb.ASSIGN if owed else Verb.REPAIR
    after = move(tx, question, verb, None, why=user, **given(routing, question.field_id))
    if owed:
        ring(tx, after, user, "question.handed_over", of(tx.now))
    return True
