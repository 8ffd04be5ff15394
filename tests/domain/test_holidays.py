"""National holidays, as two libraries know them that know nothing of one another."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
from jpholiday.jpholiday import JPHoliday

from bot.domain.business_time import is_national_holiday

FIRST, LAST = date(1990, 1, 1), date(2099, 12, 31)
BESIDE = {"TransferHolidayChecker", "NationalHolidayChecker"}
"""振替休日 and 国民の休日: both always stand beside another holiday (国民の祝日に関する法律, article 3)."""
DIFFERENT: dict[date, str] = {}
"""Days of which they differ: which one is right by the law, and why. None so far."""


def test_every_day_of_a_century_is_a_holiday_in_both_or_in_neither() -> None:
    """Asking for each of the 40,177 days takes half a minute; so those are asked for that either library calls a holiday
    or that stand beside one."""
    theirs = {day for day in holidays.country_holidays("JP", years=range(FIRST.year, LAST.year + 1))}
    named = [each for each in JPHoliday().registry.checkers() if type(each).__name__ not in BESIDE]
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    alone = {day for day in days if any(each.is_holiday(day) for each in named)}
    asked = {day + timedelta(days=n) for day in alone | theirs for n in (-1, 0, 1)}
    ours = {day for day in asked if FIRST <= day <= LAST and is_national_holiday(day)}
    assert len(named) == len(JPHoliday().registry.checkers()) - len(BESIDE)
    assert len(ours) > 1900
    assert ours ^ theirs == DIFFERENT.keys()
