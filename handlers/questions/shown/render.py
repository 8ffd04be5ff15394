"""Renderers: they read a question afresh and hand plain values to the views. None = nothing left to say."""

from __future__ import annotations

from bot.domain import words
from bot.domain.asking import Audience
from bot.domain.question import ALIVE, CLOSES, OPEN, UNCLAIMED, Reason, State
from bot.domain.text import clean
from bot.feature import Message, Outgoing
from handlers.common.telling import reached
from handlers.questions.base.naming import asker_for, body_of, called, family_name, link_for
from handlers.questions.base.parts import is_helper, parts_of
from handlers.questions.base.routing import field_named
from handlers.questions.base.sides import RELAYED, helpers_channel, is_shut, pieces, whole
from handlers.questions.lifecycle.actions import ENDS
from handlers.questions.lifecycle.conversation import by_letter
from handlers.questions.lifecycle.offering import says_nothing
from handlers.questions.screens import beside, letters, views
from handlers.questions.screens.contact import contact
from handlers.questions.shown.cards import card_values, contact_values
from storage import channels, messages, questions, workspace
from storage.database import Transaction
from storage.letters import is_dead
from storage.questions import Question

_STILL_TRUE = {
    "question.asked": UNCLAIMED,
    "question.handed_over": UNCLAIMED,
    "question.escalated": UNCLAIMED,
    "question.narrowed": ALIVE,
    "question.call": OPEN,
    "question.reopened": UNCLAIMED,
    "question.asker_wrote": UNCLAIMED | {State.CLAIMED},
    "question.colleague_wrote": frozenset(State),
    "question.remind": frozenset(State) - {State.CLOSED, State.ANSWERED},
    "question.remind_desk": frozenset(State) - {State.CLOSED, State.ANSWERED},
    "question.resume": frozenset({State.CLAIMED}),
    "question.deadline": UNCLAIMED | {State.CLAIMED},
    "question.needed": OPEN,
    "question.answer": frozenset({State.ANSWERED}),
    "question.ask_back": frozenset({State.WAITING}),
    "question.replied": frozenset(State),
    "question.nudge": frozenset({State.ANSWERED, State.WAITING}),
    "question.withdrawn": frozenset({State.CLOSED}),
    "question.not_withdrawn": frozenset(State) - {State.CLOSED},
    "question.taken_back": frozenset(State),
    "question.not_arrived": frozenset(State),
    "question.unreachable": frozenset(State) - {State.CLOSED},
    "question.shut": OPEN,
    **dict.fromkeys((f"question.{verb.value}" for verb in ENDS), frozenset({State.CLOSED})),
}

_ENDED_AS = {f"question.{verb.value}": CLOSES[verb] for verb in ENDS}


_TO_RESPONSIBLE = {
    f"question.{what}"
    for what in (
        "asked",
        "handed_over",
        "escalated",
        "narrowed",
        "call",
        "asker_wrote",
        "colleague_wrote",
        "remind",
        "resume",
        "deadline",
        "needed",
        "not_withdrawn",
    )
}


def card(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The card as the question stands now."""
    question = questions.get(tx, outgoing.record_id)
    if question is None or (outgoing.first and question.close_reason == Reason.WITHDRAWN):
        return None  # withdrawn before anybody saw it: there may not even be a thread any more
    if question.audience == Audience.UNDECIDED and question.state != State.CLOSED:
        return contact(contact_values(tx, question))
    return views.card(card_values(tx, question, first=outgoing.first))


def desk_card(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The card of those who answer a question that has two sides."""
    question = questions.get(tx, outgoing.record_id)
    if question is None or (outgoing.first and question.close_reason == Reason.WITHDRAWN):
        return None
    return views.card(card_values(tx, question, first=outgoing.first, desk=True))


def relay(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """What somebody wrote on the other side."""
    row = messages.by_id(tx, outgoing.record_id)
    question = questions.get(tx, row.question_id) if row is not None and row.question_id is not None else None
    if row is None or question is None or (outgoing.first and row.deleted_at is not None):
        return None
    asks = row.author == question.asker
    who = asker_for(tx, question, "") if asks else f"{family_name(tx, row.author)}さん"
    if row.deleted_at is not None:
        return beside.relay(who, None, ())
    said, part = pieces(row.body), int(outgoing.values.get("part", 0))
    if part >= len(said):  # it was longer once
        return None if outgoing.first else beside.relay(who, "(短くなりました)", ())
    files = [str(file.get("name", "")) for file in row.files] if part == 0 else []
    return beside.relay(f"{who}(続き)" if part else who, said[part], files, most=RELAYED)


def relay_file(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """A file on the other side, as long as its message has it."""
    row, file_id = messages.by_id(tx, outgoing.record_id), str(outgoing.values["file"])
    there = row is not None and row.deleted_at is None and any(each["id"] == file_id for each in row.files)
    if there:
        return Message(text="", file=file_id)
    return Message(text="")


def mark(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The reaction on the asker's message."""
    question = questions.get(tx, outgoing.record_id)
    return None if question is None else Message(text="", emoji=views.MARKS[State(question.state)])


def _may_read(tx: Transaction, question: Question, renderer: str, user: str) -> bool:
    """Whether a notice is still theirs: what has become of the question, and of them, since it was wanted."""
    if question.audience == Audience.UNDECIDED and user != question.asker:
        return False
    if renderer in letters.TO_ANSWER and not is_helper(parts_of(tx, question, user)):
        return False
    return renderer not in _TO_RESPONSIBLE or question.responsible == user


def _is_answered(question: Question, renderer: str) -> bool:
    """Whether whoever was to be reminded has written meanwhile."""
    spoke, asked = question.talent_wrote_at, question.asker_wrote_at
    if renderer not in _REMINDS or spoke is None:
        return False
    rests = question.later_at if renderer == "question.resume" else None
    return (asked is None or asked <= spoke) and (rests is None or rests <= spoke)


_REMINDS = frozenset({"question.remind", "question.remind_desk", "question.resume"})


def notice(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """A notice, unless what it says is no longer true: then nobody is disturbed for it."""
    question = questions.get(tx, outgoing.record_id)
    user = str(outgoing.values["user"])
    if question is None or State(question.state) not in _STILL_TRUE[outgoing.renderer]:
        return None
    if question.close_reason != _ENDED_AS.get(outgoing.renderer, question.close_reason):
        return None
    if not _may_read(tx, question, outgoing.renderer, user) or _is_answered(question, outgoing.renderer):
        return None
    if outgoing.renderer == "question.taken_back" and question.responsible == user:
        return None
    if outgoing.renderer == "question.shut" and not channels.is_shut(tx, question.channel):
        return None
    lost = outgoing.values.get("lost")
    if lost is not None and not is_dead(tx, lost):
        return None
    taken_back = outgoing.values.get("takes_back")
    if taken_back is not None and not reached(tx, taken_back["renderer"], taken_back["key"]):
        return None
    space, letter = workspace.workspace(tx), by_letter(tx, question, outgoing.renderer, user)
    field = field_named(tx, question.field_id)
    return letters.notice(
        outgoing.renderer,
        letters.NoticeValues(
            id=question.id,
            number=f"No.{question.number}",
            state=State(question.state),
            shut=is_shut(tx, question, user),
            who=f"担当の{called(tx, question.responsible)}" if question.responsible else "県の担当",
            asker=asker_for(tx, question, user),
            phone=question.phone if user == question.responsible else None,
            body=body_of(tx, question),
            field=field.short if field else "その他",
            target=words.short(question.target_at, space.zone),
            needed=words.day(question.needed_on) if question.needed_on else "未定",
            whole=whole(tx, question) if letter is None else letter[0],
            said=clean(str(outgoing.values.get("said") or "")) if letter is None else "",
            goes_on=letter is not None and len(letter) > 1,
            late=bool(outgoing.values.get("late")),
            link=link_for(tx, space, question, user),
        ),
    )


def elsewhere(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The private answer to somebody who called the bot in another's thread."""
    question = questions.get(tx, outgoing.record_id)
    if question is None:
        return None
    place = helpers_channel(question) or question.channel
    watched = channels.purpose(tx, place) in {"consultation", "practice"}
    return beside.elsewhere(f"No.{question.number}", call=not watched)


def offer(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The private offer to register a kept message; none when it became a question meanwhile."""
    channel, ts = str(outgoing.values["channel"]), str(outgoing.values["ts"])
    row = messages.find(tx, channel, ts)
    if row is None or row.question_id is not None or row.deleted_at is not None:
        return None
    return beside.offer(channel, ts, called=bool(outgoing.values.get("called")), empty=says_nothing(row))
