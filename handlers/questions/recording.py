"""A question that was asked and answered elsewhere, on the telephone or face to face: it is counted, and nobody is rung."""

from __future__ import annotations

from bot.domain.asking import Details
from bot.domain.question import Reason, State, Verb
from bot.errors import NotOpenYet
from handlers.questions.life import new_target
from handlers.questions.opening import belongs, field_of, how
from storage import members, messages, questions, workspace
from storage.database import Transaction


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
        state=State.CLOSED,
        close_reason=Reason.BY_PHONE,
        responsible=details.entered_by,
        reasons=[],
        received_at=at,
        target_at=new_target(tx, details),
        claimed_at=at,
        first_reply_at=at,
        answered_at=at,
        closed_at=tx.now,
        **how(details),
    )
    _keep(tx, question_id, f"{source}", asker, text, details, asks=True)
    _keep(tx, question_id, f"{source}:answer", details.entered_by or asker, answer, details, asks=False)
    return question_id


def _keep(
    tx: Transaction, question_id: int, key: str, author: str, text: str, details: Details, *, asks: bool
) -> None:
    messages.add(
        tx,
        channel="",
        ts=key,
        thread_ts=None,
        author=author,
        body=text,
        files=[],
        question_id=question_id,
        asks=asks,
        set_aside=None,
        group_ts=None,
        edited_ts=None,
        written_at=details.received_at or tx.now,
    )
