"""Whoever has a question is away from now on: what they have not begun goes on to the next of the ladder, what they have in
hand stays, and its card says so until they are back. Or they have left: so does all that waits for their answer."""

from __future__ import annotations

from bot.domain.question import FROM, State, Turn, Verb, turn
from bot.feature import DueWork
from handlers.questions.base.routing import given
from handlers.questions.base.sides import show
from handlers.questions.lifecycle.moves import move
from handlers.questions.lifecycle.passing import next_person, pass_to_next
from handlers.questions.lifecycle.ringing import ring
from handlers.rota.leaving import has_left
from storage import absences, questions
from storage.database import Transaction


def absent(tx: Transaction, work: DueWork) -> None:
    """Of one question. It stays with them when nobody else is left: at its target the desk is reminded as ever."""
    question = questions.get(tx, work.record_id)
    if question is not None and question.state == State.CLAIMED:
        show(tx, question, mark=False)
    if question is None or State(question.state) not in FROM[Verb.ESCALATE]:
        return
    if question.responsible not in absences.away(tx, tx.now):
        return
    routing = next_person(tx, question, desk_again=True)
    if routing is None or routing.chosen.user_id == question.responsible:
        return
    chosen = routing.chosen
    columns = given(routing, question.field_id)
    after = move(tx, question, Verb.ESCALATE, None, why=chosen.user_id, **columns)
    ring(
        tx, after, chosen.user_id, "question.escalated", f"absent:{chosen.user_id}:{work.due_at.isoformat()}"
    )


def left(tx: Transaction, work: DueWork) -> None:
    """Of one question that waits for somebody whose contract is over. It stays with them when nobody else is left."""
    question = questions.get(tx, work.record_id)
    if question is None or turn(State(question.state)) is not Turn.TALENT:
        return
    if has_left(tx, question.responsible):
        pass_to_next(tx, question, None)
