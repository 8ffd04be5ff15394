"""The digests of a week: the prefecture's choices, what a person wants of them, which were made, and what they count that
nothing else does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, update

from bot.domain import digests as rules
from bot.domain.digests import Digest, Missed, Plans
from bot.domain.faq import State
from storage import faq_use
from storage.database import Transaction
from storage.tables import digests, entries, helped, members, workspaces
from storage.upsert import Upsert

NONE = "none"
"""What is kept where somebody wants no digest at all."""
_MADE = Upsert(digests, ["workspace", "kind", "week"])


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
    kept = select(workspaces.c.digests).where(workspaces.c.workspace == tx.workspace)
    return rules.read(tx.connection.execute(kept).scalar_one_or_none())


def keep(tx: Transaction, chosen: Plans) -> None:
    """Let these be the choices."""
    mine = workspaces.c.workspace == tx.workspace
    tx.connection.execute(update(workspaces).where(mine).values(digests=rules.written(chosen)))


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
    return _one(tx, digest, digests.c.week == week)


def latest(tx: Transaction, digest: Digest) -> Made | None:
    """The last one that was made."""
    return _one(tx, digest)


def _one(tx: Transaction, digest: Digest, *which: ColumnElement[bool]) -> Made | None:
    d = digests.c
    mine = (d.workspace == tx.workspace, d.kind == digest.value)
    query = select(d.week, d.since, d.until, d.late, d.channel).where(*mine, *which)
    row = tx.connection.execute(query.order_by(d.week.desc()).limit(1)).one_or_none()
    return None if row is None else Made(*row)


def weeks_done(tx: Transaction, digest: Digest, since: date) -> set[date]:
    """The weeks, from a Monday on, that have theirs."""
    d = digests.c
    mine = (d.workspace == tx.workspace, d.kind == digest.value, d.week >= since)
    return set(tx.connection.execute(select(d.week).where(*mine)).scalars())


# --- who wants what -------------------------------------------------------------------------------------------------


def wish_of(tx: Transaction, user_id: str) -> frozenset[Digest] | None:
    """What somebody said that they want; None when they have not said anything else than is usual."""
    mine = (members.c.workspace == tx.workspace, members.c.user_id == user_id)
    found = tx.connection.execute(select(members.c.digests).where(*mine)).scalar_one_or_none()
    return _kinds(found) if found else None


def set_wish(tx: Transaction, user_id: str, kinds: frozenset[Digest] | None) -> None:
    """Keep what somebody wants; None: what is usual."""
    mine = (members.c.workspace == tx.workspace, members.c.user_id == user_id)
    kept = "" if kinds is None else ",".join(sorted(kinds)) or NONE
    tx.connection.execute(update(members).where(*mine).values(digests=kept))


def wishes(tx: Transaction) -> list[Wish]:
    """Everybody active who said something else than is usual."""
    m = members.c
    mine = (m.workspace == tx.workspace, m.digests != "", m.deactivated.is_(False))
    rows = tx.connection.execute(select(m.user_id, m.permission, m.digests).where(*mine).order_by(m.user_id))
    return [Wish(user, permission, _kinds(kept)) for user, permission, kept in rows]


def _kinds(kept: str) -> frozenset[Digest]:
    known = {each.value for each in Digest}
    return frozenset(Digest(each) for each in kept.split(",") if each in known)


# --- what they count ------------------------------------------------------------------------------------------------


def helpful(tx: Transaction, since: datetime, until: datetime, *, most: int) -> list[tuple[int, str]]:
    """The published entries that helped somebody else than their owner most often: their numbers and questions."""
    when = (helped.c.at >= since, helped.c.at < until, entries.c.state == State.PUBLISHED.value)
    often = func.count().label("often")
    counted = faq_use.counted(tx, entries.c.number, entries.c.question, often).where(*when)
    rows = counted.group_by(entries.c.number, entries.c.question).order_by(often.desc(), entries.c.number)
    return [(int(number), str(words)) for number, words, _ in tx.connection.execute(rows.limit(most))]


def new_entries(tx: Transaction, since: datetime, until: datetime) -> Sequence[tuple[int, str]]:
    """The entries that were published for the first time then and still are: their numbers and questions."""
    e = entries.c
    mine = (e.workspace == tx.workspace, e.state == State.PUBLISHED.value)
    then = (e.published_at >= since, e.published_at < until)
    rows = tx.connection.execute(select(e.number, e.question).where(*mine, *then).order_by(e.number))
    return [(int(number), str(words)) for number, words in rows]
