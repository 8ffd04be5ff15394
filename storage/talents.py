"""Talents, who is on duty when, and how much lies with whom."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, and_, bindparam, delete, select, text

from bot.domain.routing import MANY
from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.members import ASKER, GUEST
from storage.tables import duties, members, talents
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Talent:
    """A digital talent, as registered. The contract holds from its first to its last day, as far as they are known;
    `contract_hours` are those of a month."""

    user_id: str
    name: str
    role: str
    fields: tuple[str, ...]
    conflicts: tuple[str, ...]
    working_hours: str
    absent: bool
    title: str = ""
    bio: str = ""
    contract_from: date | None = None
    contract_until: date | None = None
    contract_hours: int | None = None

    def under_contract(self, day: date) -> bool:
        """Whether the contract covers a day; one whose days are not known does."""
        begun = self.contract_from is None or self.contract_from <= day
        return begun and (self.contract_until is None or day <= self.contract_until)


_ADD_DUTIES = Upsert(duties, ["workspace", "user_id", "starts_at"])


@lru_cache(maxsize=8)
def _saving(columns: tuple[str, ...]) -> Upsert:
    return Upsert(talents, ["workspace", "user_id"], columns)


def save_talent(tx: Transaction, *, overwrite: Collection[str] | None = None, **values: Any) -> None:
    """Insert or change a talent; of one we know only the columns in `overwrite` change (None: all that are given)."""
    changed = [column for column in values if column != "user_id"]
    _saving(tuple(name for name in changed if overwrite is None or name in overwrite)).run(tx, values)
    set_up_changed(tx)


def add_duties(tx: Transaction, rows: Sequence[tuple[str, datetime, datetime]]) -> None:
    """Put shifts (user, starts, ends) on the rota; known ones stay."""
    _ADD_DUTIES.run(
        tx, [{"user_id": user, "starts_at": starts, "ends_at": ends} for user, starts, ends in rows]
    )
    set_up_changed(tx)


def remove_duties(tx: Transaction, starts: datetime, ends: datetime, *, users: Sequence[str]) -> None:
    """Take these people's shifts that begin in [starts, ends) off the rota."""
    d = duties.c
    mine = (d.workspace == tx.workspace, d.user_id.in_(users))
    tx.connection.execute(delete(duties).where(*mine, d.starts_at >= starts, d.starts_at < ends))
    set_up_changed(tx)


_SHIFTS = (
    select(duties.c.user_id, duties.c.starts_at, duties.c.ends_at)
    .where(duties.c.workspace == bindparam("w"), duties.c.ends_at > bindparam("since"))
    .order_by(duties.c.starts_at, duties.c.user_id)
)
_ACTIVE = (
    select(
        talents.c.user_id,
        talents.c.name,
        talents.c.role,
        talents.c.fields,
        talents.c.conflicts,
        talents.c.working_hours,
        talents.c.absent,
        talents.c.title,
        talents.c.bio,
        talents.c.contract_from,
        talents.c.contract_until,
        talents.c.contract_hours,
    )
    .join(members, and_(members.c.workspace == talents.c.workspace, members.c.user_id == talents.c.user_id))
    .where(
        talents.c.workspace == bindparam("w"),
        members.c.deactivated.is_(False),
        members.c.permission.not_in([ASKER, GUEST]),
    )
    .order_by(talents.c.user_id)
)


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's turn of duty, in [starts, ends)."""

    user_id: str
    starts: datetime
    ends: datetime


def on_duty(tx: Transaction, starts: datetime, ends: datetime) -> list[str]:
    """Talents with a shift that touches [starts, ends), in the order of their ids."""
    known = shifts(tx)
    begun = known[: bisect_left(known, ends, key=_begins)]  # most shifts of the coming weeks are not
    return sorted({shift.user_id for shift in begun if shift.ends > starts})


def shifts(tx: Transaction) -> tuple[Shift, ...]:
    """The rota from two days ago on, by beginning."""
    return cached(tx, f"shifts from {tx.now.date()}", lambda tx: _shifts(tx, tx.now - timedelta(days=2)))


def with_duty_ahead(tx: Transaction) -> frozenset[str]:
    """Talents with a shift that is not over."""
    return frozenset(shift.user_id for shift in shifts(tx) if shift.ends > tx.now)


def _begins(shift: Shift) -> datetime:
    return shift.starts


def _shifts(tx: Transaction, since: datetime) -> tuple[Shift, ...]:
    return tuple(Shift(*row) for row in tx.connection.execute(_SHIFTS, {"w": tx.workspace, "since": since}))


def active(tx: Transaction) -> Mapping[str, Talent]:
    """Every talent whose account is active and who was not made an asker since, by user id."""
    return cached(tx, "talents", _active)


def _active(tx: Transaction) -> Mapping[str, Talent]:
    found = {}
    for user, name, role, fields, conflicts, *more in tx.connection.execute(_ACTIVE, {"w": tx.workspace}):
        found[user] = Talent(user, name, role, tuple(fields), tuple(conflicts), *more)
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How those who answer stand to a question: `load` counts the waiting ones with each (up to `MANY`), `present` are
    those whom a mention in its channel rings, `helped` has answered one of the same municipality before."""

    load: Mapping[str, int]
    present: frozenset[str]
    helped: frozenset[str]


_STANDING = text(
    """
    SELECT h.user_id, (
        SELECT count(*) FROM (
            SELECT 1 FROM question q
            WHERE q.workspace = h.workspace AND q.responsible = h.user_id
              AND q.state NOT IN ('closed', 'answered')
            LIMIT :many
        ) counted
    ), EXISTS (
        SELECT 1 FROM channel_member m
        WHERE m.workspace = h.workspace AND m.channel = :channel AND m.user_id = h.user_id
    ) FROM member h WHERE h.workspace = :w AND h.permission NOT IN ('asker', 'guest', 'visitor')
    UNION ALL
    SELECT DISTINCT q.responsible, -1, FALSE FROM question q
    WHERE q.workspace = :w AND q.municipality_code = :code
      AND q.first_reply_at IS NOT NULL AND q.responsible IS NOT NULL
    """
).bindparams(bindparam("code", type_=Text), bindparam("channel", type_=Text))
_HELPED = -1


def standing(tx: Transaction, channel: str | None, municipality_code: str | None) -> Standing:
    """Read all at once; nobody has helped a municipality that is not known."""
    values = {"w": tx.workspace, "many": MANY, "channel": channel, "code": municipality_code}
    rows = list(tx.connection.execute(_STANDING, values))
    return Standing(
        {user: count for user, count, _ in rows if count > 0},
        frozenset(user for user, _, present in rows if present),
        frozenset(user for user, count, _ in rows if count == _HELPED),
    )


def talent(tx: Transaction, user_id: str) -> Talent | None:
    """One active talent, None when they are none."""
    return active(tx).get(user_id)
