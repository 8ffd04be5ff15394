"""What people wrote: one row a message, whatever became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    union_all,
    update,
)

from storage import question_changes
from storage.columns import UtcTime
from storage.database import Transaction
from storage.questions import is_stamp
from storage.tables import emergencies, emergency_places, messages, questions


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message. `asks` = part of what the asker asked; `set_aside` = why it is no question;
    `group_ts` = the first message of the asking it belongs to; `captured_at` = when we learned of it."""

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
    captured_at: datetime


_COLUMNS = [messages.c[name] for name in MessageRow.__dataclass_fields__]


_KEY = (
    messages.c.workspace == bindparam("w"),
    messages.c.channel == bindparam("c"),
    messages.c.ts == bindparam("t"),
)
_FIND = select(*_COLUMNS).where(*_KEY)
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
            m.thread_ts == bindparam("place") if in_thread else m.thread_ts.is_(None),
        )
        .order_by(m.written_at.desc(), m.ts.desc())
        .limit(1)
    )


_HERE, _BELOW, _BEFORE = "here", "below", "before"
_KEPT_BELOW = (
    messages.c.workspace == bindparam("w"),
    messages.c.channel == bindparam("c"),
    messages.c.thread_ts == bindparam("t"),
    messages.c.question_id.is_(None),
)
_BELOW_ONLY = select(*_COLUMNS).where(*_KEPT_BELOW).order_by(messages.c.ts)


def _around(in_thread: bool) -> CompoundSelect[Any]:
    """One statement, because most messages need all three; an OR would read the whole channel: SQLite takes one index
    a table."""
    latest = _latest(in_thread).subquery()
    return union_all(
        select(literal(_HERE), *_COLUMNS).where(*_KEY),
        select(literal(_BELOW), *_COLUMNS).where(*_KEPT_BELOW),
        select(literal(_BEFORE), *latest.c),
    )


_AROUND = {True: _around(True), False: _around(False)}


def find(tx: Transaction, channel: str, ts: str) -> MessageRow | None:
    """The message with this natural key."""
    row = tx.connection.execute(_FIND, {"w": tx.workspace, "c": channel, "t": ts}).one_or_none()
    return None if row is None else MessageRow(*row)


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around a message that arrives: `here` itself, if it came before; what was written `below` it (oldest
    first) and belongs to no question, since an answer can reach us before the words it answers; and `before`, its
    author's latest message of an asking in the same place."""

    here: MessageRow | None
    below: list[MessageRow]
    before: MessageRow | None


def around(
    tx: Transaction,
    channel: str,
    ts: str,
    author: str,
    thread_ts: str | None,
    at: datetime,
    within: timedelta,
) -> Around:
    """Look around a message; `before` is at most `within` away from `at` (aware UTC)."""
    place = {} if thread_ts is None else {"place": thread_ts}
    key = {"w": tx.workspace, "c": channel, "t": ts, "a": author}
    span = {"after": at - within, "before": at + within}
    rows = tx.connection.execute(_AROUND[thread_ts is not None], {**key, **place, **span})
    found: dict[str, list[MessageRow]] = {_HERE: [], _BELOW: [], _BEFORE: []}
    for which, *row in rows:
        found[which].append(MessageRow(*row))
    here, below, before = found[_HERE], found[_BELOW], found[_BEFORE]
    return Around(
        here[0] if here else None, sorted(below, key=lambda row: row.ts), before[0] if before else None
    )


def kept_below(tx: Transaction, channel: str, ts: str) -> list[MessageRow]:
    """What was written below a message and belongs to no question, oldest first."""
    rows = tx.connection.execute(_BELOW_ONLY, {"w": tx.workspace, "c": channel, "t": ts})
    return [MessageRow(*row) for row in rows]


def by_id(tx: Transaction, message_id: int) -> MessageRow | None:
    """The message with this id."""
    row = tx.connection.execute(select(*_COLUMNS).where(messages.c.id == message_id)).one_or_none()
    return None if row is None else MessageRow(*row)


def set_aside_as(tx: Transaction, whys: Collection[str], *, most: int, start: int = 0) -> list[MessageRow]:
    """The oldest messages that were set aside for one of these reasons and are not deleted, after so many of them."""
    order = (messages.c.written_at, messages.c.ts)
    rows = select(*_COLUMNS).where(*_set_aside(tx, whys)).order_by(*order).limit(most).offset(start)
    return [MessageRow(*row) for row in tx.connection.execute(rows)]


def how_many_set_aside(tx: Transaction, whys: Collection[str]) -> int:
    """How many of them there are."""
    counted = select(func.count()).select_from(messages).where(*_set_aside(tx, whys))
    return int(tx.connection.execute(counted).scalar_one())


def _set_aside(tx: Transaction, whys: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    m = messages.c
    return (m.workspace == tx.workspace, m.set_aside.in_(whys), m.deleted_at.is_(None))


def forget(tx: Transaction, message_id: int) -> None:
    """Take a message out, to take it in anew in the same transaction."""
    tx.connection.execute(delete(messages).where(messages.c.id == message_id))


def add(tx: Transaction, **values: Any) -> None:
    """Insert a message (channel, ts, thread_ts, author, body, files, written_at, and what it became)."""
    tx.connection.execute(_ADD, {"workspace": tx.workspace, "captured_at": tx.now, **values})


def change(tx: Transaction, ids: Sequence[int], **values: Any) -> None:
    """Change messages."""
    tx.connection.execute(update(messages).where(messages.c.id.in_(ids)).values(**values))
    if {"body", "deleted_at"} & set(values):
        question_changes.note_words(tx, ids)


def of_group(tx: Transaction, channel: str, group_ts: str) -> list[MessageRow]:
    """The messages of one asking, oldest first, deleted ones included."""
    rows = tx.connection.execute(_GROUP, {"w": tx.workspace, "c": channel, "g": group_ts})
    return [MessageRow(*row) for row in rows]


_ALL_OF = (
    select(*_COLUMNS)
    .where(messages.c.question_id == bindparam("q"))
    .order_by(messages.c.written_at, messages.c.ts)  # what came by a form has no Slack timestamp
)
_OF_QUESTION = {
    None: _ALL_OF,
    True: _ALL_OF.where(messages.c.asks.is_(True)),
    False: _ALL_OF.where(messages.c.asks.is_(False)),
}


def of_question(tx: Transaction, question_id: int, *, asks: bool | None = None) -> list[MessageRow]:
    """A question's messages, oldest first, deleted ones included; only the asking ones, or only the others."""
    return [MessageRow(*row) for row in tx.connection.execute(_OF_QUESTION[asks], {"q": question_id})]


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread in which a question lives; `asks` are the stamps of what was asked in it, oldest first."""

    channel: str
    ts: str
    asks: tuple[str, ...]


def threads(tx: Transaction, closed_for: timedelta) -> list[Thread]:
    """The threads of every question that is not closed, or was closed at most `closed_for` ago: one below each top-level
    message of what was asked, since people reply below the words they read, or below the card it began with. And those of
    the emergencies."""
    m, q = messages.c, questions.c
    lives = (q.workspace == tx.workspace, or_(q.state != "closed", q.closed_at >= tx.now - closed_for))
    asked = (
        select(q.id, m.channel, func.coalesce(m.thread_ts, m.ts), m.ts)
        .join(questions, q.id == m.question_id)
        .where(*lives, m.asks.is_(True))
    )
    rooted = select(q.id, q.channel, q.thread_ts, q.ts).where(*lives, q.ts != q.thread_ts)
    key = literal("desk:")  # asked is nothing there
    desk = select(q.id, q.desk_channel, q.desk_ts, key).where(*lives, q.desk_ts.is_not(None))
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    every: CompoundSelect[Any] = union(asked, rooted, desk, _of_emergencies(tx, closed_for))
    rows: list[tuple[int, str, str, str]] = [tuple(row) for row in tx.connection.execute(every)]
    for _, channel, thread_ts, ts in sorted(rows):
        if is_stamp(thread_ts):
            stamps = (ts,) if is_stamp(ts) else ()
            found[channel, thread_ts] = (*found.get((channel, thread_ts), ()), *stamps)
    return [Thread(channel, ts, asks) for (channel, ts), asks in found.items()]


def _of_emergencies(tx: Transaction, closed_for: timedelta) -> Select[Any]:
    e, p = emergencies.c, emergency_places.c
    lives = (e.workspace == tx.workspace, or_(e.state != "closed", e.closed_at >= tx.now - closed_for))
    there = select(e.id, p.channel, p.ts, literal("place:")).join(emergency_places, p.emergency_id == e.id)
    return there.where(*lives, p.ts.is_not(None))


def last_place_of(tx: Transaction, author: str, places: Sequence[str]) -> str | None:
    """The one of these channels in which somebody wrote last."""
    m = messages.c
    mine = (m.workspace == tx.workspace, m.channel.in_(places), m.author == author)
    found = select(m.channel).where(*mine).order_by(m.written_at.desc()).limit(1)
    return tx.connection.execute(found).scalar_one_or_none()


def has_written(tx: Transaction, question_id: int, author: str, channel: str | None = None) -> bool:
    """Whether somebody wrote of a question; in its thread of a `channel` Slack rings them for later replies by itself."""
    m = messages.c
    theirs = select(m.id).where(m.question_id == question_id, m.author == author, m.deleted_at.is_(None))
    if channel is not None:
        theirs = theirs.where(m.channel == channel)
    return tx.connection.execute(theirs.limit(1)).first() is not None
