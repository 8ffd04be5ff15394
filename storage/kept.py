"""What people wrote, kept before anything is made of it: the first and short transaction, after which Slack is told.

A row is removed in the very transaction that takes it in, so it is taken in once, by whomever.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, select, update

from storage.database import Transaction
from storage.tables import kept_words

KEPT = "kept"
"""What a commit wakes that kept a word."""

LEFT_BEHIND = timedelta(seconds=10)
"""Real time after which a replica takes in what another one kept: that one has died, or is glad of help."""

MAX_TRIES = 5


@dataclass(frozen=True, slots=True)
class Word:
    """Something somebody wrote, changed or deleted: `body` as the taker needs it, `reference` its number in the log."""

    id: int
    kind: str
    body: Mapping[str, Any]
    reference: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many words wait for their turn, how many could not be taken in, and since when the oldest waits (real time)."""

    waiting: int
    failing: int
    oldest: datetime | None


_KEEP = insert(kept_words)
_TAKE = delete(kept_words).where(kept_words.c.id == bindparam("word"))
_COLUMNS = [kept_words.c[name] for name in ("id", "kind", "body", "reference", "attempts")]
_MINE = (
    select(*_COLUMNS)
    .where(
        kept_words.c.workspace == bindparam("w"),
        kept_words.c.owner == bindparam("owner"),
        kept_words.c.error.is_(None),
    )
    .order_by(kept_words.c.id)
    .limit(bindparam("most"))
)
_LEFT = (
    select(kept_words.c.id)
    .where(
        kept_words.c.workspace == bindparam("w"),
        kept_words.c.owner != bindparam("owner"),
        kept_words.c.kept_at <= bindparam("since"),
        kept_words.c.error.is_(None),
    )
    .order_by(kept_words.c.id)
    .limit(bindparam("most"))
)
_ADOPTED = _LEFT.with_for_update(skip_locked=True)
_ANY = (
    select(kept_words.c.id)
    .where(kept_words.c.workspace == bindparam("w"), kept_words.c.error.is_(None))
    .limit(1)
)
_FAILING = func.count(kept_words.c.error)
_BACKLOG = select(
    func.count() - _FAILING, _FAILING, func.min(case((kept_words.c.error.is_(None), kept_words.c.kept_at)))
).where(kept_words.c.workspace == bindparam("w"))
_THEIRS = (
    select(*_COLUMNS)
    .where(
        kept_words.c.workspace == bindparam("w"),
        kept_words.c.author.in_(bindparam("people", expanding=True)),
        kept_words.c.error.is_(None),
    )
    .order_by(kept_words.c.id)
    .limit(bindparam("most"))
)


def keep(
    tx: Transaction, author: str, kind: str, body: Mapping[str, Any], *, owner: str, reference: str
) -> None:
    """Keep a word; `owner` is the process that will take it in unless it dies. `author`: "" where Slack does not tell."""
    row = {"workspace": tx.workspace, "author": author, "kind": kind, "body": body}
    tx.connection.execute(_KEEP, {**row, "owner": owner, "reference": reference, "kept_at": tx.real_now})
    tx.wakes.add(KEPT)


def waiting(tx: Transaction, owner: str, most: int) -> list[Word]:
    """The oldest words that `owner` is to take in."""
    given = {"w": tx.workspace, "owner": owner, "most": most}
    return [Word(*row) for row in tx.connection.execute(_MINE, given)]


def _left(tx: Transaction, owner: str, began: datetime, most: int) -> dict[str, Any]:
    since = max(began, tx.real_now - LEFT_BEHIND)
    return {"w": tx.workspace, "owner": owner, "since": since, "most": most}


def anything_left(tx: Transaction, owner: str, began: datetime) -> bool:
    """Whether another process left words behind; what it kept before `owner` began is, for mostly it is dead."""
    return tx.connection.execute(_LEFT, _left(tx, owner, began, 1)).first() is not None


def adopt(tx: Transaction, owner: str, began: datetime, most: int) -> int:
    """Make the oldest of those `owner`'s own, so that no two processes take in the same; returns how many."""
    ids = list(tx.connection.execute(_ADOPTED, _left(tx, owner, began, most)).scalars())
    tx.connection.execute(update(kept_words).where(kept_words.c.id.in_(ids)).values(owner=owner))
    return len(ids)


def of_people(tx: Transaction, people: Collection[str], most: int) -> list[Word]:
    """The oldest words that wait of some people, whoever is to take them in."""
    given = {"w": tx.workspace, "people": list(people), "most": most}
    return [Word(*row) for row in tx.connection.execute(_THEIRS, given)]


def take(tx: Transaction, word: Word) -> bool:
    """Remove a word that this transaction takes in. False when somebody else was quicker."""
    return tx.connection.execute(_TAKE, {"word": word.id}).rowcount == 1


def failed(tx: Transaction, word: Word, error: str) -> None:
    """A word that could not be taken in stays, to be tried again, and keeps no other waiting."""
    row = kept_words.c.id == word.id
    tx.connection.execute(update(kept_words).where(row).values(attempts=word.attempts + 1, error=error))


def try_again(tx: Transaction, *, all_of_them: bool = False) -> int:
    """Let words that failed be taken in once more; after five tries only when asked for all. Returns how many."""
    k = kept_words.c
    found = [k.workspace == tx.workspace, k.error.is_not(None)]
    if not all_of_them:
        found.append(k.attempts < MAX_TRIES)
    tx.wakes.add(KEPT)
    return tx.connection.execute(update(kept_words).where(*found).values(error=None)).rowcount


def backlog(tx: Transaction) -> Backlog:
    """What is kept and not yet taken in."""
    return Backlog(*tx.connection.execute(_BACKLOG, {"w": tx.workspace}).one())


def any_waiting(tx: Transaction) -> bool:
    """Whether people have said something that was not taken in yet; what failed is not waited for."""
    return tx.connection.execute(_ANY, {"w": tx.workspace}).first() is not None
