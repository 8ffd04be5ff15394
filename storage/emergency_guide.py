"""緊急: the prefecture's own steps and numbers. The day number is the workspace's `emergency_phone`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from storage.database import Transaction
from storage.tables import emergency_guides
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Guide:
    """What the prefecture says: the number at night, when which one is answered, its own steps."""

    night: str | None = None
    hours: str | None = None
    steps: str | None = None


_GUIDE = Upsert(emergency_guides, ["workspace"], ["night", "hours", "steps", "changed_at", "changed_by"])


def guide(tx: Transaction) -> Guide:
    """What the prefecture says of steps and numbers."""
    g = emergency_guides.c
    row = tx.connection.execute(select(g.night, g.hours, g.steps).where(g.workspace == tx.workspace)).first()
    return Guide() if row is None else Guide(*row)


def set_guide(tx: Transaction, found: Guide, actor: str) -> None:
    """Keep it."""
    row = {"night": found.night, "hours": found.hours, "steps": found.steps}
    _GUIDE.run(tx, {**row, "changed_at": tx.now, "changed_by": actor})
