"""As what a question is found by others, and whether others want to know the same: only of what is asked before everybody,
and never whose it is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.question import Reason, State
from handlers.questions.base.sides import is_everybodys
from storage import faq_similar, members, questions
from storage.database import Transaction
from storage.questions import Question

PAST, OPEN = "past", "open"
"""A solved question, and one that is not closed."""
MOST = 10
"""So many open questions that are like one are looked at."""


def kind_of(tx: Transaction, question: Question) -> str | None:
    """As what a question is found; None: it is not for everybody, is practice, or holds nothing for others."""
    if question.practice or not is_everybodys(tx, question):
        return None
    if question.state != State.CLOSED:
        return OPEN
    return PAST if question.close_reason == Reason.RESOLVED else None


def others(tx: Transaction, ids: Sequence[int], asker: str, body: str | None) -> list[int]:
    """Those of these questions that another body asks, and that are open and before everybody."""
    found = []
    for each in ids:
        question = questions.get(tx, each)
        if question is None or question.asker == asker or kind_of(tx, question) != OPEN:
            continue
        if question.municipality_code is not None and question.municipality_code != body:
            found.append(each)
    return found


def others_of(tx: Transaction, ids: Sequence[int], asker: str) -> list[int]:
    """The same for somebody who is about to ask."""
    member = members.member(tx, asker)
    return others(tx, ids, asker, member.municipality_code if member is not None else None)


def wanted_elsewhere(tx: Transaction, question: Question) -> bool:
    """Whether another body still asks what a question asks, as was found when it was asked."""
    return bool(others(tx, faq_similar.others(tx, question.id), question.asker, question.municipality_code))
