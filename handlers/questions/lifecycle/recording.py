"""A question that was asked and answered elsewhere, on the telephone or face to face: it is counted, and nobody is rung but
who asked, if somebody else entered it for them: they read once what was kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.asking import Details
from bot.domain.question import Reason, State, Verb
from bot.domain.text import clean
from bot.errors import NotOpenYet
from bot.feature import Message, Outgoing
from handlers.common.telling import tell
from handlers.questions.lifecycle.moves import new_target
from handlers.questions.lifecycle.opening import belongs, field_of, how
from handlers.questions.lifecycle.replies import Said, keep_said
from handlers.questions.screens import letters
from storage import members, messages, questions, workspace
from storage.database import Transaction

RECORDED = "question.recorded"


def record(tx: Transaction, asker: str, text: str, answer: str, details: Details, *, source: str) -> int:
    """Keep an answered question; returns its id, the same for the same source.

    Args:
        asker: the Slack user who asked, or who entered it for somebody who is not there.
        details: `entered_by` answered, `received_at` is when.
        source: the natural key of what was entered.

    Raises:
        NotOpenYet: only practice is possible so far.
    """
    if not workspace.workspace(tx).is_open:
        raise NotOpenYet()
    before = messages.find(tx, "", source)
    if before is not None and before.question_id is not None:
        return before.question_id
    member = members.member(tx, asker)
    if member is None:
        members.save_stranger(tx, asker)
    code, part = belongs(member, details)
    field, at = field_of(tx, [text], details.field_id), details.received_at or tx.now
    question_id = questions.add(
        tx,
        actor=details.entered_by,
        verbs=[(Verb.RECEIVE, State.RECEIVED, None), (Verb.BY_PHONE, State.CLOSED, None)],
        number=questions.next_number(tx, practice=False),
        practice=False,
        channel="",
        ts=source,
        thread_ts=source,
        asker=asker,
        municipality_code=code,
        section=part,
        field_id=field.id if field else None,
        responsible=details.entered_by,
        **_ended(tx, at),
        target_at=new_target(tx, details),
        **how(details),
    )
    keep_said(tx, question_id, Said("", source, asker, text, at), asks=True)
    answered = Said("", f"{source}:answer", details.entered_by or asker, answer, at)
    keep_said(tx, question_id, answered, asks=False)
    if asker != details.entered_by:
        tell(tx, asker, RECORDED, question_id, key=str(question_id))
    return question_id


def recorded(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """To who asked: the number, what they asked and what they heard; nothing when that was reopened meanwhile."""
    question = questions.get(tx, outgoing.record_id)
    if question is None or question.state != State.CLOSED:
        return None
    rows = [row for row in messages.of_question(tx, question.id) if row.deleted_at is None]
    said = {asks: "\n".join(clean(row.body) for row in rows if row.asks == asks) for asks in (True, False)}
    return letters.recorded(f"No.{question.number}", said[True], said[False])


def _ended(tx: Transaction, at: datetime) -> dict[str, Any]:
    """The columns of a question that was answered when it was received."""
    answered = dict.fromkeys(("received_at", "claimed_at", "first_reply_at", "answered_at"), at)
    return {
        "state": State.CLOSED,
        "close_reason": Reason.BY_PHONE,
        "reasons": [],
        "closed_at": tx.now,
        **answered,
    }


RENDERERS = {RECORDED: recorded}
