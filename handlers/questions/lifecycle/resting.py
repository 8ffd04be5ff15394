"""Days of a question: 「あとで」, to which whoever answers puts it off, and the day on which an answer is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain import deadline
from bot.domain.question import UNCLAIMED, State, Verb, may, possible
from bot.errors import NotPossibleNow, NotYours
from handlers.questions.base.parts import parts_of
from handlers.questions.base.routing import calendar_of
from handlers.questions.lifecycle.moves import move, new_target
from handlers.questions.lifecycle.ringing import of, ring
from storage import failures, questions, workspace
from storage.database import Transaction
from storage.questions import Question

LONGEST = 80
"""Characters of a reason: it stands on the card."""


def need_theirs(tx: Transaction, question_id: int, verb: Verb, actor: str) -> Question:
    """A question whose day somebody may set now.

    Raises:
        NotFound, NotYours, NotPossibleNow: with the sentence that says why.
    """
    question = questions.need(tx, question_id)
    if not may(verb, parts_of(tx, question, actor)):
        raise NotYours()
    if not possible(verb, State(question.state)):
        raise NotPossibleNow()
    return question


def put_off(
    tx: Transaction, question_id: int, actor: str, day: date | None, why: str, *, source: str
) -> Question:
    """Whoever has a question answers on a day: until then nobody reminds them, and the asker reads when.

    Raises:
        NotFound, NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    question = need_theirs(tx, question_id, Verb.PUT_OFF, actor)
    calendar = calendar_of(workspace.workspace(tx))
    later_at, target_at = deadline.put_off(day, question.needed_on, calendar, tx.now)
    if not failures.first_time(tx, source):
        return question
    reason = " ".join(why.split())[:LONGEST] or None
    days: dict[str, Any] = {"later_at": later_at, "later_why": reason, "target_at": target_at}
    return move(tx, question, Verb.PUT_OFF, actor, why=reason, clicked=True, **days)


def set_needed(tx: Transaction, question_id: int, actor: str, day: date | None, *, source: str) -> Question:
    """An answer is needed on another day, or on none. Nearer makes the promised first reply earlier, never later; what was
    put off beyond that day rests no longer. Whoever answers hears of it.

    Raises:
        NotFound, NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    question = need_theirs(tx, question_id, Verb.SET_NEEDED, actor)
    calendar = calendar_of(workspace.workspace(tx))
    if day is not None:
        deadline.check_needed(day, calendar, tx.now)
    if not failures.first_time(tx, source) or day == question.needed_on:
        return question
    values: dict[str, Any] = {"needed_on": day}
    if day is not None and question.later_at is not None and calendar.day_of(question.later_at) > day:
        values |= {"later_at": None, "later_why": None}
    if question.state in UNCLAIMED or "later_at" in values:
        values["target_at"] = min(question.target_at, new_target(tx, replace(question, needed_on=day)))
    after = move(tx, question, Verb.SET_NEEDED, actor, clicked=True, **values)
    if day is not None and after.responsible not in {None, actor}:
        ring(tx, after, str(after.responsible), "question.needed", of(tx.now))
    return after
