"""Open minutes, numbered one after another, so that a set of them is an integer with a bit for each.

What a rota asks all the time (who is free when, what is left, for how long without a break) is then one operation, exact to
the minute; and minutes on both sides of a night are neighbours, as they are for whoever is on duty.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.business_time import BusinessCalendar, WorkingHours
from bot.domain.rota import Turn
from bot.domain.series import moment

_MINUTE = timedelta(minutes=1)
_ONE_DAY = timedelta(days=1)

Bits = int
"""A set of open minutes: bit n is the nth."""


@dataclass(frozen=True, slots=True)
class Period:
    """The open minutes numbered [low, high); the one before it began at `previous`. `spans` are its openings, counted from
    `low`, each with the first day of its month."""

    previous: int
    low: int
    high: int
    spans: tuple[tuple[Bits, date], ...]

    @property
    def all(self) -> Bits:
        """All its minutes, counted from `low`, as `cut` does."""
        return between(0, self.high - self.low)

    def cut(self, bits: Bits) -> Bits:
        """What of a set lies in it, counted from `low`."""
        return (bits >> self.low) & between(0, self.high - self.low)


class OpenMinutes:
    """The open minutes of all days from `first` to `last`, both included. What lies outside belongs to no set."""

    def __init__(self, calendar: BusinessCalendar, first: date, last: date) -> None:
        self.zone = calendar.zone
        spans = [
            (starts, ends) for starts, ends in calendar.open_spans(first, last) if ends - starts >= _MINUTE
        ]
        self._starts = [starts for starts, _ in spans]
        self._days = [calendar.day_of(starts) for starts in self._starts]
        self._offsets = [0]
        for starts, ends in spans:
            self._offsets.append(self._offsets[-1] + (ends - starts) // _MINUTE)

    @property
    def many(self) -> int:
        """How many there are."""
        return self._offsets[-1]

    def days(self) -> list[date]:
        """The open days, in order."""
        return list(dict.fromkeys(self._days))

    def range_of(self, first: date | None, last: date | None) -> tuple[int, int]:
        """The numbers [low, high) of the minutes of days from `first` to `last`; None: without end."""
        low = 0 if first is None else self._offsets[bisect_left(self._days, first)]
        high = self.many if last is None else self._offsets[bisect_right(self._days, last)]
        return low, max(low, high)

    def of_days(self, first: date | None, last: date | None) -> Bits:
        """The minutes of days from `first` to `last`, both included."""
        return between(*self.range_of(first, last))

    def within(self, starts: datetime, ends: datetime) -> Bits:
        """The minutes that lie in [starts, ends) wholly."""
        return between(self.before(starts), self._ended(ends))

    def touched(self, starts: datetime, ends: datetime) -> Bits:
        """The minutes that share a moment with [starts, ends)."""
        return between(self._ended(starts), self.before(ends)) if starts < ends else 0

    def worked(self, hours: WorkingHours) -> Bits:
        """The minutes in somebody's working hours; all without any."""
        if not hours:
            return between(0, self.many)
        found, seen = 0, None
        for day in self._days:
            if day != seen and day.weekday() in hours:
                starts, ends = hours[day.weekday()]
                found |= self.within(moment(day, starts, self.zone), moment(day, ends, self.zone))
            seen = day
        return found

    def period(self, previous: int, low: int, high: int) -> Period:
        """The minutes numbered [low, high) as a period, after the one that began at `previous`."""
        spans = []
        for index in range(bisect_right(self._offsets, low) - 1, len(self._starts)):
            starts, ends = max(self._offsets[index], low), min(self._offsets[index + 1], high)
            if starts >= high:
                break
            spans.append((between(starts - low, ends - low), self._days[index].replace(day=1)))
        return Period(previous, low, high, tuple(spans))

    def begins(self, number: int) -> datetime:
        """When a minute begins."""
        index = bisect_right(self._offsets, number) - 1
        return self._starts[index] + (number - self._offsets[index]) * _MINUTE

    def ends(self, number: int) -> datetime:
        """When a minute ends: at closing time for the last of a day."""
        return self.begins(number) + _MINUTE

    def day_of(self, number: int) -> date:
        """The day of a minute."""
        return self._days[bisect_right(self._offsets, number) - 1]

    def turns(self, bits: Bits, user_id: str, *, at: int = 0, deputy: bool = False) -> list[Turn]:
        """A turn for each run of these minutes, which are counted from the one numbered `at`."""
        return [
            Turn(user_id, self.begins(at + low), self.ends(at + high - 1), deputy=deputy)
            for low, high in runs(bits)
        ]

    def _ended(self, at: datetime) -> int:
        """How many minutes are over at a moment."""
        return self._counted(at)

    def before(self, at: datetime) -> int:
        """How many minutes have begun before a moment: the number of the first that has not."""
        return self._counted(at + _MINUTE - timedelta.resolution)

    def _counted(self, at: datetime) -> int:
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0
        return min(self._offsets[index] + (at - self._starts[index]) // _MINUTE, self._offsets[index + 1])


def between(low: int, high: int) -> Bits:
    """The minutes numbered [low, high)."""
    return ((1 << (high - low)) - 1) << low if high > low else 0


def lowest(bits: Bits) -> int:
    """The number of the first minute of a set that is not empty."""
    return (bits & -bits).bit_length() - 1


def runs(bits: Bits) -> Iterator[tuple[int, int]]:
    """The [low, high) of each run of neighbours, in order."""
    low = 0
    while bits:
        gap = lowest(bits)
        bits >>= gap
        length = (bits ^ (bits + 1)).bit_length() - 1
        yield low + gap, low + gap + length
        bits >>= length
        low += gap + length


def long_enough(bits: Bits, least: int) -> Bits:
    """Without the runs that are shorter than so many minutes."""
    return sum(between(low, high) for low, high in runs(bits) if high - low >= least)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of a day's month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - _ONE_DAY
