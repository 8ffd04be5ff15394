"""Who comes to a meeting, who was told what of it, who was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, Update, bindparam, case, func, or_, select, update

from storage.database import Transaction
from storage.meetings import Meeting
from storage.tables import meetings, members, replies
from storage.upsert import Upsert

YES, NO, VIDEO, NONE = "yes", "no", "video", ""
"""Comes, does not, looks at the recording later; said nothing: was told by letter, or was there all the same."""


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
_KEY = ["meeting_id", "user_id"]
_ANSWER = Upsert(
    replies,
    _KEY,
    ["answer", "municipality_code", "answered_at", "known_at", "said_at", "told_change", "told_day"],
)
_CAME = Upsert(replies, _KEY, ["attended"])
_TOLD = Upsert(replies, _KEY)
_MINE = (_R.workspace == bindparam("w"), _R.meeting_id == bindparam("m"))
_THEIRS = (*_MINE, _R.user_id == bindparam("u"))
_SELECT = select(*[_R[name] for name in Reply.__dataclass_fields__])
_OF = _SELECT.where(*_THEIRS)
_SOME = _SELECT.where(*_MINE).order_by(_R.id).limit(bindparam("most", type_=Integer))


def of(tx: Transaction, meeting_id: int, user: str) -> Reply | None:
    """What somebody said to a meeting; None: nothing."""
    row = tx.connection.execute(_OF, {"w": tx.workspace, "m": meeting_id, "u": user}).one_or_none()
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


def told(tx: Transaction, meeting: Meeting, user: str, *, body: str | None) -> None:
    """Somebody is told of a meeting by letter: so they know how it stands, until they say something themselves."""
    row = {
        "meeting_id": meeting.id,
        "user_id": user,
        "answer": NONE,
        "municipality_code": body,
        "answered_at": None,
        "known_at": meeting.starts,
        "said_at": meeting.starts,
        "told_change": meeting.version,
    }
    _TOLD.run(tx, row)


@cache
def _noting(*columns: str) -> Update:
    return update(replies).where(*_THEIRS).values(dict.fromkeys(columns))


def note(tx: Transaction, meeting_id: int, user: str, **values: Any) -> None:
    """Change what is known of somebody's reply."""
    tx.connection.execute(_noting(*values), {"w": tx.workspace, "m": meeting_id, "u": user, **values})


_MEMBER = (members.c.workspace == bindparam("w"), members.c.user_id == bindparam("u"))
_WANTS_SOON = select(members.c.study_soon).where(*_MEMBER)
_WISH_SOON = update(members).where(*_MEMBER)
_TO_COME = select(meetings.c.id).where(
    meetings.c.workspace == bindparam("w"), meetings.c.starts_at > bindparam("now")
)
_SOON = update(replies).where(
    _R.workspace == bindparam("w"), _R.user_id == bindparam("u"), _R.meeting_id.in_(_TO_COME)
)


def wants_soon(tx: Transaction, user: str) -> bool:
    """Whether somebody wants to be told ten minutes before what they come to."""
    found = tx.connection.execute(_WANTS_SOON, {"w": tx.workspace, "u": user})
    return bool(found.scalar_one_or_none())


def set_soon(tx: Transaction, user: str, wants: bool) -> None:
    """Let somebody we know be told ten minutes before, or not any more: also of what they answered already and has not
    begun."""
    theirs = {"w": tx.workspace, "u": user}
    tx.connection.execute(_WISH_SOON, {**theirs, "study_soon": wants})
    tx.connection.execute(_SOON, {**theirs, "now": tx.now, "soon": wants})


_COMING = select(_R.user_id).where(*_MINE, _R.answer == YES).order_by(_R.id)


def coming(tx: Transaction, meeting_id: int) -> list[str]:
    """Who said that they come, in the order in which they first answered."""
    return list(tx.connection.execute(_COMING, {"w": tx.workspace, "m": meeting_id}).scalars())


_COUNT = select(_R.answer, func.count()).where(*_MINE).group_by(_R.answer)


def count(tx: Transaction, meeting_id: int) -> tuple[int, int, int]:
    """How many come, do not come, look at the recording."""
    rows = tx.connection.execute(_COUNT, {"w": tx.workspace, "m": meeting_id})
    found = {row[0]: int(row[1]) for row in rows}
    return found.get(YES, 0), found.get(NO, 0), found.get(VIDEO, 0)


@cache
def _untold(column: str) -> Select[Any]:
    of_these = _SOME.where(_R.answer == YES, _R[column] < bindparam("version"))
    return of_these.where(_R.soon) if column == "told_soon" else of_these


def untold(tx: Transaction, meeting: Meeting, column: str, most: int) -> list[Reply]:
    """Some of those who come and were not told of the present version; `column` says of what: told_day, told_soon."""
    given = {"w": tx.workspace, "m": meeting.id, "version": meeting.version, "most": most}
    return [Reply(*row) for row in tx.connection.execute(_untold(column), given)]


_NOT_NO = _SELECT.where(*_MINE, _R.answer != NO).order_by(_R.id)
_UNTOLD_CHANGE = _NOT_NO.where(_R.told_change < bindparam("version")).limit(bindparam("most", type_=Integer))


def untold_change(tx: Transaction, meeting: Meeting, most: int) -> list[Reply]:
    """Some of those who were not told of the present version and did not say no: they come, or may have been told by
    letter."""
    given = {"w": tx.workspace, "m": meeting.id, "version": meeting.version, "most": most}
    return [Reply(*row) for row in tx.connection.execute(_UNTOLD_CHANGE, given)]


def not_no(tx: Transaction, meeting_id: int) -> list[Reply]:
    """All of these, told of it or not."""
    return [Reply(*row) for row in tx.connection.execute(_NOT_NO, {"w": tx.workspace, "m": meeting_id})]


_WITHOUT_RECAP = _SOME.where(
    _R.told_recap.is_(False),
    or_(_R.attended.is_(False), _R.attended.is_(None) & _R.answer.in_([NO, VIDEO])),
)


def without_recap(tx: Transaction, meeting_id: int, most: int) -> list[Reply]:
    """Some of those who were not there, said so, and have not been told yet what came of it."""
    given = {"w": tx.workspace, "m": meeting_id, "most": most}
    return [Reply(*row) for row in tx.connection.execute(_WITHOUT_RECAP, given)]


_CORRECTED = select(_R.user_id, _R.attended).where(*_MINE, _R.attended.is_not(None)).order_by(_R.id)


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
    rows = tx.connection.execute(_CORRECTED, {"w": tx.workspace, "m": meeting_id})
    return {row.user_id: row.attended for row in rows}


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many of a body were at a meeting, and how many looked at the recording instead."""

    meeting_id: int
    municipality_code: str | None
    there: int
    video: int


_WAS_THERE = func.coalesce(_R.attended, _R.answer == YES)
_BY_BODY = (_R.meeting_id, _R.municipality_code)
_ATTENDANCE = (
    select(
        *_BY_BODY,
        func.sum(case((_WAS_THERE, 1), else_=0)),
        func.sum(case((~_WAS_THERE & (_R.answer == VIDEO), 1), else_=0)),
    )
    .where(_R.workspace == bindparam("w"), _R.meeting_id.in_(bindparam("ids", expanding=True)))
    .where(or_(_R.answer != NONE, _R.attended.is_not(None)))
    .group_by(*_BY_BODY)
    .order_by(*_BY_BODY)
)


def attendance(tx: Transaction, ids: Sequence[int]) -> list[Attendance]:
    """Who was at these meetings, by meeting and body."""
    rows = tx.connection.execute(_ATTENDANCE, {"w": tx.workspace, "ids": ids})
    return [Attendance(meeting, body, int(n), int(m)) for meeting, body, n, m in rows]
