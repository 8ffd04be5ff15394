"""What happens by itself: the offer to keep an answer, the question whether an entry still holds, thanks."""

from __future__ import annotations

from bot.domain.faq import OVERDUE, Consent, State
from bot.domain.permissions import Deed
from bot.domain.question import Reason
from bot.feature import DueWork
from handlers.common.telling import tell
from handlers.faq import changing, notices, use
from handlers.faq.hours import at_work, offices_open
from handlers.faq.parts import may_do
from handlers.questions.base.parts import is_helper, parts_of
from storage import due, faq, messages, questions
from storage.database import Transaction
from storage.questions import Question


def resolved(tx: Transaction, work: DueWork) -> None:
    """What the FAQ solved teaches it; what somebody answered they are offered to keep, once: not practice, nor where nothing
    was written."""
    question = questions.get(tx, work.record_id)
    if question is None or question.practice:
        return
    if question.close_reason == Reason.FAQ:
        use.learn_from(tx, question)
    if question.close_reason != Reason.RESOLVED:
        return
    user = who_answered(tx, question)
    if user is not None and faq.from_question(tx, question.id) is None:
        tell(tx, user, notices.OFFER, question.id, key=str(question.id))


def who_answered(tx: Transaction, question: Question) -> str | None:
    """The last who answered in writing and still does."""
    rows = messages.of_question(tx, question.id, asks=False)
    wrote = [row.author for row in rows if row.deleted_at is None and row.author != question.asker]
    users = [question.responsible, *reversed(wrote)] if question.responsible in wrote else reversed(wrote)
    return next((user for user in users if user and is_helper(parts_of(tx, question, user))), None)


def review_due(tx: Transaction, work: DueWork) -> None:
    """Ask an entry's owner whether it still holds; a fortnight later, and where there is no owner any more, the
    coordinators; each when they work. However many entries are due, a person has one message a day."""
    entry = faq.get(tx, work.record_id)
    if entry is None or entry.state != State.PUBLISHED or entry.content.review_on is None:
        return
    day = changing.nine(tx, entry.content.review_on)
    if day > tx.now:
        changing.schedule_review(tx, entry)
        return
    owner, again, key = entry.content.owner, day + OVERDUE, f"{changing.REVIEW_DUE}:{entry.id}"
    theirs = may_do(tx, Deed.WRITE_FAQ, owner) and tx.now < again
    opens = at_work(tx, owner, tx.now) if theirs else offices_open(tx, tx.now)
    if (
        work.due_at > day
    ):  # put off to when they work: should that have passed, any hour of the office will do
        opens = min(opens, offices_open(tx, tx.now))
    if opens > tx.now:
        at = min(opens, again) if theirs else opens
        due.schedule(tx, key, changing.REVIEW_DUE, entry.id, at)
        return
    if theirs:
        notices.ask_for_review(tx, owner, entry)
        due.schedule(tx, key, changing.REVIEW_DUE, entry.id, again)
        return
    for user in notices.reviewers(tx):
        notices.ask_for_review(tx, user, entry)


def reading_due(tx: Transaction, work: DueWork) -> None:
    """The office opens: who reviews hears of what was given in meanwhile, and still waits."""
    entry = faq.get(tx, work.record_id)
    if entry is not None:
        notices.tell_reviewers(tx, entry, but=faq.history(tx, entry.id)[-1].actor)


def consent_due(tx: Transaction, work: DueWork) -> None:
    """The office opens: an asker is asked for their yes, if it is still needed."""
    entry = faq.get(tx, work.record_id)
    if entry is not None and entry.state == State.DRAFT and entry.consent == Consent.ASKED:
        notices.ask_for_yes(tx, entry)


def thanks_due(tx: Transaction, work: DueWork) -> None:
    """Thank an author."""
    use.thank(tx, work.record_id)
