"""What was found, narrowed by what the index does not know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select, update

from bot.domain.faq import State
from storage.database import Transaction
from storage.tables import entries, phrasings


def narrowed(
    tx: Transaction,
    ids: Sequence[int],
    *,
    size: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> set[int]:
    """Those of the published entries that are of a size of body, and were published since a moment and before another
    (aware UTC), if that is asked."""
    e = entries.c
    mine = [e.workspace == tx.workspace, e.id.in_(ids), e.state == State.PUBLISHED.value]
    mine += [e.size_band == size] if size is not None else []
    mine += [e.published_at >= since] if since is not None else []
    mine += [e.published_at < until] if until is not None else []
    return set(tx.connection.execute(select(e.id).where(*mine)).scalars())


def seen(tx: Transaction, ids: Sequence[int], day: date) -> None:
    """These entries were found on a day: written once a day, whatever is looked for."""
    e = entries.c
    mine = (e.workspace == tx.workspace, e.id.in_(ids), or_(e.found_on.is_(None), e.found_on < day))
    tx.connection.execute(update(entries).where(*mine).values(found_on=day))


def first_published(tx: Transaction) -> datetime | None:
    """When the first of the entries that can be read was published; None while there is none."""
    e = entries.c
    mine = (e.workspace == tx.workspace, e.state == State.PUBLISHED.value)
    found: datetime | None = tx.connection.execute(
        select(func.min(e.published_at)).where(*mine)
    ).scalar_one_or_none()
    return found


def asked_as(tx: Transaction, ids: Sequence[int]) -> dict[int, list[str]]:
    """The ways in which people asked for these entries, newest first."""
    p = phrasings.c
    mine = (p.workspace == tx.workspace, p.entry_id.in_(ids), p.undone_at.is_(None))
    query = select(p.entry_id, p.words).where(*mine).order_by(p.id.desc())
    found: dict[int, list[str]] = {}
    for entry_id, words in tx.connection.execute(query):
        found.setdefault(entry_id, []).append(words)
    return found
