"""How far the play has come: a bar on standard error, only where somebody watches."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Step = Callable[[str], None]
"""One more thing is done; says what is going on now."""


@contextlib.contextmanager
def meter(total: int, *, shown: bool) -> Iterator[Step]:
    """A bar of `total` steps when `shown` and standard error is a terminal, else nothing.

    Standard output goes above the bar when it is the same terminal, and stays what it is when it is not.
    """
    console = Console(stderr=True)
    if not shown or not console.is_terminal:
        yield lambda what: None
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
        yield lambda what: bar.update(task, advance=1, description=what)
