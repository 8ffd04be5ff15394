"""What can be computed from the tables of a report: tried out, over everything that prints the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import pytest

from bot.domain.concealing import ENOUGH, FEW, LEAST, Printed, concealed, may_be_told, printed

Column = tuple[int | None, ...]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([0], [None]),
        ([7, 9], [None, None]),
        ([7, 0, 0, 0], [7, None, None, None]),
        ([1, 1, 1, 3], [None, None, None, 3]),
        ([9, 8, 7, 1], [9, None, None, None]),
        ([9, 8, 7, 6], [9, None, None, None]),
        ([9, 8, 1, 0, 0], [9, 8, None, None, None]),
        ([9, 2, 2, 2, 2], [9, None, None, None, None]),
        ([4, 4, 4, 4], [None, None, None, 4]),
    ],
)
def test_at_least_three_rows_are_not_shown_and_none_that_is_small(
    counts: list[int], shown: list[int | None]
) -> None:
    assert concealed(counts) == shown


def test_where_everybody_supposes_that_there_is_none_nothing_hides() -> None:
    """And it is not shown if there is one after all."""
    for count in (0, 1, 9):
        assert concealed([count, 9, 1, 0, 0], never=[0]) == [None, 9, None, None, None]
    assert printed([None, 9, None, None, None], [0]) == Printed((9,), LEAST)


# --- what can be computed ----------------------------------------------------------------------------------------


@dataclass
class Prints:
    """Everything that a table of so many rows may count, by what is printed of it and by its sum."""

    rows: int
    most: int
    by_print: Mapping[Column, Mapping[int, list[tuple[int, ...]]]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[Column, dict[int, list[tuple[int, ...]]]] = defaultdict(lambda: defaultdict(list))
        for counts in product(range(self.most + 1), repeat=self.rows):
            found[tuple(concealed(counts))][sum(counts)].append(counts)
        self.by_print = found


def told(own: Prints, others: Sequence[Prints], known: int = 0) -> Iterator[tuple[Column, ...]]:
    """All that may be told at once: a column of each table. Of so many rows of the first that are not shown it is told that
    they are not 0."""
    for columns in product(own.by_print, *(each.by_print for each in others)):
        first, *rest = columns
        if may_be_told(printed(first, known=known), [printed(each) for each in rest]):
            yield columns


Own = Callable[[tuple[int, ...]], bool]


def possible(
    tables: Sequence[Prints], columns: Sequence[Column], fits: Own = lambda _: True
) -> list[list[set[int]]]:
    """What each row of each table may be, given all that is printed, and what somebody knows of the first table. The tables
    count the same questions, and what they have in common is their sum alone."""
    here = [table.by_print[column] for table, column in zip(tables, columns, strict=True)]
    own = {total: [each for each in some if fits(each)] for total, some in here[0].items()}
    here = [{total: some for total, some in own.items() if some}, *here[1:]]
    sums = set.intersection(*(set(each) for each in here))
    return [
        [{counts[i] for total in sums for counts in each[total]} for i in range(len(column))]
        for each, column in zip(here, columns, strict=True)
    ]


def with_row(row: int, count: int, *, first_is_not_0: bool = False) -> Own:
    """What somebody knows whose own row that is; and what is told of the first one."""
    return lambda counts: counts[row] == count and (counts[0] > 0 or not first_is_not_0)


def hides(found: list[list[set[int]]], columns: Sequence[Column], but: Collection[int] = ()) -> bool:
    """Whether each row that is not shown may be 0 and may be not; but for some of the first table."""
    return all(
        0 in values and len(values) > 1
        for place, (rows, column) in enumerate(zip(found, columns, strict=True))
        for i, values in enumerate(rows)
        if column[i] is None and not (place == 0 and i in but)
    )


OWN, OTHERS = Prints(4, 5), (Prints(4, 6), Prints(5, 3))


@pytest.mark.parametrize("others", [OTHERS[:1], OTHERS[1:], OTHERS])
def test_of_no_row_that_is_not_shown_it_can_be_told_whether_it_is_empty(others: Sequence[Prints]) -> None:
    """From all tables together, by whoever knows the rules: nobody can, and not even a town that knows its own row."""
    tables, seen, knowing = (OWN, *others), 0, 0
    for columns in told(OWN, others):
        found = possible(tables, columns)
        assert hides(found, columns), columns
        seen += 1
        for row in (i for i, count in enumerate(columns[0]) if count is None):
            for count in found[0][row]:
                knows = possible(tables, columns, with_row(row, count))
                assert hides(knows, columns, but=[row]), (columns, row, count)
                knowing += 1
    assert (seen > 20, knowing > 100) == (True, True)


def test_nor_where_it_is_told_of_a_row_that_it_is_not_empty() -> None:
    """A body that asked with its name alone is no unused one."""
    tables, seen = (OWN, OTHERS[0]), 0
    for columns in (each for each in told(OWN, OTHERS[:1], known=1) if each[0][0] is None):
        found = possible(tables, columns, lambda own: own[0] > 0)
        assert hides(found, columns, but=[0]), columns
        assert len(found[0][0]) > 1
        seen += 1
        for row in (i for i in (1, 2, 3) if columns[0][i] is None):
            for count in found[0][row]:
                knows = possible(tables, columns, with_row(row, count, first_is_not_0=True))
                assert hides(knows, columns, but=[0, row]), (columns, row, count)
    assert seen > 10


def test_what_was_computed_before_cannot_be_any_more() -> None:
    """[1, 1, 1, 3] of six: the sum was printed, and three were left for three rows. Now a town that knows its own one is
    left with anything."""
    own, other = Prints(4, 4), Prints(4, 4)
    columns: list[Column] = [(None, None, None, 3), (None, None, None, 3)]
    found = possible((own, other), columns, with_row(0, 1))
    assert found[0][1] == found[0][2] == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("own", "others"),
    [
        (Printed((), 9), [Printed((), 6)]),
        (Printed((7,), 2), [Printed((7,), 9)]),
        (Printed((), 5), [Printed((8,), 3)]),
        (Printed((9,), 3), [Printed((9,), 6)]),
        (Printed((), 4), [Printed((3,), 4)]),
        (Printed((), 3), [Printed((9,), 3)]),
    ],
    ids=[
        "nothing is shown",
        "only two are not shown",
        "what is shown here leaves no doubt there",
        "nor does what one's own row may be",
        "nor that many were answered",
        "of three, one may be any",
    ],
)
def test_what_says_too_much_is_not_told(own: Printed, others: list[Printed]) -> None:
    assert not may_be_told(own, others)


def test_a_year_of_forty_bodies_is_told() -> None:
    bodies = printed(concealed([9, 7, 7, 5, 4, 3, *[2] * 6, *[1] * 9, *[0] * 20]))
    fields = printed(concealed([20, 9, 8, 6, 4, 3, 2, 2, 1, 1, *[0] * 7]))
    ways = printed(concealed([40, 11, 4, 1]))
    stands = printed(concealed([1, 2, 40, 6, 3, 3, 1, 0]))
    assert may_be_told(bodies, [stands, fields, ways])
    assert ENOUGH > FEW


def test_that_a_body_is_known_to_have_asked_leaves_less_room() -> None:
    """What is known not to be 0 is a part of what there is at least."""
    own, other = Printed((6,), 4), Printed((), 6)
    assert may_be_told(own, [other])
    assert not may_be_told(Printed((6,), 4, known=1), [other])
