"""「相談として登録」, and opening what is stored already."""

from __future__ import annotations

from bot.errors import NotFound, NotPossibleNow, NotYours
from handlers.questions.base.incoming import is_direct
from handlers.questions.base.parts import may_read, parts_of
from handlers.questions.base.sides import in_channel
from handlers.questions.intake.direct import details_for
from handlers.questions.lifecycle.offering import IN_THE_DESK, says_nothing
from handlers.questions.lifecycle.opening import open_group
from handlers.questions.lifecycle.replies import adopt
from storage import channels, members, messages, questions
from storage.database import Transaction
from storage.messages import MessageRow
from storage.questions import Question

STAFF = frozenset({"talent", "coordinator", "staff", "admin"})
_OWN = "ご自分の相談は、「相談する」からお書きください。"


def register(tx: Transaction, channel: str, ts: str, actor: str) -> int:
    """「相談として登録」: make a kept message a question; returns the question's id, the present one if it is one. What
    somebody else wrote in a question's thread becomes one of their own there.

    Raises:
        NotFound, NotPossibleNow: it is not known, was deleted meanwhile, or says nothing yet.
        NotYours: neither its author nor somebody who answers and could read it there.
    """
    row = messages.find(tx, channel, ts)
    if row is None:
        raise NotFound()
    member = None if is_direct(channel) else members.member(tx, actor)
    if actor != row.author and (member is None or member.permission not in STAFF):
        raise NotYours("登録できるのは、書いた方とアドバイザー、県の担当です。記録は変わっていません。")
    shut_out = not channels.is_everybodys(tx, channel) and not channels.is_in_channel(tx, channel, actor)
    if actor != row.author and shut_out:  # a value can be forged: they could not have read it
        raise NotYours()
    if row.question_id is not None:
        question = questions.need(tx, row.question_id)
        if not may_read(tx, question, actor):
            raise NotYours()
        if not _is_outsiders(tx, question, row):
            return question.id
        if not in_channel(question):  # its words have been carried to the other side
            number = f"No.{question.number}"
            raise NotPossibleNow(f"この書き込みは、相談 {number} の場所に残してあります。{_OWN}")
    if row.deleted_at is not None:
        raise NotPossibleNow("もとの書き込みは消されています。ご相談の内容を、もう一度お書きください。")
    if channels.purpose(tx, channel) == "desk":
        raise NotPossibleNow(IN_THE_DESK)
    group = messages.of_group(tx, channel, row.group_ts) if row.group_ts else [row]
    if all(says_nothing(part) for part in group if part.deleted_at is None):
        raise NotPossibleNow("ご相談の内容がまだ書かれていません。このチャンネルに続けてお書きください。")
    if row.group_ts is None:
        messages.change(tx, [row.id], group_ts=row.ts)
    return open_kept(tx, channel, row.group_ts or row.ts, actor=actor)


def _is_outsiders(tx: Transaction, question: Question, row: MessageRow) -> bool:
    """Whether words in a question's thread are of somebody who neither asks it nor answers it."""
    return not row.asks and not parts_of(tx, question, row.author)


def open_kept(tx: Transaction, channel: str, group_ts: str, *, actor: str) -> int:
    """Make stored messages a question, with what was written below them meanwhile."""
    practice = channels.purpose(tx, channel) == "practice"
    details = details_for(channel)
    question_id = open_group(tx, channel, group_ts, actor=actor, practice=practice, details=details)
    for row in messages.of_group(tx, channel, group_ts):
        adopt(tx, question_id, messages.kept_below(tx, channel, row.ts))
    return question_id
