"""The report's rules: periods, as of when a period stands, what is counted, which counts are not shown, medians. Pure.

Why so: docs/decisions/0023-the-report.md.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain import words
from bot.domain.asking import Audience, Urgency, Way
from bot.domain.business_time import BusinessCalendar
from bot.domain.question import OPEN, Reason, State

FEW = 2
"""A count of what was not asked before everybody is shown only above this."""
_ONE_DAY = timedelta(days=1)


# --- periods ---------------------------------------------------------------------------------------------------


class Span(StrEnum):
    """The periods that have a name."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"


@dataclass(frozen=True, slots=True)
class Period:
    """Days on the wall, both included. Raises ValueError when the last comes before the first."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period that ends before it begins: {self.first} {self.last}")

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Its first moment and the first one after it (aware UTC)."""
        return _midnight(self.first, zone), _midnight(self.last + _ONE_DAY, zone)

    def as_of(self, now: datetime, zone: str) -> datetime:
        """What happened before this moment counts: the period's end or, while that is to come, now."""
        return min(self.bounds(zone)[1], now)

    @property
    def name(self) -> str:
        """「令和8年11月」「令和8年度」「令和8年4月1日〜令和8年9月30日」."""
        first, last = self.first, self.last
        if (first.month, first.day) == (4, 1) and last == date(first.year + 1, 3, 31):
            return words.fiscal_year(first) if first.year >= 1926 else f"{first.year}年度"
        if first.day == 1 and last == _month_end(first):
            return words.month(first)
        both = [words.full_day(first), words.full_day(last)]
        return "〜".join(dict.fromkeys(both))

    @property
    def title(self) -> str:
        """「令和8年11月 相談実績」."""
        return f"{self.name} 相談実績"

    def said_as_of(self, at: datetime, zone: str) -> str:
        """「令和8年11月30日 24時現在」, or to the minute while the period is not over."""
        if at >= self.bounds(zone)[1]:
            return f"{words.full_day(self.last)} 24時現在"
        local = at.astimezone(ZoneInfo(zone))
        minutes = f"{local.minute}分" if local.minute else ""
        return f"{words.full_day(local.date())} {local.hour}時{minutes}現在"


def named(span: Span, today: date) -> Period:
    """The period somebody means who says this today."""
    if span is Span.THIS_MONTH:
        return Period(today.replace(day=1), _month_end(today))
    if span is Span.LAST_MONTH:
        last = today.replace(day=1) - _ONE_DAY
        return Period(last.replace(day=1), last)
    year = today.year - (today.month < 4) - (span is Span.LAST_YEAR)
    return Period(date(year, 4, 1), date(year + 1, 3, 31))


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - _ONE_DAY


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


# --- what is counted -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stood at a moment; times are aware UTC. `audiences`: then, and today. `withdrawn`: then or today;
    `place`: channel and ts of the thread in which it is answered."""

    id: int
    received_at: datetime
    way: Way
    urgency: Urgency
    municipality_code: str | None
    field_id: str | None
    state: State
    close_reason: Reason | None
    first_response_at: datetime | None
    audiences: frozenset[Audience]
    withdrawn: bool
    place: tuple[str, str] | None

    @property
    def hidden(self) -> bool:
        """Whether it was ever not before everybody: the narrower of then and today holds."""
        return self.audiences != {Audience.OPEN}

    @property
    def body_is_known(self) -> bool:
        """Whether everybody could read which body asked."""
        return self.audiences <= {Audience.OPEN, Audience.BODY}

    @property
    def counts(self) -> bool:
        """Whether it is a question at all."""
        return self.close_reason is not Reason.NOT_A_QUESTION

    @property
    def stand(self) -> str:
        """`waiting`, `answered`, or why it is closed."""
        if self.close_reason is not None:
            return self.close_reason.value
        return "waiting" if self.state in OPEN else "answered"


# --- counts that are not shown ---------------------------------------------------------------------------------


def concealed(counts: Sequence[int], never: Collection[int] = ()) -> list[int | None] | None:
    """Those counts of a column whose sum is told that may be shown, None for each other one. None for all: the sum would
    tell them, so it may not be told either.

    What is at most `FEW`, also 0, is not shown, and then as many more, smallest first, as are needed so that nobody, not
    even somebody who knows one of them (their own), can tell of another that it is not 0. `never` are the places of those
    that everybody knows to be 0.
    """
    apart = [i for i, count in enumerate(counts) if count <= FEW and not (i in never and count == 0)]
    others = sorted((i for i, count in enumerate(counts) if count > FEW), key=lambda i: (counts[i], i))
    while not _safe([counts[i] for i in apart]):
        if not others:
            return None
        apart.append(others.pop(0))
    return [None if i in apart else count for i, count in enumerate(counts)]


def _safe(counts: list[int]) -> bool:
    return _tells_nothing(counts) and all(
        _tells_nothing(counts[:i] + counts[i + 1 :]) for i in range(len(counts))
    )


def _tells_nothing(counts: list[int]) -> bool:
    """Whether the sum of these leaves it open of each that it is 0. Where one is above `FEW`, nobody can say which."""
    total = sum(counts)
    if total == 0:
        return True
    return len(counts) > 1 and (max(counts) > FEW or total <= FEW * (len(counts) - 1))


def may_be_told(some: int, among: int) -> bool:
    """Whether it may be told that this many of so many, which are named, asked privately."""
    return FEW < some <= among - 2


# --- how long it took ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waits:
    """First responses, in business time: how many came, are still owed, were not needed any more, or were given on the
    spot (on the telephone: these have no time); the median, and within which time three of four came."""

    answered: int
    owed: int
    not_needed: int
    on_the_spot: int
    median: timedelta | None
    most: timedelta | None


def waits(asked: Iterable[Asked], calendar: BusinessCalendar) -> Waits:
    """How long the first response to each of these took."""
    took, owed, not_needed, on_the_spot = [], 0, 0, 0
    for each in asked:
        if each.first_response_at is None:
            owed, not_needed = owed + (each.stand == "waiting"), not_needed + (each.stand != "waiting")
        elif each.first_response_at <= each.received_at:
            on_the_spot += 1
        else:
            took.append(calendar.elapsed(each.received_at, each.first_response_at))
    took.sort()
    median = timedelta(seconds=statistics.median(each.total_seconds() for each in took)) if took else None
    most = took[math.ceil(len(took) * 3 / 4) - 1] if took else None
    return Waits(len(took), owed, not_needed, on_the_spot, median, most)
