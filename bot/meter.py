"""How far a long piece of work has come: a bar on standard error, only where somebody watches."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Step(Protocol):
    """So many more things are done; says what is going on now."""

    def __call__(self, what: str, count: int = 1) -> None:
        """One more, or `count`."""


def quiet(what: str, count: int = 1) -> None:
    """Nobody watches."""


Meter = Callable[[int], AbstractContextManager[Step]]
"""For so many steps."""


def unseen(total: int) -> AbstractContextManager[Step]:
    """Nobody watches."""
    return contextlib.nullcontext(quiet)


@contextlib.contextmanager
def meter(total: int, *, shown: bool) -> Iterator[Step]:
    """A bar of `total` steps when `shown` and standard error is a terminal, else nothing.

    Standard output goes above the bar when it is the same terminal, and stays what it is when it is not.
    """
    console = Console(stderr=True)
    if not shown or not console.is_terminal:
        yield quiet
        return
    columns = (
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    bar = Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty())
    with bar:
        task = bar.add_task("", total=total)

        def step(what: str, count: int = 1) -> None:
            bar.update(task, advance=count, description=what)

        yield step
