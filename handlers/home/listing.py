"""What a list of Home is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.permissions import Deed
from handlers.home.list_views import PAGE, Listed, Row
from storage.database import Transaction

Count = Callable[[Transaction, str], int]
Rows = Callable[[Transaction, str, int, int], Sequence[Row]]
"""Of somebody, so many rows after so many."""


@dataclass(frozen=True, slots=True)
class List:
    """A list: its title (at most 24 characters), who may see it, how many there are and which for somebody; `unit` counts
    them, `hint` says what to do with them."""

    title: str
    deed: Deed
    count: Count
    rows: Rows
    unit: str = "件"
    hint: str = ""

    def page(self, tx: Transaction, name: str, user: str, start: int = 0, most: int = PAGE) -> Listed:
        """One page of it, which is called `name`; the last one, where it has become shorter meanwhile."""
        count = self.count(tx, user)
        first = max(0, min(start, (count - 1) // PAGE * PAGE))
        rows = self.rows(tx, user, most, first)
        return Listed(name, self.title, self.unit, self.hint, count, first, rows)
