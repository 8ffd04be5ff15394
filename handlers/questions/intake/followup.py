"""What happens by itself: the next step of a question when its time has come, and what becomes of a dead letter."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.asking import Audience
from bot.domain.question import GROUP_WITHIN, OPEN, State, Step, Verb
from bot.feature import DueWork
from handlers.common.quiet import told_at
from handlers.members.opening import WHYS
from handlers.questions.base.routing import DESK, given
from handlers.questions.intake import early
from handlers.questions.intake.capture import capture
from handlers.questions.intake.direct import settle
from handlers.questions.lifecycle.moves import anew_since, move, next_step_of, schedule
from handlers.questions.lifecycle.offering import offer_to_register
from handlers.questions.lifecycle.passing import next_person, pass_on_if_barred
from handlers.questions.lifecycle.ringing import of, ring
from storage import absences, channels, due, members, messages, questions, talents, timelines
from storage.database import Transaction
from storage.questions import Question

AT_ONCE = 20
"""So many messages are taken in in one transaction: a tenth of a second at most."""


LATE = timedelta(hours=1)
"""A step that is done so long after its moment was not alone: what follows from it is told with the rest, as late."""


def next_step(tx: Transaction, work: DueWork) -> None:
    """Do a question's next step. One that was moved meanwhile is only put back where it belongs."""
    question = questions.get(tx, work.record_id)
    if question is None or question.next_at is None:
        return
    if question.next_at > tx.now:
        schedule(tx, question.id, question.next_at)
        return
    step, late = next_step_of(question), tx.now - question.next_at > LATE
    if step is Step.ESCALATE:
        _escalate(tx, question, late=late)
    elif step is Step.DECIDE:
        settle(tx, question, Audience.PRIVATE, None)
    elif step is Step.ASSUME_ANSWERED:
        move(tx, question, Verb.ASSUME_ANSWERED, None)
    elif step is Step.NUDGE:
        # the days of silence begin when they read it; where nobody knows when that is, now
        reads = told_at(tx, question.asker, "question.nudge")
        nudged_at = reads if reads < absences.OPEN else tx.now
        after = move(tx, question, Verb.NUDGE, None, nudged_at=nudged_at)
        ring(tx, after, question.asker, "question.nudge", f"nudge:{question.next_at.isoformat()}")
    elif step is Step.NO_REPLY:
        move(tx, question, Verb.NO_REPLY, None)
    elif step in _RECALLS:
        _recall(tx, question, step, question.next_at)
    else:
        _remind(tx, question, late=late)


_RECALLS = {Step.RESUME: Verb.RESUME, Step.DEADLINE: Verb.DEADLINE}
"""What only reminds whoever answers of a day."""


def _recall(tx: Transaction, question: Question, step: Step, at: datetime) -> None:
    after = move(tx, question, _RECALLS[step], None)
    if after.responsible is not None:
        renderer, key = f"question.{step.value}", f"{step.value}:{at.isoformat()}"
        ring(tx, after, after.responsible, renderer, key, day=at)


def _escalate(tx: Transaction, question: Question, *, late: bool) -> None:
    """Nobody took it in time: the next of the ladder is rung, once; when all have been, the desk is reminded."""
    routing = next_person(tx, question)
    if routing is None:
        _remind(tx, question, late=late)
        return
    chosen = routing.chosen
    columns = given(routing, question.field_id)
    after = move(tx, question, Verb.ESCALATE, None, why=chosen.user_id, **columns)
    ring(tx, after, chosen.user_id, "question.escalated", f"escalated:{chosen.user_id}", late=late)


_FRESH = frozenset({Verb.RECEIVE, Verb.CLAIM, Verb.REOPEN, Verb.HAND_OVER, Verb.STEP_ASIDE, Verb.ESCALATE})
"""With these somebody has the question anew, and may be reminded anew."""


def _remind(tx: Transaction, question: Question, *, late: bool) -> None:
    """First the responsible person, then one coordinator, each once; after that the question stays on the lists."""
    if question.responsible is None:
        _find_somebody(tx, question, late=late)
        return
    reminded, since = 0, 0
    for event in timelines.timeline(tx, question.id):
        since, reminded = (event.id, 0) if event.verb in _FRESH else (since, reminded)
        reminded += event.verb == Verb.REMIND
    after = move(tx, question, Verb.REMIND, None)
    if reminded == 0:
        ring(tx, after, question.responsible, "question.remind", f"remind:{since}")
    elif reminded == 1:
        known = {question.responsible, question.asker}
        desk = [m.user_id for m in members.with_permission(tx, *DESK) if m.user_id not in known]
        load = talents.standing(tx, None, None).load
        if desk:
            calmest = min(desk, key=lambda user: (load.get(user, 0), user))
            ring(tx, after, calmest, "question.remind_desk", f"remind_desk:{since}")


def ring_after_reopening(tx: Transaction, work: DueWork) -> None:
    """「まだ聞きたい」 was pressed two minutes ago. If the asker has written since, that word rang already."""
    question = questions.get(tx, work.record_id)
    if question is None or question.state != State.REOPENED or question.responsible is None:
        return
    pressed = work.due_at - GROUP_WITHIN
    if question.asker_wrote_at is None or question.asker_wrote_at < pressed:
        anew = anew_since(tx, question) is not None
        renderer = "question.handed_over" if anew else "question.reopened"
        ring(tx, question, question.responsible, renderer, of(pressed))


def offer_after_greeting(tx: Transaction, work: DueWork) -> None:
    """A greeting was not followed by a question: now its author is asked whether it was one."""
    row = messages.by_id(tx, work.record_id)
    if row is not None and row.set_aside is not None and row.question_id is None:
        offer_to_register(tx, row.channel, row.ts, row.thread_ts, row.author)


def _find_somebody(tx: Transaction, question: Question, *, late: bool) -> None:
    """A question that came when nobody could be asked: perhaps somebody can now."""
    routing = next_person(tx, question)
    if routing is None:
        move(tx, question, Verb.REMIND, None)
        return
    chosen = routing.chosen
    columns = given(routing, question.field_id)
    after = move(tx, question, Verb.ASSIGN, None, why=chosen.user_id, **columns)
    ring(tx, after, chosen.user_id, "question.asked", "asked", late=late)


def body_known(tx: Transaction, work: DueWork) -> None:
    """The asker has said where they belong. Whoever has the question may turn out to be barred from it."""
    question = questions.get(tx, work.record_id)
    member = None if question is None else members.member(tx, question.asker)
    if question is None or member is None or question.state == State.CLOSED:
        return
    known, code = question.municipality_code, member.municipality_code
    if known not in {None, code} or (known is not None and question.section):
        return  # somebody said so of this question
    section = member.section or question.section
    if (code, section) == (known, question.section):
        return
    after = move(tx, question, Verb.SET_BODY, question.asker, municipality_code=code, section=section)
    pass_on_if_barred(tx, after)


def lowered(tx: Transaction, work: DueWork) -> None:
    """Who has the question may not answer any more. What is answered waits for its asker; who asks on gets somebody else."""
    question = questions.get(tx, work.record_id)
    if question is not None and State(question.state) in OPEN:
        pass_on_if_barred(tx, question)


def opened(tx: Transaction, work: DueWork) -> None:
    """It is open: what was written before is taken in, oldest first, a few at a time."""
    waiting = messages.set_aside_as(tx, WHYS, most=AT_ONCE + 1)
    for row in waiting[:AT_ONCE]:
        messages.forget(tx, row.id)
        capture(tx, early.written(row, channels.purpose(tx, row.channel)))
    if len(waiting) > AT_ONCE:
        due.schedule(tx, work.kind, work.kind, 0, tx.now)
