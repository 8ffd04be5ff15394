"""Rotas and who is in them. Whose turn it is when is `storage.duties`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from bot.domain.rota import Handoff, Scope, ScopeKind
from bot.domain.rota import Rota as Rule
from bot.errors import UserError
from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.tables import rota_members, rotas

GENERAL = "全体の当番"
BY_HOURS = "hours"
"""The hand-off of a rota that is not filled: everybody has duty in their own hours."""
HANDOFFS = (*(each.value for each in Handoff), BY_HOURS)


class NoSuchRota(UserError):
    """この当番の組は、もうありません。画面を開き直してください。何も変わっていません。"""


@dataclass(frozen=True, slots=True)
class Rota:
    """A rota as stored. `handoff` is one of `HANDOFFS`. `user_group` is Slack's id of the group kept in step with it,
    `holds` whom that was last given, `refused` Slack's word why it is not; `revision` counts the changes."""

    id: int
    name: str
    scope: Scope
    handoff: str
    handoff_weekday: int
    seats: int
    deputies: int
    user_group: str | None
    refused: str | None
    holds: tuple[str, ...]
    revision: int

    @property
    def by_hours(self) -> bool:
        """Whether everybody has duty in their own hours: nothing to fill, nobody to remind."""
        return self.handoff == BY_HOURS

    @property
    def rule(self) -> Rule:
        """The same as the rules know it; one by hours is of days."""
        handoff = Handoff.DAILY if self.by_hours else Handoff(self.handoff)
        return Rule(
            str(self.id), self.name, handoff, self.scope, self.handoff_weekday, self.seats, self.deputies
        )


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody is in a rota from `joins` to `leaves`, both included; None: from ever, for ever."""

    id: int
    user_id: str
    joins: date | None = None
    leaves: date | None = None

    def covers(self, day: date) -> bool:
        """Whether they are in it on a day."""
        return (self.joins is None or self.joins <= day) and (self.leaves is None or day <= self.leaves)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one says of a rota."""

    name: str
    scope: Scope
    handoff: str
    handoff_weekday: int = 0
    seats: int = 1
    deputies: int = 0
    user_group: str | None = None


def _rota(row: Mapping[str, Any]) -> Rota:
    return Rota(
        id=row["id"],
        name=row["name"],
        scope=Scope(ScopeKind(row["scope"]), row["scope_value"] or ""),
        refused=row["user_group_refused"],
        holds=tuple(row["user_group_holds"]),
        **{
            name: row[name]
            for name in ("handoff", "handoff_weekday", "seats", "deputies", "user_group", "revision")
        },
    )


def _columns(plan: Plan) -> dict[str, Any]:
    names = ("name", "handoff", "handoff_weekday", "seats", "deputies", "user_group")
    scope = {"scope": plan.scope.kind.value, "scope_value": plan.scope.value or None}
    return scope | {name: getattr(plan, name) for name in names}


def living(tx: Transaction) -> tuple[Rota, ...]:
    """The rotas there are, the oldest first."""
    return cached(tx, "rotas", _living)


_M = rota_members.c
_LIVING = (
    select(rotas)
    .where(rotas.c.workspace == bindparam("w"), rotas.c.archived_at.is_(None))
    .order_by(rotas.c.id)
)
_MEMBERS = (
    select(_M.id, _M.user_id, _M.joins, _M.leaves)
    .where(_M.workspace == bindparam("w"), _M.rota_id == bindparam("rota"))
    .order_by(_M.id)
)


def _living(tx: Transaction) -> tuple[Rota, ...]:
    return tuple(_rota(dict(row)) for row in tx.connection.execute(_LIVING, {"w": tx.workspace}).mappings())


def need(tx: Transaction, rota_id: int) -> Rota:
    """A rota that is not archived.

    Raises:
        NoSuchRota: there is none.
    """
    found = next((each for each in living(tx) if each.id == rota_id), None)
    if found is None:
        raise NoSuchRota()
    return found


def add(tx: Transaction, plan: Plan) -> int:
    """A new rota; returns its id."""
    made = {"workspace": tx.workspace, "created_at": tx.now, "changed_at": tx.now, "user_group_holds": []}
    query = insert(rotas).values(**made, **_columns(plan)).returning(rotas.c.id)
    found = int(tx.connection.execute(query).scalar_one())
    set_up_changed(tx)
    return found


def change(tx: Transaction, rota_id: int, plan: Plan) -> None:
    """Let a rota be otherwise. Its user group is tried anew."""
    _set(tx, rota_id, **_columns(plan), user_group_refused=None, user_group_holds=[])


def archive(tx: Transaction, rota_id: int) -> None:
    """There is no such rota any more; what it was stays known."""
    _set(tx, rota_id, archived_at=tx.now)


def touched(tx: Transaction, rota_id: int) -> None:
    """Whoever looked at a rota before knows it no more as it is."""
    _set(tx, rota_id)


def _set(tx: Transaction, rota_id: int, **values: Any) -> None:
    mine = (rotas.c.workspace == tx.workspace, rotas.c.id == rota_id)
    counted = {"revision": rotas.c.revision + 1, "changed_at": tx.now}
    tx.connection.execute(update(rotas).where(*mine).values(**counted, **values))
    set_up_changed(tx)


def group_holds(tx: Transaction, rota_id: int, users: Sequence[str]) -> None:
    """The rota's user group holds these people now."""
    _group(tx, rota_id, user_group_holds=list(users), user_group_refused=None)


def group_refused(tx: Transaction, rota_id: int, why: str) -> None:
    """Slack does not let us keep the rota's user group in step; it is tried no more until somebody says so."""
    _group(tx, rota_id, user_group_refused=why)


def _group(tx: Transaction, rota_id: int, **values: Any) -> None:
    mine = (rotas.c.workspace == tx.workspace, rotas.c.id == rota_id)
    tx.connection.execute(update(rotas).where(*mine).values(**values))
    set_up_changed(tx)


def hours_rota(tx: Transaction) -> int:
    """The rota in which everybody has duty in their own hours; it is made when there is none."""
    found = next((each.id for each in living(tx) if each.by_hours), None)
    return add(tx, Plan(GENERAL, Scope(), BY_HOURS)) if found is None else found


# --- who is in one --------------------------------------------------------------------------------------------------


def members_of(tx: Transaction, rota_id: int) -> tuple[Membership, ...]:
    """Who is in a rota, was or will be, by the order in which they were put there."""
    return cached(tx, f"rota {rota_id}", lambda tx: _members_of(tx, rota_id))


def _members_of(tx: Transaction, rota_id: int) -> tuple[Membership, ...]:
    return tuple(
        Membership(*row) for row in tx.connection.execute(_MEMBERS, {"w": tx.workspace, "rota": rota_id})
    )


def add_member(
    tx: Transaction, rota_id: int, user_id: str, joins: date | None = None, leaves: date | None = None
) -> None:
    """Somebody is in a rota between two days."""
    row = {"workspace": tx.workspace, "rota_id": rota_id, "user_id": user_id}
    tx.connection.execute(insert(rota_members).values(**row, joins=joins, leaves=leaves))
    touched(tx, rota_id)


def change_member(
    tx: Transaction, rota_id: int, member_id: int, joins: date | None, leaves: date | None
) -> None:
    """They are in it between two other days."""
    m = rota_members.c
    mine = (m.workspace == tx.workspace, m.rota_id == rota_id, m.id == member_id)
    tx.connection.execute(update(rota_members).where(*mine).values(joins=joins, leaves=leaves))
    touched(tx, rota_id)


def remove_member(tx: Transaction, rota_id: int, member_id: int) -> None:
    """They never were in it."""
    m = rota_members.c
    mine = (m.workspace == tx.workspace, m.rota_id == rota_id, m.id == member_id)
    tx.connection.execute(delete(rota_members).where(*mine))
    touched(tx, rota_id)
