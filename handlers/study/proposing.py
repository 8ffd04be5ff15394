"""What can be done to topics: proposing, wanting to hear, taking back, taking up for a session. Each in one transaction."""

from __future__ import annotations

from datetime import date

from bot.domain.permissions import Deed, allowed
from bot.domain.topics import MOST_ON, MOST_OPEN, moved
from bot.errors import NotPossibleNow, NotYours
from handlers.common.doors import Visitor, role
from handlers.questions.base.sides import may_be_topic
from handlers.study import agendas, presenting
from handlers.study.coming import following
from handlers.study.gathering import WITH_QUESTION, need, on_agenda
from storage import failures, questions, topics
from storage.database import Transaction
from storage.study import Series
from storage.topics import Topic

OVER = (
    "この回は、もう始まったか、予定が変わりました。何も変わっていません。画面を開き直して、確かめてください。"
)
FULL = (
    f"出ている話題が{MOST_OPEN}件あります。どれかが取り上げられるまで、お待ちください。何も変わっていません。"
)
FULL_SESSION = f"この回の話題は{MOST_ON}件までです。何も変わっていません。"
NOT_TAKEN_BACK = "取り下げられるのは、出した方(取り上げる回が決まる前)と、県の担当・アドバイザーです。何も変わっていません。"


def propose(
    tx: Transaction,
    found: Series,
    title: str,
    said: str,
    user: str,
    *,
    question_id: int | None = None,
    entry_id: int | None = None,
) -> bool:
    """Propose a topic, which whoever does wants to hear; False: the same was proposed before, and has their vote now.

    Raises:
        NotPossibleNow, NotFound: nothing was changed.
    """
    if question_id is not None and not may_be_topic(tx, questions.need(tx, question_id)):
        raise NotPossibleNow(WITH_QUESTION)
    known = topics.waiting(tx, found.id)
    for each in known:
        same_question = question_id is not None and each.question_id == question_id
        if same_question or (entry_id is not None and each.entry_id == entry_id):
            topics.vote(tx, each.id, user)
            return False
    if len(known) >= MOST_OPEN:
        raise NotPossibleNow(FULL)
    topic = topics.add(tx, found.id, title, said, actor=user, question_id=question_id, entry_id=entry_id)
    topics.vote(tx, topic.id, user)
    failures.note(tx, "study topic proposed", actor=user, topic=topic.id)
    return True


def want(tx: Transaction, topic_id: int, visitor: Visitor, *, wants: bool) -> None:
    """Somebody wants to hear it, or does not any more; said twice it is said once.

    Raises:
        TopicGone, NoSuchSeries, NotYours, NotPossibleNow: nothing was changed.
    """
    topic, _ = need(tx, topic_id, visitor)
    if wants:
        topics.vote(tx, topic.id, visitor.user)
    else:
        topics.take_vote_back(tx, topic.id, visitor.user)


def take_back(tx: Transaction, topic_id: int, visitor: Visitor) -> None:
    """Take a topic back: whoever proposed it until it was taken up, whoever arranges at any time.

    Raises:
        TopicGone, NoSuchSeries, NotYours, NotPossibleNow: nothing was changed.
    """
    topic, _ = need(tx, topic_id, visitor)
    own = topic.proposed_by == visitor.user and topic.planned_on is None
    if not own and not allowed(Deed.ARRANGE_STUDY, role(tx, visitor)):
        raise NotYours(NOT_TAKEN_BACK)
    drop(tx, topic, visitor.user)


def drop(tx: Transaction, topic: Topic, actor: str | None) -> None:
    """A topic is no more; whoever was to present it hears so. `actor` None: it went with its question."""
    presenting.release(tx, topic, actor)
    topics.close(tx, topic.id, actor)
    agendas.changed(tx, topic.series_id, topic.planned_on)
    failures.note(tx, "study topic closed", actor=actor, topic=topic.id)


def take_up(tx: Transaction, topic_id: int, on: date, visitor: Visitor) -> None:
    """Take a topic up for a session, as its last; somebody who agreed to present it at another is released.

    Raises:
        TopicGone, NoSuchSeries, NotYours, NotPossibleNow: nothing was changed.
    """
    topic, found = need(tx, topic_id, visitor)
    if on not in {each.on for each in following(tx, found)}:
        raise NotPossibleNow(OVER)
    there = on_agenda(tx, found, on)
    if topic.id in {each.id for each in there}:
        return
    if len(there) >= MOST_ON:
        raise NotPossibleNow(FULL_SESSION)
    presenting.release(tx, topic, visitor.user)
    topics.take_up(tx, topic.id, on, max((each.place for each in there), default=0) + 1)
    for day in {on, topic.planned_on}:
        agendas.changed(tx, found.id, day)


def leave(tx: Transaction, topic_id: int, visitor: Visitor) -> None:
    """Let a topic wait again.

    Raises:
        TopicGone, NoSuchSeries, NotYours, NotPossibleNow: nothing was changed.
    """
    topic, found = need(tx, topic_id, visitor)
    presenting.release(tx, topic, visitor.user)
    topics.take_up(tx, topic.id, None)
    agendas.changed(tx, found.id, topic.planned_on)


def shift(tx: Transaction, topic_id: int, visitor: Visitor, *, up: bool) -> None:
    """Let a topic change places with its neighbour in the agenda.

    Raises:
        TopicGone, NoSuchSeries, NotYours, NotPossibleNow: nothing was changed.
    """
    topic, found = need(tx, topic_id, visitor)
    if topic.planned_on is None:
        return
    order = [each.id for each in on_agenda(tx, found, topic.planned_on)]
    topics.put_in_order(tx, moved(order, topic.id, up=up))
    agendas.changed(tx, found.id, topic.planned_on)
