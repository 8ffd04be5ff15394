"""What a session said about a question goes back into its thread, once, and is offered as an entry: to who answered, else
to who wrote it down."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from bot.domain.question import ALIVE
from bot.domain.text import clean, excerpt
from bot.feature import Message, Outgoing
from handlers.common.telling import tell
from handlers.faq.followup import who_answered
from handlers.faq.notices import OFFER
from handlers.questions.base.parts import is_helper, parts_of
from handlers.questions.base.sides import asked, helpers_channel, helpers_thread, in_channel, is_everybodys
from handlers.rota.office import coordinators
from handlers.study import gathering, record_views
from handlers.study.meeting import values_of
from storage import faq, meetings, outbox, overview, questions, study
from storage.database import Transaction
from storage.meetings import Meeting, Outcome
from storage.questions import Question, is_stamp

IN_THREAD, AT_ASKER, TO_KEEP = "study.outcome", "study.outcome_asker", "study.to_keep"
LOOKED_AT, MOST = timedelta(days=90), 100
"""Questions of so long are offered, and so many: a menu holds no more."""
_TITLE = 50


def planned(tx: Transaction, meeting: Meeting) -> list[int]:
    """The questions that were on the agenda of a session, in its order; they may be closed by now."""
    agenda = gathering.on_agenda(tx, study.need(tx, meeting.series_id), meeting.on)
    return [each.question_id for each in agenda if each.question_id is not None]


def offered(tx: Transaction, more: Collection[int] = ()) -> list[Question]:
    """The questions a session may have spoken of: those that are not closed and that everybody may read, the newest first;
    and of `more`, which were on its agenda or spoken of before, those everybody may still read."""
    recent = overview.page(tx, overview.received(tx.now - LOOKED_AT, ALIVE), most=MOST)
    known = {each.id for each in recent}
    others = [each for key in sorted(more) if key not in known and (each := questions.get(tx, key))]
    may = [each for each in (*others, *recent) if _may_be_spoken_of(tx, each)]
    return may[:MOST]


def _may_be_spoken_of(tx: Transaction, question: Question) -> bool:
    there = helpers_channel(question) is not None and helpers_thread(question) is not None
    return there and not question.practice and is_everybodys(tx, question)


def titles(tx: Transaction, found: Sequence[Question]) -> dict[int, str]:
    """How questions are called in a menu, by id."""
    said = {each.id: " ".join(clean(row.body) for row in asked(tx, each)) for each in found}
    return {each.id: f"No.{each.number} {excerpt(said[each.id], _TITLE)}" for each in found}


def keep(tx: Transaction, meeting: Meeting, said: Mapping[int, str], user: str) -> list[Question]:
    """Keep what was said about questions, show it in their threads and offer it to who answered. Returns what whoever wrote
    it may keep as an entry on the spot: what they answered themselves, or nobody did."""
    found = meetings.say(tx, meeting.id, said, user) if said else []
    theirs = []
    for outcome in found:
        question = questions.need(tx, outcome.question_id)
        outbox.want(tx, *_rows(meeting, outcome, question))
        if faq.from_question(tx, question.id) is not None:
            continue
        answered = who_answered(tx, question)
        if answered is not None and answered != user:
            tell(tx, answered, TO_KEEP, outcome.id, key=str(question.id), series=OFFER)
        elif is_helper(parts_of(tx, question, user)):
            theirs.append(question)
        else:
            _offer_the_office(tx, outcome)
    return theirs


def _offer_the_office(tx: Transaction, outcome: Outcome) -> None:
    """What nobody answered in writing, and whoever wrote it down may not keep."""
    for person in coordinators(tx):
        key = f"{outcome.question_id}:{person}"
        tell(tx, person, TO_KEEP, outcome.id, key=key, values={"office": True}, series=OFFER)


def _rows(meeting: Meeting, outcome: Outcome, question: Question) -> list[outbox.Row]:
    """Its place in the thread of those who answer, and where the asker reads if that is another."""
    about = f"{meeting.series_id}:{meeting.on}:{question.channel}:{question.ts}"
    rows = []
    to, ts = helpers_channel(question), helpers_thread(question)
    if to is not None and ts is not None:
        rows.append(outbox.card(IN_THREAD, outcome.id, to, ts, about=about))
    if not in_channel(question) and is_stamp(question.thread_ts) and question.channel:
        rows.append(outbox.card(AT_ASKER, outcome.id, question.channel, question.thread_ts, about=about))
    return rows


def in_thread(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """What a session said, as it is written now; nothing in the thread of what not everybody may read any more."""
    outcome = meetings.outcome(tx, outgoing.record_id)
    question = questions.get(tx, outcome.question_id) if outcome is not None else None
    if outcome is None or question is None or not is_everybodys(tx, question):
        return None
    name = values_of(tx, meetings.need(tx, outcome.meeting_id)).name
    return record_views.in_thread(name, outcome.body)


def to_keep(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The offer; nothing when it is an entry already."""
    outcome = meetings.outcome(tx, outgoing.record_id)
    question = questions.get(tx, outcome.question_id) if outcome is not None else None
    if outcome is None or question is None or faq.from_question(tx, question.id) is not None:
        return None
    name = values_of(tx, meetings.need(tx, outcome.meeting_id)).name
    theirs = not outgoing.values.get("office")
    return record_views.to_keep(name, question.number, question.id, outcome.body, theirs=theirs)


RENDERERS = {IN_THREAD: in_thread, AT_ASKER: in_thread, TO_KEEP: to_keep}
