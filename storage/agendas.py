"""Where the agendas of study sessions stand, and which of their messages is pinned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select, update

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
_SELECT = select(*[_A[name] for name in Agenda.__dataclass_fields__])
_PUT = Upsert(agendas, ["series_id", "planned_on"])


def put(tx: Transaction, series_id: int, planned_on: date, channel: str, actor: str) -> Agenda:
    """Let a session's agenda stand in a channel; one that stands somewhere stays there."""
    row = {"series_id": series_id, "planned_on": planned_on, "channel": channel, "published_by": actor}
    _PUT.run(tx, {**row, "published_at": tx.now, "digest": ""})
    return _some(tx, _A.series_id == series_id, _A.planned_on == planned_on)[0]


def of(tx: Transaction, series_id: int, planned_on: date) -> Agenda | None:
    """The agenda of a session, once it was shown."""
    return next(iter(_some(tx, _A.series_id == series_id, _A.planned_on == planned_on)), None)


def by_id(tx: Transaction, agenda_id: int) -> Agenda | None:
    """An agenda by its id."""
    return next(iter(_some(tx, _A.id == agenda_id)), None)


def last_channel(tx: Transaction, series_id: int) -> str | None:
    """Where the last agenda of a series was shown."""
    query = select(_A.channel).where(_A.workspace == tx.workspace, _A.series_id == series_id)
    return tx.connection.execute(query.order_by(_A.id.desc()).limit(1)).scalar_one_or_none()


def living(tx: Transaction) -> list[Agenda]:
    """Those of sessions that are not over."""
    return _some(tx, _A.closed_at.is_(None))


def note(tx: Transaction, agenda_id: int, **values: Any) -> None:
    """Note on an agenda where it stands, or how it is pinned."""
    mine = (_A.workspace == tx.workspace, _A.id == agenda_id)
    tx.connection.execute(update(agendas).where(*mine).values(**values))


def _some(tx: Transaction, *which: ColumnElement[bool]) -> list[Agenda]:
    query = _SELECT.where(_A.workspace == tx.workspace, *which).order_by(_A.id)
    return [Agenda(*row) for row in tx.connection.execute(query)]
