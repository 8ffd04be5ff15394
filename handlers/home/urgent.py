"""The emergencies that are not closed, as a list of Home; practice is none."""

from __future__ import annotations

from bot.domain.emergency import KINDS, STATES, Kind, Role, State
from handlers.emergency import values, views
from handlers.home.list_views import Plain, Row, Word
from handlers.questions.base.naming import called
from storage import emergencies
from storage.database import Transaction
from storage.emergencies import Emergency


def living(tx: Transaction) -> list[Emergency]:
    """What is not closed, oldest first."""
    return [each for each in emergencies.living(tx) if not each.practice]


def lines(tx: Transaction, user: str, most: int, start: int) -> list[Row]:
    """Each as this person may read it."""
    return [_line(tx, user, each) for each in living(tx)[start : start + most]]


def _line(tx: Transaction, user: str, record: Emergency) -> Row:
    name, state = views.title(record.number, practice=False), STATES[State(record.state)]
    if values.part_of(tx, record, user) is None:
        return Plain(name, f"{state}|内容は、関わる方だけが見られます")
    people = [each for each in emergencies.told(tx, record.id) if each.seen_at and each.role != Role.ASKER]
    who = "、".join(called(tx, each.user_id) for each in people)
    said = f"{KINDS[Kind(record.kind)]}|{values.body_of(record)}|{state}|"
    said += f"対応 {who}" if who else "まだだれも対応を始めていません"
    link = values.link_for(tx, record, user)
    return Plain(name, said) if link is None else Word(name, said, link)
