"""Dates and lengths of time as town halls write them: 「11月24日(火) 10:00」「令和8年11月」「令和8年度」「1時間40分」."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_WEEKDAYS = "月火水木金土日"
_ERAS = (
    ("令和", date(2019, 5, 1)),
    ("平成", date(1989, 1, 8)),
    ("昭和", date(1926, 12, 25)),
)
"""The days on which eras began. A 年度 carries the era it ended in: 令和元年度 began in April 2019."""


class Years(StrEnum):
    """How years are written: 和暦 and of a fiscal year 西暦 too, 和暦 alone, 西暦 alone."""

    BOTH = "both"
    ERA = "era"
    WEST = "west"


def day(d: date) -> str:
    """Return 「11月24日(火)」."""
    return f"{d.month}月{d.day}日({_WEEKDAYS[d.weekday()]})"


def day_time(now: datetime, zone: str = "Asia/Tokyo") -> str:
    """Return 「11月24日(火) 10:00」 for an aware datetime, in the zone."""
    local = _local(now, zone)
    return f"{day(local.date())} {_clock(local)}"


def short(now: datetime, zone: str = "Asia/Tokyo") -> str:
    """Return 「12/1(火)10:05」 for an aware datetime, in the zone: for cards and lists."""
    local = _local(now, zone)
    return f"{local.month}/{local.day}({_WEEKDAYS[local.weekday()]}){_clock(local)}"


def span(starts: datetime, ends: datetime, zone: str = "Asia/Tokyo") -> str:
    """Return 「11月24日(火) 10:00〜11:30」 for two aware datetimes, in the zone; the other day too if it ends on another."""
    local = _local(ends, zone)
    same = local.date() == _local(starts, zone).date()
    return f"{day_time(starts, zone)}〜{_clock(local) if same else day_time(ends, zone)}"


def spell(starts: datetime, ends: datetime, zone: str = "Asia/Tokyo") -> str:
    """Return 「12/4(金)9:00〜17:00」 for two aware datetimes, in the zone: for lists; the other day too if there is one."""
    local = _local(ends, zone)
    same = local.date() == _local(starts, zone).date()
    return f"{short(starts, zone)}〜{_clock(local) if same else short(ends, zone)}"


def fiscal_year(d: date, years: Years = Years.BOTH) -> str:
    """Return the Japanese fiscal year (April to March) of a date, such as 「令和8年度(2026年度)」; before 昭和元年度 (April
    1926), and where only those of the west are wanted, 「2026年度」."""
    begins = d.year if d.month >= 4 else d.year - 1
    west = f"{begins}年度"
    if years is Years.WEST:
        return west
    for era, began in _ERAS:
        if begins >= began.year:
            said = f"{era}{_nth(begins, began)}年度"
            return said if years is Years.ERA else f"{said}({west})"
    return west


def year(d: date, years: Years = Years.BOTH) -> str:
    """Return the year a date lies in, such as 「令和8年」; 「2026年」 where that is wanted, and before 昭和."""
    for era, began in _ERAS:
        if d >= began and years is not Years.WEST:
            return f"{era}{_nth(d.year, began)}年"
    return f"{d.year}年"


def month(d: date, years: Years = Years.BOTH) -> str:
    """Return 「令和8年11月」, or 「2026年11月」."""
    return f"{year(d, years)}{d.month}月"


def full_day(d: date, years: Years = Years.BOTH) -> str:
    """Return 「令和8年11月24日」, or 「2026年11月24日」."""
    return f"{month(d, years)}{d.day}日"


def _nth(west: int, began: date) -> str:
    return "元" if west == began.year else str(west - began.year + 1)


def duration(length: timedelta) -> str:
    """Return 「1時間40分」, whole minutes, hours not folded into days; 「1分未満」 below a minute.

    Raises ValueError for a negative length.
    """
    if length < timedelta(0):
        raise ValueError(f"a length of time is not negative: {length}")
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    if not hours and not minutes:
        return "1分未満"
    return (f"{hours}時間" if hours else "") + (f"{minutes}分" if minutes else "")


def _local(now: datetime, zone: str) -> datetime:
    if now.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return now.astimezone(ZoneInfo(zone))


def _clock(local: datetime) -> str:
    return f"{local.hour}:{local.minute:02}"
