"""What the views of this feature are given. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Coming:
    """A session to come: when it starts (aware UTC), what it is called (fit for a message)."""

    starts: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Needed:
    """A question that is needed by a day; never what was asked. `link` leads on, where whoever reads may go."""

    number: int
    on: date
    responsible: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Week:
    """What is to come from one day to another: duty in paragraphs, sessions, what is needed (`more` than is shown)."""

    first: date
    last: date
    today: date
    zone: str
    duty: Sequence[str]
    sessions: Sequence[Coming]
    needed: Sequence[Needed]
    more: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """How many were received, and what became of them; the median of the first responses in business time."""

    waiting: int = 0
    answered: int = 0
    closed: int = 0
    median: timedelta | None = None

    @property
    def received(self) -> int:
        """All of it."""
        return self.waiting + self.answered + self.closed


@dataclass(frozen=True, slots=True)
class Hoping:
    """A question that waits for somebody's experience: its field, and where to write; never its words, which its asker may
    take back."""

    number: int
    field: str
    link: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The week for everybody, from one day to another. `long`: it tells of more than a week; `chart`: there is one below."""

    first: date
    last: date
    zone: str
    figures: Figures
    helpful: Sequence[str]
    hoping: Sequence[Hoping]
    new: Sequence[str]
    sessions: Sequence[Coming]
    long: bool = False
    late: bool = False
    chart: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """The week for coordinators, private questions included: how many are late and were received by body, which bodies are
    silent (`quiet_long`: it is open long enough to say so), dead letters, what was looked for in vain and how often."""

    first: date
    last: date
    figures: Figures
    late_by_body: Sequence[tuple[str, int]]
    by_body: Sequence[tuple[str, int]]
    quiet: Sequence[str]
    quiet_long: bool
    dead: int
    to_write: Sequence[tuple[str, int]]
    long: bool = False
    late: bool = False
