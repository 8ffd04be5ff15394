"""Questions that everybody may read, as the search takes them in: solved ones with their answers are found again, open ones
tell that others want to know the same. What was asked privately never comes here, and goes at once when it becomes so."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from bot.domain.finding import Document, Hit
from bot.domain.text import clean
from handlers.faq.drafting import draft
from handlers.faq.finding import BELOW, began
from handlers.faq.result_views import PastShown
from handlers.faq.wanted import Wanted
from handlers.questions.base.alike import OPEN, PAST, kind_of
from handlers.questions.base.naming import address
from handlers.questions.base.parts import is_barred
from handlers.questions.base.routing import field_named
from handlers.questions.base.sides import asked, helpers_channel, helpers_thread
from storage import messages, question_changes, questions, workspace
from storage.database import Transaction
from storage.questions import Question
from storage.search import Changes

PORTION = 200
NEARLY = 0.5
"""Of the best one's score: what has less is not even near."""


def changes(tx: Transaction, since: int) -> Changes:
    """What the search has not taken in yet."""
    rows = question_changes.since(tx, since, most=PORTION)
    return Changes([_document(tx, *row) for row in rows], question_changes.newest(tx))


def _document(tx: Transaction, question_id: int, change: int) -> Document:
    """A question for the search; of one that is not to be found no word goes into it."""
    question = questions.need(tx, question_id)
    kind = kind_of(tx, question)
    words = "\n".join(clean(row.body) for row in asked(tx, question)) if kind is not None else ""
    answer = _answer(tx, question) if kind == PAST else ""
    live = bool(words) and (kind == OPEN or bool(answer))
    return Document(
        id=question.id,
        question=words if live else "",
        answer=answer if live else "",
        phrasings=(),
        field_id=question.field_id,
        kind=kind or "",
        change=change,
        live=live,
    )


def _answer(tx: Transaction, question: Question) -> str:
    rows = messages.of_question(tx, question.id, asks=False)
    said = (row for row in rows if row.deleted_at is None and row.author != question.asker)
    return "\n".join(clean(row.body) for row in said)


def shown(tx: Transaction, wanted: Wanted, hits: Sequence[Hit], user: str) -> list[PastShown]:
    """The solved questions among the hits that somebody may read now, as they stand now, in this order; what fits well, or
    what may where nothing does. A narrowed year is the one in which they were asked. As many as are shown: `BELOW`, unless
    they were chosen."""
    there = [
        (hit, question) for hit in hits if not hit.weak and (question := _readable(tx, hit.id, wanted, user))
    ]
    strong = [each for each in there if each[0].strong]
    may = [each for each in there if each[0].score >= NEARLY * there[0][0].score]
    found = (_shown(tx, question, fits=hit.strong) for hit, question in strong or may)
    with_words = (each for each in found if each.question and each.answer)
    return list(with_words if wanted.kind == PAST else islice(with_words, BELOW))


def _readable(tx: Transaction, question_id: int, wanted: Wanted, user: str) -> Question | None:
    question = questions.get(tx, question_id)
    if question is None or not _in_year(tx, question, wanted.year):
        return None
    return question if kind_of(tx, question) == PAST and not is_barred(tx, question, user) else None


def _in_year(tx: Transaction, question: Question, year: int | None) -> bool:
    return year is None or began(tx, year) <= question.received_at < began(tx, year + 1)


def _shown(tx: Transaction, question: Question, *, fits: bool) -> PastShown:
    """Its words without names: whoever looks was not in that thread."""
    words, field = draft(tx, question), field_named(tx, question.field_id)
    place, thread = helpers_channel(question), helpers_thread(question)
    link = address(workspace.workspace(tx).url, place, thread) if place and thread else None
    return PastShown(
        number=question.number,
        question=words.question,
        answer=words.answer,
        field=field.short if field else "その他",
        link=link,
        fits=fits,
    )
