"""Members: the Slack users we know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, case, func, select, update

from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.tables import members, municipalities, workspaces
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Member:
    """A Slack user we know. `permission`: asker, talent, coordinator, staff, admin; or what Slack says: guest of the
    workspace, visitor from another organisation. `confirmed_at`: when they said themselves where they belong; `mail_domain`
    is all that is kept of a mail address."""

    user_id: str
    name: str
    permission: str
    municipality_code: str | None
    municipality: str | None
    section: str | None
    deactivated: bool
    mail_domain: str | None = None
    confirmed_at: datetime | None = None


VISITOR, GUEST, ASKER = "visitor", "guest", "asker"
_KEY = ["workspace", "user_id"]
_STRANGER = Upsert(members, _KEY)
_DEFAULTS = {"permission": ASKER, "municipality_code": None, "section": None, "deactivated": False}


@lru_cache(maxsize=8)
def _saving(overwrite: tuple[str, ...]) -> Upsert:
    return Upsert(members, _KEY, overwrite)


def save_members(
    tx: Transaction, rows: Sequence[Mapping[str, Any]], *, overwrite: Sequence[str] = ("name",)
) -> None:
    """Insert members (user_id, name, and optionally permission, municipality_code, section, deactivated); of known
    ones only the columns in `overwrite` change."""
    _saving(tuple(overwrite)).run(tx, [{**_DEFAULTS, **row, "seen_at": tx.now} for row in rows])
    for row in rows:
        tx.memo.pop(_memo(row["user_id"]), None)
    set_up_changed(tx)


def _described(new: Any) -> dict[str, Any]:
    """What Slack's description changes of somebody we know. Whether somebody is a guest is Slack's to say, as long as the
    prefecture has given them no other permission."""
    ours = members.c.permission

    def follows(permission: Any) -> Any:  # IN cannot be run for many rows at once
        return (permission == ASKER) | (permission == GUEST)

    return {
        "name": new.name,
        "deactivated": new.deactivated,
        "mail_domain": func.coalesce(new.mail_domain, members.c.mail_domain),
        "permission": case((follows(ours) & follows(new.permission), new.permission), else_=ours),
    }


_DESCRIBED = Upsert(members, _KEY, _described)


def save_described(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Remember people as Slack describes them (user_id, name, permission, deactivated, mail_domain)."""
    _DESCRIBED.run(tx, [{**_DEFAULTS, **row, "seen_at": tx.now} for row in rows])
    for row in rows:
        tx.memo.pop(_memo(row["user_id"]), None)
    set_up_changed(tx)


def save_stranger(tx: Transaction, user_id: str, *, permission: str = ASKER) -> None:
    """Remember somebody we meet for the first time; who they are is asked afterwards."""
    values = {**_DEFAULTS, "user_id": user_id, "name": "", "permission": permission, "seen_at": tx.now}
    _STRANGER.run(tx, values)
    tx.memo.pop(_memo(user_id), None)


def set_place(
    tx: Transaction, user_id: str, code: str | None, section: str | None, *, confirmed: bool
) -> None:
    """Say where a member we know belongs; `confirmed` by themselves."""
    values = {"municipality_code": code, "section": section}
    mine = (members.c.workspace == tx.workspace) & (members.c.user_id == user_id)
    said = values | {"confirmed_at": tx.now} if confirmed else values
    tx.connection.execute(update(members).where(mine).values(**said))
    tx.memo.pop(_memo(user_id), None)
    set_up_changed(tx)


def bodies_on(tx: Transaction, mail_domain: str) -> dict[str | None, int]:
    """How many active people of which body have addresses of a domain; None: of a body without a code."""
    m = members.c
    known = m.municipality_code.is_not(None) | m.confirmed_at.is_not(None)
    mine = (m.workspace == tx.workspace, m.mail_domain == mail_domain, m.deactivated.is_(False), known)
    counted = select(m.municipality_code, func.count()).where(*mine).group_by(m.municipality_code)
    return {code: int(count) for code, count in tx.connection.execute(counted)}


def own_prefecture(tx: Transaction) -> str:
    """The workspace's prefecture: the one it was given, else the one most members' bodies are of; "" if there is none."""
    return cached(tx, "own prefecture", _own_prefecture)


_GIVEN = select(workspaces.c.prefecture).where(workspaces.c.workspace == bindparam("w"))
_COUNTED = (
    select(municipalities.c.prefecture)
    .join(members, members.c.municipality_code == municipalities.c.code)
    .where(members.c.workspace == bindparam("w"))
    .group_by(municipalities.c.prefecture)
    .order_by(func.count().desc(), municipalities.c.prefecture)
    .limit(1)
)


def _own_prefecture(tx: Transaction) -> str:
    here = {"w": tx.workspace}
    found = tx.connection.execute(_GIVEN, here).scalar() or tx.connection.execute(_COUNTED, here).scalar()
    return str(found or "")


_ALL = select(
    members.c.user_id,
    members.c.name,
    members.c.permission,
    members.c.municipality_code,
    municipalities.c.name,
    members.c.section,
    members.c.deactivated,
    members.c.mail_domain,
    members.c.confirmed_at,
).outerjoin(municipalities, municipalities.c.code == members.c.municipality_code)
_ONE = _ALL.where(members.c.workspace == bindparam("w"), members.c.user_id == bindparam("u"))
_HELPERS = _ALL.where(
    members.c.workspace == bindparam("w"),
    members.c.permission.not_in([ASKER, GUEST, VISITOR]),
    members.c.deactivated.is_(False),
).order_by(members.c.user_id)


_LETTERS = select(members.c.letters).where(
    members.c.workspace == bindparam("w"), members.c.user_id == bindparam("u")
)


def letters(tx: Transaction, user_id: str) -> str:
    """What somebody chose for letters that can wait (`handlers.common.quiet`); "": nothing."""
    given = {"w": tx.workspace, "u": user_id}
    return tx.connection.execute(_LETTERS, given).scalar_one_or_none() or ""


def set_letters(tx: Transaction, user_id: str, chosen: str) -> None:
    """Keep what somebody chose for letters that can wait."""
    mine = (members.c.workspace == tx.workspace, members.c.user_id == user_id)
    tx.connection.execute(update(members).where(*mine).values(letters=chosen))


def _memo(user_id: str) -> str:
    return f"member {user_id}"


def member(tx: Transaction, user_id: str) -> Member | None:
    """A member, None when we never saw them. Asked again in the same transaction, it is not read again."""
    if _memo(user_id) not in tx.memo:
        row = tx.connection.execute(_ONE, {"w": tx.workspace, "u": user_id}).one_or_none()
        tx.memo[_memo(user_id)] = None if row is None else Member(*row)
    found: Member | None = tx.memo[_memo(user_id)]
    return found


def with_permission(tx: Transaction, *permissions: str) -> list[Member]:
    """Active members with one of these permissions (not askers, guests and visitors, who are many), oldest id first."""
    return [found for found in cached(tx, "helpers", _helpers) if found.permission in permissions]


def _helpers(tx: Transaction) -> tuple[Member, ...]:
    return tuple(Member(*row) for row in tx.connection.execute(_HELPERS, {"w": tx.workspace}))


def guests(tx: Transaction) -> set[str]:
    """The guests of the workspace."""
    mine = (members.c.workspace == tx.workspace) & (members.c.permission == GUEST)
    return set(tx.connection.execute(select(members.c.user_id).where(mine)).scalars())


def who_answered(tx: Transaction, users: Sequence[str]) -> list[str]:
    """Those of these people who may answer, whether their account is active or not."""
    m = members.c
    mine = (m.workspace == tx.workspace, m.user_id.in_(users), m.permission.not_in([ASKER, GUEST]))
    return list(tx.connection.execute(select(m.user_id).where(*mine).order_by(m.user_id)).scalars())


def everybody(tx: Transaction) -> list[Member]:
    """All of the workspace's own people with an active account, oldest id first."""
    m = members.c
    ours = (m.workspace == tx.workspace, m.permission != VISITOR, m.deactivated.is_(False))
    return [Member(*row) for row in tx.connection.execute(_ALL.where(*ours).order_by(m.user_id))]


def page(tx: Transaction, *, most: int, start: int = 0) -> list[Member]:
    """Some of them, by name."""
    m = members.c
    ours = (m.workspace == tx.workspace, m.permission != VISITOR, m.deactivated.is_(False))
    ordered = _ALL.where(*ours).order_by(m.name, m.user_id).limit(most).offset(start)
    return [Member(*row) for row in tx.connection.execute(ordered)]


def names(tx: Transaction) -> frozenset[str]:
    """The names of all of them."""
    return cached(tx, "names", lambda tx: frozenset(member.name for member in everybody(tx) if member.name))


def how_many(tx: Transaction) -> tuple[int, int, int]:
    """How many active people of our own are known, how many with their body, and how many said it themselves."""
    m = members.c
    ours = (m.workspace == tx.workspace, m.permission != VISITOR, m.deactivated.is_(False))
    counts = select(func.count(), func.count(m.municipality_code), func.count(m.confirmed_at)).where(*ours)
    known, placed, confirmed = tx.connection.execute(counts).one()
    return int(known), int(placed), int(confirmed)


def admins(tx: Transaction) -> tuple[int, int]:
    """How many administrators there are: with an active account, and deactivated."""
    gone = members.c.deactivated
    mine = (members.c.workspace == tx.workspace) & (members.c.permission == "admin")
    counted = select(gone, func.count()).where(mine).group_by(gone)
    found = {bool(deactivated): int(count) for deactivated, count in tx.connection.execute(counted)}
    return found.get(False, 0), found.get(True, 0)


def name_of(tx: Transaction, user_id: str) -> str:
    """The name to show for a user; their id when we do not know it."""
    found = member(tx, user_id)
    return found.name if found is not None and found.name else user_id
