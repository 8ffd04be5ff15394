"""Renderers: they read a question afresh and hand plain values to the views. None = nothing left to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import words
from bot.domain.asking import Audience, Urgency
from bot.domain.business_time import next_working_time, parse_working_hours
from bot.domain.question import OPEN, UNCLAIMED, Reason, State
from bot.domain.reasons import Reason as RoutingReason
from bot.domain.reasons import ReasonCode, reason_words
from bot.domain.text import clean
from bot.feature import Message, Outgoing
from handlers.common.telling import reached
from handlers.members.visitors import is_visitor
from handlers.questions import letters, views
from handlers.questions.incoming import moment
from handlers.questions.offering import says_nothing
from handlers.questions.opening import CHOSEN, LATE
from handlers.questions.routing import DESK, calendar_of, field_named
from storage import channels, members, messages, questions, talents, workspace
from storage.database import Transaction
from storage.questions import Event, Question, is_stamp
from storage.workspace import Workspace

_STILL_TRUE = {
    "question.asked": UNCLAIMED,
    "question.handed_over": UNCLAIMED,
    "question.escalated": UNCLAIMED,
    "question.reopened": UNCLAIMED,
    "question.asker_wrote": UNCLAIMED | {State.CLAIMED},
    "question.remind": frozenset(State) - {State.CLOSED, State.ANSWERED},
    "question.remind_desk": frozenset(State) - {State.CLOSED, State.ANSWERED},
    "question.answer": frozenset({State.ANSWERED}),
    "question.ask_back": frozenset({State.WAITING}),
    "question.replied": frozenset(State),
    "question.nudge": frozenset({State.ANSWERED, State.WAITING}),
    "question.withdrawn": frozenset({State.CLOSED}),
    "question.not_withdrawn": frozenset(State) - {State.CLOSED},
    "question.taken_back": frozenset(State),
    "question.unreachable": frozenset(State) - {State.CLOSED},
    "question.shut": OPEN,
}


ANONYMOUS = "匿名さん"
_TO_RESPONSIBLE = {
    f"question.{what}"
    for what in ("asked", "handed_over", "escalated", "asker_wrote", "remind", "not_withdrawn")
}


def card(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The card as the question stands now."""
    question = questions.get(tx, outgoing.record_id)
    if question is None or (outgoing.first and question.close_reason == Reason.WITHDRAWN):
        return None  # withdrawn before anybody saw it: there may not even be a thread any more
    return views.card(_card_values(tx, question, first=outgoing.first))


def mark(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The reaction on the asker's message."""
    question = questions.get(tx, outgoing.record_id)
    return None if question is None else Message(text="", emoji=views.MARKS[State(question.state)])


def notice(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """A notice, unless what it says is no longer true: then nobody is disturbed for it."""
    question = questions.get(tx, outgoing.record_id)
    user = str(outgoing.values["user"])
    if question is None or State(question.state) not in _STILL_TRUE[outgoing.renderer]:
        return None
    if outgoing.renderer in _TO_RESPONSIBLE and question.responsible != user:
        return None
    if outgoing.renderer == "question.taken_back" and question.responsible == user:
        return None
    if outgoing.renderer == "question.shut" and not channels.is_shut(tx, question.channel):
        return None
    taken_back = outgoing.values.get("takes_back")
    if taken_back is not None and not reached(tx, taken_back["renderer"], taken_back["key"]):
        return None
    space = workspace.workspace(tx)
    field = field_named(tx, question.field_id)
    return letters.notice(
        outgoing.renderer,
        letters.NoticeValues(
            id=question.id,
            number=f"No.{question.number}",
            state=State(question.state),
            shut=channels.is_shut(tx, question.channel),
            who=f"担当の{_called(tx, question.responsible)}" if question.responsible else "県の担当",
            asker=_asker_for(tx, question, user),
            phone=question.phone if user == question.responsible else None,
            body=body_of(tx, question),
            field=field.short if field else "その他",
            target=words.short(question.target_at, space.zone),
            whole=_whole(tx, question),
            said=clean(str(outgoing.values.get("said") or "")),
            link=_link(tx, space, question),
        ),
    )


def _link(tx: Transaction, space: Workspace, question: Question) -> str | None:
    """The question's thread; an archived channel can still be read, one that was deleted cannot."""
    known = channels.channel(tx, question.channel)
    gone = known is not None and known.archived and not known.bot_is_member
    return None if gone else permalink(space, question)


def elsewhere(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The private answer to somebody who called the bot in another's thread."""
    question = questions.get(tx, outgoing.record_id)
    if question is None:
        return None
    watched = channels.purpose(tx, question.channel) in {"consultation", "practice"}
    return views.elsewhere(f"No.{question.number}", call=not watched)


def offer(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The private offer to register a kept message; none when it became a question meanwhile."""
    channel, ts = str(outgoing.values["channel"]), str(outgoing.values["ts"])
    row = messages.find(tx, channel, ts)
    if row is None or row.question_id is not None or row.deleted_at is not None:
        return None
    return views.offer(channel, ts, called=bool(outgoing.values.get("called")), empty=says_nothing(row))


def _card_values(tx: Transaction, question: Question, *, first: bool) -> views.CardValues:
    space = workspace.workspace(tx)
    field = field_named(tx, question.field_id)
    short = field.short if field else "その他"
    responsible = question.responsible
    inside = responsible is not None and channels.is_in_channel(tx, question.channel, responsible)
    events = questions.timeline(tx, question.id)
    codes = [RoutingReason(ReasonCode(code)) for code in question.reasons]
    closed = question.closed_at.astimezone(ZoneInfo(space.zone)) if question.closed_at else None
    return views.CardValues(
        id=question.id,
        number=question.number,
        practice=question.practice,
        state=State(question.state),
        close_reason=Reason(question.close_reason) if question.close_reason else None,
        body=body_of(tx, question),
        field=short,
        guessed=not any(
            event.why == CHOSEN or (event.verb == "set_field" and event.actor) for event in events
        ),
        person=family_name(tx, responsible) if responsible else None,
        reasons=reason_words(codes, short),
        target=words.short(question.target_at, space.zone),
        next_day=_next_day(tx, space, responsible),
        closed_on=f"{closed.month}/{closed.day}" if closed else "",
        late=question.state in UNCLAIMED and _came_late(question),
        ring=responsible if first and inside and _asked_at_once(question, events) else None,
        wishes=_wishes(question),
        head=_head(tx, question, first=first) if question.rooted else None,
    )


def _came_late(question: Question) -> bool:
    return not question.rooted and question.received_at - moment(question.ts) > LATE


def _wishes(question: Question) -> str:
    """How soon the asker needs an answer, what for, and whether they would rather be called. Never the number."""
    urgent = {Urgency.TODAY: "今日中", Urgency.NONE: "急ぎません"}.get(Urgency(question.urgency))
    reason = f"({question.needed_for})" if question.needed_for else ""
    day = f"必要な日 {words.day(question.needed_on)}{reason}" if question.needed_on else None
    call = "電話での返事を希望" if question.phone else None
    return "|".join(part for part in (urgent, day, call) if part)


def _head(tx: Transaction, question: Question, *, first: bool) -> views.Head:
    inside = channels.is_in_channel(tx, question.channel, question.asker)
    hidden = question.audience == Audience.BODY
    return views.Head(
        person=ANONYMOUS if hidden else _called(tx, question.asker),
        body=body_of(tx, question),
        whole=_whole(tx, question),
        ring=question.asker if first and inside and not hidden else None,
    )


def _whole(tx: Transaction, question: Question) -> str:
    """All that was asked, as plain text."""
    rows = messages.of_question(tx, question.id, asks=True)
    return "\n".join(clean(row.body) for row in rows if row.deleted_at is None)


def _asked_at_once(question: Question, events: Sequence[Event]) -> bool:
    """Whether the card's first post is what rings the responsible person; who got the question later has a notice."""
    given = [event for event in events if event.verb == "assign" and event.at == events[0].at]
    return question.state == State.ASSIGNED and any(event.why == question.responsible for event in given)


def body_of(tx: Transaction, question: Question) -> str:
    """The asker's municipality and section, as far as we know them and they may be shown."""
    section = None if question.audience == Audience.BODY else question.section
    known = " ".join(part for part in (question.municipality, section) if part)
    return known or ("ほかの組織の方" if is_visitor(tx, question.asker, "") else "ご所属は確認中")


def family_name(tx: Transaction, user_id: str) -> str:
    """How a person is addressed: the family name alone; somebody we do not know yet is 「担当者」."""
    return _family_name(tx, user_id) or "担当者"


def _asker_for(tx: Transaction, question: Question, user: str) -> str:
    """How the asker is called before somebody: who asked with the name of their body alone is known to the desk only."""
    member = members.member(tx, user)
    desk = member is not None and member.permission in DESK
    return ANONYMOUS if question.audience == Audience.BODY and not desk else _called(tx, question.asker)


def _called(tx: Transaction, user_id: str) -> str:
    name = _family_name(tx, user_id)
    return f"{name}さん" if name else "方"


def _family_name(tx: Transaction, user_id: str) -> str:
    talent = talents.talent(tx, user_id)
    name = talent.name if talent else members.name_of(tx, user_id)
    return name.split()[0] if name.strip() and name != user_id else ""


def permalink(space: Workspace, question: Question) -> str | None:
    """The address of what was asked; in a thread that others began, of its place there. None until its card is posted, if
    it begins with that."""
    base = space.url.rstrip("/") or "https://slack.com"
    if question.rooted:
        return _address(base, question.channel, question.thread_ts) if is_stamp(question.thread_ts) else None
    link = _address(base, question.channel, question.ts)
    inside = f"?thread_ts={question.thread_ts}&cid={question.channel}"
    return link if question.thread_ts == question.ts else link + inside


def _address(base: str, channel: str, ts: str) -> str:
    return f"{base}/archives/{channel}/p{ts.replace('.', '')}"


def _next_day(tx: Transaction, space: Workspace, user_id: str | None) -> str | None:
    """The next day the responsible person works, when that is not today."""
    talent = talents.talent(tx, user_id) if user_id else None
    if talent is None or not talent.working_hours:
        return None
    hours = parse_working_hours(talent.working_hours)
    at = next_working_time(calendar_of(space), hours, tx.now)
    if at is None or _date(at, space) == _date(tx.now, space):
        return None
    return words.short(at, space.zone).split(")")[0] + ")"


def _date(at: datetime, space: Workspace) -> str:
    return at.astimezone(ZoneInfo(space.zone)).date().isoformat()
