"""Offices open on other days than before: what is to happen by itself, and was told to nobody, is reckoned anew.

A promise (`target_at`, which stands on the card) stays. Why so: docs/decisions/0029-whose-calendar.md.
"""

from __future__ import annotations

from bot.domain.next_step import plan
from bot.domain.question import State, Step
from bot.feature import DueWork
from handlers.questions.base.routing import clock_of
from handlers.questions.base.sides import show
from handlers.questions.lifecycle.moves import facts_of, schedule
from storage import due, questions, timelines, workspace
from storage.database import Transaction
from storage.questions import Question

AT_ONCE = 50
"""So many questions are looked at in one transaction: a tenth of a second at most."""
_UNTOLD = frozenset({Step.DECIDE, Step.REMIND, Step.ASSUME_ANSWERED, Step.NUDGE, Step.NO_REPLY})


def calendar_changed(tx: Transaction, work: DueWork) -> None:
    """Look at every living question, a few at a time; `record_id` is the last that was looked at."""
    found = questions.living_after(tx, work.record_id, most=AT_ONCE)
    for each in found:
        _reckon(tx, each)
    if len(found) == AT_ONCE:
        due.schedule(tx, work.kind, work.kind, found[-1].id, tx.now)


def _reckon(tx: Transaction, question: Question) -> None:
    if question.state == State.CLAIMED:
        show(tx, question, mark=False)  # it says when they next work
    if question.next_step not in _UNTOLD or question.next_at is None or question.next_at <= tx.now:
        return
    began, clock = timelines.timeline(tx, question.id)[-1].at, clock_of(tx, question)
    step = plan(facts_of(tx, question, question, began), workspace.workspace(tx).targets, clock, began)
    if step is None or step.step != question.next_step:
        return  # it is not this clock that says when
    at = step.at
    if at <= tx.now:  # its time would have come while nobody knew
        at = clock.next_open(tx.now)
    if at != question.next_at:
        questions.touch(tx, question.id, next_at=at)
        schedule(tx, question.id, at)
