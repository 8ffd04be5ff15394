"""Questions as lines of Home and its lists, with what one person may read of each."""

from __future__ import annotations

from bot.domain import words
from bot.domain.asking import Audience
from bot.domain.question import State
from bot.domain.text import excerpt
from handlers.home.list_views import Line
from handlers.questions.base.naming import body_of, called, link_for
from handlers.questions.base.parts import is_helper, parts_of
from handlers.questions.base.sides import whole
from storage import workspace
from storage.database import Transaction
from storage.questions import Question

_BEGINS = 40


def line(tx: Transaction, user: str, question: Question, *, late: bool = False) -> Line:
    """A question that somebody may read: their own, one that they answer, or one that everybody may. `late`: it should
    have been answered by now."""
    space, mine = workspace.workspace(tx), user == question.asker
    who = question.responsible
    return Line(
        number=_number(question),
        words=excerpt(whole(tx, question), _BEGINS),
        body="" if mine else body_of(tx, question),
        state=State(question.state),
        target=words.short(question.target_at, space.zone),
        received=words.short(question.received_at, space.zone),
        link=link_for(tx, space, question, user),
        responsible="" if mine or who is None or who == user else called(tx, who),
        undecided=question.audience == Audience.UNDECIDED,
        late=late,
        passed=question.target_at < tx.now,
    )


def if_theirs(tx: Transaction, user: str, question: Question, *, late: bool = False) -> Line:
    """The same; of a question that somebody has no part in only that it is there, and how it stands."""
    if user == question.asker or is_helper(parts_of(tx, question, user)):
        return line(tx, user, question, late=late)
    undecided = question.audience == Audience.UNDECIDED
    return Line(_number(question), None, "", State(question.state), "", "", None, undecided=undecided)


def _number(question: Question) -> str:
    return f"{'練習 ' if question.practice else ''}No.{question.number}"
