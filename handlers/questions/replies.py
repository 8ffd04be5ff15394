"""Words in a question's thread: a talent's first reply claims it, an asker's further word reopens it."""

from __future__ import annotations

from typing import Any

from bot.domain.judging import is_only_thanks, judge
from bot.domain.question import FROM, Part, State, Verb
from handlers.questions.incoming import Incoming
from handlers.questions.life import is_helper, move, parts_of, ring
from storage import messages, questions
from storage.database import Transaction
from storage.questions import Question


def reply(tx: Transaction, question: Question, message: Incoming) -> None:
    """Store a word in the thread and let it move the question. The thread stays for people: others' words are kept
    and change nothing."""
    responsible_wrote = question.responsible is not None and messages.has_written(
        tx, question.id, question.responsible
    )
    messages.add(
        tx,
        channel=message.channel,
        ts=message.ts,
        thread_ts=message.thread_ts,
        author=message.author,
        body=message.text,
        files=list(message.files),
        edited_ts=message.edited_ts,
        written_at=message.written_at,
        question_id=question.id,
    )
    parts = parts_of(tx, question, message.author)
    if Part.ASKER in parts:
        _asker_wrote(tx, question, message, responsible_wrote)
    elif is_helper(parts):
        _helper_wrote(tx, question, message)


def _asker_wrote(tx: Transaction, question: Question, message: Incoming, responsible_wrote: bool) -> None:
    courtesy = not judge(message.text, has_files=bool(message.files)).is_question
    if question.state in {State.ANSWERED, State.CLOSED} and not courtesy:
        after = move(tx, question, Verb.REOPEN, message.author, asker_wrote_at=tx.now)
        _pass_on(tx, after, message.ts, rung_by_slack=responsible_wrote)
    elif question.state == State.WAITING and not is_only_thanks(message.text):
        back = State.CLAIMED if question.claimed_at else State.ASSIGNED
        move(
            tx,
            question,
            Verb.ASKER_WROTE,
            message.author,
            state=back,
            asker_wrote_at=tx.now,
            nudged_at=None,
            talent_wrote_at=None,
        )
    else:
        questions.touch(tx, question.id, asker_wrote_at=tx.now)


def _pass_on(tx: Transaction, question: Question, ts: str, *, rung_by_slack: bool) -> None:
    """Slack rings everybody who wrote in a thread; somebody who did not must be rung by us."""
    if question.responsible is not None and not rung_by_slack:
        ring(tx, question, question.responsible, "question.reopened", f"reopened:{ts}")


def _helper_wrote(tx: Transaction, question: Question, message: Incoming) -> None:
    first: dict[str, Any] = {} if question.first_reply_at else {"first_reply_at": tx.now}
    if question.state != State.ANSWERED and State(question.state) in FROM[Verb.CLAIM]:
        claimed = move(tx, question, Verb.CLAIM, message.author, responsible=message.author, **first)
        move(tx, claimed, Verb.TALENT_WROTE, message.author, talent_wrote_at=tx.now)
    elif question.state == State.CLAIMED and message.author == question.responsible:
        move(tx, question, Verb.TALENT_WROTE, message.author, talent_wrote_at=tx.now, **first)
    else:
        questions.touch(tx, question.id, **first)
