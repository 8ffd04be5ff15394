"""What people write becomes a question, part of one, or is set aside; nothing is dropped.

Natural keys (channel and ts) make every message harmless when it comes again.
"""

from __future__ import annotations

from enum import StrEnum

from bot.domain.judging import Reason as Aside
from bot.domain.judging import judge
from bot.domain.my_number import MASK
from bot.domain.question import GROUP_WITHIN, State, Verb
from handlers.members.visitors import meet
from handlers.questions.base.exposed import adds_number, is_stopped, mask_line_by_line, tell_of_number
from handlers.questions.base.incoming import Incoming, is_direct
from handlers.questions.base.sides import helpers_channel, show_word, word_changed
from handlers.questions.intake.direct import details_for, goes_on
from handlers.questions.intake.early import is_early, keep_early, still_early
from handlers.questions.intake.elsewhere import is_anothers, keep_for_it, offer_steps, tell_it
from handlers.questions.intake.registering import STAFF, open_kept
from handlers.questions.lifecycle.moves import move
from handlers.questions.lifecycle.narrowing import moved_from
from handlers.questions.lifecycle.offering import (
    OFFER,
    answer_at_the_desk,
    answer_outsider,
    offer_to_register,
)
from handlers.questions.lifecycle.opening import Asking, field_again, open_question
from handlers.questions.lifecycle.replies import adopt, keep, reply
from handlers.questions.lifecycle.ringing import of, ring, ring_word
from handlers.questions.lifecycle.threads import place_of
from storage import channels, due, faq_use, members, messages, questions
from storage.database import Transaction
from storage.messages import MessageRow
from storage.questions import Question

WATCHED = frozenset({"consultation", "practice"})


class Became(StrEnum):
    """What became of a message."""

    QUESTION = "question"
    PART = "part"
    SET_ASIDE = "set_aside"
    REPLY = "reply"
    KEPT = "kept"
    WAITING = "waiting"
    SEEN_BEFORE = "seen_before"
    IGNORED = "ignored"


def capture(tx: Transaction, message: Incoming) -> Became:
    """Take a message in. Outside the consultation channels only a mention of the bot asks something."""
    place, at = message.thread_ts, message.written_at
    found = messages.around(tx, message.channel, message.ts, message.author, place, at, GROUP_WITHIN)
    if found.here is not None:
        return Became.SEEN_BEFORE
    if is_stopped(tx, message):
        return Became.IGNORED
    meet(tx, message.author, message.team)
    became = _take_in(tx, message, found.before)
    in_pieces = found.before is not None and mask_line_by_line(tx, message)
    if message.masked or in_pieces:
        tell_of_number(tx, message)
    if became in {Became.QUESTION, Became.PART, Became.SET_ASIDE, Became.REPLY}:
        offer_steps(tx, message)
    if found.below and became in {Became.QUESTION, Became.PART}:
        _adopt(tx, message.channel, message.ts)
    return became


def _adopt(tx: Transaction, channel: str, ts: str) -> None:
    row = messages.find(tx, channel, ts)
    if row is not None and row.question_id is not None:
        still = messages.kept_below(tx, channel, ts)  # opening a group has adopted its own already
        adopt(tx, row.question_id, still)


def _take_in(tx: Transaction, message: Incoming, prior: MessageRow | None) -> Became:
    """`prior` is what its author asked in the same place within two minutes."""
    purpose = channels.purpose(tx, message.channel)
    if is_anothers(tx, message.channel, message.thread_ts):
        keep_for_it(tx, message)
        return Became.KEPT
    if is_early(tx, message, purpose):
        keep_early(tx, message)
        return Became.WAITING
    if message.thread_ts is not None:
        return _in_thread(tx, message, purpose, prior)
    if is_direct(message.channel):
        channels.met_directly(tx, message.channel, message.author)
    elif purpose not in WATCHED and not message.mention and prior is None:
        return Became.IGNORED
    return _ask(tx, message, purpose, prior)


def _in_thread(tx: Transaction, message: Incoming, purpose: str, before: MessageRow | None) -> Became:
    thread_ts = message.thread_ts or message.ts
    place = place_of(tx, message.channel, thread_ts, message.author)
    if place.question is not None and not place.open_to_others:
        reply(tx, place.question, message)
        answer_outsider(tx, place.question, message)
        return Became.REPLY
    asks, top = judge(message.text, has_files=bool(message.files)).is_question, place.top
    own = top is not None and top.author == message.author and top.set_aside is not None
    prior = (top if own and asks else None) or before
    if message.mention or prior is not None:
        return _ask(tx, message, purpose, prior)
    direct = is_direct(message.channel)
    if place.question is None and message.below_bot and moved_from(tx, message):
        return Became.KEPT
    if purpose not in WATCHED and not direct:
        if place.question is None and not message.below_bot:
            return Became.IGNORED
        if place.question is None:  # perhaps below a card that we do not know yet to stand there
            keep(tx, message)
            return Became.KEPT
        reply(tx, place.question, message)
        return Became.REPLY
    keep(tx, message)
    announced = top is None or top.set_aside == "staff"
    # Elsewhere people are talking with one another.
    if asks and (direct or (announced and _announcement(tx, message) is None)):
        offer_to_register(tx, message.channel, message.ts, thread_ts, message.author)
    return Became.KEPT


def _ask(tx: Transaction, message: Incoming, purpose: str, prior: MessageRow | None) -> Became:
    """A message that may ask something: with what its author wrote just before, or for itself."""
    if purpose == "desk":  # what those who answer say to one another is no question, never before everybody
        keep(tx, message)
        if message.mention:
            answer_at_the_desk(tx, message)
        return Became.KEPT
    if prior is not None and prior.question_id is not None:
        question = questions.get(tx, prior.question_id)
        if question is not None and question.state != State.CLOSED:
            keep(tx, message, question_id=question.id, asks=True, group_ts=prior.group_ts)
            field_again(tx, question)
            show_word(tx, question, message.channel, message.ts)
            _ring_for_part(tx, question, message)
            return Became.PART
        prior = None
    direct = is_direct(message.channel)
    if direct and prior is None and message.thread_ts is None and (asks := goes_on(tx, message)) is not None:
        return Became.PART if asks else Became.REPLY
    before = messages.of_group(tx, message.channel, prior.group_ts or prior.ts) if prior else []
    practice = purpose == "practice"
    courtesy = _not_a_question([row.body for row in before] + [message.text], message, before)
    announced = None if practice else _announcement(tx, message)
    aside = (courtesy or announced) if direct else (announced or courtesy)
    if aside is None and not before:
        asking = Asking(message.channel, message.ts, message.thread_ts, message.author, (message.text,))
        details = details_for(message.channel)
        question_id = open_question(tx, asking, actor=message.author, practice=practice, details=details)
        keep(tx, message, question_id=question_id, asks=True, group_ts=message.ts)
        return Became.QUESTION
    group_ts = (before[0].group_ts if before else None) or message.ts
    keep(tx, message, group_ts=group_ts, set_aside=aside)
    if aside is None:
        open_kept(tx, message.channel, group_ts, actor=message.author)
        return Became.QUESTION
    if not before and (aside in {"staff", Aside.GREETING} if direct else aside != "staff"):
        _offer(tx, message, aside)
    return Became.SET_ASIDE


def _ring_for_part(tx: Transaction, question: Question, message: Incoming) -> None:
    """A further message of the same asking: who has claimed already, or was told by direct message, has only the part
    before. Others see it below the first one when they follow the card's mention."""
    responsible = question.responsible
    if responsible is None:
        return
    place = helpers_channel(question)
    inside = place is not None and channels.is_in_channel(tx, place, responsible)
    if question.claimed_at is not None or not inside:
        ring_word(tx, question, responsible, "question.asker_wrote", message.ts, said=message.text)


def _announcement(tx: Transaction, message: Incoming) -> str | None:
    """Talents and prefecture staff announce things in a channel; they ask by mentioning the bot."""
    member = None if message.mention else members.member(tx, message.author)
    return "staff" if member is not None and member.permission in STAFF else None


def _not_a_question(texts: list[str], message: Incoming, before: list[MessageRow]) -> str | None:
    files = bool(message.files) or any(row.files for row in before)
    verdict = judge("\n".join(texts), has_files=files)
    return None if verdict.is_question or verdict.reason is None else verdict.reason.value


def _offer(tx: Transaction, message: Incoming, aside: str) -> None:
    """Offer to register it: at once, but for a greeting, which is usually followed by the question itself."""
    if aside == Aside.GREETING and not message.mention:
        row = messages.find(tx, message.channel, message.ts)
        if row is not None:
            due.schedule(tx, f"{OFFER}:{row.id}", OFFER, row.id, tx.now + GROUP_WITHIN)
        return
    offer_to_register(
        tx, message.channel, message.ts, message.thread_ts, message.author, called=message.mention
    )


def edited(tx: Transaction, message: Incoming) -> Became:
    """An edit changes what is stored; one that we had missed is captured, a set-aside one may become a question."""
    row = messages.find(tx, message.channel, message.ts)
    if row is None:
        return capture(tx, message)
    if not _is_newer(message, row):
        return Became.SEEN_BEFORE
    if adds_number(message, row) and not is_stopped(tx, message):
        tell_of_number(tx, message)
    messages.change(tx, [row.id], body=message.text, files=list(message.files), edited_ts=message.edited_ts)
    if is_anothers(tx, row.channel, row.thread_ts):
        tell_it(tx, row)
        return Became.KEPT
    if row.question_id is not None:
        question = questions.need(tx, row.question_id)
        if row.asks:
            field_again(tx, question)
            faq_use.forget(tx, question.id, row.author)
        word_changed(tx, questions.need(tx, question.id), row)
        return Became.PART
    if (
        channels.purpose(tx, row.channel) == "desk"
    ):  # a mention there asks nothing, however often it is mended
        return Became.KEPT
    if still_early(tx, row, mention=message.mention):
        return Became.WAITING
    if row.set_aside in {None, "staff"} and not message.mention:
        return Became.KEPT
    group_ts = row.group_ts or row.ts
    texts = [other.body for other in messages.of_group(tx, row.channel, group_ts)] or [message.text]
    if _not_a_question(texts, message, []) is not None:
        return Became.SET_ASIDE
    if row.group_ts is None:
        messages.change(tx, [row.id], group_ts=row.ts)
    open_kept(tx, row.channel, group_ts, actor=row.author)
    return Became.QUESTION


def _is_newer(message: Incoming, row: MessageRow) -> bool:
    """Slack also says "changed" for link previews and thread counts, and counts edits in whole seconds."""
    if message.edited_ts is None:
        return False
    before, now = float(row.edited_ts or 0), float(message.edited_ts)
    in_pieces = MASK in row.body and not message.masked  # it was masked together with others: no news
    return now > before or (now == before and message.text != row.body and not in_pieces)


def deleted(tx: Transaction, channel: str, ts: str, previous: Incoming | None) -> Became:
    """A deletion withdraws the question once nothing of what was asked is left. `previous` is the message as it was,
    so that one deleted before we saw it is still counted."""
    row = messages.find(tx, channel, ts)
    if row is None and previous is not None:
        capture(tx, previous)
        row = messages.find(tx, channel, ts)
    if row is None or row.deleted_at is not None:
        return Became.SEEN_BEFORE
    messages.change(tx, [row.id], deleted_at=tx.now)
    if is_anothers(tx, row.channel, row.thread_ts):
        tell_it(tx, row)
        return Became.KEPT
    question = questions.get(tx, row.question_id) if row.question_id is not None else None
    if question is not None:
        word_changed(tx, question, row)
    if question is not None and row.asks:
        faq_use.forget(tx, question.id, row.author)
    if question is None or question.state == State.CLOSED or not row.asks:
        return Became.KEPT
    if any(part.deleted_at is None for part in messages.of_question(tx, question.id, asks=True)):
        return Became.PART
    move(tx, question, Verb.WITHDRAW, row.author, why="deleted")
    if question.claimed_at is not None and question.responsible is not None:
        ring(tx, question, question.responsible, "question.withdrawn", of(tx.now))
    return Became.KEPT
