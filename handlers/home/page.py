"""What Home has for somebody: read in one transaction, plain values for the view."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import words
from bot.domain.permissions import Deed, Role, allowed
from bot.domain.question import State, Turn, turn
from bot.domain.text import clean, excerpt
from handlers.common.doors import Visitor, role
from handlers.home.views import Line, Page
from handlers.questions.cards import whole
from handlers.questions.life import is_helper, parts_of
from handlers.questions.naming import body_of, link_for
from storage import members, questions, workspace
from storage.database import Transaction
from storage.questions import Question

MOST = 10
"""So many of each kind are listed; Home lists all that is whose turn first."""


def page_for(tx: Transaction, visitor: Visitor) -> Page:
    """Home as this person sees it."""
    space, found = workspace.workspace(tx), role(tx, visitor)
    head = space.name or "Banso"
    if found in {Role.EXTERNAL, Role.DEACTIVATED}:
        return Page(head=head, welcome=False)
    member = members.member(tx, visitor.user)
    place = [member.municipality, member.section] if member is not None else []
    asked = questions.living_with(tx, visitor.user, asked=True)
    given = [each for each in questions.living_with(tx, visitor.user, asked=False) if _theirs(tx, each)]
    return Page(
        head=head,
        place=" ".join(part for part in place if part),
        asks=allowed(Deed.ASK, found),
        answers=allowed(Deed.VOUCH, found),
        manages=allowed(Deed.MANAGE_PEOPLE, found),
        asked_mine=_lines(tx, visitor.user, asked, Turn.ASKER),
        asked_others=_lines(tx, visitor.user, asked, Turn.TALENT),
        given_mine=_lines(tx, visitor.user, given, Turn.TALENT),
        given_others=_lines(tx, visitor.user, given, Turn.ASKER),
    )


def _theirs(tx: Transaction, question: Question) -> bool:
    """Whether somebody still answers what they were given: a conflict of interest may have become known since."""
    return question.responsible is not None and is_helper(parts_of(tx, question, question.responsible))


def _lines(tx: Transaction, user: str, found: Sequence[Question], whose: Turn) -> tuple[Line, ...]:
    these = [question for question in found if turn(State(question.state)) is whose]
    return tuple(_line(tx, user, question) for question in these[:MOST])


def _line(tx: Transaction, user: str, question: Question) -> Line:
    space = workspace.workspace(tx)
    return Line(
        number=f"{'練習 ' if question.practice else ''}No.{question.number}",
        words=excerpt(clean(whole(tx, question)), 40),
        body="" if user == question.asker else body_of(tx, question),
        state=State(question.state),
        target=words.short(question.target_at, space.zone),
        link=link_for(tx, space, question, user),
    )
