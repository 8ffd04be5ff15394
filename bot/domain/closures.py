"""Days on which an office is closed, or open, of its own, as people write them: one line each.

「11月14日 開庁記念日」 is of every year, 「2026年12月28日 臨時休庁」 and 「令和8年8月13日〜15日 夏の休み」 are dated.
A line is kept as "11-14 開庁記念日" or "2026-08-13~2026-08-15 夏の休み", which is read the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from bot.domain.business_time import BusinessCalendar
from bot.domain.opening_hours import OpeningHours

MOST, MOST_DAYS, LONGEST_LABEL, LONGEST = 60, 31, 30, 3000
"""So many lines; so many days in a row; so many characters of a name, and of all lines together: an input of Slack's holds
no more."""
_LEAP = 2028
"""Days of every year are reckoned in a leap year: February 29th is a day that can be closed."""
_REIWA = 2018
_YEARS = range(2000, 2100)
_WEEKDAYS = "月火水木金土日"
_YEAR = r"(?:(?:(?:令和|R)\s*(\d{1,2}|元)|(\d{4}))\s*[年/.-]\s*)?"
_FIRST = re.compile(rf"{_YEAR}(\d{{1,2}})\s*[月/.-]\s*(\d{{1,2}})(?:\s*(日))?")
_LAST = re.compile(rf"\s*(?:~|から)\s*{_YEAR}(?:(\d{{1,2}})\s*[月/.-]\s*)?(\d{{1,2}})(?:\s*(日))?(?:まで)?")
_WEEKDAY = re.compile(rf"\s*\(([{_WEEKDAYS}])(?:曜日?)?(?:[・,]?祝)?\)")
_HALF = re.compile(r"午[前後]|半日|\d{1,2}(?::\d{2}|時)")
"""How a label begins that says which part of a day is meant."""
_ONE_DAY = timedelta(days=1)
_HOW = "11月14日 開庁記念日 のように、1行に1日書いてください。続く日は 8月13日〜15日 と書けます。"


class UnreadableClosures(ValueError):
    """A line is no date; the sentence names it."""


@dataclass(frozen=True, slots=True)
class Spell:
    """From `first` to `last`, both included, and what for. Where it is `yearly` these are days of a leap year, the last of
    the year after it if the spell goes over New Year."""

    first: date
    last: date
    yearly: bool
    label: str = ""

    def days(self) -> Iterator[date]:
        """Every day of it."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + number * _ONE_DAY

    def __str__(self) -> str:
        form = "%m-%d" if self.yearly else "%Y-%m-%d"
        days = f"{self.first:{form}}" + (f"~{self.last:{form}}" if self.last > self.first else "")
        return f"{days} {self.label}".rstrip()


def read(text: str) -> tuple[str, ...]:
    """The closures somebody wrote, as they are kept: those of every year in its order, then the dated ones; each once.

    Raises:
        UnreadableClosures: with a sentence for whoever wrote it.
    """
    return tuple(sorted({str(spell) for spell in _spells(text)}))


def read_openings(text: str) -> tuple[str, ...]:
    """The openings somebody wrote, likewise; all of them are dated.

    Raises:
        UnreadableClosures: with a sentence for whoever wrote it.
    """
    found = _spells(text)
    for spell in found:
        if spell.yearly:
            raise UnreadableClosures(
                f"「{_shown(spell)}」に年がありません。臨時に開く日は、2027年3月28日 のように年から書いてください。"
            )
    return tuple(sorted({str(spell) for spell in found}))


def _spells(text: str) -> list[Spell]:
    lines = [line for line in (each.strip() for each in text.splitlines()) if line]
    if len(lines) > MOST:
        raise UnreadableClosures(f"{MOST} 行までにしてください。続く日は 8月13日〜15日 とまとめられます。")
    return [entered(line) for line in lines]


def entered(line: str) -> Spell:
    """One line as somebody writes it now: whole days only. Kept ones may be older, and are of whole days as well.

    Raises:
        UnreadableClosures: with a sentence for whoever wrote it.
    """
    spell = spell_of(line)
    if _HALF.match(spell.label):
        raise UnreadableClosures(
            f"「{line[:20]}」は一日の途中です。ここには一日ごとの日を書きます。"
            "半日だけ閉まる日は書かず、開く日は時刻を消してください。"
        )
    return spell


def spell_of(line: str) -> Spell:
    """One line.

    Raises:
        UnreadableClosures: with a sentence for whoever wrote it.
    """
    plain = re.sub("[〜–—]", "~", unicodedata.normalize("NFKC", line)).strip()
    try:
        spell = _read(plain)
    except ValueError as error:
        raise error if isinstance(error, UnreadableClosures) else _unreadable(line) from None
    length = (spell.last - spell.first).days + 1
    if length > MOST_DAYS:
        raise UnreadableClosures(f"「{line[:20]}」は {length} 日あります。1行は {MOST_DAYS} 日までです。")
    if len(spell.label) > LONGEST_LABEL:
        raise UnreadableClosures(
            f"「{spell.label[:10]}…」が長すぎます。名前は {LONGEST_LABEL} 文字までです。"
        )
    return spell


def _read(plain: str) -> Spell:
    first = _FIRST.match(plain)
    if first is None:
        raise ValueError(plain)
    named, at = _WEEKDAY.match(plain, first.end()), first.end()
    at = named.end() if named else at
    last = _LAST.match(plain, at)
    ends = last.end() if last else at
    closing = _WEEKDAY.match(plain, ends) if last else None
    ends = closing.end() if closing else ends
    began = _year(first[1], first[2])
    year = _LEAP if began is None else began
    start = date(year, int(first[3]), int(first[4]))
    end = _end(start, last, yearly=began is None) if last else start
    for said, day in ((named, start), (closing, end)):
        if said:
            _check_weekday(plain, said[1], day, yearly=began is None)
    attached = bool(named or closing or (last[5] if last else first[5]))
    return Spell(start, end, began is None, _label(plain[ends:], attached=attached))


def _year(era: str | None, west: str | None) -> int | None:
    if era is None and west is None:
        return None
    year = int(west) if west else _REIWA + (1 if era == "元" else int(era or 0))
    if year not in _YEARS or era in {"0", "00"}:
        raise ValueError(year)
    return year


def _end(start: date, last: re.Match[str], *, yearly: bool) -> date:
    year = _year(last[1], last[2])
    if year is not None and (yearly or not last[3]):
        raise ValueError(last[0])
    end = date(year or start.year, int(last[3] or start.month), int(last[4]))
    if end < start and year is None and last[3]:
        end = date(start.year + 1, end.month, end.day)  # over New Year
    if end < start:
        raise ValueError(last[0])
    return end


def _check_weekday(plain: str, said: str, day: date, *, yearly: bool) -> None:
    if yearly:
        raise UnreadableClosures(
            f"「{plain[:20]}」に年がありません。2026年12月28日(月) のように年から書くか、毎年の日なら曜日を消してください。"
        )
    if said != _WEEKDAYS[day.weekday()]:
        is_on = _WEEKDAYS[day.weekday()]
        raise UnreadableClosures(f"「{plain[:20]}」は{is_on}曜日です。年と日を確かめてください。")


def _label(rest: str, *, attached: bool) -> str:
    """What stands behind a date: apart from it, unless that ends in a word."""
    label = " ".join(rest.split())
    if label and not attached and not rest[0].isspace():
        raise ValueError(rest)
    if label.startswith(("、", ",", "・", "~", "/", "-", "と")) or _FIRST.match(label):
        raise ValueError(rest)  # another day
    return label


def _unreadable(line: str) -> UnreadableClosures:
    return UnreadableClosures(f"「{line[:20]}」を日付として読めません。{_HOW}")


def shown(kept: Sequence[str]) -> str:
    """The same for an input, one a line."""
    return "\n".join(_shown(spell_of(each)) for each in kept)


def _shown(spell: Spell) -> str:
    days = _day(spell.first, None if spell.yearly else 0)
    if spell.last > spell.first:
        days += f"〜{_day(spell.last, None if spell.yearly else spell.first.year)}"
    return f"{days} {spell.label}".rstrip()


def ends_of(spell: Spell) -> tuple[str, str]:
    """Its first and last day for the cells of a list; the last is "" where it is the same."""
    form = "{0.month}月{0.day}日" if spell.yearly else "{0:%Y-%m-%d}"
    return form.format(spell.first), form.format(spell.last) if spell.last > spell.first else ""


def of_every_year(spell: Spell) -> Spell:
    """The same days of every year.

    Raises:
        UnreadableClosures: it is already longer than one may be.
    """
    first, last = (f"{day:%m-%d}" for day in (spell.first, spell.last))
    return spell_of(f"{first}~{last} {spell.label}" if last != first else f"{first} {spell.label}")


def _day(day: date, beside: int | None) -> str:
    """A day, with its year unless it is of every year or of the one `beside` it."""
    year = "" if beside is None or beside == day.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


@lru_cache(maxsize=256)
def calendar(
    zone: str, hours: OpeningHours, closures: tuple[str, ...] = (), openings: tuple[str, ...] = ()
) -> BusinessCalendar:
    """When an office is open, by what is kept of it."""
    spells, opened = [spell_of(each) for each in closures], [spell_of(each) for each in openings]
    return BusinessCalendar(
        zone,
        hours.opens,
        hours.closes,
        hours.lunch,
        frozenset(day for spell in spells if not spell.yearly for day in spell.days()),
        frozenset(f"{day:%m-%d}" for spell in spells if spell.yearly for day in spell.days()),
        frozenset(day for spell in opened for day in spell.days()),
    )


def problem(closures: Sequence[str], openings: Sequence[str]) -> str | None:
    """What is wrong with closures and openings beside one another, in a sentence."""
    if any(len(shown(each)) > LONGEST for each in (closures, openings)):
        return f"長すぎます。名前を短くするか、続く日をまとめて、{LONGEST} 文字までにしてください。"
    found = calendar("UTC", OpeningHours(), tuple(closures), tuple(openings))
    both = sorted(found.closures & found.openings)
    if both:
        return f"{_day(both[0], 0)} が、閉庁日と臨時に開く日の両方にあります。どちらかにしてください。"
    of_every_year = {day for spell in map(spell_of, closures) if spell.yearly for day in spell.days()}
    for day in sorted(found.closures | of_every_year):
        if not any(found.is_business_day(day + number * _ONE_DAY) for number in range(MOST_DAYS + 1)):
            return f"{_day(day, None)} から {MOST_DAYS} 日より長く、続けて閉まることになります。日を確かめてください。"
    return None
