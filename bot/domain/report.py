"""The report's rules: periods, as of when a period stands, what is counted before whom, medians. Pure.

Which counts are not shown: `bot.domain.concealing`. Why so: docs/decisions/0023-the-report.md.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain import words
from bot.domain.asking import Audience, Urgency, Way
from bot.domain.business_time import BusinessCalendar
from bot.domain.question import OPEN, Reason, State
from bot.domain.words import Years

APART = (Audience.BODY, Audience.PRIVATE)
"""Before whom else something was asked than before everybody. What is not said yet counts as the second."""
_BEFORE = (Audience.OPEN, *APART)
"""From the widest on."""
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
    """Days on the wall, both included, and how their years are written. Raises ValueError when the last comes before the
    first."""

    first: date
    last: date
    years: Years = field(default=Years.BOTH, compare=False)

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
    def is_fiscal_year(self) -> bool:
        """Whether it is one, from April to March."""
        first, last = self.first, self.last
        return (first.month, first.day) == (4, 1) and last == date(first.year + 1, 3, 31)

    def tells_all(self, at: datetime, zone: str) -> bool:
        """Whether it counts, as of this moment, also what was not asked before everybody: a fiscal year that is over does.
        No two of them share a day, and none changes: laying one over another tells nothing."""
        return self.is_fiscal_year and at >= self.bounds(zone)[1]

    @property
    def name(self) -> str:
        """「令和8年11月」「令和8年度(2026年度)」「令和8年4月1日〜令和8年9月30日」."""
        first, last = self.first, self.last
        if self.is_fiscal_year:
            return words.fiscal_year(first, self.years)
        if first.day == 1 and last == _month_end(first):
            return words.month(first, self.years)
        return "〜".join(dict.fromkeys(self.days))

    @property
    def days(self) -> tuple[str, str]:
        """Its first and its last day."""
        return words.full_day(self.first, self.years), words.full_day(self.last, self.years)

    @property
    def title(self) -> str:
        """「令和8年11月 相談実績」."""
        return f"{self.name} 相談実績"

    def said_as_of(self, at: datetime, zone: str) -> str:
        """「令和8年11月30日 24時現在」, or to the minute while the period is not over."""
        if at >= self.bounds(zone)[1]:
            return f"{self.days[1]} 24時現在"
        local = at.astimezone(ZoneInfo(zone))
        minutes = f"{local.minute}分" if local.minute else ""
        return f"{words.full_day(local.date(), self.years)} {local.hour}時{minutes}現在"


def named(span: Span, today: date, years: Years = Years.BOTH) -> Period:
    """The period somebody means who says this today."""
    if span is Span.THIS_MONTH:
        return Period(today.replace(day=1), _month_end(today), years)
    if span is Span.LAST_MONTH:
        last = today.replace(day=1) - _ONE_DAY
        return Period(last.replace(day=1), last, years)
    year = today.year - (today.month < 4) - (span is Span.LAST_YEAR)
    return Period(date(year, 4, 1), date(year + 1, 3, 31), years)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - _ONE_DAY


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


# --- what is counted -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stood at a moment; times are aware UTC. `audience` then, and today (`audience_now`). `withdrawn`:
    then or today; `place`: channel and ts of the thread in which it is answered."""

    id: int
    received_at: datetime
    way: Way
    urgency: Urgency
    municipality_code: str | None
    field_id: str | None
    state: State
    close_reason: Reason | None
    first_response_at: datetime | None
    audience: Audience
    audience_now: Audience
    withdrawn: bool
    place: tuple[str, str] | None

    @property
    def before(self) -> Audience:
        """Before whom it counts as asked: before everybody, or one of `APART`."""
        return Audience.PRIVATE if self.audience is Audience.UNDECIDED else self.audience

    @property
    def narrowed(self) -> bool:
        """Whether it is before fewer people today than it was then. Such a question is nowhere: not where it was, and not
        among the others, whose counts would change."""
        now = Audience.PRIVATE if self.audience_now is Audience.UNDECIDED else self.audience_now
        return _BEFORE.index(now) > _BEFORE.index(self.before)

    @property
    def everybodys(self) -> bool:
        """Whether everybody may know of it, now as then."""
        return self.before is Audience.OPEN and not self.narrowed

    @property
    def is_question(self) -> bool:
        """Whether it is one at all."""
        return self.close_reason is not Reason.NOT_A_QUESTION

    @property
    def counts(self) -> bool:
        """Whether it is in the figures."""
        return self.is_question and not self.narrowed

    @property
    def listed(self) -> bool:
        """Whether it is in the list, and counts for everybody."""
        return self.is_question and self.everybodys

    @property
    def stand(self) -> str:
        """`waiting`, `answered`, or why it is closed."""
        if self.close_reason is not None:
            return self.close_reason.value
        return "waiting" if self.state in OPEN else "answered"


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
