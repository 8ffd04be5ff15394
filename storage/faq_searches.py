"""What was looked for in the FAQ; never by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, insert, select, update

from storage import after_restore
from storage.database import Transaction
from storage.tables import searches

_S = searches.c
_OURS = _S.workspace == bindparam("w")


@dataclass(frozen=True, slots=True)
class Search:
    """What was looked for, how many entries were found and how many that only may be it; whether one was `opened`, and
    whether it `solved` it; never by whom."""

    id: int
    at: datetime
    words: str
    found: int
    near: int
    opened: bool
    solved: bool


_SEARCHED = insert(searches).returning(_S.id)
_SEARCHES = select(*[_S[name] for name in Search.__dataclass_fields__]).where(_OURS)
_SEARCH = _SEARCHES.where(_S.id == bindparam("search"))
_FOUND_NOTHING = (
    _SEARCHES.where(_S.found == 0, _S.done_at.is_(None), _S.at >= bindparam("since"))
    .order_by(_S.at.desc(), _S.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_FOUND_AFTER_ALL = update(searches).where(_OURS, _S.id == bindparam("search"), _S.found == 0)


def searched(tx: Transaction, words: str, found: int, near: int = 0) -> int:
    """Note what was looked for, and how much was found, or is near; returns the search's id."""
    known = after_restore.ids(tx, searches)
    row = {**known, "workspace": tx.workspace, "at": tx.now, "words": words, "found": found, "near": near}
    return int(tx.connection.execute(_SEARCHED, row).scalar_one())


def search(tx: Transaction, search_id: int) -> Search | None:
    """A search by its id."""
    row = tx.connection.execute(_SEARCH, {"w": tx.workspace, "search": search_id}).one_or_none()
    return None if row is None else Search(*row)


def found_after_all(tx: Transaction, search_id: int) -> None:
    """What was only near is what somebody looked for: it was not in vain."""
    tx.connection.execute(_FOUND_AFTER_ALL, {"w": tx.workspace, "search": search_id, "found": 1})


def found_nothing(tx: Transaction, since: datetime, *, most: int = 50) -> list[Search]:
    """What was looked for in vain since a moment, newest first; not what somebody has dealt with."""
    found = tx.connection.execute(_FOUND_NOTHING, {"w": tx.workspace, "since": since, "most": most})
    return [Search(*row) for row in found]
