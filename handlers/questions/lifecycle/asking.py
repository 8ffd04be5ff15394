"""Asking without a message of one's own: from a dialog, a command, on the telephone. The card begins the thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.asking import Audience, Details
from bot.feature import FirstPost
from handlers.questions.base.barred import tell_of_barred
from handlers.questions.base.incoming import is_direct
from handlers.questions.base.sides import CARD, DESK_CARD, desk_for, own_card, relay_all
from handlers.questions.lifecycle.conversation import go_on
from handlers.questions.lifecycle.opening import Asking, open_question
from handlers.questions.lifecycle.replies import Said, adopt, keep_said
from storage import channels, faq_use, messages, outbox, questions
from storage.database import Transaction
from storage.questions import Question, is_stamp


def ask(
    tx: Transaction,
    asker: str,
    text: str,
    details: Details,
    *,
    source: str,
    channel: str | None,
    files: Sequence[Mapping[str, str]] = (),
) -> int:
    """Make what somebody entered a question; returns its id, the same for the same source.

    Args:
        asker: the Slack user who asks, or for whom it was entered (`details.entered_by` says by whom).
        text: the words, in Slack's form.
        source: the natural key of what was entered, with a colon (`view:V0123`), as a Slack timestamp has none.
        channel: the 相談チャンネル in which an open question appears. A private one lives in the asker's direct message,
            and so does one that hides their name, for them.
        files: what was uploaded with it, by id and name.
    """
    if is_stamp(source):
        raise ValueError(f"no natural key: {source!r}")
    place = (channel or "") if details.audience is Audience.OPEN else ""
    before = messages.find(tx, place, source)
    if before is not None and before.question_id is not None:
        return before.question_id
    faq_use.asked_after_all(tx, source)
    desk = None if place else desk_for(tx, details.audience, channel)
    practice = channel is not None and channels.purpose(tx, channel) == "practice"
    actor = details.entered_by or asker
    asking = Asking(place, source, None, asker, (text,), desk)
    question_id = open_question(tx, asking, actor=actor, practice=practice, details=details)
    said = Said(place, source, asker, text, details.received_at or tx.now, tuple(files))
    keep_said(tx, question_id, said, asks=True)
    return question_id


def on_posted(tx: Transaction, post: FirstPost) -> None:
    """A thread that begins with a card is where that was posted; what was written below it before we knew counts as
    well, and what was written on the other side is shown there."""
    if post.user_id is not None and is_direct(post.channel):
        channels.met_directly(tx, post.channel, post.user_id)
    if post.renderer not in {CARD, DESK_CARD}:
        go_on(tx, post)
        return
    question = questions.get(tx, post.record_id)
    if (
        question is None
        or (post.renderer == CARD and not question.rooted)
        or not _is_its_place(question, post)
    ):
        return
    before = question.thread_ts if post.renderer == CARD else question.desk_ts
    if post.renderer == CARD:
        questions.touch(tx, question.id, channel=post.channel, thread_ts=post.ts)
    else:
        questions.touch(tx, question.id, desk_ts=post.ts)
        outbox.want(tx, own_card(question))  # which may say where that is
        tell_of_barred(tx, questions.need(tx, question.id))
    adopt(tx, question.id, messages.kept_below(tx, post.channel, post.ts))
    if before is None or not is_stamp(before):
        relay_all(tx, questions.need(tx, question.id), post.channel)


def _is_its_place(question: Question, post: FirstPost) -> bool:
    """Whether a card stands where it should: it may have been moved while it was on its way."""
    if post.renderer == DESK_CARD:
        return post.channel == question.desk_channel
    return post.channel == question.channel if question.channel else is_direct(post.channel)
