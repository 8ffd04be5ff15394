"""Moving a question through its life: every change of state passes `move`, which also writes what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.asking import Audience, Details, Urgency, first_response_due
from bot.domain.next_step import Facts, plan
from bot.domain.question import CLOSES, TO, UNDO_WITHIN, Reason, State, Step, Verb
from bot.domain.routing import NobodyToAsk, Routing
from handlers.common.working import at_work
from handlers.questions.base.barred import tell_of_barred
from handlers.questions.base.parts import is_helper, parts_of
from handlers.questions.base.routing import calendar_of, clock_of, field_named, given, route
from handlers.questions.base.sides import show
from storage import due, faq_use, questions, timelines, workspace
from storage.database import Transaction
from storage.ledger import NEXT_STEP
from storage.questions import Question

DUE = NEXT_STEP
RESOLVED = "question.resolved"
"""Due for each question that is resolved, by an answer or by the FAQ, when that cannot be taken back any more."""
_BARS = frozenset({Verb.SET_FIELD, Verb.SET_BODY, Verb.STEP_ASIDE, Verb.UNDO})
"""After these, somebody else may have a conflict of interest."""


def move(
    tx: Transaction,
    question: Question,
    verb: Verb,
    actor: str | None,
    *,
    why: str | None = None,
    undoes: int | None = None,
    clicked: bool = False,
    **values: Any,
) -> Question:
    """Do the verb: new state, timestamps, event, next step, card and mark. Returns the question as it is now. Among the
    `values` may be those of `given`."""
    state = State(values.pop("state", TO.get(verb, State(question.state))))
    values = {**_stamps(tx, question, verb, state), **values}
    ranking = values.pop("ranking", None)
    if values.get("responsible", question.responsible) != question.responsible:
        values.setdefault("reasons", [])  # they spoke for somebody else
    if state != question.state:
        values["state"] = state.value
    after = replace(question, **values)
    targets = workspace.workspace(tx).targets
    step = plan(facts_of(tx, question, after, tx.now), targets, clock_of(tx, after), tx.now)
    after = replace(after, next_step=step.step.value if step else None, next_at=step.at if step else None)
    values |= {"next_step": after.next_step, "next_at": after.next_at}
    questions.change(
        tx, question, verb=verb.value, actor=actor, why=why, undoes=undoes, ranking=ranking, **values
    )
    schedule(tx, after.id, after.next_at)
    if verb in {Verb.RESOLVE, Verb.FOUND}:
        due.schedule(tx, f"{RESOLVED}:{after.id}", RESOLVED, after.id, tx.now + UNDO_WITHIN)
    again = verb is Verb.REOPEN and question.close_reason == Reason.FAQ
    if again or verb in {Verb.WITHDRAW, Verb.NARROW}:
        faq_use.forget(tx, after.id, after.asker)
    if verb in _BARS:
        tell_of_barred(tx, after)
    show(tx, after, card=_visible(question, after), mark=question.state != after.state, clicked=clicked)
    return after


def facts_of(tx: Transaction, before: Question, question: Question, moved: datetime) -> Facts:
    """What the next step of a question depends on that was `moved` last at this moment, and was so `before`."""
    since = question.answered_at if question.state == State.ANSWERED and question.answered_at else moved
    undecided = question.audience == Audience.UNDECIDED
    if undecided:
        since = _asked_at(tx, before, question)
    return Facts(
        State(question.state),
        question.target_at,
        since,
        question.talent_wrote_at,
        question.nudged_at,
        question.asker_wrote_at,
        undecided,
        question.later_at,
        _works_at(tx, question),
        question.needed_on,
    )


def _works_at(tx: Transaction, question: Question) -> datetime | None:
    """When whoever has the question in hand next works, if not now."""
    user = question.responsible if question.state == State.CLAIMED else None
    at = at_work(tx, user, tx.now) if user is not None else tx.now
    return at if at > tx.now else None


def _asked_at(tx: Transaction, before: Question, question: Question) -> datetime:
    """When a question whose asker has not said before whom was asked, or last asked again after it was closed."""
    if before.state == State.CLOSED != question.state:
        return tx.now
    events = timelines.timeline(tx, question.id)
    again = (event.at for event in events if event.before.get("state") == State.CLOSED)
    return max(again, default=question.received_at)


def _stamps(tx: Transaction, question: Question, verb: Verb, state: State) -> dict[str, Any]:
    """The timestamps a verb sets and clears."""
    if verb is Verb.UNDO:
        return {}
    stamps = _own_stamps(tx, question, verb, state)
    if question.later_at is not None and verb in _ENDS_REST:
        stamps |= {"later_at": None, "later_why": None}
    return stamps


_ENDS_REST = frozenset(
    {
        Verb.CLAIM,
        Verb.HAND_OVER,
        Verb.STEP_ASIDE,
        Verb.ASK_BACK,
        Verb.ANSWER,
        Verb.ASSUME_ANSWERED,
        Verb.REOPEN,
    }
)
"""With these a question that was put off to a day rests no longer."""


def _own_stamps(tx: Transaction, question: Question, verb: Verb, state: State) -> dict[str, Any]:
    if state is State.CLOSED and question.state != State.CLOSED:
        return {"closed_at": tx.now, "close_reason": CLOSES[verb].value}
    if verb is Verb.CLAIM:
        return {"claimed_at": tx.now, "talent_wrote_at": None, "answered_at": None, "nudged_at": None}
    if verb is Verb.PUT_OFF:
        return {"claimed_at": question.claimed_at or tx.now, "talent_wrote_at": None}
    if state is State.ANSWERED and question.state != State.ANSWERED:
        return {"answered_at": tx.now, "nudged_at": None}
    if state is State.WAITING and question.state != State.WAITING:
        return {"nudged_at": None}
    if verb is Verb.REOPEN:
        cleared = dict.fromkeys(
            ("closed_at", "close_reason", "answered_at", "nudged_at", "claimed_at", "talent_wrote_at")
        )
        return {**cleared, **_once_more(tx, question)}
    if verb is Verb.ASKER_WROTE and state is State.ASSIGNED:
        return {"claimed_at": None, **_once_more(tx, question)}
    if verb in {Verb.HAND_OVER, Verb.STEP_ASIDE, Verb.ESCALATE}:
        target_at = new_target(tx, question)
        return {
            "target_at": target_at if question.later_at is not None else max(question.target_at, target_at),
            "claimed_at": None,
            "talent_wrote_at": None,
        }
    return {}


def _once_more(tx: Transaction, question: Question) -> dict[str, Any]:
    """A first reply is owed once more: until when, by whom, and why by them. It stays with whoever had it if they may and
    work by then; what spoke for them the first time need not hold any more."""
    target_at, space = new_target(tx, question), workspace.workspace(tx)
    if question.audience == Audience.UNDECIDED:  # nobody's, until its asker has said before whom they ask
        return {"target_at": target_at, "responsible": None, "reasons": []}
    field, code = field_named(tx, question.field_id), question.municipality_code
    never = timelines.doers(tx, question.id, Verb.STEP_ASIDE.value)
    try:
        place = question.desk_channel
        routing = route(tx, space, field, code, target_at, asker=question.asker, told=never, talks_in=place)
    except NobodyToAsk:
        return {"target_at": target_at}
    own = next((choice for choice in routing.ranked if choice.user_id == question.responsible), None)
    if own is None and _answers_unasked(tx, question, routing):
        return {"target_at": target_at, "reasons": []}
    if own is not None and own.in_time:
        chosen = own
    else:
        desk = [choice for choice in routing.ranked if choice.at_desk and space.intake == "desk"]
        chosen = [*desk, routing.chosen][0]
    return {"target_at": target_at, **given(routing, question.field_id, chosen)}


def _answers_unasked(tx: Transaction, question: Question, routing: Routing) -> bool:
    """Whether who has the question is nobody routing would ask, yet answers: staff who took it by themselves."""
    user = question.responsible
    absent = any(choice.user_id == user for choice in routing.excluded)
    return user is not None and not absent and is_helper(parts_of(tx, question, user))


def new_target(tx: Transaction, how: Question | Details) -> datetime:
    """When a first response that is asked for now, this urgently, is due."""
    space = workspace.workspace(tx)
    return first_response_due(tx.now, Urgency(how.urgency), how.needed_on, space.targets, calendar_of(space))


def schedule(tx: Transaction, question_id: int, at: datetime | None) -> None:
    """Put a question's next step on the due rows, or take it off."""
    key = f"{DUE}:{question_id}"
    if at is None:
        due.cancel(tx, key)
    else:
        due.schedule(tx, key, DUE, question_id, at)


_SHOWN = (
    "state",
    "close_reason",
    "responsible",
    "field_id",
    "municipality_code",
    "section",
    "target_at",
    "audience",
    "desk_channel",
    "phone",
    "later_at",
    "needed_on",
)


def _visible(before: Question, after: Question) -> bool:
    """Whether the card says something else now."""
    return any(getattr(before, name) != getattr(after, name) for name in _SHOWN)


def anew_since(tx: Transaction, question: Question) -> datetime | None:
    """When the latest reopening gave the question to somebody else, if they have not heard of it since."""
    for event in reversed(timelines.timeline(tx, question.id)):
        if event.verb == Verb.REOPEN:
            unheard = question.asker_wrote_at is None or question.asker_wrote_at < event.at
            kept = event.before.get("responsible", question.responsible) == question.responsible
            return event.at if unheard and not kept else None
    return None


def next_step_of(question: Question) -> Step | None:
    """The question's next step."""
    return None if question.next_step is None else Step(question.next_step)
