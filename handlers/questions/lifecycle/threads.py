"""Whose thread it is, and which of its questions a word in it concerns.

The thread of a question is that question's. Below an announcement, or anybody's words that are no question, several
people may ask; each has a question of their own there.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.asking import Audience
from bot.domain.question import ALIVE, FROM, Part, State, Verb
from handlers.questions.base.incoming import is_direct
from handlers.questions.base.parts import is_helper, parts_of
from handlers.questions.base.sides import is_shut
from handlers.questions.screens.letters import NOTICES
from storage import messages, questions
from storage.database import Transaction
from storage.letters import letter_at
from storage.messages import MessageRow
from storage.questions import Question


@dataclass(frozen=True, slots=True)
class Place:
    """A thread: the question a word by somebody concerns, if any; whether the words on top are no question, so that
    somebody else may ask there as well; those words, as far as we keep them."""

    question: Question | None
    open_to_others: bool
    top: MessageRow | None


def place_of(tx: Transaction, channel: str, thread_ts: str, author: str) -> Place:
    """Look at a thread for a word that `author` wrote in it."""
    here = questions.all_in_thread(tx, channel, thread_ts)
    letter = None if here or not is_direct(channel) else _of_letter(tx, channel, thread_ts, author)
    if letter is not None:
        return Place(letter, open_to_others=False, top=None)
    if any(question.rooted or thread_ts in {question.ts, question.desk_ts} for question in here):
        return Place(_concerned(here, author), open_to_others=False, top=None)
    top = messages.find(tx, channel, thread_ts)
    if top is not None and top.question_id is not None:  # below a later message of what was asked
        here.append(questions.need(tx, top.question_id))
        return Place(_concerned(here, author), open_to_others=False, top=top)
    question = _concerned(here, author) if here else None
    theirs = question is not None and bool(parts_of(tx, question, author))
    return Place(question, open_to_others=not theirs, top=top)


def _of_letter(tx: Transaction, channel: str, ts: str, author: str) -> Question | None:
    """What a letter of the bot is about, for who answers below it: the asker, or who answers and has no other place to.
    What is open is answered where everybody reads it: a direct message never becomes public by itself."""
    letter = letter_at(tx, channel, ts)
    question = questions.get(tx, letter.record_id) if letter and letter.renderer in NOTICES else None
    if question is None:
        return None
    parts = parts_of(tx, question, author)
    private = question.audience == Audience.PRIVATE or is_shut(tx, question, author)
    return question if Part.ASKER in parts or (private and is_helper(parts)) else None


def _concerned(here: list[Question], author: str) -> Question:
    """The author's own, else one they are responsible for, else one nobody has taken yet, else one that lives; of
    several the newest."""

    def rank(question: Question) -> tuple[bool, bool, bool, bool]:
        state = State(question.state)
        alive, mine = state in ALIVE, question.asker == author
        return mine, alive and question.responsible == author, state in FROM[Verb.ESCALATE], alive

    return max(here, key=rank)  # the first of equals: `here` begins with the newest
