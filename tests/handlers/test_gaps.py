"""What stands at the desk of gaps, when somebody else takes or gives a shift."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from bot.domain.rota_swaps import SwapVerb
from handlers.common.doors import Visitor
from handlers.rota import asking, away, gaps, swap_views, swapping
from storage import duties
from storage.database import Transaction
from storage.tables import outbox
from tests.handlers.prefecture import ARIMA, KEN, MORI, TOKANO, Prefecture
from tests.handlers.test_rota import give, made, runs, tokyo


def test_a_gap_that_a_swap_closes_is_said_to_be_gone_and_one_it_opens_is_told(ken: Prefecture) -> None:
    """Who is away has a colleague take it, and takes that back again: whoever makes the plan reads what is so."""
    rota_id = made(ken)
    for day in (24, 25, 26, 27, 30):
        give(ken, rota_id, MORI, 11, day)
    ken.write(away.add, MORI, tokyo(11, 26, 0), tokyo(11, 27, 0), said=None, actor=MORI)
    runs(ken)
    on_thursday = next(each for each in ken.read(duties.shifts) if each.starts == tokyo(11, 26, 8, 30))

    def stands() -> tuple[bool, int]:
        """Whether Thursday is a gap, and how often what stands at the desk was to be put right."""
        starts = [each.gap.starts for each in ken.read(gaps.find)]
        return tokyo(11, 26, 8, 30) in starts, ken.read(shown, gaps.CARD)

    is_gap, first = stands()
    assert (is_gap, first > 0) == (True, True)
    ken.write(swapping.ask, on_thursday, MORI, ARIMA, None)
    ken.write(asking.pressed, 1, SwapVerb.ACCEPT, Visitor(ARIMA, ""))
    runs(ken)
    is_gap, second = stands()
    assert (is_gap, second > first) == (False, True)
    ken.now += timedelta(minutes=1)
    ken.write(asking.pressed, 1, SwapVerb.TAKE_BACK, Visitor(ARIMA, ""))
    runs(ken)
    is_gap, third = stands()
    assert (is_gap, third > second) == (True, True)
    ken.write(gives_by_hand, on_thursday.id, ARIMA)
    runs(ken)
    is_gap, last = stands()
    assert (is_gap, last > third) == (False, True)


def shown(tx: Transaction, renderer: str) -> int:
    """How often cards of a kind were to be shown or put right, in all."""
    o = outbox.c
    query = select(func.sum(o.wanted)).where(o.workspace == tx.workspace, o.renderer == renderer)
    return int(tx.connection.execute(query).scalar_one() or 0)


def gives_by_hand(tx: Transaction, shift_id: int, taker: str) -> None:
    """A coordinator sends the dialog 「替える」."""
    chosen = {"selected_option": {"value": taker}}
    view = {
        "private_metadata": str(shift_id),
        "state": {"values": {swap_views.WHO: {swap_views.WHO: chosen}}},
    }
    dialog, problems = asking.entered(tx, Visitor(KEN, ""), view)
    assert (dialog is not None, problems) == (True, {})


def test_the_evening_that_nobody_works_is_no_gap_of_its_own(ken: Prefecture) -> None:
    """They leave at five: the quarter before closing is told neither alone nor beside a day that nobody has."""
    rota_id = made(ken)
    for day in (24, 25, 26, 30):
        give(ken, rota_id, MORI, 11, day)
    ken.write(
        duties.cut, next(each.id for each in ken.read(duties.shifts) if on(each, 26)), tokyo(11, 26, 17)
    )
    first = ken.read(gaps.find)[0]
    assert (first.gap.starts, first.gap.ends) == (tokyo(11, 27, 8, 30), tokyo(11, 27, 17, 15))
    assert {ken.read(gaps.offers, each)[0].user_id for each in ken.read(gaps.find)} <= {MORI, ARIMA, TOKANO}


def on(shift: duties.Shift, day: int) -> bool:
    return shift.starts == tokyo(11, day, 8, 30)
