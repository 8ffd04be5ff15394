"""Opening days in and out as a list: every bad line is said, nothing is taken in half; what goes out comes back in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import opening_hours
from bot.metrics import Metrics
from handlers.common.lists import UnreadableFile
from handlers.common.services import Services
from handlers.common.sheets import exported, write
from handlers.members.office_lists import import_offices, list_of_offices
from storage import offices, workspace
from storage.database import Database
from storage.offices import Office
from storage.workspace import save_workspace
from tests.digits import NUMBER

HEADERS = ["団体コード", "都道府県", "団体名", "区分", "開始日", "終了日", "毎年", "名称", "開庁時間"]
NUMBERS = ["団体名", "区分", "開始日", "電話番号", "夜間の電話"]


@pytest.fixture
async def opened(database: Database) -> Database:
    await database.write(lambda tx: save_workspace(tx, name="あさぎ県", url=""))
    await database.write(lambda tx: workspace.set_workspace(tx, prefecture="北海道"))
    return database


async def brings(
    database: Database,
    *rows: list[str],
    headers: list[str] = HEADERS,
    name: str = "a.csv",
    dry_run: bool = False,
) -> int:
    services = Services(database, AsyncWebClient(), "", Metrics())
    return await import_offices(services, name, write(name, headers, rows), dry_run=dry_run)


async def lines(database: Database, *rows: list[str], headers: list[str] = HEADERS) -> list[str]:
    before = await database.read(offices.own_offices)
    with pytest.raises(UnreadableFile) as said:
        await brings(database, *rows, headers=headers)
    assert await database.read(offices.own_offices) == before
    return said.value.sentence.splitlines()


ROWS = [
    ["12025", "", "函館市", "開庁時間", "", "", "", "", "8:45〜17:30"],
    ["12025", "", "函館市", "閉庁", "2026-08-01", "", "毎年", "開港記念日", ""],
    ["", "", "函館市", "閉庁", "2026/12/28", "", "", "臨時休庁", ""],
    ["", "", "函館市", "臨時開庁", "2027年3月28日", "2027-03-29", "", "異動期の窓口", ""],
    ["", "福島県", "伊達市", "休み", "8月13日", "8月15日", "", "", ""],
    ["", "", "県", "開庁時間", "", "", "", "", "8:30〜12:00、13:00〜17:15"],
    ["", "", "北海道", "閉庁", "11月26日", "", "", "北海道の日", ""],
]


async def test_a_list_says_when_offices_are_open_and_goes_out_as_it_came(opened: Database) -> None:
    assert await brings(opened, *ROWS, dry_run=True) == 3
    assert await opened.read(offices.own_offices) == {}
    assert await brings(opened, *ROWS) == 3
    hakodate = Office(
        opening_hours.read("8:45〜17:30"),
        ("08-01 開港記念日", "2026-12-28 臨時休庁"),
        ("2027-03-28~2027-03-29 異動期の窓口",),
    )
    known = {"012025": hakodate, "072133": Office(closures=("08-13~08-15",))}
    assert await opened.read(offices.own_offices) == known
    assert await opened.read(offices.office, None) == Office(opening_hours.USUAL, ("11-26 北海道の日",))
    for name in ("a.csv", "a.xlsx"):
        content = await exported(opened, name, list_of_offices)
        await opened.write(offices.save_office, "012025", Office())
        services = Services(opened, AsyncWebClient(), "", Metrics())
        assert await import_offices(services, name, content) == 3
        assert await opened.read(offices.own_offices) == known


async def test_a_body_of_the_list_has_what_the_list_says_and_others_keep_theirs(opened: Database) -> None:
    await brings(opened, *ROWS)
    await brings(opened, ["012025", "", "", "閉庁", "2027-01-04", "", "", "", ""])
    await brings(opened, ["", "福島県", "伊達市", "なし", "", "", "", "", ""])
    assert await opened.read(offices.own_offices) == {"012025": Office(closures=("2027-01-04",))}


async def test_a_list_says_whom_to_call_and_one_that_does_not_leaves_it_as_it_is(opened: Database) -> None:
    called = ["函館市", "緊急電話", "", "情報課 000-000-0000(内線 1)", "000ー000ー0001"]
    await brings(opened, called, ["函館市", "閉庁", "8月1日", "", ""], headers=NUMBERS)
    known = Office(closures=("08-01",), phone="情報課 000-000-0000(内線 1)", night="000-000-0001")
    assert await opened.read(offices.own_offices) == {"012025": known}
    content = await exported(opened, "a.csv", list_of_offices)
    await brings(opened, ["", "", "函館市", "なし", "", "", "", "", ""])
    assert await opened.read(offices.own_offices) == {"012025": replace(known, closures=())}
    await import_offices(Services(opened, AsyncWebClient(), "", Metrics()), "a.csv", content)
    assert await opened.read(offices.own_offices) == {"012025": known}
    assert await lines(
        opened,
        called,
        [*called[:3], "", "000-000-0002"],
        ["小樽市", "電話", "", "", ""],
        ["札幌市", "緊急", "", "朝から", ""],
        ["県", "緊急電話", "", "000-000-0000", ""],
        headers=NUMBERS,
    ) == [
        "ファイルに誤りがあります。何も変えていません。",
        "3行目 電話番号: この団体の緊急電話が二度あります。一行に書いてください。",
        "4行目 電話番号: 書かれていません。",
        "5行目 電話番号: 電話番号として読めません。市外局番から書き、いくつかあるときは「、」で区切ってください。"
        "例:情報政策課 000-000-0000(内線 12)",
        "6行目 区分: 県の番号は、「緊急」の画面の「番号・手順を直す」で変えます。",
    ]
    await brings(opened, ["函館市", "なし", "", "", ""], headers=NUMBERS)
    assert await opened.read(offices.own_offices) == {}


async def test_every_bad_line_is_said(opened: Database) -> None:
    await brings(opened, *ROWS)
    assert await lines(
        opened,
        ["", "", "函館", "閉庁", "8/1", "", "", "", ""],
        ["", "", "", "閉庁", "8/1", "", "", "", ""],
        ["", "", "函館市", "", "8/1", "", "", "", ""],
        ["", "", "函館市", "おやすみ", "8/1", "", "", "", ""],
        ["", "", "函館市", "閉庁", "", "", "", "", ""],
        ["", "", "函館市", "閉庁", "2026-02-30", "", "", "", ""],
        ["", "", "函館市", "閉庁", "2026-08-15", "2026-08-13", "", "", ""],
        ["", "", "函館市", "閉庁", "2026-08-01", "2026-09-30", "", "", ""],
        ["", "", "函館市", "臨時開庁", "3月28日", "", "", "", ""],
        ["", "", "函館市", "開庁時間", "", "", "", "", "朝から"],
        ["", "", "函館市", "開庁時間", "", "", "", "", "9:00〜17:00"],
        ["", "", "函館市", "開庁時間", "", "", "", "", "9:00〜16:00"],
        ["", "", "函館市", "閉庁", "8/1", "", "たぶん", "", ""],
        ["", "", "小樽市", "閉庁", "2026-12-26", "", "", "", ""],
        ["", "", "小樽市", "臨時開庁", "2026-12-26", "", "", "", ""],
        ["", "", "札幌市", "閉庁", "8/1", "", "", f"{NUMBER}", ""],
        ["", "", "札幌市", "閉庁", "2026-12-28", "", "", "午後休庁", ""],
    ) == [
        "ファイルに誤りがあります。何も変えていません。",
        "2行目 団体名: 「函館」という団体はありません。正式な名前か6桁の団体コードを書いてください。",
        "3行目 団体名: 団体名か団体コードを書いてください。県のことは「県」と書きます。",
        "4行目 区分: 書かれていません。",
        "5行目 区分: 「おやすみ」は読めません。閉庁・臨時開庁・開庁時間・緊急電話・なし のどれかにしてください。",
        "6行目 開始日: 書かれていません。",
        "7行目 開始日: 「2026-02-30」を日付として読めません。11月14日 開庁記念日 のように、1行に1日書いてください。"
        "続く日は 8月13日〜15日 と書けます。",
        "8行目 開始日: 「2026-08-15〜2026-08-1」を日付として読めません。11月14日 開庁記念日 のように、1行に1日書いて"
        "ください。続く日は 8月13日〜15日 と書けます。",
        "9行目 開始日: 「2026-08-01〜2026-09-3」は 61 日あります。1行は 31 日までです。",
        "10行目 開始日: 臨時に開く日は、2027年3月28日 のように年から書いてください。",
        "11行目 開庁時間: 開庁時間として読めません。8:30〜12:00、13:00〜17:15 のように書いてください。",
        "13行目 開庁時間: この団体の開庁時間が二度あります。",
        "14行目 毎年: 「たぶん」は読めません。毎年・その日だけ のどれかにしてください。",
        "15行目: 2026年12月26日 が、閉庁日と臨時に開く日の両方にあります。どちらかにしてください。",
        "17行目 名称: マイナンバーと思われる番号があります。消してから取り込んでください。",
        "18行目 開始日: 「2026-12-28 午後休庁」は一日の途中です。ここには一日ごとの日を書きます。"
        "半日だけ閉まる日は書かず、開く日は時刻を消してください。",
    ]


async def test_columns_that_are_missing_are_said(opened: Database) -> None:
    said = await lines(opened, ["8/1"], headers=["開始日"])
    assert said[:2] == ["「区分」の列がありません。", "「団体コード」か「団体名」の列がありません。"]


async def test_more_days_than_anybody_writes_are_refused(opened: Database) -> None:
    rows = [
        ["", "", "函館市", "閉庁", f"20{n // 12 + 30}-{n % 12 + 1}-15", "", "", "", ""] for n in range(61)
    ]
    assert "60 行を超えています" in (await lines(opened, *rows))[1]
