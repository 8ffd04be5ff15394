"""Calendars as files: iCalendar (RFC 5545), written by `icalendar`, which folds and escapes. Pure.

There is no METHOD: with PUBLISH every event would need an ORGANIZER with a mail address (RFC 5546, 3.2.1), which a bot has
not. Without one it is a calendar, and what reads it takes what it holds.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import icalendar

from bot.domain.calendars import Calendar, Event, on_wall

MIME: Final = "text/calendar"
AGAIN: Final = timedelta(hours=1)
"""How often a calendar is asked to read a feed again."""
_WRITTEN: Final = "1"
"""Rises when the same calendar is written otherwise."""
_END: Final = b"END:VCALENDAR\r\n"
_PORTION, _BREATH = 50, 0.0005
"""After so many events the thread lets others have the processor for a moment: somebody may wait for an acknowledgement."""


def mark(calendar: Calendar) -> str:
    """What changes when the file would: 32 hexadecimal digits."""
    return hashlib.sha256(f"{_WRITTEN}{calendar!r}".encode()).hexdigest()[:32]


def write(calendar: Calendar) -> bytes:
    """The whole file. A thousand events that were not written before take about a second: on a thread of its own."""
    found = icalendar.Calendar()
    found.add("prodid", "-//Banso//Banso//JA")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    for name in ("name", "x-wr-calname"):
        found.add(name, _text(calendar.name))
    found.add("x-wr-timezone", calendar.zone)
    found.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", icalendar.vDuration(AGAIN))
    found.add_component(_zone(calendar.zone, *_years(calendar.events)))
    head = found.to_ical().removesuffix(_END)
    return b"".join([head, *_in_portions(calendar), _END])


def forget() -> None:
    """Write everything anew, as at the first time."""
    _event.cache_clear()
    _zone.cache_clear()


def _in_portions(calendar: Calendar) -> Iterator[bytes]:
    for number, event in enumerate(calendar.events, start=1):
        yield _event(event, calendar.zone)
        if number % _PORTION == 0:
            time.sleep(_BREATH)


@lru_cache(maxsize=4096)
def _event(event: Event, zone: str) -> bytes:
    """One event; of those that stay the same the library writes each once."""
    wall, found = ZoneInfo(zone), icalendar.Event()
    found.add("uid", event.uid)
    found.add("dtstamp", event.changed_at.astimezone(UTC).replace(microsecond=0))
    found.add("sequence", event.sequence)
    found.add("dtstart", _at(event.starts, wall))
    found.add("dtend", _at(event.ends, wall))
    if event.instead_of is not None:
        found.add("recurrence-id", _at(event.instead_of, wall))
    if event.daily is not None:
        hour = event.starts.astimezone(wall).time()
        found.add("rrule", {"freq": "daily", "until": on_wall(event.daily.last, hour, zone)})
        if event.daily.without:
            found.add("exdate", [datetime.combine(day, hour, wall) for day in event.daily.without])
    for name, text in (
        ("summary", event.title),
        ("description", event.description),
        ("location", event.place),
    ):
        if text:
            found.add(name, _text(text))
    if event.link:
        found.add("url", event.link)
    found.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    found.add("transp", "OPAQUE" if event.busy and not event.cancelled else "TRANSPARENT")
    return bytes(found.to_ical())


def _at(moment: datetime, wall: ZoneInfo) -> datetime:
    return moment.astimezone(wall).replace(microsecond=0)


def _text(text: str) -> str:
    """What a file may hold: no control characters but ends of lines (RFC 5545, 3.1)."""
    plain = "\n".join(text.splitlines())
    return "".join(
        each for each in plain if each == "\n" or each == "\t" or (ord(each) >= 0x20 and each != "\x7f")
    )


def _years(events: Iterable[Event]) -> tuple[int, int]:
    """The years the events touch, one more on either side."""
    years = [each.year for event in events for each in (event.starts, event.ends)]
    years += [event.daily.last.year for event in events if event.daily is not None]
    return (min(years) - 1, max(years) + 1) if years else (2020, 2021)


@lru_cache(maxsize=16)
def _zone(zone: str, first: int, last: int) -> Any:
    """The zone's rules from one year to another."""
    return icalendar.Timezone.from_tzid(zone, first_date=date(first, 1, 1), last_date=date(last, 12, 31))
