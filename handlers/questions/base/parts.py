"""What somebody is to a question, and who may know of it."""

from __future__ import annotations

from bot.domain.asking import Audience
from bot.domain.question import Part, Verb
from handlers.questions.base.routing import DESK
from handlers.questions.base.sides import helpers_channel, in_channel, is_everybodys
from storage import channels, members, overview, talents, timelines
from storage.database import Transaction
from storage.overview import Which
from storage.questions import Question


def parts_of(tx: Transaction, question: Question, user_id: str) -> frozenset[Part]:
    """What somebody is to a question. A talent with a conflict of interest is nothing to it, whether it was known before
    or they said so by stepping aside; neither is who was given it and may not answer any more."""
    found: set[Part] = set()
    member, barred = members.member(tx, user_id), is_barred(tx, question, user_id)
    if member is not None and member.deactivated:
        return frozenset()
    if member is not None and member.permission in DESK:
        found.add(Part.COORDINATOR)
    if talents.talent(tx, user_id) is not None or (member is not None and member.permission == "staff"):
        found.add(Part.TALENT)  # staff: prefecture staff who answer
    answers = bool(found)
    if barred:
        found.discard(Part.TALENT)
    elif answers and user_id == question.responsible:
        found.add(Part.RESPONSIBLE)
    if found and not _may_know(tx, question, user_id):
        found.clear()
    if user_id == question.asker:
        found.add(Part.ASKER)
    return frozenset(found)


def is_barred(tx: Transaction, question: Question, user_id: str) -> bool:
    """Whether a talent has a conflict of interest, registered or said by stepping aside."""
    talent = talents.talent(tx, user_id)
    if talent is None:
        return False
    conflict = {question.field_id, f"body:{question.municipality_code}"} & set(talent.conflicts)
    return bool(conflict) or user_id in timelines.doers(tx, question.id, Verb.STEP_ASIDE.value)


def _may_know(tx: Transaction, question: Question, user_id: str) -> bool:
    """A private question is known to the desk, to who has or had it and to who sits in the private desk channel, or in the
    private channel it was asked in; one whose asker has not said yet before whom, to nobody."""
    if question.audience == Audience.UNDECIDED:
        return False
    if is_everybodys(tx, question) or user_id in already_told(tx, question):
        return True
    member, place = members.member(tx, user_id), helpers_channel(question)
    desk = member is not None and member.permission in DESK
    return desk or (place is not None and channels.is_in_channel(tx, place, user_id))


def may_read(tx: Transaction, question: Question, user_id: str) -> bool:
    """Whether somebody may read what was asked: it is everybody's, they have a part in it, or they are where it stands."""
    if is_everybodys(tx, question) or parts_of(tx, question, user_id):
        return True
    return in_channel(question) and channels.is_in_channel(tx, question.channel, user_id)


def is_helper(parts: frozenset[Part]) -> bool:
    """Whether somebody answers rather than asks."""
    return bool(parts & {Part.RESPONSIBLE, Part.TALENT, Part.COORDINATOR})


def given_to(tx: Transaction, user_id: str, *, theirs: bool) -> Which:
    """The living questions that somebody was given and is a helper of (`parts_of`), all at once: where it is their turn, or
    the asker's."""
    member, talent = members.member(tx, user_id), talents.talent(tx, user_id)
    if member is None or member.deactivated:
        return overview.NONE
    if member.permission in DESK or (talent is None and member.permission == "staff"):
        return overview.given(user_id, theirs=theirs, barred=None)
    return (
        overview.NONE if talent is None else overview.given(user_id, theirs=theirs, barred=talent.conflicts)
    )


def already_told(tx: Transaction, question: Question) -> set[str]:
    """Everybody who has had this question since it was last reopened: each is told once."""
    told = {question.responsible}
    for event in reversed(timelines.timeline(tx, question.id)):
        if event.verb == Verb.REOPEN:
            break
        told.add(event.before.get("responsible"))
    return {user for user in told if user}
