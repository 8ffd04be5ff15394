"""Where the agendas of study sessions stand, and which of their messages is pinned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, select, update

from storage.database import Transaction
from storage.tables import agendas
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Agenda:
    """An agenda as stored. `digest` is of what its card shows, `pinned_ts` the message of it that is pinned, `error` why
    Slack would pin none."""

    id: int
    series_id: int
    planned_on: date
    channel: str
    published_by: str
    digest: str
    posted_ts: str | None
    pinned_ts: str | None
    error: str | None

    @property
    def to_pin(self) -> bool:
        """Whether it stands there and is not pinned, though nothing speaks against it."""
        return self.posted_ts is not None and self.posted_ts != self.pinned_ts and self.error is None


_A = agendas.c
_HERE, _OF_SERIES = _A.workspace == bindparam("w"), _A.series_id == bindparam("s")
_SOME: Select[Any] = select(*[_A[name] for name in Agenda.__dataclass_fields__]).where(_HERE).order_by(_A.id)
_OF = _SOME.where(_OF_SERIES, _A.planned_on == bindparam("day"))
_BY_ID = _SOME.where(_A.id == bindparam("a"))
_LIVING = _SOME.where(_A.closed_at.is_(None))
_LAST_CHANNEL = select(_A.channel).where(_HERE, _OF_SERIES).order_by(_A.id.desc()).limit(1)
_PUT = Upsert(agendas, ["series_id", "planned_on"])


def put(tx: Transaction, series_id: int, planned_on: date, channel: str, actor: str) -> Agenda:
    """Let a session's agenda stand in a channel; one that stands somewhere stays there."""
    row = {"series_id": series_id, "planned_on": planned_on, "channel": channel, "published_by": actor}
    _PUT.run(tx, {**row, "published_at": tx.now, "digest": ""})
    return _some(tx, _OF, s=series_id, day=planned_on)[0]


def of(tx: Transaction, series_id: int, planned_on: date) -> Agenda | None:
    """The agenda of a session, once it was shown."""
    return next(iter(_some(tx, _OF, s=series_id, day=planned_on)), None)


def by_id(tx: Transaction, agenda_id: int) -> Agenda | None:
    """An agenda by its id."""
    return next(iter(_some(tx, _BY_ID, a=agenda_id)), None)


def last_channel(tx: Transaction, series_id: int) -> str | None:
    """Where the last agenda of a series was shown."""
    found = tx.connection.execute(_LAST_CHANNEL, {"w": tx.workspace, "s": series_id})
    return found.scalar_one_or_none()


def living(tx: Transaction) -> list[Agenda]:
    """Those of sessions that are not over."""
    return _some(tx, _LIVING)


@cache
def _noting(*columns: str) -> Update:
    return update(agendas).where(_HERE, _A.id == bindparam("a")).values(dict.fromkeys(columns))


def note(tx: Transaction, agenda_id: int, **values: Any) -> None:
    """Note on an agenda where it stands, or how it is pinned."""
    tx.connection.execute(_noting(*values), {"w": tx.workspace, "a": agenda_id, **values})


def _some(tx: Transaction, query: Select[Any], **which: Any) -> list[Agenda]:
    return [Agenda(*row) for row in tx.connection.execute(query, {"w": tx.workspace, **which})]
