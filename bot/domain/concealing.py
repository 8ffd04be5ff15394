"""Which counts of a table may be shown when few asked, and whether its columns may be told at all. Pure.

A *column* is what a table of the report counts of one kind of question that was not asked before everybody. The tables of
a report count the same questions, so that the sum of each is the same; that sum is told nowhere. What can be said of a
row that is not shown, and the proof that it is little: docs/decisions/0023-the-report.md.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import permutations

FEW = 2
"""A count of what was not asked before everybody is shown only above this."""
LEAST = 3
"""So many rows of a column are not shown at least."""
ENOUGH = 5
"""So many had to be answered for their time to be told."""


def concealed(counts: Sequence[int], never: Collection[int] = ()) -> list[int | None]:
    """A column as it is printed: None for each count that is not shown.

    These are the ones of at most `FEW`, also 0, and as many more, smallest first, as `LEAST` asks for. `never` are the
    places of rows of which everybody supposes that they are 0; they are not shown whatever they are, and hide nothing.
    """
    others = sorted((i for i in range(len(counts)) if i not in never), key=lambda i: (counts[i], i))
    few = sum(counts[i] <= FEW for i in others)
    apart = {*never, *others[: max(few, LEAST)]}
    return [None if i in apart else count for i, count in enumerate(counts)]


@dataclass(frozen=True, slots=True)
class Printed:
    """What everybody reads of a column: the counts that are `shown`, how many others there are that may be something
    (`apart`), and of how many of those it is told elsewhere that they are not 0 (`known`)."""

    shown: tuple[int, ...]
    apart: int
    known: int = 0

    @property
    def least(self) -> int:
        """Its sum, if every row that is not shown is as small as it may be."""
        return sum(self.shown) + self.known

    @property
    def room(self) -> int:
        """Its sum, if two of the rows that are not shown are empty and the others as large as they may be at once. Where
        just `LEAST` are not shown, they need only be smaller than those that are."""
        width = max(FEW, min(self.shown) - 1) if self.shown and self.apart == LEAST else FEW
        return sum(self.shown) + (self.apart - 2) * width

    @property
    def largest(self) -> float:
        """The most that one of the rows that are not shown may be in truth."""
        return FEW if self.apart > LEAST else min(self.shown, default=math.inf)


def printed(column: Sequence[int | None], never: Collection[int] = (), known: int = 0) -> Printed:
    """What everybody reads of a column."""
    shown = tuple(count for count in column if count is not None)
    return Printed(shown, len(column) - len(shown) - len(set(never)), known)


def may_be_told(own: Printed, others: Sequence[Printed]) -> bool:
    """Whether these columns of one kind, of all tables, may be printed. `own` is the one in which people know a row: that of
    their own body.

    Only what is printed decides, so that the answer tells nothing more. The columns hang together by their sum alone: what
    one of them shows is how many there are at least, and what another can hold is how many at most. If it may be told, the
    least of each fits into every other though two rows of that be empty: so each row may be empty, and may be not.
    """
    columns = [own, *others]
    if any(each.apart < LEAST for each in columns) or not any(each.shown for each in columns):
        return False
    least = [own.least + own.largest, *(each.least for each in others)]
    pairs = permutations(range(len(columns)), 2)
    return all(columns[other].room >= max(ENOUGH, least[one]) for one, other in pairs)
