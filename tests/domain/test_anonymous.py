"""Names of people and bodies taken out of a text."""

from __future__ import annotations

import pytest

from bot.domain.anonymous import SOMEBODY, without_names
from bot.domain.bodies import Body

VILLAGE = Body("993433", "あさぎ県", "波待島村", "なみまちじまむら", "村")
CITY = Body("992011", "あさぎ県", "青嶺市", "あおねし", "市")
UNION = Body("998001", "あさぎ県", "青嶺地区広域組合", "あおねちくこういきくみあい", "一部事務組合")
MIYOSHI = Body("342092", "広島県", "三次市", "みよしし", "市")
CHUO = Body("192147", "山梨県", "中央市", "ちゅうおうし", "市")
BODIES = (VILLAGE, CITY, UNION, MIYOSHI, CHUO)
PEOPLE = ("浜野 凪", "森脇 一葉", "石川 結", "森 葵", "県 太郎")
NEAR = ("浜野 凪", "石川 結", "森 葵")


def taken(text: str) -> str:
    return without_names(text, people=PEOPLE, near=NEAR, bodies=BODIES, own=VILLAGE).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("浜野です。教えてください", f"{SOMEBODY}です。教えてください"),
        ("浜野 凪さんへ", f"{SOMEBODY}へ"),
        ("浜野凪が書きました", f"{SOMEBODY}が書きました"),
        ("浜野\u3000凪様", SOMEBODY),
        ("森脇さん、ありがとう", f"{SOMEBODY}、ありがとう"),
        ("森脇課長に聞きました", f"{SOMEBODY}に聞きました"),
        ("森脇の件", "森脇の件"),  # had no part in it: may be a place
        ("石川県の例", "石川県の例"),
        ("石川が担当です", f"{SOMEBODY}が担当です"),
        ("森さんに聞く", f"{SOMEBODY}に聞く"),
        ("森の中", "森の中"),
        ("県の担当へ", "県の担当へ"),
        ("波待島村の役場", "ある村の役場"),
        ("あさぎ県波待島村です", "ある村です"),
        ("波待島では紙です", "ある村では紙です"),
        ("青嶺市と青嶺地区広域組合", "ある市とある団体"),
        ("第三次市総合計画と中央市場", "第三次市総合計画と中央市場"),
        ("山梨県中央市の例", "ある市の例"),
        ("青嶺では", "青嶺では"),  # of others only the whole name
        ("電話は 000-1234-5678 です", "電話は (電話番号) です"),
        ("hamano@vill.example.jp へ", "(メールアドレス) へ"),
        ("IP は 10.0.0.1、版は 1.2.3", "IP は 10.0.0.1、版は 1.2.3"),
        ("", ""),
    ],
)
def test_what_is_taken_and_what_stays(text: str, expected: str) -> None:
    assert taken(text) == expected


def test_it_says_what_it_took() -> None:
    found = without_names("波待島村の浜野です。浜野です", near=NEAR, bodies=BODIES)
    assert found.taken == ("波待島村", "浜野")


def test_nobody_known_nothing_taken() -> None:
    text = "波待島村の浜野さんへ"
    assert without_names(text) == without_names(text, people=["", "  "])
    assert without_names(text).text == text


def test_a_second_time_nothing_is_left_to_take() -> None:
    once = without_names(
        "波待島の浜野さん、青嶺市の森脇さん", people=PEOPLE, near=NEAR, bodies=BODIES, own=VILLAGE
    )
    again = without_names(once.text, people=PEOPLE, near=NEAR, bodies=BODIES, own=VILLAGE)
    assert again.text == once.text
    assert again.taken == ()
