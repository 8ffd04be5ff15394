"""What people wrote: one row a message, whatever became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, or_, select, union_all, update

from storage.columns import UtcTime
from storage.database import Transaction
from storage.tables import messages, questions


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message. `asks` = part of what the asker asked; `set_aside` = why it is no question;
    `group_ts` = the first message of the asking it belongs to."""

    id: int
    channel: str
    ts: str
    thread_ts: str | None
    author: str
    body: str
    files: Sequence[Mapping[str, Any]]
    question_id: int | None
    asks: bool
    set_aside: str | None
    group_ts: str | None
    edited_ts: str | None
    written_at: datetime
    deleted_at: datetime | None


_COLUMNS = [messages.c[name] for name in MessageRow.__dataclass_fields__]


_FIND = select(*_COLUMNS).where(
    messages.c.workspace == bindparam("w"),
    messages.c.channel == bindparam("c"),
    messages.c.ts == bindparam("t"),
)
_WITH_BELOW = union_all(  # an OR would read the whole channel: SQLite takes one index a table
    _FIND,
    select(*_COLUMNS).where(
        messages.c.workspace == bindparam("w"),
        messages.c.channel == bindparam("c"),
        messages.c.thread_ts == bindparam("t"),
        messages.c.question_id.is_(None),
    ),
)
_ADD = insert(messages)
_GROUP = (
    select(*_COLUMNS)
    .where(
        messages.c.workspace == bindparam("w"),
        messages.c.channel == bindparam("c"),
        messages.c.group_ts == bindparam("g"),
    )
    .order_by(messages.c.ts)
)


def _latest(in_thread: bool) -> Select[Any]:
    m = messages.c
    return (
        select(*_COLUMNS)
        .where(
            m.workspace == bindparam("w"),
            m.channel == bindparam("c"),
            m.author == bindparam("a"),
            m.written_at.between(bindparam("after", type_=UtcTime), bindparam("before", type_=UtcTime)),
            m.group_ts.is_not(None),
            m.deleted_at.is_(None),
            m.thread_ts == bindparam("t") if in_thread else m.thread_ts.is_(None),
        )
        .order_by(m.written_at.desc(), m.ts.desc())
        .limit(1)
    )


_LATEST = {True: _latest(True), False: _latest(False)}


def find(tx: Transaction, channel: str, ts: str) -> MessageRow | None:
    """The message with this natural key."""
    row = tx.connection.execute(_FIND, {"w": tx.workspace, "c": channel, "t": ts}).one_or_none()
    return None if row is None else MessageRow(*row)


def with_kept_below(tx: Transaction, channel: str, ts: str) -> tuple[MessageRow | None, list[MessageRow]]:
    """The message with this natural key, if it is known, and what was written below it (oldest first) and belongs to no
    question: an answer can reach us before the words it answers."""
    found = tx.connection.execute(_WITH_BELOW, {"w": tx.workspace, "c": channel, "t": ts})
    rows = sorted((MessageRow(*row) for row in found), key=lambda row: row.ts)
    return next((row for row in rows if row.ts == ts), None), [row for row in rows if row.ts != ts]


def by_id(tx: Transaction, message_id: int) -> MessageRow | None:
    """The message with this id."""
    row = tx.connection.execute(select(*_COLUMNS).where(messages.c.id == message_id)).one_or_none()
    return None if row is None else MessageRow(*row)


def add(tx: Transaction, **values: Any) -> None:
    """Insert a message (channel, ts, thread_ts, author, body, files, written_at, and what it became)."""
    tx.connection.execute(_ADD, {"workspace": tx.workspace, "captured_at": tx.now, **values})


def change(tx: Transaction, ids: Sequence[int], **values: Any) -> None:
    """Change messages."""
    tx.connection.execute(update(messages).where(messages.c.id.in_(ids)).values(**values))


def latest_asking(
    tx: Transaction, channel: str, author: str, thread_ts: str | None, around: datetime, within: timedelta
) -> MessageRow | None:
    """The author's latest message of an asking in one place, at most `within` away from `around` (aware UTC)."""
    place = {} if thread_ts is None else {"t": thread_ts}
    span = {"after": around - within, "before": around + within}
    row = tx.connection.execute(
        _LATEST[thread_ts is not None], {"w": tx.workspace, "c": channel, "a": author, **place, **span}
    ).one_or_none()
    return None if row is None else MessageRow(*row)


def of_group(tx: Transaction, channel: str, group_ts: str) -> list[MessageRow]:
    """The messages of one asking, oldest first, deleted ones included."""
    rows = tx.connection.execute(_GROUP, {"w": tx.workspace, "c": channel, "g": group_ts})
    return [MessageRow(*row) for row in rows]


def of_question(tx: Transaction, question_id: int, *, asks: bool | None = None) -> list[MessageRow]:
    """A question's messages, oldest first, deleted ones included; only the asking ones, or only the others."""
    query = select(*_COLUMNS).where(messages.c.question_id == question_id).order_by(messages.c.ts)
    if asks is not None:
        query = query.where(messages.c.asks.is_(asks))
    return [MessageRow(*row) for row in tx.connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread in which a question lives; `asks` are the stamps of what was asked in it, oldest first."""

    channel: str
    ts: str
    asks: tuple[str, ...]


def threads(tx: Transaction, closed_for: timedelta) -> list[Thread]:
    """The threads of every question that is not closed, or was closed at most `closed_for` ago: one below each top-level
    message of what was asked, since people reply below the words they read."""
    m, q = messages.c, questions.c
    rows = tx.connection.execute(
        select(m.channel, func.coalesce(m.thread_ts, m.ts), m.ts)
        .join(questions, q.id == m.question_id)
        .where(
            q.workspace == tx.workspace,
            m.asks.is_(True),
            or_(q.state != "closed", q.closed_at >= tx.now - closed_for),
        )
        .order_by(q.id, m.ts)
    )
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for channel, thread_ts, ts in rows:
        found[channel, thread_ts] = (*found.get((channel, thread_ts), ()), ts)
    return [Thread(channel, ts, asks) for (channel, ts), asks in found.items()]


def has_written(tx: Transaction, question_id: int, author: str) -> bool:
    """Whether somebody wrote in a question's thread: Slack rings them for later replies by itself."""
    m = messages.c
    return (
        tx.connection.execute(
            select(m.id)
            .where(m.question_id == question_id, m.author == author, m.deleted_at.is_(None))
            .limit(1)
        ).first()
        is not None
    )
