"""A pool of advisers as prefectures have them: nobody works every day, some have few hours, some come or leave."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.domain.business_time import BusinessCalendar, parse_working_hours
from bot.domain.rota import Absence, RotaMember

FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
CALENDAR = BusinessCalendar()
PATTERNS = (
    "平日 8:30-17:15",
    "火・木 9:00-17:00",
    "月・水・金 9:00-17:00",
    "平日 8:30-12:00",
    "平日 9:00-17:15",
    "月〜水 8:30-17:15",
    "木・金 8:30-17:15",
    "火〜金 10:00-16:00",
)
MONTHLY = (None, None, timedelta(hours=60), timedelta(hours=40))


def people(many: int) -> list[RotaMember]:
    """So many; each tenth joins in July, each tenth leaves at the end of September."""
    return [
        RotaMember(
            f"T{n:02}",
            f"支援者 {n}",
            parse_working_hours(PATTERNS[n % len(PATTERNS)]),
            joins=date(2026, 7, 1) if n % 10 == 8 else None,
            leaves=date(2026, 9, 30) if n % 10 == 9 else None,
            monthly=MONTHLY[n % 5 % len(MONTHLY)],
        )
        for n in range(many)
    ]


def absences(members: list[RotaMember], random: Random) -> list[Absence]:
    """Two weeks and four single days of each."""
    found = []
    for member in members:
        for length in (7, 7, 1, 1, 1, 1):
            day = FIRST + timedelta(days=random.randrange(365 - length))
            found.append(Absence(member.user_id, _midnight(day), _midnight(day + timedelta(days=length))))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(CALENDAR.zone))
