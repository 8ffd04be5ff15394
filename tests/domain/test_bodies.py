"""Which body is meant: whole codes, whole names, and what one types into a search."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from bot.domain.bodies import Body, Directory, UnclearBody


@pytest.fixture(scope="module")
def all_of_them() -> Directory:
    with files("storage").joinpath("data/municipalities.csv").open(encoding="utf-8") as file:
        rows = [Body(**row) for row in csv.DictReader(file)]
    return Directory.of([*rows, Body("993433", "あさぎ県", "波待島村", "なみまちじまむら", "村")])


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"code": "012025"}, "函館市"),
        ({"code": "12025"}, "函館市"),  # Excel ate the zero
        ({"code": "\uff10\uff11\uff12\uff10\uff12\uff15"}, "函館市"),  # full-width digits
        ({"code": " 012025 "}, "函館市"),
        ({"name": "函館市"}, "函館市"),
        ({"name": "北海道 函館市"}, "函館市"),
        ({"name": "伊達市", "prefecture": "福島県"}, "伊達市"),
        ({"code": "072133", "name": "伊達市"}, "伊達市"),
        ({"name": "福島県伊達市"}, "伊達市"),
        ({"code": "12203", "name": "士別市"}, "士別市"),
        ({"name": "津市"}, "津市"),  # part of 島田市's and many others' names it is not
    ],
)
def test_a_body_is_found_by_its_whole_code_or_name(
    all_of_them: Directory, said: dict[str, str], name: str
) -> None:
    assert all_of_them.meant(**said).name == name


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": "伊達市"}, "「伊達市」は北海道・福島県にあります。都道府県も書いてください"),
        ({"name": "函館"}, "「函館」という団体はありません"),
        ({"name": "波待"}, "「波待」という団体はありません"),
        ({"name": "上川郡鷹栖町"}, "という団体はありません"),
        ({"code": "012026"}, "検査数字が合いません"),
        ({"code": "999999"}, "検査数字が合いません"),
        ({"code": "999997"}, "「999997」という団体はありません"),
        ({"code": "12026"}, "6桁の数字で書いてください"),
        ({"code": "1202"}, "6桁の数字で書いてください"),
        ({"code": "0120255"}, "6桁の数字で書いてください"),
        ({"code": "函館市"}, "6桁の数字で書いてください"),
        ({"code": "012025", "name": "小樽市"}, "函館市(北海道 012025)です。「小樽市」と合いません"),
        ({"code": "012025", "prefecture": "青森県"}, "「青森県」と合いません"),
        ({"code": "12203"}, "士別市(北海道 012203)・市川市(千葉県 122033)のどちらとも読めます"),
        ({"code": "12203", "name": "市川市"}, "検査数字まで6桁で書いてください"),
    ],
)
def test_what_is_unclear_is_said_and_never_guessed(
    all_of_them: Directory, said: dict[str, str], why: str
) -> None:
    with pytest.raises(UnclearBody) as unclear:
        all_of_them.meant(**said)
    assert why in unclear.value.sentence


def test_every_code_is_found_also_without_its_zero_unless_it_can_be_read_in_two_ways(
    all_of_them: Directory,
) -> None:
    unclear = []
    for body in all_of_them.bodies:
        assert all_of_them.meant(code=body.code) is body
        if body.code.startswith("0"):
            assert all_of_them.meant(code=body.code[1:], name=body.name) is body
            try:
                assert all_of_them.meant(code=body.code[1:]) is body
            except UnclearBody:
                unclear.append(body.name)
    assert len(unclear) == 12


def test_two_bodies_of_one_name_in_one_prefecture_need_their_codes() -> None:
    twins = Directory.of(
        [Body(code, "あさぎ県", "霧組合", "", "一部事務組合") for code in ("992011", "992020")]
    )
    with pytest.raises(UnclearBody, match="団体コードで書いてください"):
        twins.meant(name="霧組合", prefecture="あさぎ県")


@pytest.mark.parametrize(
    ("typed", "own", "first"),
    [
        ("函館", "", ["函館市"]),
        ("はこだて", "", ["函館市"]),
        ("ハコダテ", "", ["函館市"]),
        ("はこd", "", ["函館市"]),  # the input method is at work
        ("北海道 函", "", ["函館市"]),
        ("だて", "福島県", ["伊達市"]),
        ("なみまち", "北海道", ["波待島村"]),
        ("", "あさぎ県", ["波待島村"]),
        ("zzz", "", []),
    ],
)
def test_typing_finds_it_by_name_and_kana(
    all_of_them: Directory, typed: str, own: str, first: list[str]
) -> None:
    found = [body.name for body in all_of_them.search(typed, own=own)]
    assert found[:1] == first[:1], found


def test_the_own_prefecture_comes_first_and_a_list_is_never_longer_than_slack_takes(
    all_of_them: Directory,
) -> None:
    found = all_of_them.search("ま", own="福島県")
    assert len(found) == 100
    inside = [body.prefecture == "福島県" for body in found]
    assert inside == sorted(inside, reverse=True)
    assert inside[0]
    assert {body.prefecture for body in all_of_them.search("", own="福島県")} == {"福島県"}
    assert all_of_them.search("", own="") == []
