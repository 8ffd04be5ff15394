"""Somebody will be away: said by themselves, or by a coordinator for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.feature import DueWork
from handlers.common.telling import bring_forward, put_off, tell
from handlers.rota.gaps import look_soon
from handlers.rota.office import calendar, coordinators, filled
from storage import absences, due, duties, failures, ledger, questions
from storage.absences import Absence
from storage.database import Transaction
from storage.duties import Shift
from storage.questions import Question

BEGINS = "rota.absence"
"""Due when an absence begins, in an open minute (if it has one), and when it is over; one until further notice has an end
when somebody says so."""
ABSENT = "question.absent"
"""Due then for each question of theirs."""
TO_DESK, FOR_YOU = "rota.absence_at_desk", "rota.absence_for_you"
HELD = "rota.absence_held"
_LATE = timedelta(days=60)
"""So long after an absence the cards of a bot that was stopped still hear that it is over."""


def add(
    tx: Transaction, user: str, starts: datetime, ends: datetime, *, said: str | None, actor: str
) -> Absence:
    """Keep an absence. The coordinators hear of it when it leaves a gap, its person when somebody else entered it."""
    found = absences.add(tx, user, starts, ends, said=said, made_by=actor)
    begins = calendar(tx).next_open(max(starts, tx.now))
    # a card that changes on a weekend says that they are away then: so its end is looked at without an open minute, too
    due.schedule(tx, _key(found), BEGINS, found.id, min(begins, ends))
    put_off(tx, user, starts, ends)
    if turns := affected(tx, found):
        first = min(max(each.starts, starts) for each in turns)
        for person in coordinators(tx):
            if person != actor:
                tell(tx, person, TO_DESK, found.id, key=f"{found.id}:{person}", before=first)
    if user != actor:
        tell(tx, user, FOR_YOU, found.id, key=str(found.id), before=starts)
    look_soon(tx)
    failures.note(tx, "absence entered", actor=actor, about=user, absence=found.id)
    return found


def withdraw(tx: Transaction, found: Absence, actor: str) -> None:
    """They will be there after all; or they are back, of whom nobody knew when: until now they were away."""
    if found.is_open and found.starts < tx.now:
        absences.end(tx, found.id)
    else:
        absences.withdraw(tx, found.id)
    due.cancel(tx, _key(found))
    bring_forward(tx, found.user_id, found.ends)
    if found.starts <= tx.now:
        _look_at_questions(tx, found)
    look_soon(tx)
    failures.note(tx, "absence withdrawn", actor=actor, about=found.user_id, absence=found.id)


def affected(tx: Transaction, found: Absence) -> list[Shift]:
    """The planned turns of duty that are not over and fall into an absence."""
    planned = {rota.id for rota in filled(tx)}
    return [
        shift
        for shift in duties.touching(tx, max(found.starts, tx.now), found.ends)
        if shift.user_id == found.user_id and shift.rota_id in planned
    ]


def begins(tx: Transaction, work: DueWork) -> None:
    """An absence begins: what its person has not begun goes on to others, and what they have in hand says so. Or it is over:
    it says so no longer."""
    found = next((each for each in absences.remembered(tx, _LATE) if each.id == work.record_id), None)
    if found is None:
        return
    _look_at_questions(tx, found)
    if found.ends <= tx.now:
        return
    put_off(tx, found.user_id, found.starts, found.ends)  # the upgrade made some without asking what waits
    if not found.is_open:
        due.schedule(tx, _key(found), BEGINS, found.id, found.ends)
    if _is_long(tx, found) and in_hand(tx, found):
        for person in coordinators(tx):
            if person != found.user_id:
                tell(tx, person, HELD, found.id, key=f"{found.id}:{person}", day=found.starts)


def _look_at_questions(tx: Transaction, found: Absence) -> None:
    rows = [(f"{ABSENT}:{each}", each, tx.now) for each in ledger.held_by(tx, [found.user_id])]
    due.schedule_all(tx, ABSENT, rows)


def _is_long(tx: Transaction, found: Absence) -> bool:
    """Whether more than one day's work is missed in all, however much of it is left: a single day's absence is nobody's
    business but their asker's."""
    office = calendar(tx)
    return found.is_open or office.elapsed(found.starts, found.ends) > office.business_day_length


def in_hand(tx: Transaction, found: Absence) -> list[Question]:
    """What somebody who is away took before, and has not answered."""
    held = (questions.need(tx, each) for each in ledger.held_by(tx, [found.user_id]))
    return [
        each for each in held if each.state == "claimed" and each.claimed_at and each.claimed_at < found.since
    ]


def _key(found: Absence) -> str:
    return f"{BEGINS}:{found.id}"
