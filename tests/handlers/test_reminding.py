"""On which day somebody is reminded of their duty."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.rota import Turn
from handlers.rota import away, reminding
from storage import duties
from storage.cache import set_up_changed
from storage.database import Transaction
from storage.tables import talents
from tests.handlers.prefecture import MORI, Prefecture
from tests.handlers.test_held_letters import tells
from tests.handlers.test_rota import give, made, opens, runs, said, tokyo


def works(ken: Prefecture, hours: str) -> None:
    def change(tx: Transaction) -> None:
        hers = (talents.c.workspace == tx.workspace, talents.c.user_id == MORI)
        tx.connection.execute(talents.update().where(*hers).values(working_hours=hours))
        set_up_changed(tx)

    ken.write(change)


@pytest.mark.parametrize(
    ("hours", "on", "a_day_before", "a_week_before"),
    [
        ("火 9:00-17:00", (2027, 1, 5), (2026, 12, 22), (2026, 12, 22)),  # the Tuesday between is 12/29
        ("平日 9:00-17:00", (2027, 1, 4), (2026, 12, 28), (2026, 12, 28)),
        ("平日 9:00-17:00", (2031, 1, 6), (2030, 12, 27), (2030, 12, 27)),  # 12/28 is a Saturday
        ("月 9:00-17:00", (2028, 1, 17), (2027, 12, 27), (2027, 12, 27)),  # 1/3 and 成人の日
        ("木 9:00-17:00", (2027, 5, 6), (2027, 4, 22), (2027, 4, 22)),  # 4/29 is 昭和の日
    ],
)
def test_over_the_turn_of_the_year_it_is_the_last_day_on_which_they_worked(
    ken: Prefecture,
    hours: str,
    on: tuple[int, int, int],
    a_day_before: tuple[int, int, int],
    a_week_before: tuple[int, int, int],
) -> None:
    rota_id = made(ken)
    works(ken, hours)

    def nine(year: int, month: int, day: int) -> datetime:
        return tokyo(month, day, 9, year=year)

    turn = Turn(MORI, nine(*on), nine(*on) + timedelta(hours=8))
    (shift,) = ken.write(duties.give, rota_id, [turn], duties.AUTO)
    assert ken.read(reminding.moment, shift, timedelta(days=1)) == nine(*a_day_before)
    assert ken.read(reminding.moment, shift, timedelta(days=7)) == nine(*a_week_before)
    assert shift.starts - nine(*a_day_before) < reminding.AHEAD


def test_who_is_away_the_day_before_hears_on_the_last_day_on_which_they_are_there(ken: Prefecture) -> None:
    """Else they would read it on the morning on which it begins."""
    rota_id = made(ken)
    give(ken, rota_id, MORI, 12, 11)
    ken.write(away.add, MORI, tokyo(12, 9, 0), tokyo(12, 11, 0), said=None, actor=MORI)
    for day in (7, 8, 9, 10):
        opens(ken, 12, day)
        ken.now = tokyo(12, day, 9)
        runs(ken)
        tells(ken)
        assert [who for who, _ in said(ken, reminding.DAY)] == ([] if day < 8 else [MORI])
    (key,) = [key for key in ken.rings(MORI) if "reminder_day" in key]
    assert key.startswith("direct:")
