"""Talents, and how much lies with whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, and_, bindparam, select, text

from bot.domain.routing import MANY
from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.members import ASKER, GUEST
from storage.tables import members, talents
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
    title: str = ""
    bio: str = ""
    contract_from: date | None = None
    contract_until: date | None = None
    contract_hours: int | None = None

    def under_contract(self, day: date) -> bool:
        """Whether the contract covers a day; one whose days are not known does."""
        begun = self.contract_from is None or self.contract_from <= day
        return begun and (self.contract_until is None or day <= self.contract_until)


@lru_cache(maxsize=8)
def _saving(columns: tuple[str, ...]) -> Upsert:
    return Upsert(talents, ["workspace", "user_id"], columns)


def save_talent(tx: Transaction, *, overwrite: Collection[str] | None = None, **values: Any) -> None:
    """Insert or change a talent; of one we know only the columns in `overwrite` change (None: all that are given)."""
    changed = [column for column in values if column != "user_id"]
    _saving(tuple(name for name in changed if overwrite is None or name in overwrite)).run(tx, values)
    set_up_changed(tx)


_ACTIVE = (
    select(
        talents.c.user_id,
        talents.c.name,
        talents.c.role,
        talents.c.fields,
        talents.c.conflicts,
        talents.c.working_hours,
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
