"""What people take into their calendars: whose what is, addresses that are made and revoked, on either engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event as Read

from bot import ics
from bot.domain.rota import Scope, Turn
from bot.errors import Malformed, NotAllowed, NotPossibleNow
from bot.feature import DeadLetter, Outgoing
from handlers.calendars import taking, tokens
from handlers.calendars.gathering import Kind, gather
from handlers.calendars.tokens import Token
from handlers.common.doors import Visitor
from handlers.questions.base.routing import calendar_of
from handlers.study import views as study_views
from storage import calendars, duties, members, rotas, workspace
from storage.database import Transaction
from storage.rotas import Plan
from tests.handlers.prefecture import ARIMA, KEN, MORI, NAGI, TOKANO, Prefecture
from tests.handlers.study import WEEKLY, change, registered, run_due, words

pytestmark = pytest.mark.screens

TOKYO = ZoneInfo("Asia/Tokyo")
URL = "https://banso.example.jp"


def at(month: int, day: int, hour: int = 8, minute: int = 30, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


def week(user: str, month: int, day: int, *, deputy: bool = False) -> Turn:
    starts = at(month, day)
    return Turn(user, starts, starts + timedelta(days=7), deputy)


def planned(ken: Prefecture, *turns: Turn, name: str = "端末") -> int:
    """A weekly rota with these turns, and no other."""

    def plan(tx: Transaction) -> int:
        for rota in rotas.living(tx):
            rotas.archive(tx, rota.id)
            duties.cancel(tx, [each.id for each in duties.shifts(tx) if each.rota_id == rota.id])
        rota_id = rotas.add(tx, Plan(name, Scope(), "weekly", deputies=1))
        duties.give(tx, rota_id, turns, duties.AUTO)
        return rota_id

    ken.now -= timedelta(days=40)
    ken.write(plan)
    ken.now += timedelta(days=40)
    return ken.read(lambda tx: rotas.living(tx)[0].id)


def taken(ken: Prefecture, user: str, kind: Kind = Kind.MINE) -> dict[str, Read]:
    """A calendar as somebody else's program reads it, by title; what comes back is there once."""
    content = ics.write(ken.read(gather, user, kind))
    found = IcsCalendarStream.calendar_from_ics(content.decode()).events
    return {str(each.summary): each for each in found if each.recurrence_id is None}


def state(ken: Prefecture, user: str, title: str, kind: Kind = Kind.MINE) -> tuple[str, int, str]:
    """What tells the versions of an event apart: its name, its number, whether it takes place."""
    event = taken(ken, user, kind)[title]
    assert event.uid is not None
    assert event.status is not None
    return event.uid, event.sequence or 0, event.status.value


# --- turns of duty --------------------------------------------------------------------------------------------------


def test_turns_of_a_rota_and_who_stands_by(ken: Prefecture) -> None:
    planned(ken, week(MORI, 11, 30), week(ARIMA, 11, 30, deputy=True))
    assert list(taken(ken, MORI)) == ["当番:端末"]
    assert list(taken(ken, ARIMA)) == ["当番:端末(控え)"]
    assert set(taken(ken, KEN, Kind.ROTA)) == {"MORIさん|当番:端末", "ARIMAさん|当番:端末(控え)"}
    (event,) = taken(ken, MORI).values()
    assert event.rrule is not None
    assert [f"{each:%m-%d %H:%M}" for each in (event.dtstart, event.dtend)] == ["11-30 08:30", "11-30 17:15"]


def test_a_turn_that_changes_keeps_its_name_and_rises(ken: Prefecture) -> None:
    rota = planned(ken, week(MORI, 11, 30))
    before = state(ken, MORI, "当番:端末")
    shorter = replace(week(MORI, 11, 30), ends=at(12, 3))
    ken.write(duties.give, rota, [shorter], duties.HAND)
    after = state(ken, MORI, "当番:端末")
    assert (after[0], after[1]) == (before[0], before[1] + 1)
    ken.write(duties.give, rota, [shorter], duties.HAND)
    assert state(ken, MORI, "当番:端末") == after


def test_a_cancelled_turn_says_so_for_a_month_and_comes_back_when_it_does(ken: Prefecture) -> None:
    planned(ken, week(MORI, 12, 14))
    before = state(ken, MORI, "当番:端末")
    (shift,) = ken.read(duties.shifts)
    ken.write(duties.cancel, [shift.id])
    gone = state(ken, MORI, "当番:端末")
    assert gone == (before[0], before[1] + 1, "CANCELLED")
    ken.write(duties.restore, shift.id)
    back = state(ken, MORI, "当番:端末")
    assert (back[0], back[1]) == (before[0], before[1] + 2)
    assert "CANCELLED" not in back[2]
    ken.write(duties.cancel, [shift.id])
    ken.now += timedelta(days=32)
    assert taken(ken, MORI) == {}


def test_what_is_over_stays_for_a_month(ken: Prefecture) -> None:
    planned(ken, week(MORI, 11, 30))
    ken.now = at(12, 31, 10)
    assert taken(ken, MORI)
    ken.now = at(1, 10, 10, year=2027)
    assert taken(ken, MORI) == {}


def test_a_year_of_a_rota_has_each_open_day_once_and_no_holiday(ken: Prefecture) -> None:
    """Two years of weeks, every holiday in them, shared by three people; read by an independent parser."""
    people, first = (MORI, ARIMA, TOKANO), at(11, 30)
    weeks = [
        Turn(people[n % 3], first + timedelta(weeks=n), first + timedelta(weeks=n + 1)) for n in range(104)
    ]
    planned(ken, *weeks)
    content = ics.write(ken.read(gather, KEN, Kind.ROTA))
    found = IcsCalendarStream.calendar_from_ics(content.decode())
    days = [on_wall(each) for each in found.timeline]
    office = calendar_of(ken.read(workspace.workspace))
    span = (date(2026, 11, 30) + timedelta(days=n) for n in range(104 * 7))
    assert days == [day for day in span if office.is_business_day(day)]
    assert len({each.uid for each in found.events}) == 104
    own = [len(taken_days(ken, user)) for user in people]
    assert sum(own) == len(days)


def on_wall(event: Read) -> date:
    assert isinstance(event.dtstart, datetime)
    return event.dtstart.astimezone(TOKYO).date()


def taken_days(ken: Prefecture, user: str) -> list[date]:
    content = ics.write(ken.read(gather, user, Kind.MINE)).decode()
    return [on_wall(each) for each in IcsCalendarStream.calendar_from_ics(content).timeline]


def test_hours_of_ones_own_in_a_zone_other_than_tokyo(ken: Prefecture) -> None:
    ken.write(lambda tx: workspace.set_workspace(tx, zone="America/Los_Angeles"))
    content = ics.write(ken.read(gather, MORI, Kind.MINE)).decode()
    assert "TZID:America/Los_Angeles" in content
    assert "DTSTART;TZID=America/Los_Angeles:" in content
    assert "Asia/Tokyo" not in content


# --- study sessions -------------------------------------------------------------------------------------------------


def test_sessions_of_a_series_by_the_date_they_are_planned_for(ken: Prefecture) -> None:
    found = registered(ken)
    before = state(ken, NAGI, "第2回 アドバイザー勉強会")
    event = taken(ken, NAGI)["第2回 アドバイザー勉強会"]
    assert (event.location, event.url) == ("県庁3階", "https://meet.example.jp/a")
    assert change(ken, found, "2026-12-10", study_views.MOVE, "2026-12-11", "10:00") == {}
    after = state(ken, NAGI, "第2回 アドバイザー勉強会")
    assert after[0] == before[0]
    assert after[1] > before[1]
    assert f"{taken(ken, NAGI)['第2回 アドバイザー勉強会'].dtstart:%m-%d %H:%M}" == "12-11 10:00"
    assert change(ken, found, "2026-12-10", study_views.CANCEL) == {}
    gone = state(ken, NAGI, "第2回 アドバイザー勉強会")
    assert gone[0] == before[0]
    assert gone[1] > after[1]
    assert "CANCELLED" in gone[2]
    titles = list(taken(ken, NAGI))
    assert len(titles) == len(set(titles)) > 40  # a year ahead
    assert not any("12-31" in f"{each.dtstart:%m-%d}" for each in taken(ken, NAGI).values())


@pytest.mark.parametrize("policy", ["skip", "before", "after", "hold"])
def test_two_years_of_sessions_meet_every_holiday_as_their_series_says(ken: Prefecture, policy: str) -> None:
    """A Monday meets most holidays. Taken each half year, read by an independent parser, held against a plain count of
    days: a session that would fall onto its neighbour is none."""
    registered(ken, replace(WEEKLY, on="2026-11-30", on_closed=policy))
    seen: dict[str, date] = {}
    for months in range(5):
        ken.now = at(11, 25, 10) + timedelta(days=183 * months)
        run_due(ken)
        for each in taken(ken, NAGI).values():
            seen[str(each.uid)] = on_wall(each)
    office = calendar_of(ken.read(workspace.workspace))
    step = timedelta(days={"before": -1, "after": 1}.get(policy, 0))
    expected, plain = {}, [date(2026, 11, 30) + timedelta(weeks=n) for n in range(104)]
    for day in plain:
        held = day
        while step and not office.is_business_day(held):
            held += step
        if policy == "hold" or (office.is_business_day(held) and (held == day or held not in plain)):
            expected[f"{day:%Y%m%d}"] = held
    found = {uid.rpartition("@")[0].rsplit("-", 2)[-2]: day for uid, day in seen.items()}
    assert {name: day for name, day in found.items() if name <= f"{plain[-1]:%Y%m%d}"} == expected
    assert len(expected) < 104 or policy != "skip"


def test_sessions_for_advisers_alone_are_not_taken_along_by_askers(ken: Prefecture) -> None:
    registered(ken, replace(WEEKLY, audience="talents"))
    assert taken(ken, NAGI) == {}
    assert any("アドバイザー勉強会" in each for each in taken(ken, MORI))


# --- addresses ------------------------------------------------------------------------------------------------------


def make(ken: Prefecture, user: str, kind: str = "mine") -> Token:
    token = tokens.new()
    shown = ken.write(taking.make, Visitor(user, ""), kind, token, URL)
    assert f"{URL}/calendar/{token}.ics" in words(shown)
    return token


def answers(ken: Prefecture, token: Token) -> bool:
    return ken.read(taking.found_at, token) is not None


def test_an_address_answers_until_it_is_revoked(ken: Prefecture) -> None:
    token = make(ken, MORI)
    assert answers(ken, token)
    assert "作りました" in words(ken.read(taking.dialog, Visitor(MORI, ""), URL))
    shown = words(ken.write(taking.revoke, Visitor(MORI, ""), "mine", URL))
    assert "購読用のアドレス:ありません" in shown
    assert not answers(ken, token)
    ken.write(taking.revoke, Visitor(MORI, ""), "mine", URL)


def test_made_again_the_one_of_before_answers_no_more(ken: Prefecture) -> None:
    first, second = make(ken, MORI), make(ken, MORI)
    assert (answers(ken, first), answers(ken, second)) == (False, True)


def test_nearly_the_right_address_is_none(ken: Prefecture) -> None:
    token, other = make(ken, MORI), make(ken, ARIMA)
    assert not answers(ken, Token(token.finds, other.secret))
    assert not answers(ken, Token("A" * 12, token.secret))


def test_only_a_digest_of_the_secret_is_kept(ken: Prefecture) -> None:
    token = make(ken, MORI)
    feed = ken.read(calendars.at, token.finds)
    assert feed is not None
    assert token.secret not in str(feed)
    assert len(token.secret) == 43  # 256 bits
    assert token.secret not in repr(token)


def lower(ken: Prefecture, user: str, **values: Any) -> None:
    row = {"user_id": user, "name": "森脇 一葉", **values}
    ken.write(members.save_members, [row], overwrite=tuple(values))


@pytest.mark.parametrize(
    ("user", "kind", "values"),
    [
        (MORI, "mine", {"permission": "asker"}),
        (MORI, "mine", {"permission": "guest"}),
        (MORI, "mine", {"deactivated": True}),
        (NAGI, "mine", {"deactivated": True}),
        (KEN, "rota", {"permission": "talent"}),
        (KEN, "rota", {"permission": "staff"}),
    ],
)
def test_who_left_or_was_lowered_has_no_feed(
    ken: Prefecture, user: str, kind: str, values: Mapping[str, Any]
) -> None:
    token = make(ken, user, kind)
    assert answers(ken, token)
    lower(ken, user, **values)
    assert not answers(ken, token)


def test_an_asker_keeps_theirs_when_they_become_an_adviser(ken: Prefecture) -> None:
    token = make(ken, NAGI)
    lower(ken, NAGI, permission="talent")
    assert answers(ken, token)


@pytest.mark.parametrize(("user", "kind"), [(MORI, "rota"), (NAGI, "rota")])
def test_the_whole_rota_is_for_coordinators(ken: Prefecture, user: str, kind: str) -> None:
    visitor = Visitor(user, "")
    assert "全員の当番" not in words(ken.read(taking.dialog, visitor, URL))
    with pytest.raises(NotAllowed):
        ken.write(taking.make, visitor, kind, tokens.new(), URL)
    with pytest.raises(NotAllowed):
        ken.write(taking.ask, visitor, kind, source="action:1")


@pytest.mark.parametrize("kind", ["", "everything", "mine' OR 1=1", "相談"])
def test_a_calendar_that_there_is_not(ken: Prefecture, kind: str) -> None:
    visitor = Visitor(KEN, "")
    with pytest.raises(Malformed):
        ken.write(taking.make, visitor, kind, tokens.new(), URL)
    with pytest.raises(Malformed):
        ken.write(taking.revoke, visitor, kind, URL)
    with pytest.raises(Malformed):
        ken.write(taking.ask, visitor, kind, source="action:1")


def test_without_a_public_address_there_are_files_alone(ken: Prefecture) -> None:
    shown = words(ken.read(taking.dialog, Visitor(KEN, ""), None))
    assert "ファイルでもらう" in shown
    assert "アドレス" not in shown
    with pytest.raises(NotPossibleNow):
        ken.write(taking.make, Visitor(KEN, ""), "mine", tokens.new(), None)


# --- the file -------------------------------------------------------------------------------------------------------


def outgoing(user: str, kind: str = "mine") -> Outgoing:
    return Outgoing("u1", taking.FILE, 0, {"user": user, "kind": kind}, first=True)


def test_the_file_is_as_things_are_when_it_is_sent(ken: Prefecture) -> None:
    planned(ken, week(MORI, 11, 30))
    message = ken.read(taking.file, outgoing(MORI))
    assert message is not None
    assert message.made is not None
    assert message.made.name == "Banso の予定_20261124.ics"
    assert "当番:端末" in message.made.content().decode()
    lower(ken, MORI, deactivated=True)
    assert ken.read(taking.file, outgoing(MORI)) is None


def test_a_file_that_cannot_be_shared_is_told(ken: Prefecture) -> None:
    letter = DeadLetter("u1", "file", taking.FILE, 0, "D1", MORI, 0, "file_uploads_disabled")
    ken.write(taking.on_dead_letter, letter)
    assert ken.rings(MORI)[-1].startswith(f"direct:{taking.FAILED}")
    ken.write(taking.on_dead_letter, replace(letter, renderer="reports.report"))
    assert len([each for each in ken.rings(MORI) if taking.FAILED in each]) == 1


@pytest.mark.parametrize(
    "text",
    ["", "A" * 54, "A" * 56, "A" * 54 + "/", "あ" * 55, "A" * 54 + "\n", "../" * 18 + "A", "%41" * 18 + "A"],
)
def test_what_cannot_be_a_token(text: str) -> None:
    assert tokens.read(text) is None


def test_a_token_is_read_as_it_was_made() -> None:
    token = tokens.new()
    assert tokens.read(str(token)) == token
    assert tokens.fits(token, token.digest)
    assert not tokens.fits(token, None)
    assert not tokens.fits(token, tokens.new().digest)
