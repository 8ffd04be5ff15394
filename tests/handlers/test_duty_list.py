"""A list of duty, and what is there already."""

from __future__ import annotations

import pytest

from bot.domain.rota import Turn
from handlers.common.lists import UnreadableFile
from handlers.rota import swapping
from storage import duties
from tests.handlers.prefecture import ARIMA, MORI, TOKANO, Prefecture
from tests.handlers.test_rota import made, said, take_in, tokyo


def test_a_list_that_says_nothing_of_a_turn_that_runs_gives_its_person_no_other_beside_it(
    ken: Prefecture,
) -> None:
    """What has begun stays; a list that begins later ends it, and one that has it in a line says all of it."""
    rota_id = made(ken, "weekly")
    ken.write(duties.give, rota_id, [Turn(MORI, tokyo(11, 24, 8, 30), tokyo(11, 27, 17, 15))], duties.AUTO)
    begun = ["当番A", ARIMA, "", "2026-11-24 9:00", "2026-11-24 17:00", ""]
    thursday = ["当番A", MORI, "", "2026-11-26 9:00", "2026-11-26 17:00", "はい"]
    with pytest.raises(UnreadableFile, match="当番が重なっています"):
        take_in(ken, begun, thursday)
    take_in(ken, ["当番A", TOKANO, "", "2026-11-25 9:00", "2026-11-25 17:00", ""], thursday)
    mine = [each for each in ken.read(duties.shifts) if each.rota_id == rota_id and each.user_id == MORI]
    assert [(each.starts, each.ends) for each in mine][:2] == [
        (tokyo(11, 24, 8, 30), tokyo(11, 25, 9)),
        (tokyo(11, 26, 9), tokyo(11, 26, 17)),
    ]
    take_in(ken, ["当番A", MORI, "", "2026-11-24 8:30", "2026-11-25 17:00", ""], thursday)


def test_whose_turn_runs_hears_when_a_list_ends_it_at_another_time_and_not_when_it_says_the_same(
    ken: Prefecture,
) -> None:
    rota_id = made(ken, "weekly")
    ken.write(duties.give, rota_id, [Turn(MORI, tokyo(11, 24, 8, 30), tokyo(11, 27, 17, 15))], duties.AUTO)
    friday = ["当番A", MORI, "", "2026-11-24 8:30", "2026-11-27 17:15", ""]
    take_in(ken, friday)
    assert said(ken, swapping.MOVED) == []
    (shift,) = [each for each in ken.read(duties.shifts) if each.rota_id == rota_id]
    assert shift.source == duties.AUTO
    take_in(ken, [*friday[:4], "2026-11-25 17:15", ""])
    ((who, text),) = said(ken, swapping.MOVED)
    assert (who, "11/24(火)8:30〜11/25(水)17:15" in text) == (MORI, True)


@pytest.mark.parametrize("year", ["2062", "1926", "9999"])
def test_a_year_that_was_mistyped_takes_nobody_s_turns(ken: Prefecture, year: str) -> None:
    rota_id = made(ken)
    ken.write(duties.give, rota_id, [Turn(MORI, tokyo(12, 10, 8, 30), tokyo(12, 10, 17, 15))], duties.AUTO)
    before = ken.read(duties.shifts)
    with pytest.raises(UnreadableFile, match="年をお確かめください"):
        take_in(
            ken,
            ["当番A", ARIMA, "", "2026-12-01 8:30", "2026-12-01 17:15", ""],
            ["当番A", ARIMA, "", f"{year}-12-02 8:30", f"{year}-12-02 17:15", ""],
        )
    assert ken.read(duties.shifts) == before
