"""The words that mean the same and those that say nothing, as a prefecture keeps them: one row, with a version."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.vocabulary import Vocabulary
from bot.domain.word_table import WordTable
from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.search import usual
from storage.tables import word_table
from storage.upsert import Upsert

_SAVE = Upsert(word_table, ["workspace"], ["alike", "silent", "apart", "version", "changed_at", "changed_by"])


def vocabulary(tx: Transaction) -> Vocabulary:
    """All words that hold now. It is asked for with each search, so that an edit holds at once in every process
    (`storage.cache`)."""
    return cached(tx, "vocabulary", lambda tx: _read(tx)[0].vocabulary(usual()))


def versioned(tx: Transaction) -> tuple[WordTable, int]:
    """The table with its version, 0 before the first edit."""
    return cached(tx, "words", _read)


def _read(tx: Transaction) -> tuple[WordTable, int]:
    t = word_table.c
    query = select(t.alike, t.silent, t.apart, t.version).where(t.workspace == tx.workspace)
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        return WordTable(), 0
    return WordTable(tuple(map(tuple, row.alike)), tuple(row.silent), frozenset(row.apart)), int(row.version)


def save(tx: Transaction, table: WordTable, actor: str, *, seen: int) -> bool:
    """Keep a table that was made of version `seen`; False, and nothing is changed, when somebody else was faster."""
    if versioned(tx)[1] != seen:
        return False
    row = {
        "alike": [list(group) for group in table.alike],
        "silent": list(table.silent),
        "apart": sorted(table.apart),
        "version": seen + 1,
        "changed_at": tx.now,
        "changed_by": actor,
    }
    _SAVE.run(tx, row)
    set_up_changed(tx)
    return True
