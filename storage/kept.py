"""What people wrote, kept before anything is made of it: the first and short transaction, after which Slack is told.

A row is removed in the very transaction that takes it in, so it is taken in once, by whomever.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, or_, select, update

from storage.database import Transaction
from storage.tables import kept_words

KEPT = "kept"
"""What a commit wakes that kept a word."""

LEFT_BEHIND = timedelta(seconds=10)
"""Real time after which a replica takes in what another one kept: that one has died, or is glad of help."""

PATIENCE = timedelta(minutes=15)
"""Real time after which due work no longer waits for a word that could not be taken in yet."""

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
_NEXT = (
    select(*_COLUMNS)
    .where(
        kept_words.c.workspace == bindparam("w"),
        kept_words.c.error.is_(None),
        or_(kept_words.c.owner == bindparam("owner"), kept_words.c.kept_at < bindparam("left_behind")),
    )
    .order_by(kept_words.c.id)
    .limit(bindparam("most"))
)
_THERE = (
    select(*_COLUMNS)
    .where(
        kept_words.c.workspace == bindparam("w"),
        or_(kept_words.c.channel.in_(bindparam("channels", expanding=True)), kept_words.c.channel.like("D%")),
        kept_words.c.error.is_(None),
    )
    .order_by(kept_words.c.id)
)


def keep(
    tx: Transaction, channel: str, kind: str, body: Mapping[str, Any], *, owner: str, reference: str
) -> None:
    """Keep a word; `owner` is the process that will take it in unless it dies."""
    row = {"workspace": tx.workspace, "channel": channel, "kind": kind, "body": body}
    tx.connection.execute(_KEEP, {**row, "owner": owner, "reference": reference, "kept_at": tx.real_now})
    tx.wakes.add(KEPT)


def waiting(tx: Transaction, owner: str, most: int, *, everybodys: bool = False) -> list[Word]:
    """The oldest words to be taken in by `owner`: its own, and those that another left behind (or all of them)."""
    since = tx.real_now if everybodys else tx.real_now - LEFT_BEHIND
    given = {"w": tx.workspace, "owner": owner, "left_behind": since, "most": most}
    return [Word(*row) for row in tx.connection.execute(_NEXT, given)]


def of_channels(tx: Transaction, channels: Collection[str]) -> list[Word]:
    """The words that wait in some channels and in direct messages, whoever keeps them, oldest first."""
    given = {"w": tx.workspace, "channels": list(channels)}
    return [Word(*row) for row in tx.connection.execute(_THERE, given)]


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
    k = kept_words.c
    failing = func.count(k.error)
    query = select(func.count() - failing, failing, func.min(case((k.error.is_(None), k.kept_at))))
    return Backlog(*tx.connection.execute(query.where(k.workspace == tx.workspace)).one())


def any_waiting(tx: Transaction) -> bool:
    """Whether people have said something that we have not heard out; what is stuck for a quarter of an hour is not waited
    for."""
    k = kept_words.c
    fresh = (k.workspace == tx.workspace, k.error.is_(None), k.kept_at > tx.real_now - PATIENCE)
    return tx.connection.execute(select(k.id).where(*fresh).limit(1)).first() is not None
