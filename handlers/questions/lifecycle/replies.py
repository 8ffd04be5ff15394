"""Words in a question's thread: a talent's first reply claims it, an asker's further word reopens it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.asking import Audience
from bot.domain.judging import is_only_thanks, judge
from bot.domain.question import FROM, UNCLAIMED, Part, State, Verb
from handlers.common.working import at_work
from handlers.questions.base.incoming import Incoming
from handlers.questions.base.parts import is_helper, parts_of
from handlers.questions.base.sides import asked, hears_replies, in_channel, show, show_word
from handlers.questions.lifecycle.moves import anew_since, move
from handlers.questions.lifecycle.opening import field_again, says_only_picture
from handlers.questions.lifecycle.passing import pass_on_if_barred
from handlers.questions.lifecycle.ringing import of, ring, ring_word
from handlers.rota.leaving import has_left
from storage import messages, question_changes, questions
from storage.database import Transaction
from storage.messages import MessageRow
from storage.questions import Question


def keep(tx: Transaction, message: Incoming, **became: Any) -> None:
    """Store a message with what became of it (question_id, asks, group_ts, set_aside)."""
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
        **{"question_id": None, "asks": False, "group_ts": None, "set_aside": None, **became},
    )


@dataclass(frozen=True, slots=True)
class Said:
    """Words that are no Slack message: `key` is their natural key, `text` is in Slack's own form, `at` aware UTC."""

    channel: str
    key: str
    author: str
    text: str
    at: datetime
    files: tuple[Mapping[str, str], ...] = ()


def keep_said(tx: Transaction, question_id: int, said: Said, *, asks: bool) -> None:
    """Store words of a question that somebody entered in a dialog."""
    messages.add(
        tx,
        channel=said.channel,
        ts=said.key,
        thread_ts=None,
        author=said.author,
        body=said.text,
        files=[dict(file) for file in said.files],
        question_id=question_id,
        asks=asks,
        set_aside=None,
        group_ts=None,
        edited_ts=None,
        written_at=said.at,
    )


def reply(tx: Transaction, question: Question, message: Incoming) -> None:
    """Store a word in the thread and let it move the question. The thread stays for people: others' words are kept
    and change nothing."""
    if question.audience == Audience.UNDECIDED and message.author == question.asker:
        keep(
            tx, message, question_id=question.id, asks=True, group_ts=question.ts
        )  # still part of what is asked
        field_again(tx, question)
    else:
        keep(tx, message, question_id=question.id)
        if question.state == State.CLOSED:  # what was said is found: this as well
            question_changes.note(tx, question.id)
    show_word(tx, question, message.channel, message.ts)
    _take_effect(tx, question, message)


def adopt(tx: Transaction, question_id: int, kept: Iterable[MessageRow]) -> None:
    """What was written below a message before it was a question (its event came later, or it was set aside) counts as
    if it were written now."""
    for row in kept:
        messages.change(tx, [row.id], question_id=question_id, set_aside=None)
        if row.deleted_at is None:
            question = questions.need(tx, question_id)
            show_word(tx, question, row.channel, row.ts)
            _take_effect(tx, question, as_written(row))


def as_written(row: MessageRow) -> Incoming:
    """A stored message as it came, but for whether it called the bot."""
    return Incoming(
        channel=row.channel,
        ts=row.ts,
        thread_ts=row.thread_ts,
        author=row.author,
        text=row.body,
        files=tuple(dict(file) for file in row.files),
        mention=False,
        edited_ts=row.edited_ts,
    )


def _take_effect(tx: Transaction, question: Question, message: Incoming) -> None:
    parts = parts_of(tx, question, message.author)
    if Part.ASKER in parts:
        _asker_wrote(tx, question, message)
    elif is_helper(parts):
        _helper_wrote(tx, question, message)


def _asker_wrote(tx: Transaction, question: Question, message: Incoming) -> None:
    courtesy = not judge(message.text, has_files=bool(message.files)).is_question
    state, author = State(question.state), message.author
    if state in {State.ANSWERED, State.CLOSED} and not courtesy:
        reopened = move(tx, question, Verb.REOPEN, author, asker_wrote_at=tx.now)
        if pass_on_if_barred(tx, reopened).responsible == reopened.responsible:
            anew = tx.now if reopened.responsible != question.responsible else None
            _pass_on(tx, reopened, "question.reopened", message, anew=anew)
    elif state is State.WAITING and not is_only_thanks(message.text):
        stays = question.claimed_at is not None and not has_left(tx, question.responsible)
        back = State.CLAIMED if stays else State.ASSIGNED
        cleared: dict[str, Any] = {"nudged_at": None, "talent_wrote_at": None}
        after = move(tx, question, Verb.ASKER_WROTE, author, state=back, asker_wrote_at=tx.now, **cleared)
        anew = tx.now if after.responsible != question.responsible else None
        _pass_on(tx, after, "question.asker_wrote", message, anew=anew)
    elif state is State.CLAIMED and not courtesy:
        after = move(tx, question, Verb.ASKER_WROTE, author, asker_wrote_at=tx.now)
        if after.responsible is not None and at_work(tx, after.responsible, tx.now) > tx.now:
            show(tx, after, mark=False)  # the card says when they next work
        _pass_on(tx, after, "question.asker_wrote", message)
    elif state in UNCLAIMED and not courtesy:
        # After 「まだ聞きたい」 these are the words it announced: they ring, and the press does not ring again.
        again = state is State.REOPENED
        anew = anew_since(tx, question) if again else None
        questions.touch(tx, question.id, asker_wrote_at=tx.now)
        _say_what(tx, question)
        _pass_on(tx, question, "question.reopened" if again else "question.asker_wrote", message, anew=anew)


def _say_what(tx: Transaction, question: Question) -> None:
    """The first word after a picture: the card need not ask any more what that is about."""
    if question.asker_wrote_at is None and says_only_picture(row.body for row in asked(tx, question)):
        show(tx, question, mark=False)


def _pass_on(
    tx: Transaction, question: Question, renderer: str, message: Incoming, *, anew: datetime | None = None
) -> None:
    """Slack rings everybody who follows the thread; somebody who does not must be rung by us, and so must who has the
    question `anew`, since that moment: with all of it."""
    responsible = question.responsible
    if responsible is None:
        return
    if anew is not None:
        ring(tx, question, responsible, "question.handed_over", of(anew), said=message.text)
    elif _elsewhere(question, message) or not hears_replies(tx, question, responsible):
        ring_word(tx, question, responsible, renderer, message.ts, said=message.text)


def _elsewhere(question: Question, message: Incoming) -> bool:
    """Whether a word on an open question was written below a letter, which nobody else reads."""
    return in_channel(question) and message.channel not in {"", question.channel}


def _helper_wrote(tx: Transaction, question: Question, message: Incoming) -> None:
    first: dict[str, Any] = {} if question.first_reply_at else {"first_reply_at": tx.now}
    unheard = question.rooted and not hears_replies(tx, question, question.asker)
    if unheard or _elsewhere(question, message):
        ring_word(tx, question, question.asker, "question.replied", message.ts, said=message.text)
    if question.state != State.ANSWERED and State(question.state) in FROM[Verb.CLAIM]:
        claimed = move(tx, question, Verb.CLAIM, message.author, responsible=message.author, **first)
        move(tx, claimed, Verb.TALENT_WROTE, message.author, talent_wrote_at=tx.now)
    elif question.state == State.CLAIMED and message.author == question.responsible:
        move(tx, question, Verb.TALENT_WROTE, message.author, talent_wrote_at=tx.now, **first)
    else:
        questions.touch(tx, question.id, **first)
        _tell_responsible(tx, question, message)


def _tell_responsible(tx: Transaction, question: Question, message: Incoming) -> None:
    """Who has a private question and does not sit where the others write reads by letter what they tell the asker."""
    user = question.responsible
    outside = question.audience == Audience.PRIVATE and user not in {None, message.author}
    if user is not None and outside and not hears_replies(tx, question, user):
        ring_word(tx, question, user, "question.colleague_wrote", message.ts, said=message.text)
