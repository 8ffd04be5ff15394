"""What people do to a question by hand: one verb, one transaction.

`source` is the action's natural key (Slack's action ts or view id): the same press again changes nothing.
"""

from __future__ import annotations

from typing import Any

from bot.domain.question import GROUP_WITHIN, MAY, UNDO_WITHIN, State, Verb, may, possible
from bot.errors import NotForVisitors, NotPossibleNow, NotYours, UserError
from handlers.members.visitors import is_visitor
from handlers.questions.base.parts import is_barred, parts_of
from handlers.questions.base.sides import hears_replies, in_channel, is_shut
from handlers.questions.lifecycle.moves import move
from handlers.questions.lifecycle.passing import pass_on_if_barred, pass_to_next
from handlers.questions.lifecycle.ringing import of, ring, unring
from handlers.questions.screens.deeds import BARRED, NOT_YOURS
from storage import due, failures, messages, questions, talents, timelines
from storage.database import Transaction
from storage.questions import Question
from storage.timelines import Event

RING = "question.ring"
WORDS = frozenset(
    {
        *(Verb.TALENT_WROTE, Verb.ASKER_WROTE, Verb.REMIND, Verb.NUDGE, Verb.SET_BODY, Verb.CALL),
        *(Verb.RESUME, Verb.DEADLINE, Verb.REPAIR),
    }
)
"""Events that are no deed: they neither can be undone nor stand in the way of undoing the deed before them."""

ENDS = frozenset({Verb.RESOLVE, Verb.BY_PHONE, Verb.DUPLICATE, Verb.NOT_A_QUESTION})
"""When somebody else does these, the asker hears of it: they may still want an answer."""


def act(
    tx: Transaction,
    question_id: int,
    verb: Verb,
    actor: str,
    *,
    source: str,
    team: str = "",
    person: str | None = None,
    field_id: str | None = None,
) -> Question:
    """Do a verb. `team` is the actor's Slack team, `person` who gets it (HAND_OVER), `field_id` the new field (SET_FIELD).

    Raises:
        NotFound, NotYours, NotForVisitors, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    question = questions.need(tx, question_id)
    if not failures.first_time(tx, source):
        return question
    if not may(verb, parts_of(tx, question, actor)):
        raise _refusal(tx, question, verb, actor, team)
    if verb is Verb.CLAIM and question.state == State.CLAIMED and question.responsible == actor:
        return question
    if not possible(verb, State(question.state)):
        if _just_done(tx, question, verb, actor):
            return question
        raise NotPossibleNow()
    if verb is Verb.HAND_OVER:
        return _hand_over(tx, question, actor, person)
    if verb is Verb.STEP_ASIDE:
        return _step_aside(tx, question, actor)
    values: dict[str, Any] = {}
    if verb is Verb.CLAIM:
        values["responsible"] = actor
    if verb is Verb.SET_FIELD:
        values["field_id"] = field_id
    after = move(tx, question, verb, actor, clicked=True, **values)
    _ring_after(tx, question, after, verb, actor, source)
    return pass_on_if_barred(tx, after) if verb in {Verb.SET_FIELD, Verb.REOPEN} else after


def _refusal(tx: Transaction, question: Question, verb: Verb, actor: str, team: str) -> UserError:
    """Whose the verb is. A talent who may not even claim has a conflict of interest."""
    if is_visitor(tx, actor, team):
        return NotForVisitors()
    if verb is Verb.CLAIM and is_barred(tx, question, actor):
        return NotYours(BARRED)
    return NotYours(NOT_YOURS[verb]) if verb in NOT_YOURS else NotYours()


def _just_done(tx: Transaction, question: Question, verb: Verb, actor: str) -> bool:
    """A second press of the same button by the same person is no mistake to tell them of."""
    last = timelines.timeline(tx, question.id)[-1]
    return last.verb == verb and last.actor == actor


def _ring_after(
    tx: Transaction, before: Question, after: Question, verb: Verb, actor: str, source: str
) -> None:
    """Only what nobody would otherwise notice rings: editing a card is silent."""
    responsible = after.responsible
    if verb is Verb.REOPEN and responsible is not None and responsible != actor:
        # Their next words ring by themselves; only if none come is the press itself told.
        due.schedule(tx, f"{RING}:{after.id}", RING, after.id, tx.now + GROUP_WITHIN)
    if verb is Verb.WITHDRAW and before.claimed_at is not None and responsible not in {None, actor}:
        ring(tx, after, str(responsible), "question.withdrawn", of(tx.now))
    if verb in {Verb.ANSWER, Verb.ASK_BACK} and not _read_there(tx, after, actor):
        # Without words in the thread, for which Slack rang the asker, the card's edit would go unnoticed.
        ring(tx, after, after.asker, f"question.{verb.value}", f"{verb.value}:{source}")
    if verb in ENDS and actor != after.asker:
        ring(tx, after, after.asker, f"question.{verb.value}", of(tx.now))


def _read_there(tx: Transaction, question: Question, actor: str) -> bool:
    """Whether the asker finds in the thread what somebody has just said they wrote."""
    if not messages.has_written(tx, question.id, actor) or (
        in_channel(question) and is_shut(tx, question, actor)
    ):
        return False
    return not question.rooted or hears_replies(tx, question, question.asker)


def _hand_over(tx: Transaction, question: Question, actor: str, person: str | None) -> Question:
    if person is None or person == question.asker or talents.talent(tx, person) is None:
        raise NotPossibleNow("担当を替える相手を選んでください。記録は変わっていません。")
    if is_barred(tx, question, person):
        raise NotPossibleNow("この方には利害関係の登録があります。別の方を選んでください。")
    if person == question.responsible:
        return question
    after = move(tx, question, Verb.HAND_OVER, actor, why=person, clicked=True, responsible=person)
    ring(tx, after, person, "question.handed_over", of(tx.now))
    return after


def _step_aside(tx: Transaction, question: Question, actor: str) -> Question:
    after = pass_to_next(tx, question, actor)
    if after is None:
        raise NotPossibleNow("替わりの方が見つかりません。県の担当へ知らせてください。")
    return after


def last_deed(tx: Transaction, question: Question, actor: str) -> Event | None:
    """What this person may still take back: their own latest deed, if nothing was done since, within ten minutes."""
    for event in reversed(timelines.timeline(tx, question.id)):
        if event.verb in WORDS:
            continue
        mine = event.actor == actor and Verb(event.verb) in MAY and event.undoes is None
        return event if mine and tx.now - event.at <= UNDO_WITHIN else None
    return None


def undo(tx: Transaction, question_id: int, actor: str, *, source: str) -> Question:
    """Take back one's own latest deed.

    Raises:
        NotPossibleNow: there is none, somebody acted since, or ten minutes are over.
    """
    question = questions.need(tx, question_id)
    if not failures.first_time(tx, source):
        return question
    event = last_deed(tx, question, actor)
    if event is None:
        raise NotPossibleNow("元に戻せるのは、ご自分の操作から10分以内で、そのあと動きがないときです。")
    before = timelines.restored(event)
    after = move(
        tx,
        question,
        Verb.UNDO,
        actor,
        undoes=event.id,
        clicked=True,
        **{**before, "state": before.get("state", question.state)},
    )
    _unsay(tx, question, after, event)
    return pass_on_if_barred(tx, after)


def _unsay(tx: Transaction, before: Question, after: Question, deed: Event) -> None:
    """Who was rung for what was taken back would act on it, for nothing or not at all: they hear of that as well."""
    user, verb = before.responsible, Verb(deed.verb)
    if user is None or user == deed.actor:
        return
    if verb is Verb.WITHDRAW:
        unring(tx, before, user, "question.withdrawn", "question.not_withdrawn", deed.at)
    elif verb in {Verb.HAND_OVER, Verb.STEP_ASIDE, Verb.REOPEN} and user != after.responsible:
        unring(tx, before, user, "question.handed_over", "question.taken_back", deed.at)
