"""Questions as they stood at a moment, for the report.

What was overwritten since then is in the events (`storage.questions.change`): taken back, newest first, they give the
columns as they were. So a period that is over reads the same whenever it is read. Only before whom something is asked, and
its words, are read as of today as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, RowMapping, and_, exists, func, select

from bot.domain.asking import Audience, Urgency, Way
from bot.domain.question import Reason, State, Verb
from bot.domain.report import Asked
from storage import overview
from storage.database import Transaction
from storage.questions import is_stamp
from storage.tables import events, messages, questions

LONGEST = 1000
"""So many characters of each message are read: the list shows how a question begins."""
_THEN = ("state", "close_reason", "field_id", "municipality_code", "audience", "first_reply_at")
_RESPONSES = (Verb.ANSWER, Verb.ASK_BACK, Verb.BY_PHONE)
_RECEIVED = events.alias("received")


def asked(tx: Transaction, since: datetime, at: datetime) -> list[Asked]:
    """The questions recorded from `since` until before `at`, as they stood then, oldest first. Practice is left out."""
    q = questions.c
    names = ("id", "received_at", "way", "urgency", "channel", "thread_ts", "desk_channel", "desk_ts")
    these, recorded = _recorded(tx, since, at)
    columns = [*(q[name] for name in (*names, *_THEN)), overview.everybodys().label("everybodys")]
    rows = tx.connection.execute(select(*columns).select_from(these).where(recorded).order_by(q.id))
    before, responses = _overwritten(tx, since, at), _responses(tx, since, at)
    return [_as_of(row._mapping, before.get(row.id, {}), responses.get(row.id), at) for row in rows]


def words(tx: Transaction, since: datetime, at: datetime) -> dict[int, list[str]]:
    """How what was asked begins, by question: its messages that are not deleted, oldest first, in Slack's form."""
    m = messages.c
    these, recorded = _recorded(tx, since, at)
    rows = tx.connection.execute(
        select(m.question_id, func.substr(m.body, 1, LONGEST))
        .select_from(these.join(messages, m.question_id == questions.c.id))
        .where(recorded, m.asks.is_(True), m.deleted_at.is_(None))
        .order_by(m.written_at, m.id)
    )
    found: dict[int, list[str]] = {}
    for question_id, body in rows:
        found.setdefault(question_id, []).append(body)
    return found


def _recorded(tx: Transaction, since: datetime, at: datetime) -> tuple[FromClause, ColumnElement[bool]]:
    """The questions by when they were recorded: what was received before, and entered afterwards, is not lost."""
    r, q = _RECEIVED.c, questions.c
    when = and_(r.workspace == tx.workspace, r.verb == Verb.RECEIVE.value, r.at >= since, r.at < at)
    return questions.join(_RECEIVED, r.question_id == q.id), and_(when, q.practice.is_(False))


def _overwritten(tx: Transaction, since: datetime, at: datetime) -> dict[int, dict[str, Any]]:
    """Of each question that changed since `at`, the columns as they were then."""
    these, recorded = _recorded(tx, since, at)
    rows = tx.connection.execute(
        select(events.c.question_id, events.c.before)
        .select_from(these.join(events, events.c.question_id == questions.c.id))
        .where(recorded, events.c.at >= at)
        .order_by(events.c.id.desc())
    )
    found: dict[int, dict[str, Any]] = {}
    for question_id, before in rows:
        found.setdefault(question_id, {}).update(before)
    return found


def _responses(tx: Transaction, since: datetime, at: datetime) -> dict[int, datetime]:
    """When somebody first said that they answered, or asked back, and did not undo it: it may have been by telephone."""
    these, recorded = _recorded(tx, since, at)
    undo = events.alias("undo")
    undone = exists().where(
        undo.c.question_id == events.c.question_id, undo.c.undoes == events.c.id, undo.c.at < at
    )
    rows = tx.connection.execute(
        select(events.c.question_id, func.min(events.c.at))
        .select_from(these.join(events, events.c.question_id == questions.c.id))
        .where(recorded, events.c.verb.in_([verb.value for verb in _RESPONSES]), events.c.at < at, ~undone)
        .group_by(events.c.question_id)
    )
    return {question_id: first for question_id, first in rows}


def _as_of(row: RowMapping, before: Mapping[str, Any], response: datetime | None, at: datetime) -> Asked:
    then = {name: before.get(name, row[name]) for name in _THEN}
    reasons = {row["close_reason"], then["close_reason"]}
    hidden = row["audience"] == Audience.OPEN and not row["everybodys"]  # in a private channel, today as then
    return Asked(
        id=row["id"],
        received_at=row["received_at"],
        way=Way(row["way"]),
        urgency=Urgency(row["urgency"]),
        municipality_code=then["municipality_code"],
        field_id=then["field_id"],
        state=State(then["state"]),
        close_reason=None if then["close_reason"] is None else Reason(then["close_reason"]),
        first_response_at=min(_moments(then["first_reply_at"], response, at), default=None),
        audience=Audience.PRIVATE if hidden else Audience(then["audience"]),
        audience_now=Audience.PRIVATE if hidden else Audience(row["audience"]),
        withdrawn=Reason.WITHDRAWN.value in reasons,
        place=_place(row),
    )


def _moments(reply: datetime | str | None, response: datetime | None, at: datetime) -> list[datetime]:
    """The first words and the first deed before `at`: words leave no event where they change nothing."""
    replied = datetime.fromisoformat(reply) if isinstance(reply, str) else reply
    return [moment for moment in (replied, response) if moment is not None and moment < at]


def _place(row: RowMapping) -> tuple[str, str] | None:
    """The channel and ts of the thread in which it is answered, if there is one."""
    apart = row["desk_channel"] is not None
    channel, ts = (row["desk_channel"], row["desk_ts"]) if apart else (row["channel"], row["thread_ts"])
    return (channel, ts) if channel and ts is not None and is_stamp(ts) else None
