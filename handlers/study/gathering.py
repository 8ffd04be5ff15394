"""Which topics there are, and how they are shown: read in one transaction.

A topic that came from a question is there only as long as everybody may read that question: it is asked anew at every
look, so that no list is to be kept in step.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain import words
from bot.domain.faq import State
from bot.domain.permissions import Deed, allowed
from bot.domain.series import Every, Session
from bot.domain.study import is_link
from bot.domain.text import escape
from bot.errors import NotPossibleNow
from handlers.common.doors import Visitor, role
from handlers.questions.base.naming import called, helpers_link
from handlers.questions.base.sides import may_be_topic
from handlers.rota.office import coordinators
from handlers.study.coming import following
from handlers.study.looking import known_to, theirs
from handlers.study.topic_views import TopicValues
from handlers.study.views import Held, named
from storage import faq, members, questions, topics, workspace
from storage.database import Transaction
from storage.faq import Entry
from storage.study import Series
from storage.topics import Asked, Topic, TopicGone

NOT_FOR_YOU = "この勉強会の話題は、ご案内している方だけが見られます。記録は変わっていません。"
BEGUN = "この話題の回は、もう始まりました。何も変わっていません。"
WITH_QUESTION = (
    "この話題は、もとの相談が取り下げられたか、見られる方が変わったため、なくなりました。"
    "相談そのものは、相談者さんと担当で続いています。"
)


def open_to(tx: Transaction, series_id: int, visitor: Visitor) -> Series:
    """A living series that somebody may know of.

    Raises:
        NoSuchSeries, NotYours: there is none, or it is not theirs to know.
    """
    return theirs(tx, series_id, visitor, NOT_FOR_YOU)


def stands(tx: Transaction, topic: Topic) -> bool:
    """Whether a topic may be shown: what it came from is still everybody's."""
    if topic.question_id is None:
        return True
    question = questions.get(tx, topic.question_id)
    return question is not None and may_be_topic(tx, question)


def need(tx: Transaction, topic_id: int, visitor: Visitor) -> tuple[Topic, Series]:
    """A topic that was not talked about yet, and its series.

    Raises:
        TopicGone, NoSuchSeries, NotYours, NotPossibleNow: with the sentence that says why.
    """
    topic = topics.need(tx, topic_id)
    found = open_to(tx, topic.series_id, visitor)
    if not stands(tx, topic):
        raise TopicGone(WITH_QUESTION)
    if topic.held_at is not None:
        raise NotPossibleNow(BEGUN)
    return topic, found


def on_agenda(tx: Transaction, found: Series, on: date) -> list[Topic]:
    """What is talked about in a session, in order."""
    return [each for each in topics.on(tx, found.id, on) if stands(tx, each)]


def waiting(tx: Transaction, found: Series) -> list[Topic]:
    """What waits to be taken up: also what was, for a session that is none any more."""
    live = {each.on for each in following(tx, found)}
    here = [each for each in topics.waiting(tx, found.id) if each.planned_on not in live]
    return [each for each in here if stands(tx, each)]


# --- who arranges, who presents -------------------------------------------------------------------------------------


def may_arrange(tx: Transaction, found: Series, user: str) -> bool:
    """Whether somebody may take up topics of a series."""
    as_what = role(tx, Visitor(user, ""))
    return allowed(Deed.ARRANGE_STUDY, as_what) and known_to(tx, found, user, as_what)


def chairs(tx: Transaction, found: Series) -> list[str]:
    """Who is told of what a series lacks: whoever registered it; if they arrange none any more, the coordinators."""
    if may_arrange(tx, found, found.created_by):
        return [found.created_by]
    return coordinators(tx)


def still_presents(tx: Transaction, found: Series, user: str) -> bool:
    """Whether somebody is there to present: they did not leave, and may know of the series."""
    member = members.member(tx, user)
    there = member is not None and not member.deactivated
    return there and known_to(tx, found, user, role(tx, Visitor(user, "")))


def presenters(tx: Transaction, found: Series, ids: Sequence[int]) -> dict[int, Asked]:
    """Who presents which of these topics, or was asked to; who left does not."""
    known = topics.presenters(tx, ids)
    return {topic: each for topic, each in known.items() if still_presents(tx, found, each.user_id)}


# --- in words -------------------------------------------------------------------------------------------------------


def held(found: Series, session: Session) -> Held:
    """A session with what its series says of it."""
    once = found.plan.every is Every.ONCE and found.plan.first_number == 1
    return Held(found.id, found.about, session, once)


def session_name(tx: Transaction, found: Series, session: Session) -> str:
    """「第3回 アドバイザー勉強会 12/17(木)15:00」, escaped."""
    return f"{named(held(found, session))} {words.short(session.starts, workspace.workspace(tx).zone)}"


def source(tx: Transaction, topic: Topic) -> str:
    """What a topic came from, as a link where there is something to follow."""
    if topic.question_id is not None:
        question = questions.need(tx, topic.question_id)
        link = helpers_link(workspace.workspace(tx), question)
        name = f"相談 No.{question.number}"
        return f"<{link}|{name}>" if link else name
    entry = faq.get(tx, topic.entry_id) if topic.entry_id is not None else None
    return entry_source(tx, entry) if entry is not None else ""


def entry_source(tx: Transaction, entry: Entry) -> str:
    """An entry by its number, with the way to what it rests on, as far as everybody may follow it."""
    links = [f"<{escape(each)}|出典>" for each in entry.content.sources if is_link(each)][:1]
    question = questions.get(tx, entry.question_id) if entry.question_id is not None else None
    if question is not None and may_be_topic(tx, question):
        link = helpers_link(workspace.workspace(tx), question)
        links += [f"<{link}|もとの相談 No.{question.number}>"] if link else []
    return f"FAQ No.{entry.number}" + (f"({'・'.join(links)})" if links else "")


def _readable(tx: Transaction, topic: Topic) -> int | None:
    """The entry a topic is about, as long as everybody may read it."""
    entry = faq.get(tx, topic.entry_id) if topic.entry_id is not None else None
    return entry.id if entry is not None and entry.state == State.PUBLISHED else None


def values(tx: Transaction, found: Series, some: Sequence[Topic], user: str = "") -> list[TopicValues]:
    """Topics as somebody sees them ("": as all do), in the order in which they are given."""
    ids = [each.id for each in some]
    votes, mine = topics.votes(tx, ids), topics.voted(tx, ids, user)
    presents = presenters(tx, found, ids)
    return [
        TopicValues(
            each.id,
            each.title,
            each.said,
            source(tx, each),
            votes[each.id],
            each.id in mine,
            each.proposed_by == user,
            called(tx, each.proposed_by),
            called(tx, presents[each.id].user_id) if each.id in presents else "",
            presents[each.id].state if each.id in presents else None,
            _readable(tx, each),
        )
        for each in some
    ]
