"""Who comes to a meeting, who was told what of it, who was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, update

from storage.database import Transaction
from storage.meetings import Meeting
from storage.tables import meetings, members, replies
from storage.upsert import Upsert

YES, NO, VIDEO, NONE = "yes", "no", "video", ""
"""Comes, does not, looks at the recording later; said nothing, and was there all the same."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody said. `soon`: they are told ten minutes before; `attended`: whether they were there, where that
    is not what they had said; the rest: `storage.tables.meetings`."""

    user_id: str
    answer: str
    soon: bool
    attended: bool | None
    known_at: datetime | None
    said_at: datetime | None
    told_change: int
    told_day: int
    told_soon: int


_R = replies.c
_SELECT = select(*[_R[name] for name in Reply.__dataclass_fields__])
_KEY = ["meeting_id", "user_id"]
_ANSWER = Upsert(
    replies,
    _KEY,
    ["answer", "municipality_code", "answered_at", "known_at", "said_at", "told_change", "told_day"],
)
_CAME = Upsert(replies, _KEY, ["attended"])


def _mine(tx: Transaction, meeting_id: int) -> tuple[ColumnElement[bool], ...]:
    return (_R.workspace == tx.workspace, _R.meeting_id == meeting_id)


def of(tx: Transaction, meeting_id: int, user: str) -> Reply | None:
    """What somebody said to a meeting; None: nothing."""
    row = tx.connection.execute(_SELECT.where(*_mine(tx, meeting_id), _R.user_id == user)).one_or_none()
    return None if row is None else Reply(*row)


def answer(
    tx: Transaction, meeting: Meeting, user: str, said: str, *, body: str | None, reminded: bool
) -> None:
    """Keep what somebody says now. They know how the meeting stands; `reminded`: they need no reminder any more."""
    row = {
        "meeting_id": meeting.id,
        "user_id": user,
        "answer": said,
        "municipality_code": body,
        "answered_at": tx.now,
        "known_at": meeting.starts,
        "said_at": meeting.starts,
        "told_change": meeting.version,
        "told_day": meeting.version if reminded else 0,
    }
    _ANSWER.run(tx, row)


def note(tx: Transaction, meeting_id: int, user: str, **values: Any) -> None:
    """Change what is known of somebody's reply."""
    which = (*_mine(tx, meeting_id), _R.user_id == user)
    tx.connection.execute(update(replies).where(*which).values(**values))


def wants_soon(tx: Transaction, user: str) -> bool:
    """Whether somebody wants to be told ten minutes before what they come to."""
    mine = (members.c.workspace == tx.workspace, members.c.user_id == user)
    return bool(tx.connection.execute(select(members.c.study_soon).where(*mine)).scalar_one_or_none())


def set_soon(tx: Transaction, user: str, wants: bool) -> None:
    """Let somebody we know be told ten minutes before, or not any more: also of what they answered already and has not
    begun."""
    mine = (members.c.workspace == tx.workspace, members.c.user_id == user)
    tx.connection.execute(update(members).where(*mine).values(study_soon=wants))
    m = meetings.c
    to_come = select(m.id).where(m.workspace == tx.workspace, m.starts_at > tx.now)
    which = (_R.workspace == tx.workspace, _R.user_id == user, _R.meeting_id.in_(to_come))
    tx.connection.execute(update(replies).where(*which).values(soon=wants))


def count(tx: Transaction, meeting_id: int) -> tuple[int, int, int]:
    """How many come, do not come, look at the recording."""
    query = select(_R.answer, func.count()).where(*_mine(tx, meeting_id)).group_by(_R.answer)
    found = {row[0]: int(row[1]) for row in tx.connection.execute(query)}
    return found.get(YES, 0), found.get(NO, 0), found.get(VIDEO, 0)


def untold(tx: Transaction, meeting: Meeting, column: str, most: int) -> list[Reply]:
    """Some of those who come and were not told of the present version; `column` says of what: told_change, told_day,
    told_soon."""
    which = [*_mine(tx, meeting.id), _R.answer == YES, _R[column] < meeting.version]
    if column == "told_soon":
        which.append(_R.soon)
    return [Reply(*row) for row in tx.connection.execute(_SELECT.where(*which).order_by(_R.id).limit(most))]


def without_recap(tx: Transaction, meeting_id: int, most: int) -> list[Reply]:
    """Some of those who were not there, said so, and have not been told yet what came of it."""
    missed = or_(_R.attended.is_(False), _R.attended.is_(None) & _R.answer.in_([NO, VIDEO]))
    which = (*_mine(tx, meeting_id), _R.told_recap.is_(False), missed)
    return [Reply(*row) for row in tx.connection.execute(_SELECT.where(*which).order_by(_R.id).limit(most))]


_WAS_THERE = func.coalesce(_R.attended, _R.answer == YES)


def came(tx: Transaction, meeting_id: int, users: Mapping[str, tuple[bool | None, str | None]]) -> None:
    """Correct who was there: whether they were (None: as they had said), and their body."""
    same = {"meeting_id": meeting_id, "answer": NONE, "answered_at": None}
    rows = [
        {**same, "user_id": user, "municipality_code": body, "attended": there}
        for user, (there, body) in users.items()
    ]
    _CAME.run(tx, rows)


def corrected(tx: Transaction, meeting_id: int) -> dict[str, bool]:
    """Of whom it was said that they were there, or were not, against what they had said."""
    query = select(_R.user_id, _R.attended).where(*_mine(tx, meeting_id), _R.attended.is_not(None))
    return {row.user_id: row.attended for row in tx.connection.execute(query.order_by(_R.id))}


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many of a body were at a meeting, and how many looked at the recording instead."""

    meeting_id: int
    municipality_code: str | None
    there: int
    video: int


def attendance(tx: Transaction, ids: Sequence[int]) -> list[Attendance]:
    """Who was at these meetings, by meeting and body."""
    there = func.sum(case((_WAS_THERE, 1), else_=0))
    video = func.sum(case((~_WAS_THERE & (_R.answer == VIDEO), 1), else_=0))
    query = select(_R.meeting_id, _R.municipality_code, there, video)
    which = (_R.workspace == tx.workspace, _R.meeting_id.in_(ids))
    grouped = query.where(*which).group_by(_R.meeting_id, _R.municipality_code)
    rows = tx.connection.execute(grouped.order_by(_R.meeting_id, _R.municipality_code))
    return [Attendance(meeting, body, int(n), int(m)) for meeting, body, n, m in rows]
