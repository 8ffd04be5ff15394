"""Where an asker belongs, asked within the first answer to their direct message: their answer, and the card without it."""

from __future__ import annotations

from bot.errors import NotYours
from bot.feature import DueWork
from handlers.members import introducing
from handlers.questions.base.sides import own_card
from handlers.questions.intake.followup import body_known
from storage import members, outbox, questions
from storage.database import Transaction
from storage.questions import Question


def confirm(tx: Transaction, question_id: int, code: str, actor: str) -> None:
    """「はい」: the guess is right.

    Raises:
        NotFound, NotYours, Malformed: nothing was changed.
    """
    question, known = _own(tx, question_id, actor), members.member(tx, actor)
    introducing.introduce(tx, actor, code, known.section if known else None)
    body_known(tx, DueWork(introducing.BODY, question_id, tx.now))  # whoever gets it next reads it at once
    outbox.want(tx, own_card(question, clicked=True))


def put_off(tx: Transaction, question_id: int, actor: str) -> None:
    """「あとで」: it is not asked again.

    Raises:
        NotFound, NotYours: nothing was changed.
    """
    question = _own(tx, question_id, actor)
    introducing.put_off(tx, actor)
    outbox.want(tx, own_card(question, clicked=True))


def _own(tx: Transaction, question_id: int, actor: str) -> Question:
    question = questions.need(tx, question_id)
    if question.asker != actor:
        raise NotYours()
    return question
