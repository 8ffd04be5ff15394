"""The values of a card: a question as it stands now, for the side it is shown on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import words
from bot.domain.asking import Audience, Urgency
from bot.domain.question import OPEN, UNCLAIMED, Reason, State, Verb
from bot.domain.reasons import Reason as RoutingReason
from bot.domain.reasons import ReasonCode, reason_words
from handlers.common.telling import told
from handlers.common.working import reachable
from handlers.members.introducing import asks_within, guess, section_within
from handlers.questions.base.alike import wanted_elsewhere
from handlers.questions.base.incoming import moment
from handlers.questions.base.naming import ANONYMOUS, body_of, called, family_name, helpers_link
from handlers.questions.base.routing import calendar_of, field_named
from handlers.questions.base.sides import asked, given_at_once, helpers_channel, in_channel, whole
from handlers.questions.lifecycle.opening import LATE, PICTURE, is_chosen, says_only_picture
from handlers.questions.screens import views
from handlers.questions.screens.contact import SECTION, WHERE, ContactValues, PlaceAsked
from storage import (
    absences,
    channels,
    faq,
    faq_similar,
    faq_use,
    members,
    offices,
    talents,
    timelines,
    workspace,
)
from storage.database import Transaction
from storage.questions import Question
from storage.timelines import Event
from storage.workspace import Workspace

UNKNOWN = "未定"


def card_values(tx: Transaction, question: Question, *, first: bool, desk: bool = False) -> views.CardValues:
    """What the card shows: everybody, or with two sides the asker alone, or at the `desk` those who answer. Only a `first`
    post may mention somebody, and not before the asker alone."""
    mixed = in_channel(question)
    space = workspace.workspace(tx)
    field = field_named(tx, question.field_id)
    short = field.short if field else "その他"
    responsible = question.responsible
    place = helpers_channel(question) if mixed or desk else None
    inside = place is not None and responsible is not None and channels.is_in_channel(tx, place, responsible)
    events = timelines.timeline(tx, question.id)
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
        guessed=not is_chosen(events),
        person=family_name(tx, responsible) if responsible else None,
        reasons=reason_words(codes, short),
        target=words.short(question.target_at, space.zone),
        next_day=_next_day(tx, space, responsible),
        away=question.state == State.CLAIMED and _is_away(tx, question),
        closed_on=f"{closed.month}/{closed.day}" if closed else "",
        late=question.state in UNCLAIMED and _came_late(question),
        ring=responsible if first and inside and _asked_at_once(tx, question, events) else None,
        wishes=_wishes(question),
        head=_head(tx, question, first=first, desk=desk) if question.rooted or desk else None,
        own=not mixed and not desk,
        asks_place="" if mixed or desk else _asks_place(tx, question),
        note=_note(question, helpers_link(space, question), desk=desk),
        asks_what=not desk and _asks_what(tx, question, events),
        similar=faq_similar.how_many(tx, question.id) if question.state in OPEN else 0,
        wanted=question.state in OPEN and wanted_elsewhere(tx, question),
        answer=_answer(tx, question),
        opens=opens(tx, question),
        rests=_rests(tx, question),
        why=question.later_why or "",
    )


def opens(tx: Transaction, question: Question) -> str:
    """When the clock of a new question begins, if it came out of hours and that is still to come; "" otherwise."""
    space, fresh = workspace.workspace(tx), question.state in {State.RECEIVED, State.ASSIGNED}
    begins = calendar_of(space).next_open(question.received_at)
    return words.short(begins, space.zone) if fresh and begins > tx.now else ""


def _rests(tx: Transaction, question: Question) -> str:
    """The day to which it was put off, until that is over."""
    if question.later_at is None or question.target_at <= tx.now:
        return ""
    return words.day(question.later_at.astimezone(ZoneInfo(workspace.workspace(tx).zone)).date())


def _answer(tx: Transaction, question: Question) -> int | None:
    """The entry that closed a question, while people may read it."""
    solved = faq_use.solved_by(tx, question.id) if question.close_reason == Reason.FAQ else None
    return next((each.id for each in faq.these(tx, [solved.entry_id])), None) if solved is not None else None


def _note(question: Question, link: str | None, *, desk: bool) -> views.Note | None:
    """The small print of a card of one side: who reads along, and where to go on."""
    if in_channel(question) or question.audience == Audience.UNDECIDED:
        return None
    private = question.audience == Audience.PRIVATE
    return views.Note(
        desk=desk,
        private=private,
        hidden=question.audience == Audience.BODY,
        link=None if private or desk else link,
    )


def _came_late(question: Question) -> bool:
    return not question.rooted and question.received_at - moment(question.ts) > LATE


def _wishes(question: Question) -> str:
    """How soon the asker needs an answer, what for, and whether they would rather be called. Never the number."""
    urgent = {Urgency.TODAY: "今日中", Urgency.NONE: "急ぎません"}.get(Urgency(question.urgency))
    kind = views.KINDS.get(question.needed_for or "")
    reason = f"({kind})" if kind else ""
    day = f"必要な日 未定{reason}" if kind else None
    if question.needed_on:
        day = f"必要な日 {words.day(question.needed_on)}{reason}"
    call = "電話での返事を希望" if question.phone else None
    return "|".join(part for part in (urgent, day, call) if part)


def _head(tx: Transaction, question: Question, *, first: bool, desk: bool) -> views.Head:
    """Who asks; in a channel of everybody's mentioned, so that they follow the thread."""
    inside = in_channel(question) and channels.is_in_channel(tx, question.channel, question.asker)
    entered = question.entered_by == question.asker
    hidden = question.audience == Audience.BODY and desk and not entered
    return views.Head(
        person=ANONYMOUS if hidden else called(tx, question.asker),
        body=body_of(tx, question),
        whole=whole(tx, question),
        ring=question.asker if first and inside and not entered else None,
        files=[str(file.get("name", "")) for row in asked(tx, question) for file in row.files],
        entered=entered,
    )


def contact_values(tx: Transaction, question: Question) -> ContactValues:
    """What somebody reads who has written to the bot alone."""
    space = workspace.workspace(tx)
    return ContactValues(
        id=question.id,
        number=question.number,
        until=words.short(question.next_at, space.zone) if question.next_at else "",
        places=bool(channels.with_purpose(tx, "consultation")),
        place=_place(tx, question),
        phone=_called_first(tx, question),
        opens=opens(tx, question),
        asks_what=_asks_what(tx, question, timelines.timeline(tx, question.id)),
    )


def _called_first(tx: Transaction, question: Question) -> str | None:
    """Whom to call when something has leaked: at the asker's body, where that is known, and at the prefecture."""
    own = offices.own_offices(tx).get(question.municipality_code or "")
    found = {
        "自団体": own.phone if own is not None else "",
        "県": workspace.workspace(tx).emergency_phone or "",
    }
    said = {who: phone for who, phone in found.items() if phone}
    if len(said) > 1:
        return "、".join(f"{who} {phone}" for who, phone in said.items())
    return next(iter(said.values()), None)


def _asks_what(tx: Transaction, question: Question, events: Sequence[Event]) -> bool:
    """Whether a picture is all that was asked, and its asker has not said what it is about."""
    pictured = question.asker_wrote_at is None and any(event.why == PICTURE for event in events)
    return pictured and says_only_picture(row.body for row in asked(tx, question))


def _place(tx: Transaction, question: Question) -> PlaceAsked | None:
    if not asks_within(tx, question.asker, question.id):
        body = section_within(tx, question.asker, question.id)
        return None if body is None else PlaceAsked(name=body, kept=True)
    member = members.member(tx, question.asker)
    found = guess(tx, member) if member is not None else None
    return PlaceAsked(found.code, found.name) if found else PlaceAsked()


def _asks_place(tx: Transaction, question: Question) -> str:
    """What the button says with which the asker may still say where they belong; "" when nothing is missing."""
    if asks_within(tx, question.asker, question.id):
        return WHERE
    return SECTION if section_within(tx, question.asker, question.id) else ""


def _asked_at_once(tx: Transaction, question: Question, events: Sequence[Event]) -> bool:
    """Whether the card's first post is what rings the responsible person; who got the question later has a notice."""
    if told(tx, "question.asked", f"{question.id}:asked"):
        return False
    moved = any(event.verb == Verb.NARROW for event in events)
    return (moved or question.state == State.ASSIGNED) and given_at_once(events) == question.responsible


def _is_away(tx: Transaction, question: Question) -> bool:
    """Whether the responsible person is away, and was not yet when they took it."""
    since = question.claimed_at or question.received_at
    return any(
        each.user_id == question.responsible and since < each.since <= tx.now < each.ends
        for each in absences.known(tx)
    )


def _next_day(tx: Transaction, space: Workspace, user_id: str | None) -> str | None:
    """The next day the responsible person works, when that is not today; nobody may know it yet."""
    talent = talents.talent(tx, user_id) if user_id else None
    if talent is None or not (talent.working_hours or talent.user_id in absences.away(tx, tx.now)):
        return None
    at = reachable(tx, talent.user_id, tx.now)
    if at >= absences.OPEN:
        return UNKNOWN
    if _date(at, space) == _date(tx.now, space):
        return None
    return words.short(at, space.zone).split(")")[0] + ")"


def _date(at: datetime, space: Workspace) -> str:
    return at.astimezone(ZoneInfo(space.zone)).date().isoformat()
