"""What happens by itself: the next step of a question when its time has come, and what becomes of a dead letter."""

from __future__ import annotations

from bot.domain.question import State, Step, Verb
from bot.feature import DeadLetter, DueWork
from handlers.common.telling import tell_directly
from handlers.questions.life import CARD, move, next_person, next_step_of, ring, schedule
from handlers.questions.routing import DESK
from storage import members, questions, talents
from storage.database import Transaction
from storage.questions import Question


def next_step(tx: Transaction, work: DueWork) -> None:
    """Do a question's next step. One that was moved meanwhile is only put back where it belongs."""
    question = questions.get(tx, work.record_id)
    if question is None or question.next_at is None:
        return
    if question.next_at > tx.now:
        schedule(tx, question.id, question.next_at)
        return
    step = next_step_of(question)
    if step is Step.ESCALATE:
        _escalate(tx, question)
    elif step is Step.ASSUME_ANSWERED:
        move(tx, question, Verb.ASSUME_ANSWERED, None)
    elif step is Step.NUDGE:
        after = move(tx, question, Verb.NUDGE, None, nudged_at=tx.now)
        ring(tx, after, question.asker, "question.nudge", f"nudge:{question.next_at.isoformat()}")
    elif step is Step.NO_REPLY:
        move(tx, question, Verb.NO_REPLY, None)
    else:
        _remind(tx, question)


def _escalate(tx: Transaction, question: Question) -> None:
    """Nobody took it in time: the next of the ladder is rung, once; when all have been, the desk is reminded."""
    routing = next_person(tx, question)
    if routing is None:
        _remind(tx, question)
        return
    chosen = routing.chosen
    after = move(
        tx,
        question,
        Verb.ESCALATE,
        None,
        why=chosen.user_id,
        responsible=chosen.user_id,
        reasons=[reason.code.value for reason in chosen.reasons],
    )
    ring(tx, after, chosen.user_id, "question.escalated", f"escalated:{chosen.user_id}")


def _remind(tx: Transaction, question: Question) -> None:
    """First the responsible person, then one coordinator, each once; after that the question stays on the lists."""
    since = question.claimed_at or question.received_at
    reminded = sum(
        1 for event in questions.timeline(tx, question.id) if event.verb == Verb.REMIND and event.at >= since
    )
    if question.responsible is None:
        _find_somebody(tx, question)
        return
    after = move(tx, question, Verb.REMIND, None)
    if reminded == 0:
        ring(tx, after, question.responsible, "question.remind", f"remind:{since.isoformat()}")
    elif reminded == 1:
        desk = [m.user_id for m in members.with_permission(tx, *DESK) if m.user_id != question.responsible]
        load = talents.open_by_responsible(tx)
        if desk:
            ring(
                tx,
                after,
                min(desk, key=lambda user: (load.get(user, 0), user)),
                "question.remind_desk",
                f"remind_desk:{since.isoformat()}",
            )


def _find_somebody(tx: Transaction, question: Question) -> None:
    """A question that came when nobody could be asked: perhaps somebody can now."""
    routing = next_person(tx, question)
    if routing is None:
        move(tx, question, Verb.REMIND, None)
        return
    chosen = routing.chosen
    after = move(
        tx,
        question,
        Verb.ASSIGN,
        None,
        why=chosen.user_id,
        responsible=chosen.user_id,
        reasons=[reason.code.value for reason in chosen.reasons],
    )
    ring(tx, after, chosen.user_id, "question.asked", "asked")


def on_dead_letter(tx: Transaction, letter: DeadLetter) -> None:
    """The card cannot be posted (archived channel, the bot removed): the responsible person hears of the question by
    direct message instead."""
    if letter.renderer != CARD:
        return
    question = questions.get(tx, letter.record_id)
    if question is None or question.state == State.CLOSED or question.responsible is None:
        return
    key = f"{question.id}:{letter.error}"
    tell_directly(tx, question.responsible, "question.unreachable", question.id, key=key)
