"""What rotas do by themselves, without Slack: who is told what, how often, and not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.domain import words
from bot.domain.rota import Scope, ScopeKind, Turn
from bot.domain.rota_swaps import SwapVerb
from bot.feature import DueWork, Outgoing
from handlers.common.doors import Visitor
from handlers.common.lists import UnreadableFile
from handlers.common.sheets import read, write
from handlers.common.telling import LETTERS
from handlers.home.morning import letters_due
from handlers.members.hours import DAY
from handlers.questions.base.on_duty import on_duty
from handlers.questions.base.routing import field_named
from handlers.rota import (
    FEATURE,
    arrange_views,
    asking,
    away,
    days,
    filling,
    gaps,
    groups,
    joining,
    lists,
    mine,
    mine_views,
    reminding,
    swapping,
    weekly,
)
from handlers.rota.filling import Wanted
from storage import absences, due, duties, members, rotas, swaps, talents
from storage.cache import cached
from storage.database import Transaction
from storage.rotas import Plan
from storage.tables import held_letters, outbox
from tests.handlers.prefecture import ARIMA, KEN, MORI, TOKANO, Prefecture

TOKYO = ZoneInfo("Asia/Tokyo")
DESK = "C0TAIOU"


def tokyo(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


def made(ken: Prefecture, handoff: str = "daily", scope: Scope | None = None) -> int:
    """A rota of three people instead of hours."""

    def make(tx: Transaction) -> int:
        for rota in rotas.living(tx):
            if rota.by_hours:
                rotas.archive(tx, rota.id)
        rota_id = rotas.add(tx, Plan("当番A", scope or Scope(), handoff))
        for user in (MORI, ARIMA, TOKANO):
            rotas.add_member(tx, rota_id, user)
        return rota_id

    return ken.write(make)


def give(ken: Prefecture, rota_id: int, user: str, month: int, *on: int, deputy: bool = False) -> None:
    """Turns of whole days."""
    turns = [Turn(user, tokyo(month, day, 8, 30), tokyo(month, day, 17, 15), deputy) for day in on]
    ken.write(duties.give, rota_id, turns, duties.AUTO)


def said(ken: Prefecture, renderer: str) -> list[tuple[str, str]]:
    """Whom messages of a kind are for, sent first and then those that wait, and what they would say now."""
    o, h = outbox.c, held_letters.c
    which = (o.workspace == ken.workspace, o.renderer == renderer)
    query = select(o.uid, o.renderer, o.record_id, o["values"], o.user_id, o.channel).where(*which)
    waits = (h.workspace == ken.workspace, h.renderer == renderer, h.done_at.is_(None))
    kept = select(h.key, h.renderer, h.record_id, h["values"], h.user_id, h.user_id).where(*waits)
    both = (query.order_by(o.id), kept.order_by(h.id))
    found = []
    for row in ken.read(lambda tx: [each for rows in both for each in tx.connection.execute(rows)]):
        uid, name, number, values, user, channel = row
        message = ken.read(FEATURE.renderers[renderer], Outgoing(uid, name, number, values, True))
        found += [(user or channel, message.text)] if message is not None else []
    return found


def runs(ken: Prefecture) -> None:
    """Run what of this feature is due now."""
    for _ in range(50):
        if ken.write(due.run_next, FEATURE.due_work) is None:
            return
    raise AssertionError("due rows without end")


def opens(ken: Prefecture, month: int, day: int, minute: int = 30, hour: int = 8) -> None:
    """An office day begins."""
    ken.now = tokyo(month, day, hour, minute)
    ken.write(days.day, DueWork(DAY, 0, tokyo(month, day, 8, 30)))
    runs(ken)


def test_a_person_is_reminded_a_week_and_a_day_before_each_once_and_of_a_row_of_days_once(
    ken: Prefecture,
) -> None:
    rota_id = made(ken)
    give(ken, rota_id, MORI, 12, 10, 11, 14)
    for day in (25, 26, 27, 30):
        opens(ken, 11, day)
    for day in range(1, 15):
        if date(2026, 12, day).weekday() < 5:
            opens(ken, 12, day)
            ken.now = tokyo(12, day, 9)
            runs(ken)
            opens(ken, 12, day, 5, hour=9)  # again: nothing is said twice
    assert [who for who, _ in said(ken, reminding.WEEK)] == []  # it is over
    keys = [key for key in ken.rings(MORI) if "reminder" in key]
    assert [key.split(":")[1] for key in keys] == ["rota.reminder_week", "rota.reminder_day"]


def test_a_reminder_comes_on_its_own_morning_and_says_when(ken: Prefecture) -> None:
    rota_id = made(ken)
    give(ken, rota_id, MORI, 12, 10, 11)
    opens(ken, 12, 9)
    ken.now = tokyo(12, 9, 9) + timedelta(seconds=10)  # MORI begins at nine
    runs(ken)
    ken.now += timedelta(minutes=1)
    while ken.write(due.run_next, {LETTERS: letters_due}) is not None:
        pass
    assert [(who, "12/10(木)" in text) for who, text in said(ken, reminding.DAY)] == [(MORI, True)]


def test_nobody_is_asked_at_night_to_take_a_shift_nor_told_of_what_is_over(ken: Prefecture) -> None:
    rota_id = made(ken)
    give(ken, rota_id, MORI, 11, 26, 27)
    first, second = ken.read(lambda tx: [each for each in duties.shifts(tx) if each.rota_id == rota_id])
    ken.now = tokyo(11, 24, 21)
    assert ken.write(swapping.ask, first, MORI, TOKANO, None) is None
    assert ken.write(swapping.ask, second, MORI, TOKANO, None) is None
    asked = ken.read(lambda tx: swaps.waiting_of(tx, MORI)[second.id])
    ken.write(swapping.do, asked.id, SwapVerb.WITHDRAW, MORI)
    assert said(ken, swapping.CARD) == []
    ken.now = tokyo(11, 25, 9)  # TOKANO begins
    runs(ken)
    assert [who for who, _ in said(ken, swapping.CARD)] == [TOKANO]
    ken.now = tokyo(11, 26, 19)  # and on Friday only when it has begun
    problem = ken.write(swapping.ask, second, MORI, TOKANO, None)
    assert problem is not None
    assert "届きません" in problem


def test_nobody_is_reminded_of_what_they_got_later_than_that(ken: Prefecture) -> None:
    rota_id = made(ken)
    ken.now = tokyo(12, 9, 13)
    give(ken, rota_id, MORI, 12, 10)
    opens(ken, 12, 10, 31)
    assert [key for key in ken.rings(MORI) if "reminder" in key] == []


def test_part_timers_are_reminded_on_the_day_before_on_which_they_work(ken: Prefecture) -> None:
    rota_id = made(ken)
    hours = {"user_id": MORI, "name": "MORI", "role": "engineer", "fields": [], "conflicts": []}
    ken.write(
        lambda tx: talents.save_talent(
            tx, overwrite=["working_hours"], **hours, working_hours="火・金 10:00-16:00"
        )
    )
    give(ken, rota_id, MORI, 12, 11)
    (shift,) = ken.read(lambda tx: [each for each in duties.shifts(tx) if each.rota_id == rota_id])
    assert ken.read(reminding.moment, shift, timedelta(days=1)) == tokyo(12, 8, 10)
    assert ken.read(reminding.moment, shift, timedelta(days=7)) == tokyo(12, 4, 10)


def test_who_does_not_work_on_that_day_can_be_asked_but_is_marked(ken: Prefecture) -> None:
    """By a colleague and by a coordinator alike."""
    rota_id = made(ken)
    give(ken, rota_id, MORI, 11, 25)
    hours = {"user_id": ARIMA, "name": "ARIMA 氏", "role": "engineer", "fields": [], "conflicts": []}
    ken.write(
        lambda tx: talents.save_talent(
            tx, overwrite=["working_hours"], **hours, working_hours="火・金 10:00-16:00"
        )
    )
    (shift,) = ken.read(lambda tx: [each for each in duties.shifts(tx) if each.rota_id == rota_id])
    for user in (MORI, KEN):
        shown = str(ken.read(asking.dialog, Visitor(user, ""), shift.id))
        assert ("ARIMA 氏(対応日の外)" in shown, "TOKANO 氏(対応日の外)" in shown) == (True, False)


def test_a_gap_is_one_message_a_week_with_a_proposal_and_gone_when_covered(ken: Prefecture) -> None:
    rota_id = made(ken)
    for day in (24, 25, 26, 27, 30):
        give(ken, rota_id, MORI, 11, day)
    give(ken, rota_id, MORI, 12, 1, 3, 4, 7)
    opens(ken, 11, 25)
    rows = said(ken, gaps.CARD)
    assert [who for who, _ in rows] == [KEN, KEN]  # this coming week's, and that after it
    found = ken.read(gaps.find)
    assert found[0].gap.starts == tokyo(12, 2, 8, 30)
    could = ken.read(gaps.offers, found[0])
    assert {each.user_id for each in could} == {MORI, ARIMA, TOKANO}
    starts, ends = (int(each) for each in found[0].key.split(":")[1:])
    ken.now = tokyo(11, 25, 10)  # everybody works by now
    ken.write(gaps.cover, rota_id, starts, ends, ARIMA, KEN)
    assert ken.read(gaps.find)[0].gap.starts > tokyo(12, 2, 17)
    assert [who for who, _ in said(ken, swapping.MOVED)] == [ARIMA]
    with pytest.raises(gaps.NoGap):
        ken.write(gaps.cover, rota_id, starts, ends, ARIMA, KEN)


def test_an_absence_makes_a_gap_and_taking_it_back_closes_it(ken: Prefecture) -> None:
    rota_id = made(ken)
    for day in (24, 25, 26, 27, 30):
        give(ken, rota_id, MORI, 11, day)
    assert tokyo(11, 26, 8, 30) not in [each.gap.starts for each in ken.read(gaps.find)]
    span = (tokyo(11, 26, 0), tokyo(11, 27, 0))
    kept = ken.write(lambda tx: away.add(tx, MORI, *span, said=None, actor=MORI))
    assert tokyo(11, 26, 8, 30) in [each.gap.starts for each in ken.read(gaps.find)]
    assert [who for who, _ in said(ken, away.TO_DESK)] == [KEN]
    ken.write(away.withdraw, kept, MORI)
    assert tokyo(11, 26, 8, 30) not in [each.gap.starts for each in ken.read(gaps.find)]
    assert said(ken, away.TO_DESK) == []  # nothing to be done any more


def test_an_absence_longer_than_the_rota_is_kept_and_said(ken: Prefecture) -> None:
    """It may be a slip of the month; it may be meant as well."""

    def enters(last: str) -> str:
        days = {mine_views.FIRST: "2026-11-25", mine_views.LAST: last}
        values = {name: {name: {"selected_date": day}} for name, day in days.items()}
        view = {"private_metadata": MORI, "state": {"values": values}}
        shown, problems = ken.write(mine.entered, Visitor(MORI, ""), view)
        assert problems == {}
        return json.dumps(shown, ensure_ascii=False)

    give(ken, made(ken), MORI, 11, 26, 30)
    assert "当番表の終わり" not in enters("2026-11-29")
    assert "お休みが、当番表の終わり(11/30(月)17:15)より長く続きます" in enters("2027-11-24")
    assert len(ken.read(absences.of, MORI)) == 2


def test_who_leaves_on_the_last_of_march_and_comes_again_in_april_is_not_planned_between(
    ken: Prefecture,
) -> None:
    rota_id = made(ken, "weekly")
    ken.now = tokyo(3, 1, 9, year=2027)

    def leaves(tx: Transaction) -> None:
        (mine,) = [each for each in rotas.members_of(tx, rota_id) if each.user_id == MORI]
        rotas.change_member(tx, rota_id, mine.id, None, date(2027, 3, 31))
        rotas.add_member(tx, rota_id, MORI, date(2027, 4, 15))

    ken.write(leaves)
    found = ken.read(filling.compute, Wanted(rota_id, date(2027, 3, 22), date(2027, 5, 14), "keep"))
    mine = [turn for turn in found.filled.turns if turn.user_id == MORI]
    assert mine
    gone = [turn for turn in mine if tokyo(4, 1, 0, year=2027) < turn.ends <= tokyo(4, 15, 0, year=2027)]
    assert gone == []
    assert any(turn.starts >= tokyo(4, 15, 0, year=2027) for turn in mine)


def member(ken: Prefecture, rota_id: int, user: str) -> str:
    """What names somebody's days in a rota, in a dialog."""
    (mine,) = [each for each in ken.read(rotas.members_of, rota_id) if each.user_id == user]
    return f"{rota_id}:{mine.id}"


def between(about: str, joins: str | None, leaves: str | None) -> dict[str, Any]:
    """The dialog of these days, as Slack sends it."""
    entered = {arrange_views.JOINS: joins, arrange_views.LEAVES: leaves}
    values = {each: {each: {"selected_date": day}} for each, day in entered.items()}
    return {"private_metadata": about, "state": {"values": values}}


def weeks(ken: Prefecture, rota_id: int, user: str, *on: int) -> None:
    """Turns of four days."""
    three = timedelta(days=3)
    turns = [Turn(user, tokyo(11, day, 8, 30), tokyo(11, day, 17, 15) + three) for day in on]
    ken.write(duties.give, rota_id, turns, duties.AUTO)


def planned(ken: Prefecture, rota_id: int) -> list[tuple[str, datetime, datetime]]:
    found = ken.read(duties.shifts)
    return [(each.user_id, each.starts, each.ends) for each in found if each.rota_id == rota_id]


def test_who_is_taken_out_of_a_rota_has_no_duty_there_any_more(ken: Prefecture) -> None:
    """What runs ends now, what is to come is a gap; what another has by hand stays; they hear of it once."""
    rota_id = made(ken, "weekly")
    weeks(ken, rota_id, MORI, 24, 30)
    give(ken, rota_id, ARIMA, 12, 7)
    ken.write(joining.out, Visitor(KEN, ""), member(ken, rota_id, MORI))
    assert planned(ken, rota_id) == [
        (MORI, tokyo(11, 24, 8, 30), tokyo(11, 24, 10)),
        (ARIMA, tokyo(12, 7, 8, 30), tokyo(12, 7, 17, 15)),
    ]
    ((who, text),) = said(ken, swapping.MOVED)
    assert who == MORI
    assert "11/24(火)10:00〜11/27(金)17:15" in text
    assert "11/30(月)8:30〜12/3(木)17:15" in text
    assert "あなたの当番になりました" not in text
    assert tokyo(11, 30, 8, 30) in [each.gap.starts for each in ken.read(gaps.find)]


def test_whose_days_in_a_rota_change_keeps_what_lies_in_them(ken: Prefecture) -> None:
    rota_id = made(ken, "weekly")
    weeks(ken, rota_id, MORI, 24, 30)
    about = member(ken, rota_id, MORI)
    assert ken.write(joining.changed, Visitor(KEN, ""), between(about, None, "2026-12-01"))[1] == {}
    assert planned(ken, rota_id) == [
        (MORI, tokyo(11, 24, 8, 30), tokyo(11, 27, 17, 15)),
        (MORI, tokyo(11, 30, 8, 30), tokyo(12, 1, 17, 15)),
    ]
    ((who, text),) = said(ken, swapping.MOVED)
    assert (who, "12/1(火)17:15〜12/3(木)17:15" in text) == (MORI, True)
    ken.write(joining.changed, Visitor(KEN, ""), between(about, "2026-12-01", None))
    assert planned(ken, rota_id) == [
        (MORI, tokyo(11, 24, 8, 30), tokyo(11, 24, 10)),
        (MORI, tokyo(12, 1, 8, 30), tokyo(12, 1, 17, 15)),
    ]
    wrong = ken.write(joining.changed, Visitor(KEN, ""), between(about, "2026-12-02", "2026-12-01"))
    assert wrong == (None, {arrange_views.LEAVES: joining.BACKWARDS})


def test_duty_in_ones_own_hours_is_on_the_days_one_is_in_it_alone(ken: Prefecture) -> None:
    rota_id = ken.write(rotas.hours_rota)

    def days_of(user: str) -> list[date]:
        return [starts.date() for who, starts, _ in planned(ken, rota_id) if who == user]

    before = days_of(MORI)
    about = member(ken, rota_id, MORI)
    ken.write(joining.changed, Visitor(KEN, ""), between(about, "2026-11-26", "2026-12-04"))
    assert days_of(MORI) == [day for day in before if date(2026, 11, 26) <= day <= date(2026, 12, 4)]
    ken.write(joining.out, Visitor(KEN, ""), about)
    assert (days_of(MORI), days_of(ARIMA) != []) == ([], True)


def test_who_left_covers_nothing_whatever_the_plan_says(ken: Prefecture) -> None:
    rota_id = made(ken)
    give(ken, rota_id, MORI, 11, 25, 26, 27)
    by_hand = Turn(MORI, tokyo(11, 30, 8, 30), tokyo(11, 30, 17, 15))
    ken.write(duties.give, rota_id, [by_hand], duties.LIST)
    assert tokyo(11, 25, 8, 30) not in [each.gap.starts for each in ken.read(gaps.find)]
    contract = {"user_id": MORI, "name": "MORI", "role": "engineer", "fields": [], "conflicts": []}
    until = date(2026, 11, 26)
    ken.write(
        lambda tx: talents.save_talent(tx, overwrite=["contract_until"], **contract, contract_until=until)
    )
    assert "11月27日(金) (空き)" in ken.read(weekly.duty, date(2026, 11, 23))[-1]
    row = {"user_id": MORI, "name": "MORI 氏", "permission": "talent", "deactivated": True}
    ken.write(members.save_members, [row], overwrite=["deactivated"])
    assert tokyo(11, 25, 8, 30) in [each.gap.starts for each in ken.read(gaps.find)]
    week = Wanted(rota_id, date(2026, 11, 25), date(2026, 11, 30), "keep")
    assert MORI not in {turn.user_id for turn in ken.read(filling.compute, week).kept}


def test_a_fiscal_year_is_looked_at_whole_before_it_is_kept(
    ken: Prefecture, monkeypatch: pytest.MonkeyPatch
) -> None:
    rota_id = made(ken)
    found = ken.read(filling.compute, Wanted(rota_id, date(2027, 4, 1), date(2028, 3, 31), "keep"))
    blocks = ken.read(filling.looked_at, found)
    parts = [block["text"]["text"] for block in blocks]
    assert max(map(len, parts)) <= 3000
    assert len(json.dumps(blocks)) < 200_000
    said = "\n".join(parts)
    turns = [f"・{words.spell(each.starts, each.ends, 'Asia/Tokyo')} " for each in found.filled.turns]
    assert len(turns) > 200
    assert [each for each in turns if each not in said] == []
    (last,) = [line for line in said.splitlines() if line.startswith(turns[-1])]
    assert len(last.split("|")[1]) > 3, "why it is theirs"
    assert said.index("2027年4月の予定") < said.index("2028年3月の予定")
    monkeypatch.setattr(filling, "LONGEST_PLAN", 400)
    *_, listed, last = (block["text"]["text"] for block in ken.read(filling.looked_at, found))
    assert f"ほか{len(turns) - listed.count('・')}回" in last


def test_a_rota_for_a_field_counts_for_its_questions_alone(ken: Prefecture) -> None:
    rota_id = made(ken, scope=Scope(ScopeKind.FIELD, "net"))
    give(ken, rota_id, MORI, 11, 24)
    give(ken, rota_id, ARIMA, 11, 24, deputy=True)

    def ask(tx: Transaction, field: str) -> tuple[set[str], set[str]]:
        found = on_duty(tx, field_named(tx, field), tx.now, tx.now + timedelta(hours=4))
        return set(found.now), set(found.deputy)

    assert ken.read(ask, "net") == ({MORI}, {ARIMA})
    assert ken.read(ask, "device") == (set(), set())
    assert ken.read(ask, "nothing") == (set(), set())


def test_a_user_group_that_slack_refuses_is_said_once_and_not_tried_again(ken: Prefecture) -> None:
    rota_id = made(ken)
    give(ken, rota_id, MORI, 11, 24)
    plan = Plan("当番A", Scope(), "daily", user_group="S0TOBAN")
    ken.write(rotas.change, rota_id, plan)
    assert ken.read(groups.wanted) == {"S0TOBAN": (rota_id, (MORI,))}
    for _ in range(2):
        ken.write(groups.refused, rota_id, "plan_upgrade_required")
    ((who, text),) = said(ken, groups.NOT_IN_STEP)
    assert (who, "いまの Slack のプランでは使えません" in text) == (KEN, True)
    assert ken.read(groups.wanted) == {}
    ken.write(rotas.change, rota_id, plan)  # somebody saved it again
    ken.write(rotas.group_holds, rota_id, (MORI,))
    assert ken.read(groups.wanted) == {}


def test_the_plan_of_a_week_names_who_stands_in_for_whoever_is_away(ken: Prefecture) -> None:
    """On a day of which they have the afternoon, they are there."""
    rota_id = made(ken)
    give(ken, rota_id, MORI, 12, 1, 2, 3)
    give(ken, rota_id, ARIMA, 12, 1, 2, deputy=True)
    for starts, ends in ((tokyo(12, 1, 0), tokyo(12, 1, 12)), (tokyo(12, 2, 0), tokyo(12, 4, 0))):
        ken.write(away.add, MORI, starts, ends, said=None, actor=MORI)
    *_, mine = ken.read(weekly.duty, date(2026, 11, 30))
    assert mine.split("\n")[-4:] == [
        "・11月30日(月) (空き)",
        "・12月1日(火) MORIさん",
        "・12月2日(水) ARIMAさん(お休みの方の代わり)",
        "・12月3日(木)〜12月4日(金) (空き)",
    ]


def test_the_same_hours_again_are_no_change(ken: Prefecture) -> None:
    before = ken.read(duties.shifts)
    ken.write(duties.add_hours, [(each.user_id, each.starts, each.ends) for each in before])
    assert ken.read(duties.shifts) == before


HEADERS = ["当番", "Slack ID", "氏名", "開始", "終了", "控え"]


def take_in(ken: Prefecture, *rows: list[str]) -> None:
    sheet = read("当番.csv", write("当番.csv", HEADERS, rows))
    ken.write(lists.take_in, ken.read(lists.look_over, sheet))


def test_a_list_is_the_plan_between_its_first_and_last_moment(ken: Prefecture) -> None:
    rota_id = made(ken)
    give(ken, rota_id, MORI, 12, 1, 2, 3, 4)
    take_in(
        ken,
        ["当番A", "", "ARIMA 氏", "2026/12/2 8:30", "2026-12-02 17:15", ""],
        ["当番A", MORI, "", "２０２６年12月3日 8:30", "2026-12-03 17:15", "いいえ"],
    )
    table = ken.read(lists.list_of_duty)
    assert [(row[1], row[3]) for row in table.rows] == [
        (MORI, "2026-12-01 08:30"),
        (ARIMA, "2026-12-02 08:30"),
        (MORI, "2026-12-03 08:30"),
        (MORI, "2026-12-04 08:30"),
    ]
    assert [who for who, _ in said(ken, swapping.MOVED)] == [ARIMA, MORI]
    before = ken.read(duties.shifts)
    take_in(ken, *[list(row) for row in table.rows])
    assert ken.read(duties.shifts) == before  # what was written is what is read


def test_a_list_that_begins_in_the_middle_of_a_turn_ends_it_there(ken: Prefecture) -> None:
    """Also of one that runs already; who had the rest of it hears so."""
    rota_id = made(ken, "weekly")
    for first, last in ((24, 27), (30, 30)):
        turn = Turn(MORI, tokyo(11, first, 8, 30), tokyo(11, last, 17, 15))
        ken.write(duties.give, rota_id, [turn], duties.AUTO)
    take_in(ken, ["当番A", ARIMA, "", "2026-11-26 8:30", "2026-11-27 17:15", ""])
    assert [(row[1], row[3], row[4]) for row in ken.read(lists.list_of_duty).rows] == [
        (MORI, "2026-11-24 08:30", "2026-11-26 08:30"),
        (ARIMA, "2026-11-26 08:30", "2026-11-27 17:15"),
        (MORI, "2026-11-30 08:30", "2026-11-30 17:15"),
    ]
    assert [(who, "11/24(火)8:30〜11/26(木)8:30" in text) for who, text in said(ken, swapping.MOVED)] == [
        (MORI, True),
        (ARIMA, False),
    ]


def test_a_list_that_ends_in_the_middle_of_a_turn_leaves_the_rest_to_whoever_had_it(ken: Prefecture) -> None:
    """Of one that runs already, and of one that begins within the list."""
    rota_id = made(ken, "weekly")
    for user, first, last in ((MORI, 24, 27), (TOKANO, 26, 27)):
        turn = Turn(user, tokyo(11, first, 8, 30), tokyo(11, last, 17, 15), deputy=user == TOKANO)
        ken.write(duties.give, rota_id, [turn], duties.AUTO)
    take_in(ken, ["当番A", ARIMA, "", "2026-11-25 8:30", "2026-11-26 17:15", ""])
    assert [(*row[1:2], *row[3:]) for row in ken.read(lists.list_of_duty).rows] == [
        (MORI, "2026-11-24 08:30", "2026-11-25 08:30", ""),
        (ARIMA, "2026-11-25 08:30", "2026-11-26 17:15", ""),
        (MORI, "2026-11-27 08:30", "2026-11-27 17:15", ""),
        (TOKANO, "2026-11-27 08:30", "2026-11-27 17:15", "はい"),
    ]
    assert sorted(who for who, text in said(ken, swapping.MOVED) if "11/27(金)8:30〜17:15" in text) == [
        MORI,
        TOKANO,
    ]


def test_a_list_of_two_rotas_rings_a_person_once(ken: Prefecture) -> None:
    """At once, for it begins before the morning's letter; the same hours in the other rota are a change as well."""
    first, second = made(ken), made(ken, scope=Scope(ScopeKind.FIELD, "net"))
    ken.write(rotas.change, second, Plan("当番B", Scope(ScopeKind.FIELD, "net"), "daily"))
    give(ken, first, MORI, 11, 25, 26)
    give(ken, second, ARIMA, 11, 25, 26)
    days = [[f"2026-11-{day} 8:30", f"2026-11-{day} 17:15", ""] for day in (25, 26)]
    take_in(
        ken,
        *(["当番A", ARIMA, "", *day] for day in days),
        *(["当番B", MORI, "", *day] for day in days),
    )
    told = said(ken, swapping.MOVED)
    assert [who for who, _ in told] == [ARIMA, MORI]
    for who, text in told:
        mine, lost = text.split("あなたの当番ではなくなりました")
        assert ("当番A" if who == ARIMA else "当番B") in mine.split("あなたの当番になりました")[1]
        assert ("当番B" if who == ARIMA else "当番A") in lost


def test_a_bad_list_is_said_line_by_line_and_changes_nothing(ken: Prefecture) -> None:
    made(ken)
    empty = ken.write(rotas.add, Plan("だれもいない", Scope(), "daily"))
    assert empty
    before = ken.read(duties.shifts)
    day = ["2026-12-01 8:30", "2026-12-01 17:15", ""]
    with pytest.raises(UnreadableFile) as wrong:
        take_in(
            ken,
            ["ない当番", MORI, "", *day],
            ["当番A", "U0NOBODY", "", *day],
            ["当番A", "", "知らない人", *day],
            ["当番A", MORI, "", "2026-12-02 17:00", "2026-12-02 9:00", ""],
            ["当番A", MORI, "", "あした", "2026-13-01 9:00", "たぶん"],
            ["だれもいない", MORI, "", *day],
            ["当番A", ARIMA, "", *day],
            ["当番A", ARIMA, "", "2026-12-01 13:00", "2026-12-02 17:15", ""],
            ["当番A", TOKANO, "", "2026-12-05 9:00", "2026-12-05 17:00", ""],
        )
    lines = str(wrong.value.sentence).splitlines()[1:]
    assert [line.split("行目")[0] for line in lines] == ["2", "3", "4", "5", "6", "6", "6", "7", "8"]
    for part in (
        "ありません",
        "この ID",
        "この名前",
        "始まりより前",
        "日付と時刻",
        "メンバーがいません",
        "重なっています",
    ):
        assert part in wrong.value.sentence
    assert ken.read(duties.shifts) == before


def test_a_change_is_read_once_by_the_action_that_makes_it(ken: Prefecture) -> None:
    """A plan tells forty people: the rota is not read anew for each, but anew after each change."""

    def act(tx: Transaction) -> list[int]:
        loaded: list[int] = []

        def load(tx: Transaction) -> int:
            loaded.append(len(rotas.living(tx)))
            return loaded[-1]

        before = [cached(tx, "a test", load)]
        for _ in range(2):
            rotas.add(tx, Plan("当番A", Scope(), "daily"))
            before += [cached(tx, "a test", load) for _ in range(3)]
        assert len(loaded) == 3
        return before

    first, *rest = ken.write(act)
    assert rest == [first + 1] * 3 + [first + 2] * 3
