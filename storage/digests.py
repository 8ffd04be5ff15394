"""The digests of a week: the prefecture's choices, what a person wants of them, which were made, and what they count that
nothing else does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select, update

from bot.domain import digests as rules
from bot.domain.digests import Digest, Missed, Plans
from bot.domain.faq import State
from storage import faq_use
from storage.database import Transaction
from storage.tables import digests, entries, helped, members, workspaces
from storage.upsert import Upsert

NONE = "none"
"""What is kept where somebody wants no digest at all."""
_D, _M, _E = digests.c, members.c, entries.c
_MADE = Upsert(digests, ["workspace", "kind", "week"])
_OURS = workspaces.c.workspace == bindparam("w")
_PLANS = select(workspaces.c.digests).where(_OURS)
_KEEP = update(workspaces).where(_OURS)
_OF_KIND = (_D.workspace == bindparam("w"), _D.kind == bindparam("kind"))
_LATEST = (
    select(_D.week, _D.since, _D.until, _D.late, _D.channel)
    .where(*_OF_KIND)
    .order_by(_D.week.desc())
    .limit(1)
)
_OF_WEEK = _LATEST.where(_D.week == bindparam("week"))
_WEEKS_DONE = select(_D.week).where(*_OF_KIND, _D.week >= bindparam("since"))


@dataclass(frozen=True, slots=True)
class Made:
    """A digest that was made: it tells of what happened from `since` until before `until` (aware UTC); `late`: it came long
    after its moment; `channel` is where the public one stands."""

    week: date
    since: datetime
    until: datetime
    late: bool
    channel: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What an active person said that they want of the digests."""

    user_id: str
    permission: str
    kinds: frozenset[Digest]


def plans(tx: Transaction) -> Plans:
    """The prefecture's choices."""
    return rules.read(tx.connection.execute(_PLANS, {"w": tx.workspace}).scalar_one_or_none())


def keep(tx: Transaction, chosen: Plans) -> None:
    """Let these be the choices."""
    tx.connection.execute(_KEEP, {"w": tx.workspace, "digests": rules.written(chosen)})


def make(
    tx: Transaction, digest: Digest, missed: Missed, *, since: datetime, late: bool, channel: str = ""
) -> bool:
    """Note that a digest is made, which tells of what happened `since`; whether it is the first of its week."""
    row = {
        "kind": digest.value,
        "week": missed.monday,
        "since": since,
        "until": missed.at,
        "late": late,
        "channel": channel,
        "made_at": tx.now,
    }
    return _MADE.run(tx, row) == 1


def made(tx: Transaction, digest: Digest, week: date) -> Made | None:
    """The digest of a week, None when there is none."""
    return _one(tx, _OF_WEEK, digest, week=week)


def latest(tx: Transaction, digest: Digest) -> Made | None:
    """The last one that was made."""
    return _one(tx, _LATEST, digest)


def _one(tx: Transaction, query: Select[Any], digest: Digest, **which: date) -> Made | None:
    given = {"w": tx.workspace, "kind": digest.value, **which}
    row = tx.connection.execute(query, given).one_or_none()
    return None if row is None else Made(*row)


def weeks_done(tx: Transaction, digest: Digest, since: date) -> set[date]:
    """The weeks, from a Monday on, that have theirs."""
    given = {"w": tx.workspace, "kind": digest.value, "since": since}
    return set(tx.connection.execute(_WEEKS_DONE, given).scalars())


# --- who wants what -------------------------------------------------------------------------------------------------


_THEIRS = (_M.workspace == bindparam("w"), _M.user_id == bindparam("u"))
_WISH_OF = select(_M.digests).where(*_THEIRS)
_SET_WISH = update(members).where(*_THEIRS)
_WISHES = (
    select(_M.user_id, _M.permission, _M.digests)
    .where(_M.workspace == bindparam("w"), _M.digests != "", _M.deactivated.is_(False))
    .order_by(_M.user_id)
)


def wish_of(tx: Transaction, user_id: str) -> frozenset[Digest] | None:
    """What somebody said that they want; None when they have not said anything else than is usual."""
    found = tx.connection.execute(_WISH_OF, {"w": tx.workspace, "u": user_id}).scalar_one_or_none()
    return _kinds(found) if found else None


def set_wish(tx: Transaction, user_id: str, kinds: frozenset[Digest] | None) -> None:
    """Keep what somebody wants; None: what is usual."""
    kept = "" if kinds is None else ",".join(sorted(kinds)) or NONE
    tx.connection.execute(_SET_WISH, {"w": tx.workspace, "u": user_id, "digests": kept})


def wishes(tx: Transaction) -> list[Wish]:
    """Everybody active who said something else than is usual."""
    rows = tx.connection.execute(_WISHES, {"w": tx.workspace})
    return [Wish(user, permission, _kinds(kept)) for user, permission, kept in rows]


def _kinds(kept: str) -> frozenset[Digest]:
    known = {each.value for each in Digest}
    return frozenset(Digest(each) for each in kept.split(",") if each in known)


# --- what they count ------------------------------------------------------------------------------------------------


_OFTEN = func.count().label("often")
_HELPFUL = (
    faq_use.counted(_E.number, _E.question, _OFTEN)
    .where(helped.c.at >= bindparam("since"), helped.c.at < bindparam("until"))
    .where(_E.state == State.PUBLISHED.value)
    .group_by(_E.number, _E.question)
    .order_by(_OFTEN.desc(), _E.number)
    .limit(bindparam("most", type_=Integer))
)
_NEW_ENTRIES = (
    select(_E.number, _E.question)
    .where(_E.workspace == bindparam("w"), _E.state == State.PUBLISHED.value)
    .where(_E.published_at >= bindparam("since"), _E.published_at < bindparam("until"))
    .order_by(_E.number)
)


def helpful(tx: Transaction, since: datetime, until: datetime, *, most: int) -> list[tuple[int, str]]:
    """The published entries that helped somebody else than their owner most often: their numbers and questions."""
    given = {"w": tx.workspace, "since": since, "until": until, "most": most}
    return [(int(number), str(words)) for number, words, _ in tx.connection.execute(_HELPFUL, given)]


def new_entries(tx: Transaction, since: datetime, until: datetime) -> Sequence[tuple[int, str]]:
    """The entries that were published for the first time then and still are: their numbers and questions."""
    rows = tx.connection.execute(_NEW_ENTRIES, {"w": tx.workspace, "since": since, "until": until})
    return [(int(number), str(words)) for number, words in rows]
