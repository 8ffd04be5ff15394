"""The workspace itself and its fields of advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from bot.domain.fields import Field
from bot.errors import OperatorError
from storage.database import Transaction
from storage.tables import (
    fields,
    workspaces,
)
from storage.upsert import EXCLUDED, insert_or


@dataclass(frozen=True, slots=True)
class Workspace:
    """One Slack team. `intake` is "direct" (to the talent on duty) or "desk" (the prefecture first)."""

    workspace: str
    name: str
    url: str
    zone: str
    intake: str
    closures: tuple[str, ...]


def save_workspace(tx: Transaction, *, name: str, url: str) -> None:
    """Remember the workspace Slack told us; its own settings stay as they are."""
    insert_or(
        tx,
        workspaces,
        {"workspace": tx.workspace, "name": name, "url": url, "closures": []},
        unique=["workspace"],
        update={"name": EXCLUDED, "url": EXCLUDED},
    )


def set_workspace(tx: Transaction, **values: Any) -> None:
    """Change settings of the workspace: `intake`, `zone`, `closures`."""
    if values:
        mine = workspaces.c.workspace == tx.workspace
        tx.connection.execute(update(workspaces).where(mine).values(**values))


def is_known(tx: Transaction) -> bool:
    """Whether this workspace has been here before."""
    query = select(workspaces.c.name).where(workspaces.c.workspace == tx.workspace)
    return tx.connection.execute(query).first() is not None


def workspace(tx: Transaction) -> Workspace:
    """The workspace this process serves."""
    row = (
        tx.connection.execute(select(workspaces).where(workspaces.c.workspace == tx.workspace)).one()._mapping
    )
    return Workspace(
        tx.workspace, row["name"], row["url"], row["zone"], row["intake"], tuple(row["closures"])
    )


def save_fields(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or change fields (id, label, short, roles, keywords), in their order."""
    for position, row in enumerate(rows):
        values = {key: row[key] for key in ("id", "label", "short", "roles", "keywords")}
        insert_or(
            tx,
            fields,
            {"workspace": tx.workspace, "position": position, **values},
            unique=["workspace", "id"],
            update={key: EXCLUDED for key in ("label", "short", "roles", "keywords", "position")},
        )


def all_fields(tx: Transaction) -> list[Field]:
    """The fields in their order."""
    rows = tx.connection.execute(
        select(fields).where(fields.c.workspace == tx.workspace).order_by(fields.c.position)
    ).mappings()
    return [
        Field(row["id"], row["label"], row["short"], tuple(row["roles"]), tuple(row["keywords"]))
        for row in rows
    ]


def only_workspace(tx: Transaction) -> str:
    """The id of the workspace in this database, for commands that do not ask Slack; "" before the first start.

    Raises:
        OperatorError: there are several; the command must ask Slack which one it serves.
    """
    found = list(tx.connection.execute(select(workspaces.c.workspace).limit(2)).scalars())
    if len(found) > 1:
        raise OperatorError("このデータベースには複数のワークスペースがあります。")
    return found[0] if found else ""
