"""Calendars as files, read again by a parser that has nothing to do with what wrote them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar import Calendar as Read
from ical.calendar_stream import IcsCalendarStream

from bot import ics
from bot.domain.business_time import BusinessCalendar
from bot.domain.calendars import Calendar, Event, as_turn

TOKYO = ZoneInfo("Asia/Tokyo")
WHEN = datetime(2026, 11, 24, 1, tzinfo=UTC)
EVENT = Event("duty-1-t0asagi@banso", 0, WHEN, WHEN, WHEN + timedelta(hours=2), "全体の当番")


def written(*events: Event, zone: str = "Asia/Tokyo") -> bytes:
    return ics.write(Calendar("Banso の予定(あさぎ県)", zone, events))


def read(content: bytes) -> Read:
    return IcsCalendarStream.calendar_from_ics(content.decode())


def moment(found: date | None) -> datetime:
    """A time that is not a date alone."""
    assert isinstance(found, datetime)
    return found


def lines(content: bytes) -> list[str]:
    """The content lines, unfolded."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_what_every_reader_must_find() -> None:
    event = replace(EVENT, sequence=3, description="一行目\n二行目", place="県庁3階", busy=True)
    (found,) = read(written(event)).events
    assert (found.uid, found.sequence) == ("duty-1-t0asagi@banso", 3)
    assert (found.summary, found.description, found.location) == ("全体の当番", "一行目\n二行目", "県庁3階")
    assert (found.dtstart, found.dtend) == (event.starts, event.ends)
    assert moment(found.dtstart).utcoffset() == timedelta(hours=9)
    assert found.dtstamp == WHEN


def test_the_head_says_what_and_how_often() -> None:
    found = lines(written(EVENT))
    assert found[0] == "BEGIN:VCALENDAR"
    assert found[-2:] == ["END:VCALENDAR", ""]
    for line in (
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Banso の予定(あさぎ県)",
        "X-WR-TIMEZONE:Asia/Tokyo",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "TZID:Asia/Tokyo",
        "TZOFFSETTO:+0900",
    ):
        assert line in found
    assert not any(line.startswith(("METHOD", "ORGANIZER", "ATTENDEE")) for line in found)


def test_without_an_event_it_is_still_a_calendar() -> None:
    assert read(written()).events == []


def test_lines_are_folded_between_letters() -> None:
    """At most 75 bytes a line, and no letter is cut in two (RFC 5545, 3.1)."""
    content = written(replace(EVENT, title="端末・ネットワークの当番、その一; 控え\\" * 9))
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert read(content).events[0].summary == "端末・ネットワークの当番、その一; 控え\\" * 9


@given(st.text(max_size=200))
def test_any_text_is_read_as_it_was_but_for_what_no_file_may_hold(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    (found,) = read(written(replace(EVENT, title="x" + text))).events
    wanted = "\n".join(("x" + text).splitlines())
    assert found.summary is not None
    assert found.summary.replace("\n", "") == "".join(
        each for each in wanted if (each >= " " and each != "\x7f") or each == "\t"
    )
    assert len(read(written(replace(EVENT, title="x" + text))).events) == 1


def test_a_title_that_looks_like_another_line_stays_a_title() -> None:
    content = written(replace(EVENT, title="当番\r\nEND:VEVENT\r\nBEGIN:VEVENT"))
    assert lines(content).count("BEGIN:VEVENT") == 1


def test_cancelled_says_so_and_keeps_nobody_busy() -> None:
    content = lines(written(replace(EVENT, cancelled=True, busy=True)))
    assert "STATUS:CANCELLED" in content
    assert "TRANSP:TRANSPARENT" in content


def test_duty_leaves_room_for_other_things() -> None:
    assert "TRANSP:TRANSPARENT" in lines(written(EVENT))
    assert "TRANSP:OPAQUE" in lines(written(replace(EVENT, busy=True)))


def test_a_turn_over_new_year_is_there_on_its_open_days_alone() -> None:
    starts = datetime(2026, 12, 28, 13, tzinfo=TOKYO).astimezone(UTC)
    ends = datetime(2027, 1, 12, 8, 30, tzinfo=TOKYO).astimezone(UTC)
    found = read(written(*as_turn(replace(EVENT, starts=starts, ends=ends), BusinessCalendar())))
    shown = [(each.dtstart, each.dtend) for each in found.timeline]
    assert [f"{starts:%m-%d %H:%M}" for starts, _ in shown] == [
        "12-28 13:00",
        *(f"01-0{day} 08:30" for day in (4, 5, 6, 7, 8)),
    ]
    assert {f"{ends:%H:%M}" for _, ends in shown} == {"17:15"}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"])
def test_another_zone_keeps_its_wall(zone: str) -> None:
    """Nine in the morning stays nine when the clocks change."""
    wall = ZoneInfo(zone)
    office = BusinessCalendar(zone, lunch=None)
    starts = datetime(2026, 10, 19, 8, 30, tzinfo=wall).astimezone(UTC)
    ends = datetime(2026, 11, 9, 8, 30, tzinfo=wall).astimezone(UTC)
    content = written(*as_turn(replace(EVENT, starts=starts, ends=ends), office), zone=zone)
    shown = [moment(each.dtstart) for each in read(content).timeline]
    assert {f"{each.astimezone(wall):%H:%M}" for each in shown} == {"08:30"}
    assert [each.astimezone(wall).date() for each in shown] == [
        day
        for day in (date(2026, 10, 19) + timedelta(days=n) for n in range(21))
        if office.is_business_day(day)
    ]
    assert f"TZID:{zone}" in lines(content)


def test_the_mark_changes_with_the_calendar_and_only_then() -> None:
    calendar = Calendar("予定", "Asia/Tokyo", (EVENT,))
    assert ics.mark(calendar) == ics.mark(Calendar("予定", "Asia/Tokyo", (replace(EVENT),)))
    others = [
        replace(calendar, name="別"),
        replace(calendar, zone="UTC"),
        replace(calendar, events=()),
        replace(calendar, events=(replace(EVENT, sequence=1),)),
    ]
    assert len({ics.mark(each) for each in (calendar, *others)}) == 5


def test_the_same_calendar_is_the_same_file() -> None:
    assert written(EVENT) == written(replace(EVENT))
