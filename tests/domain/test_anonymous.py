"""Names of people and bodies taken out of a text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from bot.domain.anonymous import SOMEBODY, without_names
from bot.domain.bodies import Body

VILLAGE = Body("993433", "あさぎ県", "波待島村", "なみまちじまむら", "村")
CITY = Body("992011", "あさぎ県", "青嶺市", "あおねし", "市")
UNION = Body("998001", "あさぎ県", "青嶺地区広域組合", "あおねちくこういきくみあい", "一部事務組合")
MIYOSHI = Body("342092", "広島県", "三次市", "みよしし", "市")
CHUO = Body("192147", "山梨県", "中央市", "ちゅうおうし", "市")
BODIES = (VILLAGE, CITY, UNION, MIYOSHI, CHUO)
PLACED = re.compile(r"0\d+-\d+-\d+")
"""A telephone number that somebody wrote."""
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


@pytest.mark.parametrize(
    "number",
    [
        "０１２３－４５－６７８９",
        "０１２３ー４５ー６７８９",
        "0123.45.6789",
        "０１２３．４５．６７８９",
        "0123456789",
        "09012345678",
        "０９０１２３４５６７８",
        "090 1234 5678",
        "090-12345678",
        "03(1234)5678",
        "(03)1234-5678",
        "０３(１２３４)５６７８",
        "0120‐123‐456",
        "0\u200b90-1234-5678",
        "090の1234の5678",
        "+81 90-1234-5678",
        "＋81-3-1234-5678",
        "000-000-0000",
    ],
)
def test_a_telephone_number_goes_however_it_is_typed(number: str) -> None:
    assert taken(f"電話は{number}です") == "電話は(電話番号)です"
    assert taken(f"支援センター{number}、内線12") == "支援センター(電話番号)、内線12"


@pytest.mark.parametrize(
    "address",
    [
        "hamano.nagi@vill.example.jp",
        "ｈａｍａｎｏ＠ｖｉｌｌ．ｅｘａｍｐｌｅ．ｊｐ",
        "hamano＠vill．example．jp",
        "HAMANO@VILL.LG.JP",
    ],
)
def test_a_mail_address_goes_however_it_is_typed(address: str) -> None:
    assert taken(f"サーバー{address}の2階へ") == "サーバー(メールアドレス)の2階へ"


@pytest.mark.parametrize(
    "text",
    [
        "IP は 010.20.30.40、版は 0.1.2345",
        "2026-11-24 09:00、2026.11.24 10:30",
        "法人番号 2000012010019、郵便番号 000-0000",
        "予算は 0120 千円、契約番号 0123-4567-8901-2345",
        "様式02-1-100と第01号",
        "件数\n0101\n0202\n0303",
        "団体コード 993433、年度 2026",
        "@メンバー へ",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert taken(text) == text


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("山田太郎", "山田さんと山田太郎さんに聞き、山田太郎です", "{0}と{0}に聞き、{0}です"),
        ("山田 太郎(波待島村)", "山田太郎が答え、山田様へ", "{0}が答え、{0}へ"),
        ("山田 太郎\uff08波待島村\uff09", "山田\u3000太郎が答えた", "{0}が答えた"),
        ("山田太郎/総務課", "山田課長と総務課", "{0}と総務課"),
        ("【波待島村】山田太郎", "山田係長", "{0}"),
        ("波待島村 総務課 山田太郎", "総務課の山田主任", "総務課の{0}"),
        ("総務課/山田 太郎", "山田太郎は総務課", "{0}は総務課"),
        ("青嶺市・山田太郎", "山田氏", "{0}"),
        ("山田源市", "山田さん、山田源市", "{0}、{0}"),
        ("佐々木健", "佐々木さん、佐々木健です", "{0}、{0}です"),
        ("山田課長", "山田さん", "{0}"),
        ("Yamada Taro", "yamadaさんとTaro Yamadaと\uff39\uff41\uff4d\uff41\uff44\uff41様", "{0}と{0}と{0}"),
        ("髙橋 一郎", "高橋一郎と髙橋さんと高橋主査", "{0}と{0}と{0}"),
        ("やまだたろう", "やまだたろうです", "{0}です"),
        ("森葵", "森葵さん、森の中", "{0}、森の中"),
    ],
)
def test_a_name_is_known_however_people_show_it(name: str, text: str, expected: str) -> None:
    assert without_names(text, people=[name]).text == expected.format(SOMEBODY)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("山田太郎", "山田の件、山田太鼓"),
        ("皆川花子", "皆さん、皆様"),
        ("奥山花子", "奥様、奥さん"),
        ("総務課", "総務課です。総務課長、総務課さん"),
        ("総務課 山田", "総務課の資料、総務課長"),
        ("デジタル推進", "デジタル推進計画、デジタル推進さん"),
        ("情報政策課 課長", "課長さん、課長補佐"),
        ("テスト太郎", "テストさん、テスト太郎"),
        ("admin", "adminさん"),
        ("Ken Ito", "kensyu、Kenkouさん、ito"),
        ("さくら", "さくらの木"),
        ("林", "林業の話"),
        ("大和田", "大和田町の例"),
        ("...", "...さん"),
        ("田中 学", "園田中学校"),
        ("数 学", "複数学級と数学級"),
        ("町 太郎", "市町村長、町村長へ"),
        ("県 太郎", "都道府県知事と県知事"),
        ("(波待島村)", "波待島村さん"),
    ],
)
def test_ordinary_words_are_not_cut_to_pieces(name: str, text: str) -> None:
    assert without_names(text, people=[name]).text == text


def test_who_signs_without_a_title_is_known_by_how_their_name_begins() -> None:
    text = "浜野です。浜野の海、浜野と申します"
    assert without_names(text, near=["浜野凪"]).text == f"{SOMEBODY}です。浜野の海、{SOMEBODY}と申します"
    assert without_names(text, people=["浜野凪"]).text == text


def test_a_body_is_known_with_either_form_of_its_small_letter() -> None:
    body = Body("993417", "あさぎ県", "霧ヶ里村", "きりがさとむら", "村")
    assert without_names("霧ケ里村と霧ヶ里村", bodies=[body]).text == "ある村とある村"


def test_a_short_name_of_the_own_body_that_is_a_word_stays_within_others() -> None:
    text = "中央会計と中央では、中央役場"
    assert without_names(text, own=CHUO).text == "中央会計とある市では、ある市役場"


def read(package: str, path: str) -> str:
    return (resources.files(package) / path).read_text("utf-8")


def said(value: Any) -> Iterator[str]:
    """All that people write and read in the sample data."""
    if isinstance(value, list):
        for each in value:
            yield from said(each)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str):
                yield from [inner] if key in {"say", "says", "text", "question", "answer", "tells"} else []
            elif key == "texts":
                yield from inner
            else:
                yield from said(inner)


def shown(name: str) -> set[str]:
    """The ways in which somebody may show a name."""
    one = name.replace(" ", "")
    return {name, one, f"{name}(DX推進課)", f"{one}/総務課", f"総務課 {one}", name.split()[0]}


OTHERS = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 石川 福島 宮城 長野 山口 森 林 原 町田 市川 大和 中央 青木 平 南"
    " 東 西 皆川 奥山 本間 大家 服部 長谷川 五十嵐 三次 金子 会田 町 県 岡 数 関 表 堺 辻 泉 窓 角"
)
OFFICES = "総務課 DX推進課 情報政策 広報 事務局 アドバイザー Admin 町民 会計担当 係長 デジタル 議会"


def test_nothing_ordinary_is_taken_out_of_what_people_write() -> None:
    """Of the sample data, with everybody of it near, and with a thousand others who show their names in all ways."""
    cast = json.loads(read("bot", "demo/asagi.json"))
    of_the_cast = [each["name"] for kind in ("talents", "askers", "coordinators") for each in cast[kind]]
    others = [f"{family} {given}" for family in OTHERS.split() for given in ("太郎", "一葉", "学", "正")]
    rows = csv.DictReader(io.StringIO(read("storage", "data/municipalities.csv")))
    bodies = [Body(*(row[key] for key in ("code", "prefecture", "name", "kana", "kind"))) for row in rows]
    named = [name.split()[0] for name in of_the_cast] + [each["name"] for each in cast["municipalities"]]
    texts = [*said(cast), *said(json.loads(read("bot", "demo/faqs.json")))]
    assert len(texts) > 100
    for text in texts:
        found = without_names(
            text,
            people={each for name in (*of_the_cast, *others) for each in shown(name)} | set(OFFICES.split()),
            near={each for name in of_the_cast for each in shown(name)},
            bodies=[*bodies, *BODIES],
        )
        for each in found.taken:
            assert any(name in each for name in named) or PLACED.fullmatch(each), (text, each)
