"""What an embedder made of the published entries, in batches, by one process at a time.

A row says of which words of an entry it was made (`digest`), and up to which change of the entry that is known to hold. No
bytes: there is none, for the entry is not to be found any more, or the model takes no such text. Whoever searches reads what
is new by its `number`, which is given out by a locked row, so that the order of the numbers is the order of the commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import and_, delete, func, or_, select, update

from bot.domain.faq import State
from storage.database import Transaction
from storage.tables import embedding, entries, vectors
from storage.upsert import Upsert

LEASE: Final = timedelta(minutes=3)
"""How long a batch may take before another process takes over."""

OTHERS_KEPT: Final = timedelta(days=1)
"""How long vectors of another model stay when all of ours are made: somebody may go back to it."""

_KEEP = Upsert(
    vectors,
    ["entry_id", "model"],
    ["change", "digest", "vector", "number", "made_at"],
)
_BEGIN = Upsert(embedding, ["workspace"])


@dataclass(frozen=True, slots=True)
class Wanting:
    """A published entry whose vector is not known to hold: what is to be embedded of it, and, if there is a vector, of which
    words it was made."""

    id: int
    change: int
    text: str
    known: str | None

    @property
    def digest(self) -> str:
        """Which words these are."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:32]

    @property
    def holds(self) -> bool:
        """Whether the vector that is there was made of these words: something else of the entry changed."""
        return self.known == self.digest


@dataclass(frozen=True, slots=True)
class Made:
    """A vector for an entry as it was at a change; no bytes where the model takes no such text."""

    of: Wanting
    vector: bytes


def wanting(tx: Transaction, model: str, most: int) -> list[Wanting]:
    """Published entries without a vector of this model that holds, the oldest change first. Questions are never among them,
    nor what is not published, nor who asked for an entry in which words."""
    e, v = entries.c, vectors.c
    mine = and_(v.entry_id == e.id, v.model == model)
    query = (
        select(e.id, e.change, e.question, e.answer, e.tags, v.digest)
        .join_from(entries, vectors, mine, isouter=True)
        .where(e.workspace == tx.workspace, e.state == State.PUBLISHED.value)
        .where(or_(v.entry_id.is_(None), v.change != e.change))
        .order_by(e.change)
        .limit(most)
    )
    rows = tx.connection.execute(query)
    return [
        Wanting(row.id, row.change, "\n".join((row.question, " ".join(row.tags), row.answer)), row.digest)
        for row in rows
    ]


def claim(tx: Transaction) -> bool:
    """Whether this process may make the next batch: no other one does just now."""
    _BEGIN.run(tx, {})
    e = embedding.c
    free = or_(e.until.is_(None), e.until <= tx.real_now)
    query = update(embedding).where(e.workspace == tx.workspace, free).values(until=tx.real_now + LEASE)
    return tx.connection.execute(query).rowcount == 1


def release(tx: Transaction) -> None:
    """Another process may."""
    query = update(embedding).where(embedding.c.workspace == tx.workspace).values(until=None)
    tx.connection.execute(query)


def keep(tx: Transaction, model: str, made: Sequence[Made], held: Sequence[Wanting] = ()) -> None:
    """Keep what was made, and that what there was still holds for others (`held`)."""
    v = vectors.c
    for each in held:
        mine = (v.entry_id == each.id, v.model == model)
        tx.connection.execute(update(vectors).where(*mine).values(change=each.change))
    if made:
        number = _next(tx)
        rows = [
            {
                "entry_id": each.of.id,
                "model": model,
                "change": each.of.change,
                "digest": each.of.digest,
                "vector": each.vector,
                "number": number,
                "made_at": tx.real_now,
            }
            for each in made
        ]
        _KEEP.run(tx, rows)


def tidy(tx: Transaction, model: str) -> None:
    """Everything is made: take away vectors of entries that are not published any more, and those of former models."""
    v, e = vectors.c, entries.c
    live = select(e.id).where(e.id == v.entry_id, e.state == State.PUBLISHED.value).exists()
    mine = (v.workspace == tx.workspace, v.model == model, func.length(v.vector) > 0, ~live)
    if tx.connection.execute(select(v.entry_id).where(*mine).limit(1)).first() is not None:
        gone = update(vectors).where(*mine).values(vector=b"", digest="", number=_next(tx))
        tx.connection.execute(gone)
    former = (v.workspace == tx.workspace, v.model != model, v.made_at < tx.real_now - OTHERS_KEPT)
    tx.connection.execute(delete(vectors).where(*former))


def since(
    tx: Transaction, model: str, number: int, *, most: int = 500
) -> tuple[list[tuple[int, bytes]], int]:
    """The vectors that came after a number, oldest first, and the number to ask with next; all of one number at once, so
    more than `most` may come. Empty when nothing did."""
    v = vectors.c
    mine = (v.workspace == tx.workspace, v.model == model)
    some = select(v.number).where(*mine, v.number > number).order_by(v.number).limit(most)
    last = tx.connection.execute(select(func.max(some.subquery().c.number))).scalar_one()
    if last is None:
        return [], number
    query = select(v.entry_id, v.vector).where(*mine, v.number > number, v.number <= last)
    rows = tx.connection.execute(query.order_by(v.number, v.entry_id))
    return [(int(row[0]), bytes(row[1])) for row in rows], int(last)


def _next(tx: Transaction) -> int:
    _BEGIN.run(tx, {})
    e = embedding.c
    query = update(embedding).where(e.workspace == tx.workspace).values(last=e.last + 1).returning(e.last)
    return int(tx.connection.execute(query).scalar_one())
