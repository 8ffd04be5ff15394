"""「なぜ私が?」: a turn says why it is somebody's, as long as it is there; what kept others from it is for coordinators."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.domain.rota_swaps import SwapVerb
from handlers.common.doors import Visitor
from handlers.rota import asking, away, explaining, filling, gaps, joining, mine, swapping
from handlers.rota.filling import Wanted
from storage import absences, duties, rotas
from storage.cache import set_up_changed
from storage.database import Transaction
from storage.duties import Shift
from storage.tables import talents as talents_table
from tests.handlers.prefecture import ARIMA, KEN, MORI, TOKANO, Prefecture
from tests.handlers.test_rota import give, made, take_in, tokyo

LONGEST_OFF = "決めたわけ:当番の間がいちばん空いています"
THE_DESK = "決めたわけ:県の担当が決めました"


def planned(ken: Prefecture, handoff: str = "daily") -> list[Shift]:
    """A fortnight of a rota in which MORI is on duty today; ARIMA is away tomorrow."""
    rota_id = made(ken, handoff)
    for user, day in ((ARIMA, 19), (TOKANO, 20), (MORI, 24)):
        give(ken, rota_id, user, 11, day)
    ken.write(away.add, ARIMA, tokyo(11, 25, 0), tokyo(11, 26, 0), said=None, actor=ARIMA)
    found = ken.read(filling.compute, Wanted(rota_id, date(2026, 11, 25), date(2026, 12, 4), "keep"))
    ken.write(filling.keep, Visitor(KEN, ""), found, found.mark, "view:1")
    return coming(ken)


def coming(ken: Prefecture) -> list[Shift]:
    """The planned shifts that have not begun."""
    (rota,) = ken.read(rotas.living)
    return [each for each in ken.read(duties.shifts) if each.rota_id == rota.id and each.starts > ken.now]


def all_day(tx: Transaction) -> None:
    """Everybody works while the office is open, so that a week is one turn."""
    mine_ = talents_table.c.workspace == tx.workspace
    tx.connection.execute(talents_table.update().where(mine_).values(working_hours="平日 8:30-17:15"))
    set_up_changed(tx)


def lines(ken: Prefecture, shift: Shift, reader: str) -> list[str]:
    return ken.read(explaining.lines, shift, reader)


def texts(view: Any) -> str:
    """All that a dialog says."""
    if isinstance(view, dict):
        return "\n".join(texts(each) for key, each in view.items() if key != "options")
    return "\n".join(map(texts, view)) if isinstance(view, list) else str(view)


def test_who_has_a_turn_reads_why_and_only_coordinators_what_kept_others_from_it(ken: Prefecture) -> None:
    first = planned(ken)[0]
    assert first.user_id == TOKANO
    (why,) = lines(ken, first, TOKANO)
    assert why == f"{LONGEST_OFF}(前回は11/20(金)17:15まで)"
    assert lines(ken, first, KEN) == [
        why,
        "ほかの方(決めたとき)|ARIMA 氏さん:お休みです、MORI 氏さん:次の順番です",
    ]
    own = ken.read(mine.dialog, Visitor(TOKANO, ""))
    assert why in texts(own)
    for visitor, others in ((TOKANO, False), (KEN, True)):
        found = texts(ken.read(asking.dialog, Visitor(visitor, ""), first.id))
        assert (why in found, "ARIMA 氏さん:お休みです" in found) == (True, others)


def test_what_was_true_then_is_said_and_not_what_is_true_now(ken: Prefecture) -> None:
    first = planned(ken)[0]
    before = lines(ken, first, KEN)
    for absence in ken.read(absences.of, ARIMA):
        ken.write(away.withdraw, absence, ARIMA)
    ken.write(away.add, MORI, tokyo(11, 25, 0), tokyo(12, 1, 0), said=None, actor=MORI)
    assert lines(ken, first, KEN) == before


def test_what_people_decide_says_so_until_it_is_taken_back(ken: Prefecture) -> None:
    first, second = planned(ken)[:2]
    before = lines(ken, first, KEN)
    ken.write(swapping.ask, first, TOKANO, MORI, None)
    ken.write(asking.pressed, 1, SwapVerb.ACCEPT, Visitor(MORI, ""))
    assert lines(ken, coming(ken)[0], KEN) == ["決めたわけ:交代で引き受けた当番です"]
    ken.now += timedelta(minutes=1)
    ken.write(asking.pressed, 1, SwapVerb.TAKE_BACK, Visitor(MORI, ""))
    assert lines(ken, coming(ken)[0], KEN) == before
    ken.write(swapping.override, second, TOKANO if second.user_id != TOKANO else MORI, KEN)
    assert lines(ken, coming(ken)[1], KEN) == [THE_DESK]


def test_who_was_proposed_for_a_gap_has_it_for_that_reason_and_who_was_chosen_by_hand_not(
    ken: Prefecture,
) -> None:
    rota_id = made(ken)
    give(ken, rota_id, MORI, 11, 24)
    for place, is_first in ((0, True), (1, False)):
        found = ken.read(gaps.find)[0]
        offer = ken.read(gaps.offers, found)[place]
        starts, ends = (int(each) for each in found.key.split(":")[1:])
        ken.write(gaps.cover, rota_id, starts, ends, offer.user_id, KEN)
        (shift,) = [each for each in coming(ken) if each.turn in offer.turns]
        (why,) = lines(ken, shift, KEN)
        assert (why != THE_DESK) is is_first


def test_what_is_left_of_a_turn_is_theirs_for_the_same_reason(ken: Prefecture) -> None:
    """After an absence within it, after they left the rota for some days, and after a list."""
    ken.write(all_day)
    week = next(each for each in planned(ken, "weekly") if each.starts == tokyo(11, 30, 8, 30))
    before, user = lines(ken, week, KEN), week.user_id
    assert "決めたわけ:" in before[0]
    ken.write(away.add, user, tokyo(12, 2, 0), tokyo(12, 3, 0), said=None, actor=KEN)
    again = ken.read(filling.compute, Wanted(week.rota_id, date(2026, 11, 30), date(2026, 12, 4), "keep"))
    ken.write(filling.keep, Visitor(KEN, ""), again, again.mark, "view:2")
    parts = [each for each in coming(ken) if each.user_id == user and each.starts >= week.starts]
    assert [each.ends for each in parts] == [tokyo(12, 1, 17, 15), tokyo(12, 4, 17, 15)]
    assert [lines(ken, each, KEN) for each in parts] == [before, before]

    (found,) = [each for each in ken.read(rotas.members_of, week.rota_id) if each.user_id == user]
    ken.write(rotas.change_member, week.rota_id, found.id, date(2026, 12, 4), None)
    ken.write(joining._changed, Visitor(KEN, ""), week.rota_id, found)
    friday = coming(ken)[-1]
    assert (friday.user_id, friday.starts >= tokyo(12, 4, 8, 30)) == (user, True)
    assert lines(ken, friday, KEN) == before

    other = ARIMA if user != ARIMA else MORI
    take_in(ken, ["当番A", other, "", "2026-12-03 9:00", "2026-12-04 12:00", ""])
    by_list, rest = coming(ken)[-2:]
    assert lines(ken, by_list, KEN) == ["決めたわけ:県の担当が、一覧で決めました"]
    assert (rest.user_id, rest.starts, lines(ken, rest, KEN)) == (user, tokyo(12, 4, 13), before)


def test_a_turn_that_is_given_again_later_has_not_the_reason_of_before(ken: Prefecture) -> None:
    first = planned(ken)[0]
    ken.now += timedelta(minutes=1)
    ken.write(duties.cancel, [first.id])
    assert ken.write(duties.give_one, first.rota_id, first.turn, duties.OVERRIDE).id == first.id
    assert lines(ken, coming(ken)[0], KEN) == [THE_DESK]


def test_a_turn_that_was_planned_before_reasons_were_kept_says_nothing(ken: Prefecture) -> None:
    rota_id = made(ken)
    give(ken, rota_id, MORI, 12, 1)
    (shift,) = coming(ken)
    assert lines(ken, shift, KEN) == []
