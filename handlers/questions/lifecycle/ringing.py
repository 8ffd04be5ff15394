"""Ringing one person about a question, and knowing what they were told."""

from __future__ import annotations

from datetime import datetime

from handlers.common.telling import row_key, tell, told
from storage import held, messages, timelines
from storage.database import Transaction
from storage.questions import Question


def ring(
    tx: Transaction,
    question: Question,
    user_id: str,
    renderer: str,
    key: str,
    *,
    said: str = "",
    late: bool = False,
    day: datetime | None = None,
    **more: str,
) -> None:
    """Ring somebody about a question, and nobody else, once for this key; `said` are the words that make it needed; `late`:
    it was due long ago; `day`: it belongs to the morning of the day that began then. What was done again before they heard
    of it the first time, having been taken back meanwhile, is told once, with what holds then."""
    if key.startswith(_AT):
        waits = held.still_waits(tx, user_id, renderer, question.id)
        held.done(tx, [row.id for row in waits if row.key != row_key(renderer, f"{question.id}:{key}")], None)
    values = {"said": said, **more}
    tell(tx, user_id, renderer, question.id, key=f"{question.id}:{key}", values=values, late=late, day=day)


def ring_word(
    tx: Transaction, question: Question, user_id: str, renderer: str, word: str, *, said: str
) -> None:
    """Ring somebody for a word: once for each, for whichever reason it has to be told. `word` is its stamp."""
    key, values = _of_word(question, user_id, word), {"said": said}
    tell(tx, user_id, renderer, question.id, key=key, values=values, series=_WORD)


_WORD, _AT = "question.word", "at:"


def _of_word(question: Question, user_id: str, word: str) -> str:
    return f"{question.id}:{word}:{user_id}"


def given_at(tx: Transaction, question: Question) -> datetime | None:
    """When the responsible person got the question from somebody else; None: they had it from the beginning."""
    for event in reversed(timelines.timeline(tx, question.id)):
        if event.before.get("responsible", question.responsible) != question.responsible:
            return event.at
    return None


def has_heard(tx: Transaction, question: Question, user_id: str) -> bool:
    """Whether somebody has a letter with the asker's latest word, or with which they got the question since."""
    mine = [row for row in messages.of_question(tx, question.id) if row.author == question.asker]
    at = given_at(tx, question)
    if at is not None and told(tx, "question.handed_over", f"{question.id}:{of(at)}"):
        return True
    return bool(mine) and told(tx, _WORD, _of_word(question, user_id, mine[-1].ts))


def unring(tx: Transaction, question: Question, user_id: str, said: str, unsaid: str, at: datetime) -> None:
    """Take back what somebody was rung for (renderer `said`) at a moment, if it reached them: with renderer `unsaid`."""
    key = f"{question.id}:{of(at)}"
    tell(tx, user_id, unsaid, question.id, key=key, values={"takes_back": {"renderer": said, "key": key}})


def of(at: datetime) -> str:
    """The key of a ring for what was done at this moment."""
    return f"{_AT}{at.isoformat()}"
