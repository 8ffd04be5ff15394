"""A question's life as data: states, verbs, who may do what, whose turn it is, what happens next.

Nothing here knows how it is stored or shown. In words: docs/architecture.md, "The life of a question".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.domain.business_time import BusinessCalendar

UNDO_WITHIN = timedelta(minutes=10)
GROUP_WITHIN = timedelta(minutes=2)


class State(StrEnum):
    """Where a question stands. `CLOSED` always carries a reason."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    CLAIMED = "claimed"
    WAITING = "waiting"
    ANSWERED = "answered"
    REOPENED = "reopened"
    CLOSED = "closed"


class Reason(StrEnum):
    """Why a question is closed. `FAQ`: what was there already answered it. `NOT_A_QUESTION` is not counted: the ledger sees
    it as set aside."""

    RESOLVED = "resolved"
    FAQ = "faq"
    NO_REPLY = "no_reply"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    BY_PHONE = "by_phone"
    NOT_A_QUESTION = "not_a_question"


class Verb(StrEnum):
    """What can be done to a question; each done verb is one event row."""

    RECEIVE = "receive"
    CHOOSE = "choose"
    NARROW = "narrow"
    CALL = "call"
    ASSIGN = "assign"
    CLAIM = "claim"
    HAND_OVER = "hand_over"
    STEP_ASIDE = "step_aside"
    ASK_BACK = "ask_back"
    ANSWER = "answer"
    ASSUME_ANSWERED = "assume_answered"
    RESOLVE = "resolve"
    FOUND = "found"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    BY_PHONE = "by_phone"
    DUPLICATE = "duplicate"
    NOT_A_QUESTION = "not_a_question"
    NO_REPLY = "no_reply"
    SET_FIELD = "set_field"
    SET_BODY = "set_body"
    ESCALATE = "escalate"
    REMIND = "remind"
    PUT_OFF = "put_off"
    RESUME = "resume"
    SET_NEEDED = "set_needed"
    DEADLINE = "deadline"
    REPAIR = "repair"
    NUDGE = "nudge"
    TALENT_WROTE = "talent_wrote"
    ASKER_WROTE = "asker_wrote"
    UNDO = "undo"


class Part(StrEnum):
    """What somebody is to one question; a person can be several at once."""

    ASKER = "asker"
    RESPONSIBLE = "responsible"
    TALENT = "talent"
    COORDINATOR = "coordinator"
    SYSTEM = "system"


OPEN = frozenset({State.RECEIVED, State.ASSIGNED, State.CLAIMED, State.WAITING, State.REOPENED})
"""The ledger's *waiting*."""
ALIVE = OPEN | {State.ANSWERED}
UNCLAIMED = frozenset({State.RECEIVED, State.ASSIGNED, State.REOPENED})
"""Somebody was asked, nobody has said yet that they answer."""

FROM: MappingProxyType[Verb, frozenset[State]] = MappingProxyType(
    {
        Verb.CHOOSE: frozenset({State.RECEIVED}),
        Verb.NARROW: ALIVE,
        Verb.CALL: OPEN,
        Verb.ASSIGN: UNCLAIMED,
        Verb.CLAIM: UNCLAIMED | {State.ANSWERED},
        Verb.HAND_OVER: ALIVE,
        Verb.STEP_ASIDE: ALIVE,
        Verb.ASK_BACK: OPEN - {State.WAITING},
        Verb.ANSWER: OPEN,
        Verb.ASSUME_ANSWERED: frozenset({State.CLAIMED}),
        Verb.RESOLVE: ALIVE,
        Verb.FOUND: ALIVE,
        Verb.REOPEN: frozenset({State.ANSWERED, State.CLOSED}),
        Verb.WITHDRAW: ALIVE,
        Verb.BY_PHONE: ALIVE,
        Verb.DUPLICATE: ALIVE,
        Verb.NOT_A_QUESTION: ALIVE,
        Verb.NO_REPLY: frozenset({State.ANSWERED, State.WAITING}),
        Verb.SET_FIELD: frozenset(State),
        Verb.ESCALATE: UNCLAIMED,
        Verb.REMIND: OPEN,
        Verb.PUT_OFF: UNCLAIMED | {State.CLAIMED},
        Verb.SET_NEEDED: OPEN,
        Verb.NUDGE: frozenset({State.ANSWERED, State.WAITING}),
    }
)
"""From which states a verb may be done."""

TO: MappingProxyType[Verb, State] = MappingProxyType(
    {
        Verb.ASSIGN: State.ASSIGNED,
        Verb.CLAIM: State.CLAIMED,
        Verb.PUT_OFF: State.CLAIMED,
        Verb.HAND_OVER: State.ASSIGNED,
        Verb.STEP_ASIDE: State.ASSIGNED,
        Verb.ESCALATE: State.ASSIGNED,
        Verb.ASK_BACK: State.WAITING,
        Verb.ANSWER: State.ANSWERED,
        Verb.ASSUME_ANSWERED: State.ANSWERED,
        Verb.REOPEN: State.REOPENED,
        Verb.RESOLVE: State.CLOSED,
        Verb.FOUND: State.CLOSED,
        Verb.WITHDRAW: State.CLOSED,
        Verb.BY_PHONE: State.CLOSED,
        Verb.DUPLICATE: State.CLOSED,
        Verb.NOT_A_QUESTION: State.CLOSED,
        Verb.NO_REPLY: State.CLOSED,
    }
)
"""Where a verb leads; a verb that is missing leaves the state as it is."""

CLOSES: MappingProxyType[Verb, Reason] = MappingProxyType(
    {
        Verb.RESOLVE: Reason.RESOLVED,
        Verb.FOUND: Reason.FAQ,
        Verb.WITHDRAW: Reason.WITHDRAWN,
        Verb.BY_PHONE: Reason.BY_PHONE,
        Verb.DUPLICATE: Reason.DUPLICATE,
        Verb.NOT_A_QUESTION: Reason.NOT_A_QUESTION,
        Verb.NO_REPLY: Reason.NO_REPLY,
    }
)

_HELPERS = frozenset({Part.RESPONSIBLE, Part.COORDINATOR})
_ANY_HELPER = _HELPERS | {Part.TALENT}
MAY: MappingProxyType[Verb, frozenset[Part]] = MappingProxyType(
    {
        Verb.CLAIM: _ANY_HELPER,
        Verb.HAND_OVER: _HELPERS,
        Verb.STEP_ASIDE: frozenset({Part.RESPONSIBLE}),
        Verb.ASK_BACK: _HELPERS,
        Verb.ANSWER: _HELPERS,
        Verb.RESOLVE: _HELPERS | {Part.ASKER},
        Verb.FOUND: _HELPERS | {Part.ASKER},
        Verb.REOPEN: _HELPERS | {Part.ASKER},
        Verb.WITHDRAW: frozenset({Part.ASKER, Part.COORDINATOR}),
        Verb.BY_PHONE: _HELPERS,
        Verb.DUPLICATE: _HELPERS,
        Verb.NOT_A_QUESTION: _HELPERS,
        Verb.SET_FIELD: _HELPERS,
        Verb.PUT_OFF: frozenset({Part.RESPONSIBLE}),
        Verb.SET_NEEDED: _HELPERS | {Part.ASKER},
    }
)
"""Who may do a verb by hand. What is missing only the clock or a written word does."""


class Turn(StrEnum):
    """Whose turn it is."""

    TALENT = "talent"
    ASKER = "asker"
    NOBODY = "nobody"


def turn(state: State) -> Turn:
    """Whose turn it is in a state."""
    if state in {State.WAITING, State.ANSWERED}:
        return Turn.ASKER
    return Turn.NOBODY if state is State.CLOSED else Turn.TALENT


def may(verb: Verb, parts: frozenset[Part]) -> bool:
    """Whether somebody with these parts may do the verb."""
    return Part.SYSTEM in parts or bool(parts & MAY.get(verb, frozenset()))


def possible(verb: Verb, state: State) -> bool:
    """Whether the verb can be done in this state."""
    return state in FROM.get(verb, frozenset())


class Step(StrEnum):
    """What happens by itself if nobody acts."""

    DECIDE = "decide"
    ESCALATE = "escalate"
    REMIND = "remind"
    RESUME = "resume"
    DEADLINE = "deadline"
    ASSUME_ANSWERED = "assume_answered"
    NUDGE = "nudge"
    NO_REPLY = "no_reply"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of business time: an amount of it, and whole business days."""

    time: timedelta = timedelta(0)
    days: int = 0

    def length(self, calendar: BusinessCalendar) -> timedelta:
        """How much business time that is where offices are open like this."""
        return self.time + self.days * calendar.business_day_length


@dataclass(frozen=True, slots=True)
class Targets:
    """How long things may take, in business time: the first response to what is needed 今日中, 今週中 and 急がない (which a
    prefecture chooses), a claimed question without a word, the asker's silence before a friendly question (business days)
    and before the end; and how long nobody sees a question whose asker has not said before whom."""

    today: Span = Span(timedelta(hours=2))
    week: Span = Span(timedelta(hours=4))
    none: Span = Span(days=1)
    decision: timedelta = timedelta(minutes=30)
    silent_talent_days: int = 1
    nudge_days: int = 3
    close_days: int = 5


USUAL = Targets()
