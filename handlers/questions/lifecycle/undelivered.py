"""What could not be delivered, and a place that was shut: whoever waits for it hears of it another way, and once."""

from __future__ import annotations

from bot.domain.question import OPEN, State, Turn, turn
from bot.domain.text import clean
from bot.feature import DeadLetter, DueWork
from handlers.questions.base.parts import is_helper, parts_of
from handlers.questions.base.sides import (
    CARD,
    DESK_CARD,
    RELAY_FILES,
    RELAYS,
    helpers_channel,
    in_channel,
    is_shut,
)
from handlers.questions.lifecycle.ringing import given_at, has_heard, ring, ring_word
from handlers.questions.screens.letters import TO_ASKER
from storage import messages, outbox, questions
from storage.database import Transaction
from storage.letters import has_letter
from storage.messages import MessageRow
from storage.questions import Question

_SHUT = frozenset({"is_archived", "is_inactive"})
NOT_ARRIVED = "question.not_arrived"


def shut(tx: Transaction, work: DueWork) -> None:
    """Nobody can write any more where this was asked: who asked and who answers hear how it goes on."""
    question = questions.get(tx, work.record_id)
    if question is not None and State(question.state) in OPEN:
        name = CARD if in_channel(question) else DESK_CARD
        _say_shut(tx, question, outbox.sent_version(tx, outbox.card(name, question.id, "", None)["key"]))


def _say_shut(tx: Transaction, question: Question, sent: int) -> None:
    """Once for as long as it lasts: `sent` is the version of the card that was delivered last. An asker who writes by
    direct message goes on doing so."""
    if in_channel(question):
        ring(tx, question, question.asker, "question.shut", f"{sent}")
    if turn(State(question.state)) is Turn.TALENT:
        _say_unreachable(tx, question, sent)


def _say_unreachable(tx: Transaction, question: Question, sent: int) -> None:
    user = question.responsible
    if user is not None and not has_heard(tx, question, user):
        ring(tx, question, user, "question.unreachable", f"{sent}")


def on_dead_letter(tx: Transaction, letter: DeadLetter) -> None:
    """A card cannot be posted (archived channel, the bot removed): the responsible person hears of the question by
    direct message instead; and so does the asker, if they cannot write there either. Of a word hears whom it was for, or
    who wrote it."""
    if letter.renderer in {*RELAYS, *RELAY_FILES}:
        _say_word(tx, letter)
    elif letter.renderer in TO_ASKER and letter.renderer != "question.shut":
        _say_not_read(tx, letter)
    if letter.renderer not in {CARD, DESK_CARD}:
        return
    question = questions.get(tx, letter.record_id)
    if question is None or question.state == State.CLOSED:
        return
    if letter.error in _SHUT and State(question.state) in OPEN:
        _say_shut(tx, question, letter.sent)
    else:
        _say_unreachable(tx, question, letter.sent)


def _say_word(tx: Transaction, letter: DeadLetter) -> None:
    """A word of the asker could not be shown to those who answer: the responsible person gets it directly. One that was to
    reach the asker: who wrote it hears that it did not."""
    row = messages.by_id(tx, letter.record_id)
    question = questions.get(tx, row.question_id) if row is not None and row.question_id is not None else None
    if row is None or question is None:
        return
    if letter.channel == question.channel and row.author != question.asker:
        _say_lost_word(tx, question, letter, row)
    elif row.author == question.asker and letter.renderer in RELAYS:
        _say_asked(tx, question, letter, row)


def _say_lost_word(tx: Transaction, question: Question, letter: DeadLetter, row: MessageRow) -> None:
    """Who wrote it hears of it; and once also who has the question, who believes that the asker knows."""
    responsible = question.responsible
    writer = row.author if is_helper(parts_of(tx, question, row.author)) else responsible
    _say_lost(tx, question, writer, letter, row)
    if responsible not in {None, writer} and not has_letter(tx, NOT_ARRIVED, question.id, str(responsible)):
        _say_lost(tx, question, responsible, letter, row)


def _say_asked(tx: Transaction, question: Question, letter: DeadLetter, row: MessageRow) -> None:
    user, at = question.responsible, given_at(tx, question)
    if user is None or (letter.sent == 0 and at is not None and row.captured_at <= at):
        return  # it stands in the letter with which they got the question
    if is_shut(tx, question, user) or letter.channel == helpers_channel(question):
        ring_word(tx, question, user, "question.asker_wrote", row.ts, said=row.body)


def _say_not_read(tx: Transaction, letter: DeadLetter) -> None:
    """A letter to the asker cannot be delivered: who has the question would wait for an answer in vain."""
    question = questions.get(tx, letter.record_id)
    if question is not None:
        _say_lost(tx, question, question.responsible, letter, None)


def _say_lost(
    tx: Transaction, question: Question, user: str | None, letter: DeadLetter, row: MessageRow | None
) -> None:
    if user is not None and user != question.asker:
        what = row.ts if row is not None else letter.uid
        said = clean(row.body) if row is not None else ""
        ring(tx, question, user, NOT_ARRIVED, f"lost:{what}:{user}", said=said, lost=letter.uid)
