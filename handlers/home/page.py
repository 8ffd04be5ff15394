"""What Home has for somebody: read in one transaction, plain values for the view."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import words
from bot.domain.permissions import Deed, Role, allowed
from bot.domain.question import State, Turn, turn
from bot.domain.text import clean, excerpt
from handlers.common.doors import Visitor, role
from handlers.home.steps import EARLY_SHOWN, known, present_step
from handlers.home.views import Early, Line, Page, Setup
from handlers.members.opening import WHYS
from handlers.questions.incoming import is_direct
from handlers.questions.naming import address, body_of, called, link_for
from handlers.questions.parts import is_helper, parts_of
from handlers.questions.sides import whole
from handlers.study import looking as study
from storage import members, messages, questions, workspace
from storage.database import Transaction
from storage.questions import Question

MOST, FEW = 10, 5
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
        is_open=space.is_open,
        setup=_setup(tx) if allowed(Deed.SET_UP, found) and not space.is_open else None,
        place=" ".join(part for part in place if part),
        asks=space.is_open and allowed(Deed.ASK, found),
        answers=space.is_open and allowed(Deed.VOUCH, found),
        manages=allowed(Deed.MANAGE_PEOPLE, found),
        reports=space.is_open and allowed(Deed.REPORT, found),
        asked_mine=_lines(tx, visitor.user, asked, Turn.ASKER),
        asked_others=_lines(tx, visitor.user, asked, Turn.TALENT),
        given_mine=_lines(tx, visitor.user, given, Turn.TALENT),
        given_others=_lines(tx, visitor.user, given, Turn.ASKER),
        study=study.home_line(tx, visitor),
    )


def _setup(tx: Transaction) -> Setup:
    """How far the set-up is, and what people wrote meanwhile; what was written to the bot alone is not shown."""
    found = known(tx)
    rows = [row for row in messages.set_aside_as(tx, WHYS, most=EARLY_SHOWN) if not is_direct(row.channel)]
    base = workspace.workspace(tx).url
    lines = [
        Early(called(tx, row.author), excerpt(clean(row.body), 40), address(base, row.channel, row.ts))
        for row in rows[:FEW]
    ]
    return Setup(done=found.done, step=present_step(found), early=found.early, lines=tuple(lines))


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
