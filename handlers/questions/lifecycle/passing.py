"""To whom a question goes next, and passing it on to them."""

from __future__ import annotations

from bot.domain.asking import Audience
from bot.domain.question import State, Verb
from bot.domain.routing import NobodyToAsk, Routing
from handlers.questions.base.parts import already_told, is_helper, parts_of
from handlers.questions.base.routing import DESK, field_named, given, route
from handlers.questions.lifecycle.moves import move, new_target
from handlers.questions.lifecycle.ringing import of, ring
from storage import members, workspace
from storage.database import Transaction
from storage.questions import Question


def next_person(tx: Transaction, question: Question, *, desk_again: bool = False) -> Routing | None:
    """The next of the ladder who has not had the question yet; None when everybody has. Those who neither are on duty
    nor sit at the desk get it only when there is no desk; `desk_again` may go back to the desk."""
    space, field = workspace.workspace(tx), field_named(tx, question.field_id)
    code, target_at = question.municipality_code, new_target(tx, question)
    asker, place = question.asker, question.desk_channel
    try:
        told = already_told(tx, question)
        routing = route(tx, space, field, code, target_at, asker=asker, told=told, talks_in=place)
    except NobodyToAsk:
        routing = None
    if routing is not None and (routing.by_ladder or not members.with_permission(tx, *DESK)):
        return routing
    if not desk_again:
        return None
    never = [question.responsible] if question.responsible else []
    try:
        return route(tx, space, field, code, target_at, asker=asker, told=never, desk=True, talks_in=place)
    except NobodyToAsk:
        return routing


def pass_to_next(tx: Transaction, question: Question, actor: str | None) -> Question | None:
    """The responsible person has a conflict of interest: the next one who fits gets the question; None = nobody is left."""
    routing = next_person(tx, question, desk_again=True)
    if routing is None:
        return None
    chosen = routing.chosen
    after = move(
        tx,
        question,
        Verb.STEP_ASIDE,
        actor,
        why=chosen.user_id,
        clicked=actor is not None,
        **given(routing, question.field_id),
    )
    ring(tx, after, chosen.user_id, "question.handed_over", of(tx.now))
    return after


def pass_on_if_barred(tx: Transaction, question: Question) -> Question:
    """The question may be one that its responsible person must neither get nor see: in its new field, by where its asker
    belongs, or because they answer no longer."""
    user = question.responsible
    if user is None or question.audience == Audience.UNDECIDED:
        return question
    if question.state == State.CLOSED or is_helper(parts_of(tx, question, user)):
        return question
    return pass_to_next(tx, question, None) or question
