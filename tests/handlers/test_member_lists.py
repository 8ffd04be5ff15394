"""Who is in which rota, as a list."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.rota import Scope
from handlers.common.lists import UnreadableFile
from handlers.common.sheets import read, write
from handlers.rota import member_lists, swapping
from storage import duties, rotas
from storage.rotas import Plan
from tests.handlers.prefecture import ARIMA, KEN, MORI, TOKANO, Prefecture
from tests.handlers.test_rota import give, made, said, tokyo

HEADERS = ["当番", "Slack ID", "氏名", "いつから", "いつまで"]
Known = tuple[str, date | None, date | None]


def take_in(ken: Prefecture, *rows: list[str]) -> None:
    sheet = read("当番.csv", write("当番.csv", HEADERS, rows))
    ken.write(member_lists.take_in, ken.read(member_lists.look_over, sheet))


def inside(ken: Prefecture, rota_id: int) -> list[Known]:
    return [(each.user_id, each.joins, each.leaves) for each in ken.read(rotas.members_of, rota_id)]


def test_a_list_is_who_is_in_a_rota_and_taken_in_again_it_changes_nothing(ken: Prefecture) -> None:
    """One leaves at the end of March and comes again, one is left out, one stays as they were."""
    rota_id = made(ken)
    (mori, _, tokano) = ken.read(rotas.members_of, rota_id)
    ken.write(rotas.change_member, rota_id, tokano.id, date(2026, 10, 1), None)
    take_in(
        ken,
        ["当番A", MORI, "", "", "2027-03-31"],
        ["当番A", MORI, "", "2027年4月15日", ""],
        ["当番A", "", "TOKANO 氏", "", ""],
    )
    wanted = [
        (MORI, None, date(2027, 3, 31)),
        (TOKANO, date(2026, 10, 1), None),
        (MORI, date(2027, 4, 15), None),
    ]
    assert inside(ken, rota_id) == wanted
    assert ken.read(rotas.members_of, rota_id)[0].id == mori.id
    table = ken.read(member_lists.list_of_members)
    assert list(table.headers) == HEADERS
    take_in(ken, *map(list, table.rows))
    assert inside(ken, rota_id) == wanted
    take_in(ken, ["当番A", MORI, "", "", ""], ["当番A", TOKANO, "", "なし", "2027-03-31"])
    assert inside(ken, rota_id) == [(MORI, None, None), (TOKANO, None, date(2027, 3, 31))]


def test_who_is_left_out_has_no_duty_there_and_hears_once_of_all_rotas(ken: Prefecture) -> None:
    first = made(ken)
    second = ken.write(rotas.add, Plan("当番B", Scope(), "daily"))
    for user in (MORI, ARIMA):
        ken.write(rotas.add_member, second, user)
    give(ken, first, MORI, 12, 1, 8)
    give(ken, second, MORI, 12, 2)
    give(ken, second, ARIMA, 12, 3)
    take_in(
        ken,
        ["当番A", MORI, "", "", "2026-12-04"],
        ["当番A", ARIMA, "", "", ""],
        ["当番B", ARIMA, "", "", ""],
    )
    ((who, text),) = said(ken, swapping.MOVED)
    assert (who, "12/8(火)" in text, "12/2(水)" in text, "12/1(火)" in text) == (MORI, True, True, False)
    planned = [each for each in ken.read(duties.shifts) if each.rota_id in {first, second}]
    assert [(each.user_id, each.starts) for each in planned] == [
        (MORI, tokyo(12, 1, 8, 30)),
        (ARIMA, tokyo(12, 3, 8, 30)),
    ]


def test_what_ended_and_who_answers_no_more_stay_as_they_are(ken: Prefecture) -> None:
    rota_id = made(ken)
    first = ken.read(rotas.members_of, rota_id)[0]
    ken.write(rotas.change_member, rota_id, first.id, None, date(2026, 9, 30))
    ken.write(rotas.add_member, rota_id, "U0GONE")
    take_in(ken, ["当番A", MORI, "", "2026-12-01", ""])
    assert inside(ken, rota_id) == [
        (MORI, None, date(2026, 9, 30)),
        ("U0GONE", None, None),
        (MORI, date(2026, 12, 1), None),
    ]


def test_in_a_rota_by_hours_duty_follows_the_list(ken: Prefecture) -> None:
    rota_id = ken.write(rotas.hours_rota)
    name = next(each.name for each in ken.read(rotas.living) if each.id == rota_id)
    take_in(ken, [name, MORI, "", "", "2026-11-30"], [name, ARIMA, "", "", ""])
    coming = [each for each in ken.read(duties.shifts) if each.starts > tokyo(12, 1, 0)]
    assert {each.user_id for each in coming} == {ARIMA}
    assert said(ken, swapping.MOVED) == []


def test_a_bad_list_is_said_line_by_line_and_changes_nothing(ken: Prefecture) -> None:
    rota_id = made(ken)
    first = ken.read(rotas.members_of, rota_id)[0]
    ken.write(rotas.change_member, rota_id, first.id, None, date(2026, 9, 30))
    before = inside(ken, rota_id)
    with pytest.raises(UnreadableFile) as wrong:
        take_in(
            ken,
            ["ない当番", MORI, "", "", ""],
            ["", MORI, "", "", ""],
            ["当番A", "U0NOBODY", "", "", ""],
            ["当番A", "", "知らない人", "", ""],
            ["当番A", MORI, "", "", ""],
            ["当番A", ARIMA, "", "2027-04-01", "2027-03-31"],
            ["当番A", TOKANO, "", "あした", ""],
            ["当番A", ARIMA, "", "2027-03-01", ""],
            ["当番A", ARIMA, "", "2028-04-01", "2028-04-30"],
            ["当番A", "", "1234 5678 9018", "", ""],
        )
    lines = str(wrong.value.sentence).splitlines()[1:]
    assert [line.split("行目")[0] for line in lines] == ["2", "3", "4", "5", "6", "7", "8", "10", "11"], lines
    for part in ("という当番は", "書かれて", "この ID", "この名前", "重なって", "より前", "日付を", "番号"):
        assert part in wrong.value.sentence
    assert "1234" not in wrong.value.sentence
    assert inside(ken, rota_id) == before
    with pytest.raises(UnreadableFile, match="「当番」の列"):
        ken.read(member_lists.look_over, read("a.csv", write("a.csv", HEADERS[1:], [[KEN, "", "", ""]])))
