"""Opening a question from what was asked: field, number, the right person, the card, the next step."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.fields import OTHER, guess_field
from bot.domain.question import Facts, Part, State, Verb, plan, target
from bot.domain.routing import NobodyToAsk, Routing
from bot.domain.text import clean
from handlers.questions.life import CARD, MARK, TARGETS, move, ring, schedule
from handlers.questions.routing import calendar_of, route
from storage import channels, members, messages, outbox, questions, workspace
from storage.database import Transaction
from storage.questions import Question

LATE = timedelta(minutes=15)


def open_question(tx: Transaction, channel: str, group_ts: str, *, actor: str, practice: bool) -> int:
    """Make the messages of one asking a question and give it to somebody; returns its id.

    The question stands even when nobody can be asked: it is then without a responsible person, which the auditor
    reports until a talent or coordinator is registered.
    """
    rows = [row for row in messages.of_group(tx, channel, group_ts) if row.deleted_at is None]
    rows = rows or messages.of_group(tx, channel, group_ts)
    first = rows[0]
    member = members.member(tx, first.author)
    if member is None:
        members.save_stranger(tx, first.author)
    space, fields = workspace.workspace(tx), workspace.all_fields(tx)
    calendar = calendar_of(space)
    guess = guess_field(clean("\n".join(row.body for row in rows)), fields)
    field = next((field for field in fields if field.id == guess.field_id), None)
    due_at = target(tx.now, TARGETS, calendar)
    code = member.municipality_code if member else None
    routing: Routing | None
    try:
        routing = route(tx, space, field, code, due_at, asker=first.author, desk=space.intake == "desk")
    except NobodyToAsk:
        routing = None
    chosen = routing.chosen if routing else None
    state = State.ASSIGNED if chosen else State.RECEIVED
    step = plan(Facts(state, due_at, tx.now), TARGETS, calendar, tx.now)
    verbs: list[tuple[str, str, str | None]] = [(Verb.RECEIVE.value, State.RECEIVED.value, None)]
    if chosen:
        verbs.append((Verb.ASSIGN.value, State.ASSIGNED.value, chosen.user_id))
    question_id = questions.add(
        tx,
        actor=actor,
        verbs=verbs,
        number=questions.next_number(tx, practice=practice),
        practice=practice,
        channel=channel,
        ts=first.ts,
        thread_ts=first.thread_ts or first.ts,
        asker=first.author,
        municipality_code=code,
        section=member.section if member else None,
        field_id=field.id if field else None,
        state=state.value,
        responsible=chosen.user_id if chosen else None,
        reasons=[reason.code.value for reason in chosen.reasons] if chosen else [],
        received_at=tx.now,
        target_at=due_at,
        next_step=step.step.value if step else None,
        next_at=step.at if step else None,
    )
    messages.change(tx, [row.id for row in rows], question_id=question_id, asks=True, set_aside=None)
    _announce(tx, questions.need(tx, question_id))
    return question_id


def _announce(tx: Transaction, question: Question) -> None:
    """The card carries the mention of the responsible person; who is not in the channel gets a direct message."""
    outbox.want_card(tx, CARD, question.id, question.channel, question.thread_ts, clicked=False)
    outbox.want_mark(tx, MARK, question.id, question.channel, question.ts)
    schedule(tx, question)
    if question.responsible and not channels.is_in_channel(tx, question.channel, question.responsible):
        ring(tx, question, question.responsible, "question.asked", "asked")


def field_again(tx: Transaction, question: Question) -> None:
    """More was asked: if the field was not clear before, it may be now. Nobody else is asked for that."""
    if question.field_id not in {None, OTHER} or question.state == State.CLOSED:
        return
    rows = messages.of_question(tx, question.id, asks=True)
    text = clean("\n".join(row.body for row in rows if row.deleted_at is None))
    guess = guess_field(text, workspace.all_fields(tx))
    if guess.field_id not in {OTHER, question.field_id}:
        move(tx, question, Verb.SET_FIELD, None, why=Part.SYSTEM.value, field_id=guess.field_id)
