"""Filling a rota, case by case: hand-offs, part-time patterns, April, New Year, and why it is whose turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.business_time import BusinessCalendar, parse_working_hours
from bot.domain.rota import Absence, Filled, Gap, Handoff, Other, Rota, RotaMember, Turn, Why, WhyNot
from bot.domain.rota_filling import fill

TOKYO = ZoneInfo("Asia/Tokyo")
CALENDAR = BusinessCalendar()
WEEKLY, DAILY = Rota("r", "当番"), Rota("d", "日替わり", Handoff.DAILY)


def member(user: str, hours: str = "", **more: Any) -> RotaMember:
    return RotaMember(user, user, parse_working_hours(hours) if hours else {}, **more)


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


def filled(
    members: Sequence[RotaMember],
    first: date,
    last: date,
    *,
    rota: Rota = WEEKLY,
    away: Sequence[Absence] = (),
    kept: Sequence[Turn] = (),
    history: Sequence[Turn] = (),
    elsewhere: Sequence[Turn] = (),
) -> Filled:
    return fill(rota, members, away, kept, history, first, last, CALENDAR, elsewhere=elsewhere)


def shown(found: Filled) -> list[str]:
    def local(moment: datetime) -> str:
        return moment.astimezone(TOKYO).strftime("%-m/%-d %-H:%M")

    return [f"{each.user_id} {local(each.starts)}-{local(each.ends)}" for each in found.turns]


def test_a_week_passes_on_at_the_first_open_minute_also_after_a_monday_that_is_closed() -> None:
    found = filled([member("A"), member("B")], date(2026, 11, 16), date(2026, 11, 27))
    assert shown(found) == ["A 11/16 8:30-11/20 17:15", "B 11/24 8:30-11/27 17:15"]
    assert found.gaps == ()


def test_a_day_passes_on_each_open_day() -> None:
    people = [member("A"), member("B"), member("C")]
    found = filled(people, date(2026, 12, 25), date(2027, 1, 6), rota=DAILY)
    assert [each.split("-")[0] for each in shown(found)] == [
        "A 12/25 8:30",
        "B 12/28 8:30",
        "C 1/4 8:30",
        "A 1/5 8:30",
        "B 1/6 8:30",
    ]


def test_who_works_some_days_has_those_and_another_has_the_rest() -> None:
    people = [member("A", "火・木 8:30-17:15"), member("B"), member("C")]
    found = filled(people, date(2026, 12, 7), date(2026, 12, 25))
    assert shown(found) == [
        "B 12/7 8:30-12/11 17:15",
        "C 12/14 8:30-12/18 17:15",
        "B 12/21 8:30-12/21 17:15",
        "A 12/22 8:30-12/22 17:15",
        "B 12/23 8:30-12/23 17:15",
        "A 12/24 8:30-12/24 17:15",
        "B 12/25 8:30-12/25 17:15",
    ]
    assert found.why[found.turns[2]].reasons == (Why.FILLS_IN, Why.LONGEST_OFF)


def test_mornings_and_afternoons() -> None:
    people = [member("A", "平日 8:30-12:00"), member("B", "平日 13:00-17:15")]
    found = filled(people, date(2026, 12, 7), date(2026, 12, 8), rota=DAILY)
    assert [each.split(" ")[0] for each in shown(found)] == ["B", "A", "B", "A"][::-1]
    assert found.gaps == ()


def test_nobody_is_called_for_a_quarter_of_an_hour_and_the_quarter_is_a_gap() -> None:
    people = [member("A", "平日 9:00-17:00"), member("B", "平日 8:30-9:00")]
    found = filled(people, date(2026, 12, 7), date(2026, 12, 7))
    assert shown(found) == ["A 12/7 9:00-12/7 17:00"]
    assert found.gaps == (
        Gap(at(12, 7, 8, 30), at(12, 7, 9)),
        Gap(at(12, 7, 17), at(12, 7, 17, 15)),
    )


def test_absence_leaves_the_rest_to_another_and_the_turn_is_owed() -> None:
    away = [Absence("A", at(12, 9, 0), at(12, 10, 0))]
    found = filled([member("A"), member("B")], date(2026, 12, 7), date(2026, 12, 11), away=away)
    assert shown(found) == ["B 12/7 8:30-12/11 17:15"]
    found = filled([member("A")], date(2026, 12, 7), date(2026, 12, 11), away=away)
    assert shown(found) == ["A 12/7 8:30-12/8 17:15", "A 12/10 8:30-12/11 17:15"]
    assert found.gaps == (Gap(at(12, 9, 8, 30), at(12, 9, 17, 15)),)
    assert {because.reasons for because in found.why.values()} == {(Why.ONLY_ONE,)}


def test_an_absence_to_the_minute() -> None:
    away = [Absence("A", at(12, 7, 10, 7), at(12, 7, 14, 13))]
    found = filled([member("A")], date(2026, 12, 7), date(2026, 12, 7), away=away)
    assert shown(found) == ["A 12/7 8:30-12/7 10:07", "A 12/7 14:13-12/7 17:15"]


def test_who_joins_in_april_takes_their_place_in_the_row_and_does_not_catch_up_a_year() -> None:
    people = [
        member("A"),
        member("B"),
        member("C", joins=date(2027, 4, 1)),
        member("D", leaves=date(2027, 3, 31)),
    ]
    found = filled(people, date(2026, 12, 7), date(2027, 6, 25))
    before = [each.user_id for each in found.turns if each.starts < at(4, 1, 0, year=2027)]
    after = [each.user_id for each in found.turns if each.starts >= at(4, 1, 0, year=2027)]
    assert "C" not in before
    assert "D" not in after
    assert max(Counter(after).values()) - min(Counter(after).values()) <= 1
    assert all(one != two for one, two in pairwise(after))


def test_a_contract_that_begins_in_mid_april() -> None:
    people = [member("A", contract_until=date(2027, 3, 31)), member("B", contract_from=date(2027, 4, 14))]
    found = filled(people, date(2027, 3, 29), date(2027, 4, 16))
    assert shown(found) == ["A 3/29 8:30-3/31 17:15", "B 4/14 8:30-4/16 17:15"]
    assert found.gaps == (Gap(at(4, 1, 8, 30, 2027), at(4, 13, 17, 15, 2027)),)


def test_contract_hours_of_a_month_are_spent_in_whole_half_days_and_come_anew() -> None:
    found = filled(
        [member("A", monthly=timedelta(hours=9))], date(2026, 12, 28), date(2027, 1, 6), rota=DAILY
    )
    assert shown(found) == ["A 12/28 8:30-12/28 17:15", "A 1/4 8:30-1/4 17:15"]
    one = [Turn("A", at(12, 1, 9), at(12, 1, 11))]
    found = filled(
        [member("A", monthly=timedelta(hours=9))], date(2026, 12, 28), date(2026, 12, 28), elsewhere=one
    )
    assert shown(found) == ["A 12/28 8:30-12/28 12:00"]


def test_few_contract_hours_are_spread_over_the_months() -> None:
    people = [member("A", monthly=timedelta(hours=20)), member("B"), member("C")]
    found = filled(people, date(2026, 4, 1), date(2027, 3, 31), rota=DAILY)
    spent: Counter[str] = Counter()
    for turn in found.turns:
        spent[turn.user_id] += round(CALENDAR.elapsed(turn.starts, turn.ends) / timedelta(minutes=1))
    share = 20 * 12 / 52 / 38.75
    assert abs(spent["A"] / spent["B"] - share) < 0.02
    assert abs(spent["B"] - spent["C"]) <= 465


def test_what_is_kept_stays_and_counts() -> None:
    kept = [Turn("A", at(12, 7, 8, 30), at(12, 9, 17, 15))]
    found = filled([member("A"), member("B")], date(2026, 12, 7), date(2026, 12, 18), kept=kept)
    assert shown(found) == ["A 12/10 8:30-12/11 17:15", "B 12/14 8:30-12/18 17:15"]
    assert found.why[found.turns[0]].reasons == (Why.CONTINUES, Why.NEW)


def test_a_kept_turn_of_somebody_who_is_away_is_no_cover() -> None:
    kept = [Turn("A", at(12, 7, 8, 30), at(12, 11, 17, 15))]
    away = [Absence("A", at(12, 10, 0), at(12, 12, 0))]
    found = filled([member("A"), member("B")], date(2026, 12, 7), date(2026, 12, 11), kept=kept, away=away)
    assert shown(found) == ["B 12/10 8:30-12/11 17:15"]


def test_nobody_is_in_two_rotas_at_once() -> None:
    other = [Turn("A", at(12, 7, 8, 30), at(12, 11, 17, 15))]
    found = filled([member("A"), member("B")], date(2026, 12, 7), date(2026, 12, 18), elsewhere=other)
    assert shown(found) == ["B 12/7 8:30-12/11 17:15", "A 12/14 8:30-12/18 17:15"]
    assert found.why[found.turns[0]].others == (Other("A", WhyNot.ON_DUTY),)


def test_two_seats_and_a_deputy_are_three_people() -> None:
    rota = Rota("r", "当番", seats=2, deputies=1)
    people = [member(user) for user in "ABC"]
    found = filled(people, date(2026, 12, 7), date(2026, 12, 11), rota=rota)
    assert {each.user_id for each in found.turns} == {"A", "B", "C"}
    assert [each.deputy for each in found.turns] == [False, False, True]
    found = filled(people[:1], date(2026, 12, 7), date(2026, 12, 11), rota=rota)
    assert found.gaps == (Gap(at(12, 7, 8, 30), at(12, 11, 17, 15), 1),)


def test_it_says_who_would_have_come_first_and_who_is_next() -> None:
    past = [
        Turn(user, at(11, day, 8, 30), at(11, day + 4, 17, 15))
        for user, day in (("A", 2), ("B", 9), ("C", 16))
    ]
    people = [
        member("A"),
        member("B", contract_until=date(2026, 11, 30)),
        member("C"),
        member("D", "金 16:30-17:15"),
    ]
    away = [Absence("A", at(12, 1, 0), at(12, 30, 0))]
    found = filled(people, date(2026, 12, 7), date(2026, 12, 11), history=past, away=away)
    (because,) = found.why.values()
    assert found.turns[0].user_id == "C"
    assert because.last_on == at(11, 20, 17, 15)
    assert because.reasons == (Why.ONLY_ONE,)
    assert set(because.others) == {
        Other("D", WhyNot.TOO_SHORT),
        Other("A", WhyNot.ABSENT),
        Other("B", WhyNot.NO_CONTRACT),
    }


def test_a_rota_without_members_is_one_gap() -> None:
    found = filled([], date(2026, 12, 7), date(2026, 12, 18))
    assert found.turns == ()
    assert found.gaps == (Gap(at(12, 7, 8, 30), at(12, 18, 17, 15)),)


def test_nothing_is_asked_for_when_nothing_is_open() -> None:
    found = filled([member("A")], date(2026, 12, 29), date(2027, 1, 3))
    assert found == Filled((), ())
