"""「相談として登録」, and opening what is stored already."""

from __future__ import annotations

from bot.errors import NotFound, NotPossibleNow, NotYours
from handlers.questions.base.incoming import is_direct
from handlers.questions.base.parts import may_read
from handlers.questions.intake.direct import details_for
from handlers.questions.lifecycle.offering import says_nothing
from handlers.questions.lifecycle.opening import open_group
from handlers.questions.lifecycle.replies import adopt
from storage import channels, members, messages, questions
from storage.database import Transaction

STAFF = frozenset({"talent", "coordinator", "staff", "admin"})
IN_THE_DESK = (
    "ここは県と担当だけの場所です。相談は「相談する」か「電話・訪問の相談を登録」から登録してください。"
)


def register(tx: Transaction, channel: str, ts: str, actor: str) -> int:
    """「相談として登録」: make a kept message a question; returns the question's id, the present one if it is one.

    Raises:
        NotFound, NotPossibleNow: it is not known, was deleted meanwhile, or says nothing yet.
        NotYours: neither its author nor somebody who answers.
    """
    row = messages.find(tx, channel, ts)
    if row is None:
        raise NotFound()
    member = None if is_direct(channel) else members.member(tx, actor)
    if actor != row.author and (member is None or member.permission not in STAFF):
        raise NotYours("登録できるのは、書いた方とアドバイザー、県の担当です。記録は変わっていません。")
    if row.question_id is not None:
        question = questions.need(tx, row.question_id)
        if not may_read(tx, question, actor):
            raise NotYours()
        return question.id
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


def open_kept(tx: Transaction, channel: str, group_ts: str, *, actor: str) -> int:
    """Make stored messages a question, with what was written below them meanwhile."""
    practice = channels.purpose(tx, channel) == "practice"
    details = details_for(channel)
    question_id = open_group(tx, channel, group_ts, actor=actor, practice=practice, details=details)
    for row in messages.of_group(tx, channel, group_ts):
        adopt(tx, question_id, messages.kept_below(tx, channel, row.ts))
    return question_id
