"""The workspace itself and its fields of advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, false, select, update

from bot.domain import closures, opening_hours
from bot.domain.business_time import BusinessCalendar, is_zone
from bot.domain.fields import Field
from bot.domain.question import USUAL, Targets
from bot.domain.targets import read as read_targets
from bot.domain.words import Years
from bot.errors import OperatorError
from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.tables import (
    fields,
    workspaces,
)
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Workspace:
    """One Slack team. `intake` is "direct" (to the talent on duty) or "desk" (the prefecture first). `opened_at`: since then
    it is there for the municipalities; `setup_step` of the set-up is the last that was done (0: none). `closures` and
    `openings` are the prefecture's own, as `bot.domain.closures` keeps them; `years`: how a fiscal year is written."""

    workspace: str
    name: str
    url: str
    zone: str
    intake: str
    closures: tuple[str, ...]
    prefecture: str = ""
    emergency_phone: str | None = None
    setup_step: int = 0
    opened_at: datetime | None = None
    hours: opening_hours.OpeningHours = opening_hours.USUAL
    openings: tuple[str, ...] = ()
    years: Years = Years.BOTH
    targets: Targets = USUAL

    @property
    def calendar(self) -> BusinessCalendar:
        """The prefecture's business time."""
        return closures.calendar(self.zone, self.hours, self.closures, self.openings)

    @property
    def is_open(self) -> bool:
        """Whether municipalities may be answered: before, only practice questions exist."""
        return self.opened_at is not None


_OURS = select(workspaces).where(workspaces.c.workspace == bindparam("w"))
_OUR_FIELDS = select(fields).where(fields.c.workspace == bindparam("w")).order_by(fields.c.position)
_SAVE = Upsert(workspaces, ["workspace"], ["name", "url"])
_FIELDS = Upsert(fields, ["workspace", "id"], ["label", "short", "roles", "keywords", "position"])


def save_workspace(tx: Transaction, *, name: str, url: str) -> None:
    """Remember the workspace Slack told us; its own settings stay as they are."""
    _SAVE.run(tx, {"name": name, "url": url, "closures": []})
    set_up_changed(tx)


def set_workspace(tx: Transaction, **values: Any) -> None:
    """Change settings of the workspace: `intake`, `zone`, `closures`, `openings`, `prefecture`, `emergency_phone`, `years`,
    `setup_step`, `opened_at`, `hours` (as `bot.domain.opening_hours` shows them; "": the usual ones), `targets` (as
    `bot.domain.targets` writes them).

    Raises:
        ValueError: there is no such zone.
    """
    if not is_zone(values.get("zone", "UTC")):
        raise ValueError(f"no such zone: {values['zone']!r}")
    if values:
        mine = workspaces.c.workspace == tx.workspace
        tx.connection.execute(update(workspaces).where(mine).values(**values))
        set_up_changed(tx)


def is_known(tx: Transaction) -> bool:
    """Whether this workspace has been here before."""
    query = select(workspaces.c.name).where(workspaces.c.workspace == tx.workspace)
    return tx.connection.execute(query).first() is not None


def workspace(tx: Transaction) -> Workspace:
    """The workspace this process serves."""
    return cached(tx, "workspace", _read)


def today(tx: Transaction) -> date:
    """The date in the workspace's zone."""
    return tx.now.astimezone(ZoneInfo(workspace(tx).zone)).date()


def day_began(tx: Transaction) -> datetime:
    """When today began in the workspace's zone."""
    return datetime.combine(today(tx), time(), ZoneInfo(workspace(tx).zone)).astimezone(UTC)


def _read(tx: Transaction) -> Workspace:
    row = tx.connection.execute(_OURS, {"w": tx.workspace}).mappings().one()
    return Workspace(
        tx.workspace,
        row["name"],
        row["url"],
        row["zone"],
        row["intake"],
        tuple(row["closures"]),
        row["prefecture"],
        row["emergency_phone"],
        row["setup_step"],
        row["opened_at"],
        opening_hours.read(row["hours"]),
        tuple(row["openings"]),
        Years(row["years"]),
        read_targets(row["targets"]),
    )


def save_fields(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or change fields (id, label, short, roles, keywords), in their order."""
    names = ("id", "label", "short", "roles", "keywords")
    _FIELDS.run(
        tx, [{"position": place, **{name: row[name] for name in names}} for place, row in enumerate(rows)]
    )
    set_up_changed(tx)


def replace_fields(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let these be the fields and no others; questions keep the id of one that is gone."""
    save_fields(tx, rows)
    gone = fields.c.id.not_in([row["id"] for row in rows])
    tx.connection.execute(delete(fields).where(fields.c.workspace == tx.workspace, gone))


def all_fields(tx: Transaction) -> tuple[Field, ...]:
    """The fields in their order."""
    return cached(tx, "fields", _read_fields)


def _read_fields(tx: Transaction) -> tuple[Field, ...]:
    rows = tx.connection.execute(_OUR_FIELDS, {"w": tx.workspace}).mappings()
    return tuple(field_of(dict(row)) for row in rows)


def field_of(row: Mapping[str, Any]) -> Field:
    """A field from its row."""
    return Field(row["id"], row["label"], row["short"], tuple(row["roles"]), tuple(row["keywords"]))


def try_to_write(tx: Transaction) -> None:
    """Change no row: a read-only PostgreSQL refuses the statement, a read-only SQLite the transaction."""
    tx.connection.execute(update(workspaces).where(false()).values(name=""))


def only_workspace(tx: Transaction) -> str:
    """The id of the workspace in this database, for commands that do not ask Slack; "" before the first start.

    Raises:
        OperatorError: there are several; the command must ask Slack which one it serves.
    """
    found = list(tx.connection.execute(select(workspaces.c.workspace).limit(2)).scalars())
    if len(found) > 1:
        raise OperatorError("このデータベースには複数のワークスペースがあります。")
    return found[0] if found else ""
