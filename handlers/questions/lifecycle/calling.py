"""「電話がほしい」 later on: an asker leaves a number of their office, which only who has the question sees."""

from __future__ import annotations

from bot.domain.question import State as Stage
from bot.domain.question import Verb, possible
from bot.errors import NotPossibleNow, NotYours
from handlers.questions.lifecycle.moves import move
from handlers.questions.lifecycle.ringing import of, ring
from storage import failures, questions
from storage.database import Transaction
from storage.questions import Question

CALL = "question.call"
LONGEST = 30
"""Characters of a number, with an extension."""


def may_call(question: Question, user_id: str) -> bool:
    """Whether this person may ask to be called now: the asker, while an answer is owed."""
    return user_id == question.asker and possible(Verb.CALL, Stage(question.state))


def ask_for_call(tx: Transaction, question_id: int, actor: str, number: str, *, source: str) -> Question:
    """Keep the number and tell who has the question; the same number again tells nobody.

    Raises:
        NotFound, NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    question = questions.need(tx, question_id)
    if not failures.first_time(tx, source) or question.phone == number:
        return question
    if actor != question.asker:
        raise NotYours()
    if not may_call(question, actor):
        raise NotPossibleNow()
    after = move(tx, question, Verb.CALL, actor, clicked=True, phone=number)
    if after.responsible is not None:
        ring(tx, after, after.responsible, CALL, of(tx.now))
    return after
