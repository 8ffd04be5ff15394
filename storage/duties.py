"""Shifts: who is on duty when, in which rota.

A row is one person's for good. What somebody else takes over is cancelled and stays, so that calendars that know it by its
`id` can say so; whoever has it then has a row of their own. `revision` rises with each change of what one would see of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, literal_column, null, or_, select, update

from bot.domain.rota import Turn
from bot.errors import UserError
from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.rotas import hours_rota
from storage.tables import duties
from storage.upsert import Upsert

HOURS, AUTO, HAND, SWAP, OVERRIDE, LIST = "hours", "auto", "hand", "swap", "override", "list"
"""Where a shift comes from: its owner's own hours, a rota that was filled, a person, a swap, somebody who stands in for
somebody who cannot, a list."""
FIXED = frozenset({HAND, SWAP, OVERRIDE, LIST})
"""What filling a rota anew leaves as it is."""


class NoSuchShift(UserError):
    """この当番は、もうありません。予定が変わったようです。画面を開き直して、確かめてください。"""


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's turn of duty, in [starts, ends); a `deputy` stands by."""

    user_id: str
    starts: datetime
    ends: datetime
    rota_id: int = 0
    deputy: bool = False
    id: int = 0
    source: str = HOURS
    revision: int = 1
    given_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def turn(self) -> Turn:
        """The same as the rules know it."""
        return Turn(self.user_id, self.starts, self.ends, self.deputy)


_SHIFT = (
    duties.c.user_id,
    duties.c.starts_at,
    duties.c.ends_at,
    duties.c.rota_id,
    duties.c.deputy,
    duties.c.id,
    duties.c.source,
    duties.c.revision,
    duties.c.given_at,
    duties.c.cancelled_at,
)
_LIVE = (
    select(*_SHIFT)
    .where(
        duties.c.workspace == bindparam("w"),
        duties.c.ends_at > bindparam("since"),
        duties.c.cancelled_at.is_(None),
    )
    .order_by(duties.c.starts_at, duties.c.deputy, duties.c.user_id, duties.c.id)
)


def _shift(row: Any) -> Shift:
    return Shift(*row)


def _changes(new: Any) -> dict[str, Any]:
    """What is given again lives again; only what differs is a change. No value is bound here, else SQLAlchemy would make a
    statement of each row."""
    d = duties.c
    gone = d.cancelled_at.is_not(None)
    differs = or_(gone, d.ends_at != new.ends_at, d.deputy != new.deputy)
    return {
        "revision": case((differs, d.revision + literal_column("1")), else_=d.revision),
        "given_at": case((gone, new.given_at), else_=d.given_at),
        "ends_at": new.ends_at,
        "deputy": new.deputy,
        "source": new.source,
        "cancelled_at": null(),
    }


_GIVE = Upsert(duties, ["workspace", "rota_id", "user_id", "starts_at"], _changes)


def give(tx: Transaction, rota_id: int, turns: Iterable[Turn], source: str) -> list[Shift]:
    """Let these turns be, and read the shifts that they are; one that is there already stays the same shift. Of two of the
    same person that begin at once the last one counts. A year's take a few statements, not one each."""
    own = {"rota_id": rota_id, "source": source, "given_at": tx.now}
    rows = {
        (turn.user_id, turn.starts): {
            **own,
            "user_id": turn.user_id,
            "starts_at": turn.starts,
            "ends_at": turn.ends,
            "deputy": turn.deputy,
        }
        for turn in turns
    }
    found = [_shift(row) for row in _GIVE.rows(tx, list(rows.values()), _SHIFT)]
    if found:
        set_up_changed(tx)
    return sorted(found, key=_order)


def _order(shift: Shift) -> tuple[datetime, bool, str]:
    return shift.starts, shift.deputy, shift.user_id


def give_one(tx: Transaction, rota_id: int, turn: Turn, source: str) -> Shift:
    """Let one turn be, and read the shift that it is."""
    (found,) = give(tx, rota_id, [turn], source)
    return found


def cancel(tx: Transaction, ids: Sequence[int]) -> None:
    """These shifts are nobody's any more; they stay as rows."""
    d = duties.c
    which = (d.workspace == tx.workspace, d.id.in_(ids), d.cancelled_at.is_(None))
    values = {"cancelled_at": tx.now, "revision": d.revision + 1}
    if ids and tx.connection.execute(update(duties).where(*which).values(**values)).rowcount:
        set_up_changed(tx)


def cut(tx: Transaction, shift_id: int, ends: datetime) -> None:
    """A shift that has begun ends earlier."""
    d = duties.c
    which = (d.workspace == tx.workspace, d.id == shift_id)
    tx.connection.execute(update(duties).where(*which).values(ends_at=ends, revision=d.revision + 1))
    set_up_changed(tx)


def restore(tx: Transaction, shift_id: int) -> None:
    """A shift that was cancelled is its person's again."""
    d = duties.c
    which = (d.workspace == tx.workspace, d.id == shift_id, d.cancelled_at.is_not(None))
    tx.connection.execute(
        update(duties).where(*which).values(cancelled_at=None, revision=d.revision + 1, given_at=tx.now)
    )
    set_up_changed(tx)


def need(tx: Transaction, shift_id: int) -> Shift:
    """A shift by its id, cancelled or not.

    Raises:
        NoSuchShift: there is none in this workspace.
    """
    query = select(*_SHIFT).where(duties.c.workspace == tx.workspace, duties.c.id == shift_id)
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        raise NoSuchShift()
    return _shift(row)


def need_live(tx: Transaction, shift_id: int) -> Shift:
    """A shift that is not over and not cancelled.

    Raises:
        NoSuchShift: there is none.
    """
    found = need(tx, shift_id)
    if found.cancelled_at is not None or found.ends <= tx.now:
        raise NoSuchShift()
    return found


def shifts(tx: Transaction) -> tuple[Shift, ...]:
    """All rotas' shifts from two days ago on, by beginning; those on duty before their deputies."""
    return cached(tx, f"shifts from {tx.now.date()}", lambda tx: _shifts(tx, tx.now - timedelta(days=2)))


def _shifts(tx: Transaction, since: datetime) -> tuple[Shift, ...]:
    return tuple(_shift(row) for row in tx.connection.execute(_LIVE, {"w": tx.workspace, "since": since}))


def touching(tx: Transaction, starts: datetime, ends: datetime) -> list[Shift]:
    """The shifts of all rotas that share a moment with [starts, ends), from two days ago on."""
    known = shifts(tx)
    begun = known[: bisect_left(known, ends, key=_begins)]  # most shifts of the coming weeks are not
    return [shift for shift in begun if shift.ends > starts]


def in_span(tx: Transaction, rota_id: int, starts: datetime, ends: datetime) -> list[Shift]:
    """A rota's shifts that share a moment with [starts, ends), however long ago."""
    d = duties.c
    mine = (d.workspace == tx.workspace, d.rota_id == rota_id, d.cancelled_at.is_(None))
    query = select(*_SHIFT).where(*mine, and_(d.starts_at < ends, d.ends_at > starts))
    rows = tx.connection.execute(query.order_by(d.starts_at, d.deputy, d.user_id))
    return [_shift(row) for row in rows]


def on_duty(tx: Transaction, starts: datetime, ends: datetime) -> list[str]:
    """People with a shift, not as deputies, that touches [starts, ends), in the order of their ids."""
    return sorted({shift.user_id for shift in touching(tx, starts, ends) if not shift.deputy})


def with_duty_ahead(tx: Transaction) -> frozenset[str]:
    """People with a shift that is not over."""
    return frozenset(shift.user_id for shift in shifts(tx) if shift.ends > tx.now)


def _begins(shift: Shift) -> datetime:
    return shift.starts


# --- duty in one's own hours ----------------------------------------------------------------------------------------


def add_hours(tx: Transaction, rows: Sequence[tuple[str, datetime, datetime]]) -> None:
    """Put turns of duty (user, starts, ends) on the rota in which everybody has duty in their own hours."""
    if rows:
        give(tx, hours_rota(tx), [Turn(user, starts, ends) for user, starts, ends in rows], HOURS)


def remove_hours(
    tx: Transaction,
    starts: datetime,
    ends: datetime,
    *,
    users: Sequence[str],
    but: Sequence[tuple[str, datetime, datetime]] = (),
) -> None:
    """Take these people's shifts that come from their hours and begin in [starts, ends) off the rota, `but` for some."""
    d, stay = duties.c, {(user, begins) for user, begins, _ in but}
    which = (d.workspace == tx.workspace, d.user_id.in_(users), d.cancelled_at.is_(None), d.source == HOURS)
    query = select(d.id, d.user_id, d.starts_at).where(*which, d.starts_at >= starts, d.starts_at < ends)
    found = tx.connection.execute(query).all()
    cancel(tx, [row.id for row in found if (row.user_id, row.starts_at) not in stay])
