"""When somebody may be rung for what is not urgent."""

from __future__ import annotations

from datetime import datetime

from handlers.common.working import at_work, calendar_of
from storage import workspace
from storage.database import Transaction

__all__ = ["at_work", "offices_open"]


def offices_open(tx: Transaction, at: datetime) -> datetime:
    """A moment when the prefecture's office is open, else when it next opens."""
    return calendar_of(workspace.workspace(tx)).next_open(at)
