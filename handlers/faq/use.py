"""Using the FAQ: what is looked for, what solved it, what is shared; what that teaches and whom it thanks."""

from __future__ import annotations

import secrets
from datetime import timedelta

from bot.domain.faq import State
from bot.domain.finding import key_of
from bot.domain.learning import learns
from bot.domain.permissions import Deed
from bot.domain.question import Verb
from bot.errors import Malformed, NotPossibleNow
from bot.feature import Message, Outgoing
from handlers.common.telling import tell
from handlers.faq import notices, share_views
from handlers.faq.drafting import phrasing_of
from handlers.faq.hours import at_work, offices_open
from handlers.faq.parts import may_do
from handlers.faq.showing import values_of
from handlers.questions.base.naming import family_name
from handlers.questions.lifecycle.actions import act
from storage import channels, due, failures, faq, faq_gaps, faq_searches, faq_use, questions, sharing
from storage.database import Transaction
from storage.faq import Entry
from storage.faq_use import Help
from storage.questions import Question

SHARED = "faq.shared"
THANKS_DUE = "faq.thanks_due"
"""Due for each author whose entries helped somebody."""
WEEK = timedelta(days=7)
SOON = timedelta(days=1)


def solved(tx: Transaction, search_id: int, key: str, entry_id: int, user: str) -> bool:
    """An entry is what somebody looked for: its author hears of it. Once for each search, whose `key` shows that it is
    theirs. Says whether the entry will be found by their words.

    Raises:
        Malformed, NotPossibleNow: with the sentence that says why.
    """
    search = faq_searches.search(tx, search_id)
    if search is None or key != key_of(search.words):
        raise Malformed()
    source = f"search:{search_id}"
    found(tx, entry_id)
    first = failures.first_time(tx, f"{source}:{entry_id}")
    if first:
        # nothing in the row of whom it helped leads to what was looked for
        _helps(tx, entry_id, user, source=f"search:{secrets.token_hex(16)}")
    learned = _teaches(tx, entry_id, user, search.words)
    if first and learned:
        learned = faq_use.learn(tx, entry_id, search.words, source=source, author=None)
    faq_searches.found_after_all(tx, search_id)
    faq_gaps.opened(tx, search_id, solved=True)
    return learned


def opened(tx: Transaction, search_id: int, key: str) -> None:
    """Somebody reads what their search found; another's search stays as it is."""
    search = faq_searches.search(tx, search_id)
    if search is not None and key == key_of(search.words):
        faq_gaps.opened(tx, search_id)


def _teaches(tx: Transaction, entry_id: int, user: str, words: str, last: Help | None = None) -> bool:
    """Whether an entry learns the words of somebody whom it has just helped, or by a help that may not be the `last` one:
    not one person's over and over."""
    until = last.id if last is not None else faq_use.LAST
    often = faq_use.how_often_by(tx, entry_id, user, last=until)
    return learns(words, of_person=often.of_person, of_body=often.of_body, of_day=often.of_day)


def solved_before(tx: Transaction, entry_id: int, user: str, words: str, *, source: str) -> bool:
    """An entry answers what somebody was about to ask in the dialog `source`; says whether it will be found by their words,
    which are without names, and empty if they are for nobody else to read.

    Raises:
        NotPossibleNow: with the sentence that says why.
    """
    _helps(tx, entry_id, user, source=f"{faq_use.of_form(source, 'helped')}:{entry_id}")
    if not _teaches(tx, entry_id, user, words):
        return False
    faq_use.learn(tx, entry_id, words, source=faq_use.of_form(source, "words"), author=None)
    return True


def found(tx: Transaction, entry_id: int) -> Entry:
    """An entry that people find: what a button below it may show or count.

    Raises:
        NoSuchEntry, NotPossibleNow: it is none, or is published no more; the sentence says so.
    """
    entry = faq.need(tx, entry_id)
    if entry.state != State.PUBLISHED:
        raise NotPossibleNow("このFAQは、いま公開されていません。担当にご相談ください。")
    return entry


def _helps(tx: Transaction, entry_id: int, user: str, *, source: str) -> None:
    entry = found(tx, entry_id)
    if faq_use.helps(tx, entry_id, user, source=source):
        plan_thanks(tx, entry.content.owner)


def solved_question(tx: Transaction, question_id: int, entry_id: int, user: str, *, source: str) -> bool:
    """An entry answers a question: it is closed for that reason. Its asker's own word counts, and thanks; whom somebody else
    says it for reads the entry by letter. Practice counts nowhere. Says whether the entry will be found by the asker's words
    (`learn_from`), if nobody undoes it.

    Raises:
        NotFound, NotYours, NotPossibleNow: nothing was changed, and the sentence says why.
    """
    entry = faq.need(tx, entry_id)
    if entry.state != State.PUBLISHED:
        raise NotPossibleNow("このFAQは、いま公開されていません。")
    question = questions.need(tx, question_id)
    act(tx, question_id, Verb.FOUND, user, source=source)
    if question.practice:
        return False
    faq_use.solves(tx, entry_id, user, question_id)
    if user == question.asker:
        plan_thanks(tx, entry.content.owner)
    else:
        tell(tx, question.asker, notices.SOLVED, question_id, key=source, values={"entry": entry_id})
    return _lesson(tx, questions.need(tx, question_id)) is not None


def learn_from(tx: Transaction, question: Question) -> None:
    """How a question was asked leads to what answered it, as its asker says, no more often than a search of theirs would,
    or as an editor does, who may teach any words; unless it is private."""
    lesson = _lesson(tx, question)
    if lesson is not None:
        source, author = f"question:{question.id}", question.asker
        faq_use.learn(tx, *lesson, source=source, author=author, question_id=question.id)


def _lesson(tx: Transaction, question: Question) -> tuple[int, str] | None:
    """The entry that learns how a question was asked, and the words."""
    solved, words = faq_use.solved_by(tx, question.id), phrasing_of(tx, question)
    if solved is None or words is None:
        return None
    if solved.user_id == question.asker:
        taught = _teaches(tx, solved.entry_id, question.asker, words, solved)
    else:
        taught = may_do(tx, Deed.EDIT_FAQ, solved.user_id)
    return (solved.entry_id, words) if taught else None


def plan_thanks(tx: Transaction, owner: str) -> None:
    """Thank an author a day after their entries first helped, at most weekly, when they work."""
    waiting, key = faq_use.to_thank(tx, owner), f"{THANKS_DUE}:{owner}"
    if not waiting:
        due.cancel(tx, key)
        return
    before = faq_use.last_thanks(tx, owner)
    at = max(waiting[0].at + SOON, before + WEEK) if before else waiting[0].at + SOON
    due.schedule(tx, key, THANKS_DUE, waiting[0].entry_id, at_work(tx, owner, max(at, tx.now)))


def thank(tx: Transaction, entry_id: int) -> None:
    """Thank the author of an entry for all that their entries did since; later, where it is too early for its owner. It was
    planned for when they work: should that have passed meanwhile, any hour of the office will do."""
    owner = faq.need(tx, entry_id).content.owner
    before, waiting = faq_use.last_thanks(tx, owner), faq_use.to_thank(tx, owner)
    early = before is not None and tx.now < before + WEEK
    if waiting and (early or min(at_work(tx, owner, tx.now), offices_open(tx, tx.now)) > tx.now):
        plan_thanks(tx, owner)
        return
    if waiting and may_do(tx, Deed.WRITE_FAQ, owner):
        values = {"entries": [each.entry_id for each in waiting]}
        tell(tx, owner, notices.THANKS, entry_id, key=f"{owner}:{waiting[-1].id}", values=values)
    faq_use.thanked(tx, waiting, owner)


def share(tx: Transaction, entry_id: int, channel: str | None, user: str, *, source: str) -> str | None:
    """Share an entry in a channel; returns a sentence when it cannot be."""
    entry = faq.need(tx, entry_id)
    place = channels.channel(tx, channel) if channel is not None and channel.isalnum() else None
    if entry.state != State.PUBLISHED:
        return "このFAQは、いま公開されていません。"
    if place is None or not place.bot_is_member or place.archived:
        return "そのチャンネルには Banso がいないため、共有できません。ほかのチャンネルを選んでください。"
    if not channels.is_in_channel(tx, place.channel, user):
        return "あなたが参加しているチャンネルを選んでください。"
    if failures.first_time(tx, source):
        sharing.share(tx, SHARED, entry_id, source=source, channel=place.channel, user=user)
    return None


def shared(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """An entry in a channel, as it is now; nothing when it is not published any more by the time it is to be shown, and that
    it is not when that happens later."""
    entry = faq.get(tx, outgoing.record_id)
    if entry is None:
        return None
    who = family_name(tx, str(outgoing.values["user"]))
    if entry.state != State.PUBLISHED:
        return None if outgoing.first else share_views.ended(who, back=entry.state != State.ARCHIVED)
    return share_views.shared(values_of(tx, entry), who)
