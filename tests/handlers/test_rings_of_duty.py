"""Duty, absence and letters together: nobody is rung while they are away, and no letter says what does not hold any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.rota import Turn
from bot.domain.rota_swaps import SwapOver, SwapVerb
from bot.errors import Malformed
from bot.slack import Outcome
from handlers.common import quiet
from handlers.common.doors import Visitor
from handlers.common.working import at_work
from handlers.rota import arranging, away, filling, gaps, groups, swapping
from handlers.rota.filling import Wanted
from storage import duties, rotas, swaps
from storage.database import Transaction
from storage.duties import Shift
from storage.swaps import Asked
from tests.handlers.prefecture import ARIMA, KEN, MORI, TOKANO, Prefecture
from tests.handlers.test_held_letters import sent, tells
from tests.handlers.test_rota import give, made, runs, said, tokyo


def test_nobody_is_rung_while_they_are_away(ken: Prefecture) -> None:
    """Two absences in a row are one; their questions are reckoned by their hours as ever, so that the desk hears of them."""
    for first, last in ((24, 26), (26, 27)):
        ken.write(away.add, MORI, tokyo(11, first, 0), tokyo(11, last, 0), said=None, actor=MORI)
    back = tokyo(11, 27, 9)
    for renderer in ("question.handed_over", "question.remind"):
        assert ken.read(quiet.told_at, MORI, renderer) == back
    assert ken.read(quiet.told_at, MORI, "emergency.again") == ken.now
    assert ken.read(quiet.told_at, ARIMA, "question.handed_over") == ken.now
    assert ken.read(at_work, MORI, ken.now) == ken.now


def test_a_year_is_kept_in_a_few_statements(ken: Prefecture) -> None:
    """People's words wait behind this one transaction; a statement for each turn made it too long."""
    rota_id, statements = made(ken), list[str]()
    found = ken.read(filling.compute, Wanted(rota_id, date(2026, 11, 24), date(2027, 10, 29), "keep"))

    def keep(tx: Transaction) -> None:
        event.listen(tx.connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
        filling.keep(tx, Visitor(KEN, ""), found, found.mark, "view:1")

    ken.write(keep)
    assert len(found.filled.turns) > 100
    assert len(statements) <= 30  # those of the letters among them, for three people
    kept = {each.turn for each in ken.read(duties.shifts) if each.rota_id == rota_id}
    assert kept == {*found.kept, *found.filled.turns}
    assert len(moved(ken)) == 3


def moved(ken: Prefecture) -> list[tuple[str, str]]:
    return [(who, text.split("*")[-1]) for who, text in said(ken, swapping.MOVED)]


def first_of(ken: Prefecture, rota_id: int) -> Shift:
    return next(each for each in ken.read(duties.shifts) if each.rota_id == rota_id)


def test_who_gives_a_shift_that_runs_reads_of_the_rest_of_it(ken: Prefecture) -> None:
    rota_id = made(ken)
    give(ken, rota_id, MORI, 11, 24)
    ken.now = tokyo(11, 24, 11)
    ken.write(swapping.override, first_of(ken, rota_id), TOKANO, KEN)
    (lost, gained) = moved(ken)
    assert lost[0] == MORI
    assert "11/24(火)11:00〜17:15" in lost[1]
    assert gained[0] == TOKANO
    assert "11/24(火)11:00〜17:15" in gained[1]


def test_a_rota_that_ends_takes_the_turn_that_runs_with_it(ken: Prefecture) -> None:
    rota_id = made(ken)
    give(ken, rota_id, MORI, 11, 24)
    give(ken, rota_id, ARIMA, 11, 25)
    ken.now = tokyo(11, 24, 11)
    rota = ken.read(rotas.need, rota_id)
    ken.write(arranging.end, Visitor(KEN, ""), f"{rota_id}:{rota.revision}")
    assert [each for each in ken.read(duties.shifts) if each.ends > ken.now and each.rota_id == rota_id] == []
    assert [(who, text.splitlines()[1:]) for who, text in moved(ken)] == [
        (ARIMA, ["あなたの当番ではなくなりました", "・11/25(水)8:30〜17:15"]),
        (MORI, ["あなたの当番ではなくなりました", "・11/24(火)11:00〜17:15"]),
    ]


def test_in_the_first_minute_of_a_shift_all_of_it_is_given(ken: Prefecture) -> None:
    rota_id = made(ken)
    give(ken, rota_id, MORI, 11, 24)
    ken.now = tokyo(11, 24, 8, 30) + timedelta(seconds=20)
    ken.write(swapping.override, first_of(ken, rota_id), TOKANO, KEN)
    mine = [each for each in ken.read(duties.shifts) if each.rota_id == rota_id]
    assert [(each.user_id, each.starts) for each in mine] == [(TOKANO, tokyo(11, 24, 8, 30))]
    assert {(who, "8:30〜17:15" in text) for who, text in moved(ken)} == {(MORI, True), (TOKANO, True)}


def test_a_shift_that_came_back_is_not_told_as_lost(ken: Prefecture) -> None:
    rota_id = made(ken)
    give(ken, rota_id, MORI, 11, 25)
    ken.write(swapping.override, first_of(ken, rota_id), TOKANO, KEN)
    ken.now += timedelta(minutes=1)
    ken.write(swapping.override, first_of(ken, rota_id), MORI, KEN)
    assert all("ではなくなりました" not in text for who, text in moved(ken) if who == MORI)


def test_a_shift_that_moves_waits_for_the_morning_unless_it_begins_by_then(ken: Prefecture) -> None:
    """Also an absence that somebody else entered, and what the coordinators are to do about it."""
    rota_id = made(ken)
    give(ken, rota_id, MORI, 11, 25, 27)
    tomorrow, later = (each for each in ken.read(duties.shifts) if each.rota_id == rota_id)
    ken.write(swapping.override, later, TOKANO, ARIMA)
    ken.write(away.add, MORI, tokyo(11, 25, 0), tokyo(11, 26, 0), said=None, actor=MORI)
    assert (sent(ken, MORI), sent(ken, TOKANO), sent(ken, KEN)) == ([], [], [away.TO_DESK])
    ken.write(swapping.override, tomorrow, TOKANO, ARIMA)
    assert sent(ken, TOKANO) == [swapping.MOVED]
    ken.write(away.add, ARIMA, tokyo(12, 1, 0), tokyo(12, 2, 0), said=None, actor=KEN)
    assert sent(ken, ARIMA) == []
    ken.now = tokyo(11, 25, 9)
    tells(ken)
    assert sent(ken, ARIMA) == [away.FOR_YOU]


def test_of_what_was_undone_before_the_morning_nobody_hears(ken: Prefecture) -> None:
    """And of what changed twice once, with what came of it."""
    rota_id = made(ken)
    give(ken, rota_id, MORI, 11, 27, 30)
    ken.write(swapping.override, first_of(ken, rota_id), TOKANO, KEN)
    ken.now += timedelta(minutes=1)
    assert [who for who, _ in moved(ken)] == [MORI, TOKANO]
    ken.write(swapping.override, first_of(ken, rota_id), MORI, KEN)
    assert moved(ken) == []
    ken.now += timedelta(minutes=1)
    last = [each for each in ken.read(duties.shifts) if each.rota_id == rota_id][-1]
    ken.write(swapping.override, last, TOKANO, KEN)
    assert [(who, "11/30" in text, "11/27" in text) for who, text in moved(ken)] == [
        (MORI, True, False),
        (TOKANO, True, False),
    ]
    ken.now = tokyo(11, 25, 9)
    tells(ken)
    assert (sent(ken, MORI), sent(ken, TOKANO)) == ([swapping.MOVED], [swapping.MOVED])


def asks_for(ken: Prefecture, shift: Shift, taker: str) -> Asked:
    assert ken.write(swapping.ask, shift, MORI, taker, None) is None
    return ken.read(swaps.waiting_of, MORI)[shift.id]


def test_whose_shift_a_plan_took_away_is_not_told_that_it_is_theirs_because_nobody_answered(
    ken: Prefecture,
) -> None:
    """Nor that it still is because somebody declined: nobody is asked any more, and a letter that waits says nothing."""
    rota_id = made(ken)
    give(ken, rota_id, MORI, 11, 25, 26, 27)
    first, second, third = [each for each in ken.read(duties.shifts) if each.rota_id == rota_id]
    asked = [asks_for(ken, first, TOKANO), asks_for(ken, second, ARIMA), asks_for(ken, third, TOKANO)]
    ken.write(swapping.do, asked[0].id, SwapVerb.DECLINE, TOKANO)
    assert len(said(ken, swapping.TOLD)) == 1
    anew = Wanted(rota_id, date(2026, 11, 25), date(2026, 11, 26), "anew")
    rows = [Turn(ARIMA, each.starts, each.ends) for each in (first, second)]
    found = ken.read(filling.compute, anew)
    found = replace(found, filled=replace(found.filled, turns=tuple(rows)))
    ken.write(filling.keep, Visitor(KEN, ""), found, found.mark, "view:1")
    assert [who for who, _ in said(ken, swapping.MOVED)] == [ARIMA, MORI]
    assert said(ken, swapping.TOLD) == []
    assert list(ken.read(swaps.waiting_of, MORI)) == [third.id]
    with pytest.raises(SwapOver):
        ken.write(swapping.do, asked[1].id, SwapVerb.DECLINE, ARIMA)
    ken.now = tokyo(11, 26, 9)
    runs(ken)
    assert said(ken, swapping.TOLD) == []


def test_who_covers_a_gap_at_night_rings_nobody_with_the_others(ken: Prefecture) -> None:
    rota_id = made(ken, "weekly")
    ken.now = tokyo(11, 24, 21)
    first, *_ = ken.read(gaps.find)
    offer = ken.read(gaps.offers, first)[0]
    starts, ends = (int(at.timestamp()) for at in (first.gap.starts, first.gap.ends))
    ken.write(gaps.cover, rota_id, starts, ends, offer.user_id, KEN)
    assert said(ken, gaps.CARD) == []
    ken.now = tokyo(11, 25, 8, 30)
    runs(ken)
    assert said(ken, gaps.CARD) != []


@pytest.mark.parametrize(
    ("what", "code", "for_good"),
    [
        (Outcome.DEAD, "plan_upgrade_required", True),
        (Outcome.REFUSED_US, "missing_scope", True),
        (Outcome.REFUSED_US, "invalid_auth", False),
        (Outcome.LIMITED, "ratelimited", False),
        (Outcome.UNSURE, "http_502", False),
    ],
)
def test_a_user_group_is_given_up_for_what_concerns_it_alone(
    what: Outcome, code: str, *, for_good: bool
) -> None:
    assert groups.gives_up(what, code) is for_good


def test_nobody_is_owed_the_duty_of_a_month_in_which_they_were_away(ken: Prefecture) -> None:
    rota_id = made(ken)
    ken.write(away.add, MORI, tokyo(11, 25, 0), tokyo(12, 26, 0), said=None, actor=MORI)
    served = ken.read(filling.compute, Wanted(rota_id, date(2026, 11, 24), date(2026, 12, 25), "keep"))
    ken.write(filling.keep, Visitor(KEN, ""), served, served.mark, "view:1")
    ken.now = tokyo(1, 4, 8, year=2027)
    turns = ken.read(
        filling.compute, Wanted(rota_id, date(2027, 1, 4), date(2027, 1, 22), "keep")
    ).filled.turns
    days_of = {user: sum(each.user_id == user for each in turns) for user in (MORI, ARIMA, TOKANO)}
    assert max(days_of.values()) - min(days_of.values()) <= 2


def test_what_lies_beyond_the_days_that_are_filled_anew_stays(ken: Prefecture) -> None:
    """From a Wednesday to a Wednesday: whose week begins before or ends after has it still."""
    rota_id = made(ken, "weekly")
    weeks = [
        Turn(MORI, tokyo(11, 30, 8, 30), tokyo(12, 4, 17, 15)),
        Turn(ARIMA, tokyo(12, 7, 8, 30), tokyo(12, 11, 17, 15)),
    ]
    ken.write(duties.give, rota_id, weeks, duties.AUTO)
    found = ken.read(filling.compute, Wanted(rota_id, date(2026, 12, 2), date(2026, 12, 9), "anew"))
    ken.write(filling.keep, Visitor(KEN, ""), found, found.mark, "view:1")
    assert [each.turn for each in ken.read(duties.shifts) if each.rota_id == rota_id] == weeks


def test_nobody_is_given_what_of_today_is_over(ken: Prefecture) -> None:
    """Looked at at three in the afternoon, kept two minutes later: today is two hours. Planned anew it is the same."""
    rota_id = made(ken)
    ken.now = tokyo(11, 25, 15)
    days = {filling.FIRST: date(2026, 11, 25), filling.LAST: date(2026, 12, 25)}
    view = {"private_metadata": str(rota_id), "state": {"values": entered(days)}}
    preview, problems = ken.read(filling.preview, Visitor(KEN, ""), view)
    assert (preview is not None, problems) == (True, {})
    wanted, mark = filling.brought(preview or {})
    ken.now += timedelta(minutes=2, seconds=5)
    found = ken.read(filling.compute, wanted)
    assert {each.starts >= tokyo(11, 25, 15) for each in found.filled.gaps} == {True}
    ken.write(filling.keep, Visitor(KEN, ""), found, mark, "view:1")
    planned = [each for each in ken.read(duties.shifts) if each.rota_id == rota_id]
    assert [each.starts for each in planned[:2]] == [tokyo(11, 25, 15), tokyo(11, 26, 9)]
    again = ken.read(filling.compute, replace(wanted, how="anew", since=ken.now))
    assert {*again.kept, *again.filled.turns} == {each.turn for each in planned}
    ken.now = tokyo(11, 25, 18)
    evening = ken.read(filling.compute, replace(wanted, how="keep", since=ken.now))
    assert evening.filled.turns == ()


def entered(days: dict[str, date]) -> dict[str, Any]:
    """The dialog 「予定を組む」 as it is sent."""
    chosen: dict[str, Any] = {name: {"selected_date": str(day)} for name, day in days.items()}
    chosen[filling.HOW] = {"selected_option": {"value": "anew"}}
    return {name: {name: value} for name, value in chosen.items()}


def test_what_no_preview_carried_is_refused() -> None:
    day = "2026-11-25"
    for odd in ("", f"1:{day}:{day}:keep:m", f"1:{day}:{day}:keep:{10**18}:m", f"1:{day}:{day}:never:0:m"):
        with pytest.raises(Malformed):
            filling.brought({"private_metadata": odd})
