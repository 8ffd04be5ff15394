"""What a question's thread makes of an entry: its words, with names and bodies taken out. A person reads them before anybody
else does."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.anonymous import without_names
from bot.domain.faq import Consent
from bot.domain.question import Reason
from bot.domain.text import clean
from handlers.faq.form import LONGEST_ANSWER, LONGEST_QUESTION
from handlers.questions.base.sides import asked, is_everybodys
from storage import meetings, members, messages, questions, reference, talents
from storage.database import Transaction
from storage.faq import Entry
from storage.questions import Question

PHRASING = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry as the thread would have it; `taken` is what was left out of it, `cut` whether there is more."""

    question: str
    answer: str
    taken: tuple[str, ...]
    cut: bool


def draft(tx: Transaction, question: Question) -> Draft:
    """The words of a question and of those who answered it, without names; first what a study session said of it, which is
    what all of them came to."""
    rows = [row for row in messages.of_question(tx, question.id, asks=False) if row.deleted_at is None]
    said = [each.body for each in meetings.said_of(tx, question.id)]
    answers = "\n\n".join([*said, *(clean(row.body) for row in rows if row.author != question.asker)])
    whole = "\n".join(clean(row.body) for row in asked(tx, question))
    ours, theirs = _nameless(tx, question, whole), _nameless(tx, question, answers)
    taken = tuple(dict.fromkeys((*ours[1], *theirs[1])))
    asking, answer = ours[0][:LONGEST_QUESTION], theirs[0][:LONGEST_ANSWER]
    return Draft(asking, answer, taken, cut=(asking, answer) != (ours[0], theirs[0]))


def phrasing_of(tx: Transaction, question: Question) -> str | None:
    """The asker's own words as a way to ask, without names; None when they are private or taken back, or there are none."""
    if not is_everybodys(tx, question) or question.close_reason == Reason.WITHDRAWN:
        return None
    words = " ".join(clean(row.body) for row in asked(tx, question))
    return _nameless(tx, question, words)[0][:PHRASING].strip() or None


def nameless(tx: Transaction, text: str) -> str:
    """What somebody looked for, without names."""
    bodies = reference.directory(tx).bodies
    return without_names(text, people=members.names(tx), bodies=bodies).text[:PHRASING].strip()


def needs_consent(tx: Transaction, question: Question) -> bool:
    """Whether the asker must say yes to the words before others read them."""
    return not is_everybodys(tx, question)


def consent_of(tx: Transaction, entry: Entry) -> Consent:
    """Whose yes an entry needs now: its question may have been narrowed since it was made of it."""
    known = Consent(entry.consent)
    if known is not Consent.NOT_NEEDED or entry.question_id is None:
        return known
    return Consent.ASKED if needs_consent(tx, questions.need(tx, entry.question_id)) else known


def _nameless(tx: Transaction, question: Question, text: str) -> tuple[str, tuple[str, ...]]:
    directory = reference.directory(tx)
    near = {question.asker, question.responsible, question.entered_by}
    near |= {row.author for row in messages.of_question(tx, question.id)}
    names = [name for user in near if user and (name := _name(tx, user))]
    found = without_names(
        text,
        people=members.names(tx),
        near=names,
        bodies=directory.bodies,
        own=directory.by_code.get(question.municipality_code or ""),
    )
    return found.text, found.taken


def _name(tx: Transaction, user: str) -> str:
    talent = talents.talent(tx, user)
    name = talent.name if talent else members.name_of(tx, user)
    return "" if name == user else name
