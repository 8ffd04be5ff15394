"""The one chart of the week: how many were received before everybody, week by week, with the same in words.

It is drawn by a process of its own: the library takes a second to load and tens of megabytes to keep, once a week.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot.feature import Made
from handlers.common.working import calendar_of
from storage import reports, workspace
from storage.database import Transaction

NAME, TITLE = "今週の相談.png", "1週間ごとの受付(「県内みんな」への相談)"
WEEKS = 8
SECONDS = 90.0
"""So long a busy machine may take to draw."""
_DRAWING = Path(__file__).with_name("drawing.py")
_WEEK, _A_DAY = timedelta(days=7), timedelta(days=1)


class NotDrawn(RuntimeError):
    """The chart could not be drawn: see the log."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars: until which day each tells, and how many."""

    labels: Sequence[str]
    counts: Sequence[int]

    @property
    def empty(self) -> bool:
        """Whether the week itself had nothing: then there is nothing to look at."""
        return not self.counts or not self.counts[-1]

    @property
    def alt(self) -> str:
        """What the picture shows, for whoever cannot see it."""
        bars = "、".join(f"{label} {count}件" for label, count in zip(self.labels, self.counts, strict=True))
        return f"{TITLE}の棒グラフです。{bars}。"


def bars(tx: Transaction, since: datetime, until: datetime) -> Chart:
    """The bars of the digest that tells of this time, and of the weeks before it."""
    opened, ends = workspace.workspace(tx).opened_at or since, [since - n * _WEEK for n in range(WEEKS - 1)]
    spans = [(since, until), *((end - _WEEK, end) for end in ends if end - opened > _A_DAY)]
    calendar = calendar_of(workspace.workspace(tx))
    labels, counts = [], []
    for begins, end in reversed(spans):
        day = calendar.day_of(end)
        labels.append(f"〜{day.month}/{day.day}")
        counts.append(sum(each.listed for each in reports.asked(tx, begins, end)))
    return Chart(labels, counts)


def file(chart: Chart) -> Made:
    """The picture, drawn when it is asked for."""
    return Made(NAME, partial(draw, chart), alt=chart.alt)


def draw(chart: Chart) -> bytes:
    """The picture as PNG; takes seconds, on a thread.

    Raises:
        NotDrawn: the process failed or took too long.
    """
    asked = json.dumps({"title": TITLE, "labels": list(chart.labels), "counts": list(chart.counts)})
    with tempfile.TemporaryDirectory(prefix="banso-chart-") as own:
        # What the library keeps between two runs would lie in a home that may not be ours to write.
        surroundings = {**os.environ, "MPLCONFIGDIR": own, "MPLBACKEND": "agg"}
        command = [sys.executable, "-P", str(_DRAWING)]
        try:
            done = subprocess.run(
                command, input=asked.encode(), capture_output=True, env=surroundings, timeout=SECONDS
            )
        except subprocess.TimeoutExpired as error:
            raise NotDrawn(f"not drawn within {SECONDS:.0f} s") from error
    if done.returncode or not done.stdout.startswith(b"\x89PNG"):
        raise NotDrawn(done.stderr.decode(errors="replace")[-500:])
    return done.stdout
