"""Who was asked to take over a shift, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from bot.domain.rota_swaps import SwapOver, SwapState
from storage.database import Transaction
from storage.tables import swaps


@dataclass(frozen=True, slots=True)
class Asked:
    """`giver` asked `taker` to take over a shift; once that is done it is the shift `new_duty_id`. `at`: since when it is
    as it is."""

    id: int
    duty_id: int
    new_duty_id: int | None
    giver: str
    taker: str
    said: str | None
    state: SwapState
    asked_at: datetime
    decided_at: datetime | None

    @property
    def at(self) -> datetime:
        """Since when it is as it is."""
        return self.decided_at or self.asked_at


_S = swaps.c
_COLUMNS = (
    _S.id,
    _S.duty_id,
    _S.new_duty_id,
    _S.giver,
    _S.taker,
    _S.said,
    _S.state,
    _S.asked_at,
    _S.decided_at,
)


def _asked(row: Any) -> Asked:
    number, duty, new, giver, taker, said, state, *times = row
    return Asked(number, duty, new, giver, taker, said, SwapState(state), *times)


def add(tx: Transaction, duty_id: int, giver: str, taker: str, said: str | None) -> Asked:
    """Somebody asks a colleague."""
    values = {"duty_id": duty_id, "giver": giver, "taker": taker, "said": said}
    state = {"workspace": tx.workspace, "state": SwapState.ASKED.value, "asked_at": tx.now}
    query = insert(swaps).values(**values, **state).returning(*_COLUMNS)
    return _asked(tx.connection.execute(query).one())


def need(tx: Transaction, swap_id: int) -> Asked:
    """A request by its id.

    Raises:
        SwapOver: there is none.
    """
    which = (_S.workspace == tx.workspace, _S.id == swap_id)
    row = tx.connection.execute(select(*_COLUMNS).where(*which)).one_or_none()
    if row is None:
        raise SwapOver()
    return _asked(row)


def decide(tx: Transaction, swap_id: int, state: SwapState, new_duty_id: int | None = None) -> None:
    """What became of it."""
    values: dict[str, Any] = {"state": state.value, "decided_at": tx.now}
    if new_duty_id is not None:
        values["new_duty_id"] = new_duty_id
    which = (_S.workspace == tx.workspace, _S.id == swap_id)
    tx.connection.execute(update(swaps).where(*which).values(**values))


def waiting(tx: Transaction, duty_id: int) -> Asked | None:
    """The request for a shift that nobody has answered yet."""
    which = (_S.workspace == tx.workspace, _S.duty_id == duty_id, _S.state == SwapState.ASKED.value)
    row = tx.connection.execute(select(*_COLUMNS).where(*which).order_by(_S.id.desc()).limit(1)).one_or_none()
    return None if row is None else _asked(row)


def waiting_for(tx: Transaction, duty_ids: Sequence[int]) -> list[Asked]:
    """The requests for these shifts that nobody has answered yet."""
    which = (_S.workspace == tx.workspace, _S.duty_id.in_(duty_ids), _S.state == SwapState.ASKED.value)
    rows = tx.connection.execute(select(*_COLUMNS).where(*which).order_by(_S.id)) if duty_ids else ()
    return [_asked(row) for row in rows]


def waiting_of(tx: Transaction, giver: str) -> dict[int, Asked]:
    """Somebody's requests that nobody has answered yet, by shift."""
    which = (_S.workspace == tx.workspace, _S.giver == giver, _S.state == SwapState.ASKED.value)
    rows = tx.connection.execute(select(*_COLUMNS).where(*which).order_by(_S.id))
    return {found.duty_id: found for found in map(_asked, rows)}
