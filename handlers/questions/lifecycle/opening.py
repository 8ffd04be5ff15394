"""Opening a question from what was asked: field, number, the right person, the card, the next step."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from bot.domain.asking import WRITTEN, Audience, Details
from bot.domain.fields import OTHER, Field, guess_field
from bot.domain.judging import Reason, judge
from bot.domain.next_step import Facts, plan
from bot.domain.question import Part, State, Verb
from bot.domain.routing import NobodyToAsk, Routing
from bot.domain.text import clean
from bot.errors import NotOpenYet
from handlers.common.telling import tell
from handlers.common.working import reachable
from handlers.members.introducing import ask_body, ask_within
from handlers.members.visitors import is_visitor
from handlers.questions.base.routing import calendar_of, field_named, given, route
from handlers.questions.base.sides import show
from handlers.questions.lifecycle.moves import move, new_target, schedule
from handlers.questions.lifecycle.passing import pass_on_if_barred
from storage import members, messages, questions, talents, timelines, workspace
from storage.database import Transaction
from storage.members import Member
from storage.offices import calendar_of_body
from storage.questions import Question
from storage.talents import Standing
from storage.timelines import Event
from storage.workspace import Workspace

Near = Sequence[tuple[str, float]]
"""Fields, and how near what is of them (0 to 1)."""
LATE = timedelta(minutes=15)
OPENED = "question.opened"
"""Woken when somebody has asked."""
CHOSEN = "chosen"
"""Why a question that was received has its field: it was chosen, not guessed."""
PICTURE = "picture"
"""Why it was received without one: nothing was said beside a picture, and the asker is asked what it is about."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked, as one: `ts` is its first message, `thread_ts` the thread it was asked in, if any. What did not begin
    with a message has a natural key for `ts`; it stands in its card, which begins a thread. `desk` is where those who
    answer write, if that is another place."""

    channel: str
    ts: str
    thread_ts: str | None
    author: str
    texts: tuple[str, ...]
    desk: str | None = None


def open_question(
    tx: Transaction, asking: Asking, *, actor: str, practice: bool, details: Details = WRITTEN
) -> int:
    """Make an asking a question and give it to somebody; returns its id. `actor` made it one: the asker, or who
    registered it.

    The question stands even when nobody can be asked: it is then without a responsible person, which the auditor
    reports until a talent or coordinator is registered.

    Raises:
        NotOpenYet: only practice is possible so far.
    """
    if not practice and not workspace.workspace(tx).is_open:
        raise NotOpenYet()
    member = members.member(tx, asking.author)
    if member is None:
        members.save_stranger(tx, asking.author)
    code, part = belongs(member, details)
    standing = talents.standing(tx, asking.desk or asking.channel, code)
    begins = _begin(tx, asking, details, code, standing)
    question_id = questions.add(
        tx,
        actor=actor,
        verbs=_first_events(begins["responsible"], _why(asking, details)),
        number=questions.next_number(tx, practice=practice),
        practice=practice,
        channel=asking.channel,
        ts=asking.ts,
        thread_ts=asking.thread_ts or asking.ts,
        desk_channel=asking.desk,
        asker=asking.author,
        municipality_code=code,
        section=part,
        **begins,
        **how(details),
    )
    tx.wakes.add(OPENED)
    schedule(tx, question_id, begins["next_at"])
    if actor == asking.author:
        _ask_body(tx, actor, question_id, details)
    announce(tx, questions.need(tx, question_id), standing.present)
    return question_id


def _ask_body(tx: Transaction, asker: str, question_id: int, details: Details) -> None:
    if details.audience is Audience.UNDECIDED:
        ask_within(tx, asker, question_id)
    else:
        ask_body(tx, asker)


def _begin(
    tx: Transaction, asking: Asking, details: Details, code: str | None, standing: Standing
) -> dict[str, Any]:
    """The columns in which a question begins: its field, who gets it and why, until when, what comes next."""
    space, field = workspace.workspace(tx), field_of(tx, asking.texts, details.field_id)
    due_at, undecided = new_target(tx, details), details.audience is Audience.UNDECIDED
    routing = (
        None if undecided else _choose(tx, space, field, code, due_at, asking.author, standing, asking.desk)
    )
    state = State.ASSIGNED if routing else State.RECEIVED
    clock = calendar_of_body(tx, space, code) if undecided else calendar_of(space)
    facts = Facts(state, due_at, tx.now, undecided=undecided, needed_on=details.needed_on)
    step = plan(facts, space.targets, clock, tx.now)
    return {
        "field_id": field.id if field else None,
        "state": state.value,
        **(given(routing, field.id if field else None) if routing else {"responsible": None, "reasons": []}),
        "received_at": details.received_at or tx.now,
        "target_at": due_at,
        "next_step": step.step.value if step else None,
        "next_at": step.at if step else None,
    }


def belongs(member: Member | None, details: Details) -> tuple[str | None, str | None]:
    """The asker's municipality and section: as a form says, else as we know them."""
    if details.municipality_code is not None or member is None:
        return details.municipality_code, details.section
    return member.municipality_code, details.section or member.section


def how(details: Details) -> dict[str, Any]:
    """What is stored as the form said it."""
    apart = {"field_id", "received_at", "municipality_code", "section"}
    return {f.name: getattr(details, f.name) for f in fields(details) if f.name not in apart}


def open_group(
    tx: Transaction, channel: str, group_ts: str, *, actor: str, practice: bool, details: Details = WRITTEN
) -> int:
    """Make messages that are stored already a question; returns its id."""
    rows = messages.of_group(tx, channel, group_ts)
    rows = [row for row in rows if row.deleted_at is None] or rows
    first = rows[0]
    asking = Asking(channel, first.ts, first.thread_ts, first.author, tuple(row.body for row in rows))
    question_id = open_question(tx, asking, actor=actor, practice=practice, details=details)
    messages.change(tx, [row.id for row in rows], question_id=question_id, asks=True, set_aside=None)
    return question_id


def is_chosen(events: Iterable[Event]) -> bool:
    """Whether somebody chose the field of a question with these events, be it 「その他」: no guess is put in its place."""
    return any(
        event.why == CHOSEN or (event.verb == Verb.SET_FIELD and event.actor is not None) for event in events
    )


def _why(asking: Asking, details: Details) -> str | None:
    if details.field_id:
        return CHOSEN
    return PICTURE if says_only_picture(asking.texts) else None


def says_only_picture(texts: Iterable[str]) -> bool:
    """Whether these words, beside a picture, do not say what it is about."""
    return judge("\n".join(texts), has_files=True).reason is Reason.PICTURE_ONLY


def _first_events(person: str | None, field: str | None) -> list[tuple[str, str, str | None]]:
    received = (Verb.RECEIVE.value, State.RECEIVED.value, field)
    return [received, (Verb.ASSIGN.value, State.ASSIGNED.value, person)] if person else [received]


def field_of(
    tx: Transaction, texts: Iterable[str], chosen: str | None = None, near: Near = ()
) -> Field | None:
    """The field somebody chose, else the one the words speak of; `near` speaks where they do not (`guess_field`)."""
    known = workspace.all_fields(tx)
    found = chosen or guess_field(clean("\n".join(texts)), known, near).field_id
    return next((field for field in known if field.id == found), None)


def _choose(
    tx: Transaction,
    space: Workspace,
    field: Field | None,
    code: str | None,
    due_at: datetime,
    asker: str,
    standing: Standing,
    talks_in: str | None,
) -> Routing | None:
    """The desk first, where it wants that or somebody of another organisation asks; without a desk, anybody who fits."""
    desk_first = space.intake == "desk" or is_visitor(tx, asker, "")
    for desk in (True, False) if desk_first else (False,):
        with contextlib.suppress(NobodyToAsk):
            return route(
                tx, space, field, code, due_at, asker=asker, desk=desk, standing=standing, talks_in=talks_in
            )
    return None


def choose_person(tx: Transaction, question: Question, standing: Standing) -> Routing | None:
    """Who gets a question that nobody has yet."""
    field, code = field_named(tx, question.field_id), question.municipality_code
    return _choose(
        tx,
        workspace.workspace(tx),
        field,
        code,
        question.target_at,
        question.asker,
        standing,
        question.desk_channel,
    )


def announce(tx: Transaction, question: Question, present: Collection[str]) -> None:
    """The card carries the mention of the responsible person; who is not in the channel, or does not work now, gets a direct
    message: then the card mentions nobody."""
    show(tx, question)
    user = question.responsible
    if user is not None and (user not in present or reachable(tx, user, tx.now) > tx.now):
        tell(tx, user, "question.asked", question.id, key=f"{question.id}:asked")


def field_again(tx: Transaction, question: Question) -> None:
    """More was asked: if the field was not clear before, it may be now. Nobody else is asked for that."""
    if not is_unclear(question):
        return
    rows = messages.of_question(tx, question.id, asks=True)
    said = [row.body for row in rows if row.deleted_at is None]
    if any(row.files for row in rows) and says_only_picture(said[:-1]) and not says_only_picture(said):
        show(tx, question, mark=False)  # now it is said what the picture is about
    _guess_again(tx, question, said)


def field_from(tx: Transaction, question: Question, near: Near) -> None:
    """Of what nearly asks the same, the fields are known: that says which one this is of, if its words alone did not. Nobody
    else is asked for that."""
    if near and is_unclear(question):
        rows = messages.of_question(tx, question.id, asks=True)
        _guess_again(tx, question, [row.body for row in rows if row.deleted_at is None], near)


def is_unclear(question: Question) -> bool:
    """Whether a question's field may still be guessed, unless somebody chose it."""
    return question.field_id in {None, OTHER} and question.state != State.CLOSED


def _guess_again(tx: Transaction, question: Question, said: Sequence[str], near: Near = ()) -> None:
    if is_chosen(timelines.timeline(tx, question.id)):
        return
    field = field_of(tx, said, near=near)
    if field is not None and field.id not in {OTHER, question.field_id}:
        after = move(tx, question, Verb.SET_FIELD, None, why=Part.SYSTEM.value, field_id=field.id)
        pass_on_if_barred(tx, after)
