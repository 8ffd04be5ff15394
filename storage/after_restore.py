"""What a database must know that was restored from a backup: what came after the backup is lost here, and is still to be
seen on Slack (docs/decisions/0026-after-a-restore.md).

Numbers and ids begin far above those that may have been given meanwhile, so that an old card's button finds nothing rather
than another record. And what is posted in the first hour is looked for first, by what it is about: the lost state may have
posted it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, bindparam, func, select, text, update

from storage import failures
from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.tables import (
    audit,
    emergencies,
    entries,
    meetings,
    outbox,
    questions,
    searches,
    topic_requests,
    topics,
    workspaces,
)

NOTE = "restored from a backup"
LOOKING = timedelta(hours=1)
"""How long after the first start everything is looked for before it is posted: by then the catch-up has read what was
written meanwhile, and what was overdue has run."""
GAP, ID_GAP = 1000, 1_000_000
_NOTED = (
    select(audit.c.detail)
    .where(audit.c.workspace == bindparam("w"), audit.c.what == NOTE)
    .order_by(audit.c.id.desc())
    .limit(1)
)
_SPOKEN_OF = (questions, entries, searches, emergencies, topics, topic_requests, meetings)
"""Whose ids stand on buttons."""
_CARD = "card"
POSTED = frozenset({_CARD, "notice", "direct"})
"""The kinds of row that can be found again on Slack by what they are about (`storage.outbox.Kind`, which builds on this)."""


@dataclass(frozen=True, slots=True)
class _Restored:
    floor: int
    until: datetime | None


def _read(tx: Transaction) -> _Restored | None:
    detail = tx.connection.execute(_NOTED, {"w": tx.workspace}).scalar_one_or_none()
    if detail is None:
        return None
    until = detail["until"]
    return _Restored(int(detail["floor"]), datetime.fromisoformat(until) if until else None)


def _found(tx: Transaction) -> _Restored | None:
    return cached(tx, "restored", _read)


def looks_first(tx: Transaction) -> bool:
    """Whether what is wanted now may stand on Slack already, by a state that is lost."""
    found = _found(tx)
    return found is not None and (found.until is None or tx.real_now < found.until)


def stamp(tx: Transaction, kind: str) -> dict[str, datetime | None]:
    """When a new row of the outbox begins, is due, and began to be unsure."""
    unsure = kind in POSTED and looks_first(tx)
    return {
        "created_at": tx.real_now,
        "due_at": tx.real_now,
        "unsure_since": tx.real_now if unsure else None,
    }


def ids(tx: Transaction, table: Table) -> dict[str, Any]:
    """The id of the next row, where the database itself would give one again that was given before; else nothing. PostgreSQL
    counts on by itself."""
    found = _found(tx)
    if found is None or tx.connection.dialect.name != "sqlite":
        return {}
    top = tx.connection.execute(select(func.max(table.c.id))).scalar()
    return {"id": max(int(top or 0), found.floor) + 1}


def begins(tx: Transaction) -> None:
    """The bot starts for the first time since: from now on it is looked for an hour."""
    found = _found(tx)
    if found is not None and found.until is None:
        _note(tx, found.floor, tx.real_now + LOOKING)


def _note(tx: Transaction, floor: int, until: datetime | None) -> None:
    failures.note(tx, NOTE, floor=floor, until=until and until.isoformat())
    set_up_changed(tx)


def mark(tx: Transaction) -> None:
    """Say to a restored workspace what it must know."""
    floor = max(_above(tx, table) for table in _SPOKEN_OF)
    if tx.connection.dialect.name == "postgresql":
        for table in _SPOKEN_OF:
            sequence = text("SELECT setval(pg_get_serial_sequence(:t, 'id'), :n)")
            tx.connection.execute(sequence, {"t": table.name, "n": floor})
    w = workspaces.c
    row = tx.connection.execute(select(w.last_number, w.last_entry).where(w.workspace == tx.workspace)).one()
    numbers = {"last_number": _next(row.last_number), "last_entry": _next(row.last_entry)}
    tx.connection.execute(update(workspaces).where(w.workspace == tx.workspace).values(**numbers))
    _look_for_what_waits(tx)
    _show_again(tx)
    _note(tx, floor, None)


def _above(tx: Transaction, table: Table) -> int:
    top = int(tx.connection.execute(select(func.max(table.c.id))).scalar() or 0)
    return (top // ID_GAP + 1) * ID_GAP


def _next(last: int) -> int:
    """Half a thousand at least above the last number, at a round one: nobody takes it for a count."""
    return ((last + GAP // 2) // GAP + 1) * GAP if last else 0


def _look_for_what_waits(tx: Transaction) -> None:
    """What waited to be posted then may have been posted since."""
    o = outbox.c
    waits = (o.workspace == tx.workspace, o.wanted > o.sent, o.posted_ts.is_(None), o.kind.in_(POSTED))
    looks = {"unsure_since": tx.real_now, "looks": 0, "lease": None, "leased_until": None}
    tx.connection.execute(update(outbox).where(*waits).values(**looks))


def _show_again(tx: Transaction) -> None:
    """A card of a living question may show what it became since: it says again what is known."""
    o, q = outbox.c, questions.c
    living = select(q.id).where(q.workspace == tx.workspace, q.state != "closed")
    cards = (o.workspace == tx.workspace, o.kind == _CARD, o.posted_ts.is_not(None))
    again = (*cards, o.renderer.like("question.%"), o.record_id.in_(living), o.wanted == o.sent)
    tx.connection.execute(update(outbox).where(*again).values(wanted=o.wanted + 1, due_at=tx.real_now))
