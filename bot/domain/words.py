"""Dates and lengths of time as town halls write them: 「11月24日(火) 10:00」「令和8年度」「1時間40分」."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_WEEKDAYS = "月火水木金土日"
_ERAS = (
    ("令和", 2019),
    ("平成", 1989),
    ("昭和", 1926),
)  # a 年度 carries the era it ended in: 令和元年度 = 2019


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


def fiscal_year(d: date) -> str:
    """Return the Japanese fiscal year (April to March) of a date, such as 「令和8年度」.

    Raises ValueError before 昭和元年度 (April 1926).
    """
    year = d.year if d.month >= 4 else d.year - 1
    for era, first in _ERAS:
        if year >= first:
            return f"{era}{'元' if year == first else year - first + 1}年度"
    raise ValueError(f"no fiscal year is known for {d:%Y-%m-%d}")


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
