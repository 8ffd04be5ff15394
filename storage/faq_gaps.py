"""What people look for, and what becomes of it: of whom is kept nowhere. A number and its list are one condition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, select, update

from bot.domain.faq import State
from storage import faq
from storage.database import Transaction
from storage.faq import Entry
from storage.faq_searches import Search
from storage.tables import entries, searches

DAYS = timedelta(days=30)
"""How far back the numbers look."""
NEVER = timedelta(days=30)
"""How long an entry may be read before it is said that nobody ever found it."""

_S = searches.c
Which = ColumnElement[bool]
ALL: Which = _S.id > 0
SOLVED: Which = _S.solved
VAIN: Which = and_(_S.found == 0, not_(_S.solved), _S.done_at.is_(None))
UNREAD: Which = and_(_S.found > 0, not_(_S.opened), not_(_S.solved))
"""All; those that ended in 「これで解決」; those in vain that nobody has dealt with; those of which nothing was opened."""


def _mine(tx: Transaction, which: Which) -> tuple[Which, ...]:
    return (_S.workspace == tx.workspace, _S.at >= tx.now - DAYS, which)


def count(tx: Transaction, which: Which) -> int:
    """How many searches of the last days are such."""
    query = select(func.count()).select_from(searches).where(*_mine(tx, which))
    return int(tx.connection.execute(query).scalar_one())


def page(tx: Transaction, which: Which, *, most: int, start: int = 0) -> list[Search]:
    """These searches, the newest first."""
    names = [_S[name] for name in Search.__dataclass_fields__]
    query = select(*names).where(*_mine(tx, which)).order_by(_S.at.desc(), _S.id.desc())
    return [Search(*row) for row in tx.connection.execute(query.limit(most).offset(start))]


def opened(tx: Transaction, search_id: int, *, solved: bool = False) -> None:
    """Something that a search found was read; or `solved` what it was for."""
    values: dict[str, Any] = {"opened": True, **({"solved": True} if solved else {})}
    mine = (_S.workspace == tx.workspace, _S.id == search_id)
    tx.connection.execute(update(searches).where(*mine).values(**values))


def done(tx: Transaction, ids: Sequence[int], actor: str) -> None:
    """Somebody dealt with what was looked for in vain."""
    mine = (_S.workspace == tx.workspace, _S.id.in_(ids), _S.done_at.is_(None))
    tx.connection.execute(update(searches).where(*mine).values(done_at=tx.now, done_by=actor))


def _never(tx: Transaction) -> tuple[Which, ...]:
    e = entries.c
    old = and_(e.published_at.is_not(None), e.published_at < tx.now - NEVER)
    return (e.workspace == tx.workspace, e.state == State.PUBLISHED.value, e.found_on.is_(None), old)


def how_many_never_found(tx: Transaction) -> int:
    """How many entries can be read for so long, and no search ever found them."""
    query = select(func.count()).select_from(entries).where(*_never(tx))
    return int(tx.connection.execute(query).scalar_one())


def never_found(tx: Transaction, *, most: int, start: int = 0) -> list[Entry]:
    """They themselves, the oldest first."""
    order = (entries.c.published_at, entries.c.id)
    query = faq.SELECT.where(*_never(tx)).order_by(*order).limit(most).offset(start)
    return [faq.entry_of(row) for row in tx.connection.execute(query)]
