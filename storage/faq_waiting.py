"""Which entries wait for who reviews: drafts that were given in, and published ones for which other words are proposed."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, union_all

from bot.domain.faq import State
from storage.database import Transaction
from storage.tables import entries


def stands(tx: Transaction, state: State) -> ColumnElement[bool]:
    """Whether an entry stands in a state. Two indexes, one after the other: an OR would read every entry."""
    if state is not State.REVIEW:
        return entries.c.state == state.value
    e = entries.alias("waiting").c
    mine = select(e.id).where(e.workspace == tx.workspace)
    given_in, proposed = mine.where(e.state == state.value), mine.where(e.proposed.is_not(None))
    return entries.c.id.in_(union_all(given_in, proposed))
