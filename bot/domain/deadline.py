"""Days to which something is put off, or on which it is needed. A day begins at midnight: what falls due then is told with
the morning's letter."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.business_time import BusinessCalendar
from bot.errors import NotPossibleNow

FARTHEST = timedelta(days=60)
"""Nothing is put off longer; whoever cannot answer until then lets somebody else."""
_UNCHANGED = "何も変わっていません。"
_ONE_DAY = timedelta(days=1)


def begins(day: date, calendar: BusinessCalendar) -> datetime:
    """When a day begins on the wall (aware UTC)."""
    return datetime.combine(day, time(), ZoneInfo(calendar.zone)).astimezone(UTC)


def reminder(needed_on: date, calendar: BusinessCalendar) -> datetime:
    """When whoever answers is reminded that an answer is needed on a day: as the business day before it begins."""
    day = needed_on - _ONE_DAY
    while not calendar.is_business_day(day) and needed_on - day < timedelta(days=31):
        day -= _ONE_DAY
    return begins(day, calendar)


def put_off(
    day: date | None, needed_on: date | None, calendar: BusinessCalendar, now: datetime
) -> tuple[datetime, datetime]:
    """Until when a question rests that is put off to a day, and when an answer can be expected then (aware UTC).

    Raises:
        NotPossibleNow: no day to which it can be put off; the sentence says why.
    """
    today = calendar.day_of(now)
    if day is None or day <= today:
        raise NotPossibleNow(f"明日からの日を選んでください。{_UNCHANGED}")
    if day - today > FARTHEST:
        raise NotPossibleNow(
            f"60日以内の日を選んでください。もっと先になるときは、担当を替えられます。{_UNCHANGED}"
        )
    if needed_on is not None and today <= needed_on < day:
        needed = f"{needed_on.month}/{needed_on.day}"
        raise NotPossibleNow(f"必要な日({needed})までの日を選んでください。{_UNCHANGED}")
    if not calendar.is_business_day(day):
        raise NotPossibleNow(f"その日は閉庁日です。開いている日を選んでください。{_UNCHANGED}")
    return begins(day, calendar), calendar.closing(day)


def check_needed(day: date, calendar: BusinessCalendar, now: datetime) -> None:
    """Whether an answer can be needed on a day.

    Raises:
        NotPossibleNow: it is over, or further away than a year.
    """
    today = calendar.day_of(now)
    if not today <= day <= today + timedelta(days=366):
        raise NotPossibleNow(f"今日から1年以内の日を選んでください。{_UNCHANGED}")
