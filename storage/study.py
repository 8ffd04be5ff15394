"""Series of study sessions, and what is known of single sessions beyond what their series says.

What has begun has its number for good, as a row of its own; what is to come is computed (`bot.domain.series`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, Update, bindparam, delete, insert, select, update

from bot.domain.series import Change, Every, Mark, OnClosed, Plan, Session
from bot.domain.study import About, Audience
from bot.errors import UserError
from storage.database import Transaction
from storage.tables import series, sessions
from storage.upsert import Upsert


class NoSuchSeries(UserError):
    """この勉強会が見つかりませんでした。画面を開き直して、もう一度お試しください。記録は変わっていません。"""


@dataclass(frozen=True, slots=True)
class Series:
    """A series as stored; times are aware UTC. `mark` is how far numbers are given for good, `revision` counts its changes,
    those of its single sessions included, `changed_at` is the last of them."""

    id: int
    about: About
    plan: Plan
    mark: Mark | None
    revision: int
    created_by: str
    ended_at: datetime | None
    changed_at: datetime


_ABOUT = ("title", "channel", "place", "link")
_PLAN = ("first", "minutes", "until", "times", "first_number")
_SINGLE = Upsert(
    sessions,
    ["series_id", "planned_on"],
    ["number", "starts_at", "ends_at", "cancelled", "moved", "changed_by", "changed_at"],
)

_NUMBERED = Upsert(sessions, ["series_id", "planned_on"], ["number", "starts_at", "ends_at"])
_ADD = insert(series).returning(series.c.id)
_HERE = series.c.workspace == bindparam("w")
_BY_ID = select(series).where(_HERE, series.c.id == bindparam("s"))
_LIVING = select(series).where(_HERE, series.c.ended_at.is_(None)).order_by(series.c.id)
_MARK = update(series).where(_HERE, series.c.id == bindparam("s"))


def _series(row: RowMapping) -> Series:
    about = About(audience=Audience(row["audience"]), **{name: row[name] for name in _ABOUT})
    plan = Plan(
        clock=time.fromisoformat(row["clock"]),
        every=Every(row["every"]),
        on_closed=OnClosed(row["on_closed"]),
        **{name: row[name] for name in _PLAN},
    )
    mark = Mark(row["marked_on"], row["marked_number"]) if row["marked_on"] is not None else None
    more = (row["revision"], row["created_by"], row["ended_at"], row["changed_at"])
    return Series(row["id"], about, plan, mark, *more)


def _columns(about: About, plan: Plan) -> dict[str, Any]:
    return {
        **{name: getattr(about, name) for name in _ABOUT},
        **{name: getattr(plan, name) for name in _PLAN},
        "audience": about.audience.value,
        "clock": f"{plan.clock:%H:%M}",
        "every": plan.every.value,
        "on_closed": plan.on_closed.value,
    }


def add(tx: Transaction, about: About, plan: Plan, *, actor: str) -> Series:
    """Insert a series."""
    values = {
        **_columns(about, plan),
        "workspace": tx.workspace,
        "created_by": actor,
        "created_at": tx.now,
        "changed_at": tx.now,
    }
    return need(tx, int(tx.connection.execute(_ADD, values).scalar_one()))


def need(tx: Transaction, series_id: int) -> Series:
    """A series by its id, whether it has ended or not.

    Raises:
        NoSuchSeries: there is none in this workspace.
    """
    row = tx.connection.execute(_BY_ID, {"w": tx.workspace, "s": series_id}).mappings().one_or_none()
    if row is None:
        raise NoSuchSeries()
    return _series(row)


def living(tx: Transaction) -> list[Series]:
    """Those that nobody has ended, in the order in which they were registered."""
    return [_series(row) for row in tx.connection.execute(_LIVING, {"w": tx.workspace}).mappings()]


def change(tx: Transaction, series_id: int, about: About, plan: Plan) -> None:
    """Let a series be about something else, or planned otherwise."""
    _touch(tx, series_id, **_columns(about, plan))


def end(tx: Transaction, series_id: int) -> None:
    """A series has no session any more that has not begun."""
    _touch(tx, series_id, ended_at=tx.now)


def touched(tx: Transaction, series_id: int) -> None:
    """Something of one of its sessions has changed that calendars show."""
    _touch(tx, series_id)


@cache
def _touching(*columns: str) -> Update:
    return _MARK.values(revision=series.c.revision + 1, **dict.fromkeys(columns))


def _touch(tx: Transaction, series_id: int, **values: Any) -> None:
    given = {"changed_at": tx.now, **values}
    tx.connection.execute(_touching(*given), {"w": tx.workspace, "s": series_id, **given})


def give_numbers(tx: Transaction, series_id: int, found: Sequence[Session]) -> None:
    """These sessions have their numbers for good, the last of them is the mark. It is no change of the series."""
    if not found:
        return
    rows = [
        {
            "series_id": series_id,
            "planned_on": each.on,
            "number": each.number,
            "starts_at": each.starts,
            "ends_at": each.ends,
            "cancelled": each.cancelled,
            "moved": each.moved,
            "changed_at": tx.now,
        }
        for each in found
    ]
    _NUMBERED.run(tx, rows)
    marked = {"marked_on": found[-1].on, "marked_number": found[-1].number}
    tx.connection.execute(_MARK, {"w": tx.workspace, "s": series_id, **marked})


def change_one(tx: Transaction, series_id: int, single: Change, *, actor: str) -> None:
    """Move or cancel one session whose number is not given for good yet."""
    row = {
        "series_id": series_id,
        "planned_on": single.on,
        "number": None,
        "starts_at": single.starts,
        "ends_at": single.ends,
        "cancelled": single.cancelled,
        "moved": single.starts is not None,
        "changed_by": actor,
        "changed_at": tx.now,
    }
    _SINGLE.run(tx, row)
    _touch(tx, series_id)


def restore_one(tx: Transaction, series_id: int, on: date) -> None:
    """Let one session be as its series says again."""
    forget(tx, series_id, [on])
    _touch(tx, series_id)


_S = sessions.c
_THERE = _S.workspace == bindparam("w")
_ONE, _ANY = _S.series_id == bindparam("s"), _S.series_id.in_(bindparam("ids", expanding=True))
_FORGET = delete(sessions).where(
    _THERE, _ONE, _S.number.is_(None), _S.planned_on.in_(bindparam("dates", expanding=True))
)
_CHANGES = (
    select(_S.series_id, _S.planned_on, _S.starts_at, _S.ends_at, _S.cancelled)
    .where(_THERE, _ANY, _S.number.is_(None))
    .order_by(_S.planned_on)
)
_SESSION = (_S.planned_on, _S.number, _S.starts_at, _S.ends_at, _S.cancelled, _S.moved)
_UNDER_WAY = (
    select(_S.series_id, *_SESSION)
    .where(_THERE, _ANY, _S.number.is_not(None), _S.ends_at > bindparam("since"))
    .order_by(_S.planned_on)
)
_ALL_NUMBERED = select(*_SESSION).where(_THERE, _ONE, _S.number.is_not(None)).order_by(_S.number)


def forget(tx: Transaction, series_id: int, dates: Sequence[date]) -> None:
    """Forget what was changed of single sessions that have not begun."""
    tx.connection.execute(_FORGET, {"w": tx.workspace, "s": series_id, "dates": dates})


def changes(tx: Transaction, ids: Sequence[int]) -> dict[int, list[Change]]:
    """What was changed of single sessions that have no number for good, by series, in the order of their dates."""
    found: dict[int, list[Change]] = {each: [] for each in ids}
    for series_id, *values in tx.connection.execute(_CHANGES, {"w": tx.workspace, "ids": ids}):
        found[series_id].append(Change(*values))
    return found


def under_way(
    tx: Transaction, ids: Sequence[int], since: timedelta = timedelta(0)
) -> dict[int, list[Session]]:
    """Sessions with a number for good that are not over yet (or not for so long), by series, in the order of their dates."""
    given = {"w": tx.workspace, "ids": ids, "since": tx.now - since}
    found: dict[int, list[Session]] = {each: [] for each in ids}
    for series_id, *values in tx.connection.execute(_UNDER_WAY, given):
        found[series_id].append(Session(*values))
    return found


def numbered(tx: Transaction, series_id: int) -> list[Session]:
    """All sessions of a series with a number for good, oldest first."""
    found = tx.connection.execute(_ALL_NUMBERED, {"w": tx.workspace, "s": series_id})
    return [Session(*row) for row in found]
