"""Business time: when town halls are open, and what the clock of a question counts.

The usual day is 8:30–17:15 without 12:00–13:00. Closed are Saturdays, Sundays, national holidays (国民の祝日に
関する法律, by jpholiday), 12/29–1/3 (行政機関の休日に関する法律 and the like in local by-laws) and a body's own
closures. Every `datetime` taken or given is aware; given ones are UTC.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jpholiday

from bot.errors import UserError

WorkingHours = Mapping[int, tuple[time, time]]
"""A person's working hours: weekday (Monday = 0) → start and end, in the workspace's zone."""

_ZERO = timedelta(0)
_ONE_DAY = timedelta(days=1)
_NEW_YEAR = frozenset({"12-29", "12-30", "12-31", "01-01", "01-02", "01-03"})
_SEARCHED_DAYS = 400
_WEEKDAYS = "月火水木金土日"


class UnreadableHours(UserError, ValueError):
    """対応日は「火・木 9:00-17:00」のように書いてください。"""


@lru_cache(maxsize=4096)
def is_national_holiday(day: date) -> bool:
    """Whether it is a national holiday, 振替休日 and 国民の休日 included. Asked day by day: a whole year costs the library
    a third of a second, which the first asker would wait for."""
    return bool(jpholiday.is_holiday(day))


@lru_cache(maxsize=64)
def is_zone(name: str) -> bool:
    """Whether there is a zone of this name, as the tz database calls them (Asia/Tokyo)."""
    try:
        return name == "UTC" or ("/" in name and bool(ZoneInfo(name)))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones is an OSError
        return False


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """When a body is open, to the second.

    `closures` are its own closed dates, `yearly_closures` those of every year as "MM-DD"; on `openings` it is open all the
    same, be it a weekend, a holiday or a yearly closure.
    Raises ValueError for hours out of order, a zone there is none of, or a yearly closure of another form.
    """

    zone: str = "Asia/Tokyo"
    opens: time = time(8, 30)
    closes: time = time(17, 15)
    lunch: tuple[time, time] | None = (time(12), time(13))
    closures: frozenset[date] = frozenset()
    yearly_closures: frozenset[str] = frozenset()
    openings: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not is_zone(self.zone):
            raise ValueError(f"there is no such zone: {self.zone!r}")
        hours = [self.opens, *(self.lunch or ()), self.closes]
        if sorted(hours) != hours or self.opens == self.closes:
            raise ValueError(f"hours out of order: {hours}")
        for text in self.yearly_closures:
            if not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", text):
                raise ValueError(f"a yearly closure is written MM-DD, not {text!r}")

    @property
    def business_day_length(self) -> timedelta:
        """The business time of one whole day (7 h 45 min by default)."""
        return sum((_between(start, end) for start, end in self._spans), _ZERO)

    def is_business_day(self, day: date) -> bool:
        """True when the body is open on this date."""
        if day in self.closures or day in self.openings:
            return day not in self.closures
        if day.weekday() >= 5 or is_national_holiday(day):
            return False
        key = f"{day:%m-%d}"
        return key not in _NEW_YEAR and key not in self.yearly_closures

    def is_open(self, now: datetime) -> bool:
        """True from each opening up to, but without, the moment of closing."""
        day = self._local(now).date()
        return any(start <= now < end for start, end in self._openings(now, until=day))

    def next_open(self, now: datetime) -> datetime:
        """Return `now` when open, else the next opening."""
        for start, end in self._openings(now):
            if now < end:
                return max(start, now.astimezone(UTC))
        raise self._never_open(now)

    def next_opening(self, now: datetime) -> datetime:
        """Return when the next opening begins, later than `now`: in the morning or after lunch."""
        for start, _ in self._openings(now):
            if start > now:
                return start
        raise self._never_open(now)

    def add(self, start: datetime, business_duration: timedelta) -> datetime:
        """Return when this much business time has passed; out of hours the clock starts at the next opening.

        What ends with the day ends at closing time, not at the next opening. Raises ValueError for a
        negative duration.
        """
        if business_duration < _ZERO:
            raise ValueError(f"business time cannot be added backwards: {business_duration}")
        left = business_duration
        for begins, ends in self._openings(start):
            begins = max(begins, start.astimezone(UTC))
            if begins >= ends:
                continue
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        raise self._never_open(start)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return the business time from `start` to `end`; zero when `end` is not later."""
        if end <= start:
            return _ZERO
        total = _ZERO
        start, end, last = start.astimezone(UTC), end.astimezone(UTC), self._local(end).date()
        for begins, ends in self._openings(start, until=last):
            total += max(_ZERO, min(ends, end) - max(begins, start))
        return total

    def add_days(self, start: datetime, n: int) -> datetime:
        """Return the moment n business days later at the same time of day, moved into opening hours.

        Early is read as opening time, late as closing time, lunch as its end; a start on a closed day
        counts from the next opening. Raises ValueError for a negative n.
        """
        if n < 0:
            raise ValueError(f"business days cannot be added backwards: {n}")
        if n == 0:
            return self.next_open(start)
        local = self._local(start)
        if not self.is_business_day(local.date()):
            local = self._local(self.next_open(start))
        day = local.date()
        days = self._business_days(day + _ONE_DAY)
        for _ in range(n):
            day = next(days, None) or self._fail(start)
        return self._at(day, self._into_hours(local.time()))

    def day_of(self, now: datetime) -> date:
        """The date on the wall at this moment."""
        return self._local(now).date()

    def open_spans(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        """The spans in which it is open from one day to another, both included, in the order of time (aware UTC)."""
        for day in self._business_days(first, last):
            for start, end in self._spans:
                yield self._at(day, start), self._at(day, end)

    def closing(self, day: date) -> datetime:
        """When an open day ends, whether this one is open or not."""
        return self._at(day, self.closes)

    @property
    def _spans(self) -> tuple[tuple[time, time], ...]:
        if self.lunch is None:
            return ((self.opens, self.closes),)
        return ((self.opens, self.lunch[0]), (self.lunch[1], self.closes))

    def _into_hours(self, clock: time) -> time:
        inside = min(max(clock, self.opens), self.closes)
        if self.lunch and self.lunch[0] <= inside < self.lunch[1]:
            return self.lunch[1]
        return inside

    def _business_days(self, first: date, until: date | None = None) -> Iterator[date]:
        """Yield business days from `first` on; stops after `until`, or when none comes for over a year."""
        day, closed = first, 0
        while closed < _SEARCHED_DAYS and (until is None or day <= until):
            if self.is_business_day(day):
                closed = 0
                yield day
            else:
                closed += 1
            day += _ONE_DAY

    def _openings(self, now: datetime, until: date | None = None) -> Iterator[tuple[datetime, datetime]]:
        for day in self._business_days(self._local(now).date(), until):
            for start, end in self._spans:
                yield self._at(day, start), self._at(day, end)

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, ZoneInfo(self.zone)).astimezone(UTC)

    def _local(self, now: datetime) -> datetime:
        if now.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return now.astimezone(ZoneInfo(self.zone))

    def _never_open(self, now: datetime) -> ValueError:
        return ValueError(f"no opening within {_SEARCHED_DAYS} days of {now:%Y-%m-%d}")

    def _fail(self, now: datetime) -> date:
        raise self._never_open(now)


def _between(start: time, end: time) -> timedelta:
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)


_DAYS = rf"(?P<days>平日|毎日|[{_WEEKDAYS}](?:曜日?)?(?:(?:[・、,/ ]*| *~ *)[{_WEEKDAYS}](?:曜日?)?)*)"
_CLOCK = r"\d{1,2}(?::\d{2}|時(?:\d{1,2}分|半)?)"
_HALVES = {"午前": ("8:30", "12:00"), "午後": ("13:00", "17:15")}
"""Half a day of the usual hours."""
_SPAN = rf"(?P<from>{_CLOCK})[ ]*(?:~|から)[ ]*(?P<to>{_CLOCK})(?:まで)?"
_GROUP = re.compile(rf"{_DAYS}[ :]*(?:{_SPAN}|(?P<half>{'|'.join(_HALVES)})(?!\d))[、,;/\s]*")


def parse_working_hours(text: str) -> dict[int, tuple[time, time]]:
    """Read a person's working hours such as 「火・木 9:00-17:00」 or 「月〜水 9時-12時、金 13:00-17:00」.

    Full-width digits, 「〜」「から」, 「9時半」, 「午前」, 「平日」 and several groups are understood.
    Raises UnreadableHours (a ValueError), whose sentence names the part that could not be read.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub("[〜–—−‐‑ー-]", "~", plain)
    hours: dict[int, tuple[time, time]] = {}
    position = 0
    while position < len(plain) or not hours:
        group = _GROUP.match(plain, position)
        if not group:
            raise _unreadable(plain[position:] or "空欄")
        start, end = map(_clock, _HALVES.get(group["half"], (group["from"], group["to"])))
        if start >= end:
            raise _unreadable(f"{group['from']}-{group['to']}(終わりが始まりより前です)")
        for weekday in _weekdays(group["days"]):
            if weekday in hours:
                raise _unreadable(
                    f"{_WEEKDAYS[weekday]}(二度あります。一日に一度、はじめから終わりまで書いてください)"
                )
            hours[weekday] = (start, end)
        position = group.end()
    return dict(sorted(hours.items()))


def _unreadable(part: str) -> UnreadableHours:
    return UnreadableHours(f"{(UnreadableHours.__doc__ or '').strip()}読めないところ:{part[:30]}")


def _clock(text: str) -> time:
    digits = re.findall(r"\d+", text)
    minute = 30 if text.endswith("半") else int(digits[1]) if len(digits) > 1 else 0
    try:
        return time(int(digits[0]), minute)
    except ValueError:
        raise _unreadable(text) from None


def _weekdays(text: str) -> list[int]:
    if text in ("平日", "毎日"):
        return list(range(5 if text == "平日" else 7))
    marks = re.findall(rf"[{_WEEKDAYS}~]", re.sub("曜日?", "", text))
    days: list[int] = []
    for index, mark in enumerate(marks):
        if mark == "~":
            first, last = _WEEKDAYS.index(marks[index - 1]), _WEEKDAYS.index(marks[index + 1])
            if last <= first:
                raise _unreadable(text)
            days.extend(range(first + 1, last))
        else:
            days.append(_WEEKDAYS.index(mark))
    return days


def next_working_time(calendar: BusinessCalendar, hours: WorkingHours, now: datetime) -> datetime | None:
    """Return `now` while the person works, else when they next begin; None for somebody without hours.

    A person works on the calendar's business days only; the lunch break is not taken out.
    """
    today = calendar._local(now).date()
    for day in calendar._business_days(today, today + _SEARCHED_DAYS * _ONE_DAY):
        if day.weekday() not in hours:
            continue
        start, end = (calendar._at(day, clock) for clock in hours[day.weekday()])
        if now < end:
            return max(start, now.astimezone(UTC))
    return None
