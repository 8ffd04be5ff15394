"""When somebody is away: until a day, or until further notice, which is an absence that ends at `OPEN`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, insert, select, update

from bot.domain.rota import Absence as Rule
from bot.errors import UserError
from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.tables import absences

OPEN = datetime(2300, 1, 1, tzinfo=UTC)
"""When an absence ends whose end nobody knows: later than anything is planned."""


class NoSuchAbsence(UserError):
    """このお休みは、もう取り消されています。"""


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away in [starts, ends), as was said at `made_at`; `said` are their own words, for coordinators and
    themselves."""

    id: int
    user_id: str
    starts: datetime
    ends: datetime
    said: str | None
    made_by: str
    made_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether it goes on until further notice."""
        return self.ends >= OPEN

    @property
    def since(self) -> datetime:
        """From when on it counts for what somebody has in hand: it may have been entered when it had begun."""
        return max(self.starts, self.made_at)

    @property
    def rule(self) -> Rule:
        """The same as the rules know it."""
        return Rule(self.user_id, self.starts, self.ends)


_A = absences.c
_COLUMNS = (_A.id, _A.user_id, _A.starts_at, _A.ends_at, _A.said, _A.made_by, _A.made_at)


def add(
    tx: Transaction, user_id: str, starts: datetime, ends: datetime, *, said: str | None, made_by: str
) -> Absence:
    """Somebody is going to be away."""
    values = {"user_id": user_id, "starts_at": starts, "ends_at": ends, "said": said, "made_by": made_by}
    query = insert(absences).values(workspace=tx.workspace, made_at=tx.now, **values).returning(*_COLUMNS)
    found = Absence(*tx.connection.execute(query).one())
    set_up_changed(tx)
    return found


def withdraw(tx: Transaction, absence_id: int) -> None:
    """They will be there after all."""
    which = (_A.workspace == tx.workspace, _A.id == absence_id, _A.withdrawn_at.is_(None))
    tx.connection.execute(update(absences).where(*which).values(withdrawn_at=tx.now))
    set_up_changed(tx)


def end(tx: Transaction, absence_id: int) -> None:
    """They are back: until now they were away."""
    which = (_A.workspace == tx.workspace, _A.id == absence_id, _A.ends_at > tx.now)
    tx.connection.execute(update(absences).where(*which).values(ends_at=tx.now))
    set_up_changed(tx)


def need(tx: Transaction, absence_id: int) -> Absence:
    """An absence that was not withdrawn.

    Raises:
        NoSuchAbsence: there is none.
    """
    which = (_A.workspace == tx.workspace, _A.id == absence_id, _A.withdrawn_at.is_(None))
    row = tx.connection.execute(select(*_COLUMNS).where(*which)).one_or_none()
    if row is None:
        raise NoSuchAbsence()
    return Absence(*row)


def known(tx: Transaction) -> tuple[Absence, ...]:
    """Those that were not over two days ago, by beginning."""
    return cached(tx, f"absences from {tx.now.date()}", lambda tx: _known(tx, tx.now - timedelta(days=2)))


def remembered(tx: Transaction, span: timedelta) -> tuple[Absence, ...]:
    """Those that were not over so long ago, by beginning."""
    name = f"absences of {span.days} days from {tx.now.date()}"
    return cached(tx, name, lambda tx: _known(tx, tx.now - span))


_KNOWN = (
    select(*_COLUMNS)
    .where(_A.workspace == bindparam("w"), _A.withdrawn_at.is_(None), _A.ends_at > bindparam("since"))
    .order_by(_A.starts_at, _A.id)
)


def _known(tx: Transaction, since: datetime) -> tuple[Absence, ...]:
    return tuple(Absence(*row) for row in tx.connection.execute(_KNOWN, {"w": tx.workspace, "since": since}))


def of(tx: Transaction, user_id: str) -> list[Absence]:
    """Somebody's absences that are not over."""
    return [each for each in known(tx) if each.user_id == user_id and each.ends > tx.now]


def away(tx: Transaction, at: datetime) -> frozenset[str]:
    """Who is away at a moment."""
    return frozenset(each.user_id for each in known(tx) if each.starts <= at < each.ends)
