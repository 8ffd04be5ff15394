"""Who presents a topic: they are asked by direct message, say yes or no, and may change their mind.

A no is told once to whoever asked, who may ask somebody else; it is shown to nobody else.
"""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.permissions import Deed, allowed
from bot.domain.series import Session
from bot.domain.topics import LIVING, Request
from bot.domain.topics import answered as rule
from bot.errors import NotPossibleNow, NotYours
from bot.feature import DueWork, Message, Outgoing
from handlers.common.doors import Visitor, role
from handlers.common.quiet import told_at
from handlers.common.telling import tell
from handlers.questions.base.naming import called
from handlers.questions.base.parts import is_barred
from handlers.study import agendas, changing, topic_forms
from handlers.study import card as card_of_session
from handlers.study.coming import following, session_on
from handlers.study.gathering import chairs, may_arrange, presenters, session_name, stands, values
from handlers.study.looking import known_to
from handlers.study.meeting import values_of
from handlers.study.replying import attends
from handlers.study.topic_forms import RequestValues
from storage import due, failures, meetings, members, outbox, questions, study, topics
from storage.database import Transaction
from storage.meetings import Meeting
from storage.study import Series
from storage.topics import Asked, Topic

CARD, YES, NO, RELEASED = "study.request", "study.accepted", "study.declined", "study.released"
ASKS = "study.asks"
"""Due when the one who is asked begins to work."""
LEFT = "いまは Banso を使っていない方です。ほかの方を選んでください。"
NOT_INVITED = "この勉強会をご案内していない方です。ほかの方を選んでください。"
NOT_THIS_ONE = "この話題は、ほかの方にお願いしてください。"
TOO_LATE = "この方には、始まるまでにお願いが届きません。ほかの方を選ぶか、直接お声がけください。"
ALREADY = "もうお願いしています。お返事を待つか、「発表のお願いを取り下げる」を選んでください。"
GONE = "このお願いは、取り下げられたか、ほかの方にお願いすることになりました。何も変わっていません。ありがとうございます。"
BEGUN = "この回は、もう始まったか、話題がなくなりました。何も変わっていません。ありがとうございます。"


def cannot(tx: Transaction, found: Series, topic: Topic, user: str) -> str | None:
    """Why somebody cannot be asked. Of a conflict of interest nothing is said."""
    member = members.member(tx, user)
    if member is None or member.deactivated:
        return LEFT
    as_what = role(tx, Visitor(user, ""))
    if not allowed(Deed.SEE_STUDY, as_what) or not known_to(tx, found, user, as_what):
        return NOT_INVITED
    question = questions.get(tx, topic.question_id) if topic.question_id is not None else None
    return NOT_THIS_ONE if question is not None and is_barred(tx, question, user) else None


def ask(tx: Transaction, found: Series, topic: Topic, session: Session, user: str, actor: str) -> str | None:
    """Ask somebody to present a topic of a session; returns why they cannot be. Whoever asks themselves has said yes;
    whoever was asked before and not answered is asked no more."""
    if problem := cannot(tx, found, topic, user):
        return problem
    before = presenters(tx, found, [topic.id]).get(topic.id)
    if before is not None and before.user_id == user:
        return ALREADY
    at = told_at(tx, user, CARD)
    if user != actor and at >= session.starts:
        return TOO_LATE
    release(tx, topic, actor)
    new = topics.ask(tx, topic.id, user, actor, Request.ACCEPTED if user == actor else Request.ASKED)
    if user == actor:
        attends(tx, found, session, user)
    if user != actor and at > tx.now:
        due.schedule(tx, f"{ASKS}:{new.id}", ASKS, new.id, at)
    elif user != actor:
        outbox.want(tx, _card(new))
    agendas.changed(tx, found.id, topic.planned_on)
    failures.note(tx, "study presenter asked", actor=actor, about=user, topic=topic.id)
    return None


def _card(found: Asked) -> outbox.Row:
    return outbox.card(CARD, found.id, "", None, user_id=found.user_id, clicked=True)


def asks(tx: Transaction, work: DueWork) -> None:
    """The one who is asked begins to work."""
    found = topics.need_request(tx, work.record_id)
    if found.state is Request.ASKED:
        outbox.want(tx, _card(found))


def answer(tx: Transaction, request_id: int, user: str, *, yes: bool) -> None:
    """Say yes or no; the same again changes nothing.

    Raises:
        NoSuchRequest, NotYours, NotPossibleNow: nothing was changed.
    """
    asked = topics.need_request(tx, request_id)
    if asked.user_id != user:
        raise NotYours("お返事できるのは、お願いされたご本人です。何も変わっていません。")
    after = Request.ACCEPTED if yes else Request.DECLINED
    if asked.state is after:
        return
    topic = topics.find(tx, asked.topic_id)
    living = topics.presenters(tx, [asked.topic_id]).get(asked.topic_id)
    taken = living is not None and living.id != asked.id
    if rule(asked.state, yes=yes, taken=taken) is None:
        raise NotPossibleNow(GONE)
    if topic is None or _over(tx, topic):
        raise NotPossibleNow(BEGUN)
    topics.set_request(tx, asked.id, after, answer=True)
    if yes:
        _will_come(tx, topic, user)
    outbox.want(tx, _card(asked))
    agendas.changed(tx, topic.series_id, topic.planned_on)
    _tell(tx, topics.need_request(tx, asked.id), topic)
    failures.note(tx, "study presenter answered", actor=user, topic=topic.id, state=after.value)


def _will_come(tx: Transaction, topic: Topic, user: str) -> None:
    found = study.need(tx, topic.series_id)
    session = session_on(tx, found, topic.planned_on) if topic.planned_on is not None else None
    if session is not None and not session.cancelled and session.starts > tx.now:
        attends(tx, found, session, user)


def _over(tx: Transaction, topic: Topic) -> bool:
    return topic.closed_at is not None or topic.held_at is not None or not stands(tx, topic)


def _tell(tx: Transaction, asked: Asked, topic: Topic) -> None:
    """Whoever asked hears of each answer once; if they arrange nothing any more, who does."""
    found = study.need(tx, topic.series_id)
    to = [asked.asked_by] if may_arrange(tx, found, asked.asked_by) else chairs(tx, found)
    renderer, said = (YES if asked.state is Request.ACCEPTED else NO), {"state": asked.state.value}
    for person in to:
        if person != asked.user_id:
            key = f"{asked.id}:{asked.answers}:{person}"
            tell(tx, person, renderer, asked.id, key=key, values=said, until=_begins(tx, found, topic))


def release(tx: Transaction, topic: Topic, actor: str | None) -> None:
    """Nobody is asked to present a topic any more. Who had said yes hears so, unless they had put
    themselves down; who was only asked sees it on the card."""
    asked = topics.presenters(tx, [topic.id]).get(topic.id)
    if asked is None:
        return
    topics.set_request(tx, asked.id, Request.WITHDRAWN)
    due.cancel(tx, f"{ASKS}:{asked.id}")
    outbox.changed(tx, _card(asked))
    member = members.member(tx, asked.user_id)
    there = member is not None and not member.deactivated
    if there and asked.state is Request.ACCEPTED and asked.user_id not in {actor, asked.asked_by}:
        _tell_released(tx, asked, topic)


def _tell_released(tx: Transaction, asked: Asked, topic: Topic) -> None:
    """That they need not present; with that their session is cancelled, where they are to hear that as well."""
    on = str(topic.planned_on) if topic.planned_on is not None else ""
    key, values, series = f"{asked.id}:{asked.answers}:{on}", dict[str, object](on=on), RELEASED
    meeting = meetings.find(tx, topic.series_id, topic.planned_on) if topic.planned_on is not None else None
    letter = changing.that_it_is_cancelled(tx, meeting, asked.user_id) if meeting is not None else None
    if meeting is not None and letter is not None:
        values |= {"meeting": meeting.id, "version": meeting.version}
        key, series = letter, changing.CHANGED
    begins = meeting.starts if letter and meeting else _begins(tx, study.need(tx, topic.series_id), topic)
    tell(tx, asked.user_id, RELEASED, asked.id, key=key, values=values, series=series, until=begins)


def _begins(tx: Transaction, found: Series, topic: Topic) -> datetime | None:
    """When the session begins that a topic was taken up for."""
    session = session_on(tx, found, topic.planned_on) if topic.planned_on is not None else None
    return session.starts if session is not None else None


def follow(tx: Transaction, found: Series) -> None:
    """Sessions of a series may be at other times now, or be none any more: cards say so, and nobody is to present at one
    that is none."""
    live = {each.on for each in following(tx, found)}
    for topic in topics.waiting(tx, found.id):
        if topic.planned_on is not None and topic.planned_on not in live:
            release(tx, topic, None)
        elif (asked := topics.presenters(tx, [topic.id]).get(topic.id)) is not None:
            outbox.changed(tx, _card(asked))


# --- in words -------------------------------------------------------------------------------------------------------


def _values(tx: Transaction, asked: Asked, on: str = "") -> RequestValues | None:
    """A request in words; None when the session it was for is none any more. What came from a question that is not
    everybody's any more is not named."""
    topic = topics.find(tx, asked.topic_id)
    if topic is None:
        return None
    found = study.need(tx, topic.series_id)
    day = date.fromisoformat(on) if on else topic.planned_on
    session = session_on(tx, found, day) if day is not None else None
    name = session_name(tx, found, session) if session is not None else "勉強会"
    shown = values(tx, found, [topic])[0] if stands(tx, topic) else topic_forms.NAMELESS
    living = topics.presenters(tx, [topic.id])
    over = _over(tx, topic) or session is None or session.cancelled or session.starts <= tx.now
    free = topic.id not in living and not over
    return RequestValues(asked.id, called(tx, asked.asked_by), name, shown, asked.state, free, over)


def card(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The card of the one who is asked; nothing when that was over before they read of it."""
    asked = topics.need_request(tx, outgoing.record_id)
    said = _values(tx, asked)
    if said is None or (outgoing.first and (asked.state is not Request.ASKED or said.over)):
        return None
    return topic_forms.request(said)


def told(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To whoever asked: the answer; nothing when it has changed since, or does not matter any more."""
    asked = topics.need_request(tx, outgoing.record_id)
    said, topic = _values(tx, asked), topics.find(tx, asked.topic_id)
    if said is None or topic is None or said.over or asked.state.value != outgoing.values["state"]:
        return None
    if asked.state not in LIVING and not said.open:  # somebody else was asked meanwhile
        return None
    page = f"{topic.series_id}:{topic.planned_on}"
    return topic_forms.answered(said, called(tx, asked.user_id), page)


def told_released(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To somebody who had said yes; nothing when they were asked again since."""
    asked = topics.need_request(tx, outgoing.record_id)
    if (cancelled := _cancelled(tx, outgoing)) is not None:
        return card_of_session.changed(values_of(tx, cancelled), None, presents_no_more=True)
    said = _values(tx, asked, str(outgoing.values["on"]))
    return None if said is None or asked.state in LIVING else topic_forms.released(said)


def _cancelled(tx: Transaction, outgoing: Outgoing) -> Meeting | None:
    """The meeting that this letter also says is cancelled; None when it says nothing of that, or it is held again."""
    if "meeting" not in outgoing.values:
        return None
    meeting = meetings.need(tx, int(outgoing.values["meeting"]))
    return meeting if meeting.cancelled and meeting.version == outgoing.values["version"] else None
