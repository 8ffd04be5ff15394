"""Lists in and out: every bad line is said and nothing is taken in half; what goes out comes back in as it was."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DatabaseUnavailable, OperatorError
from bot.metrics import Metrics
from handlers.common import sheets
from handlers.common.lists import UnreadableFile
from handlers.common.services import Services
from handlers.common.sheets import exported, read, write
from handlers.members import importing
from handlers.members.columns import Kind
from handlers.members.exporting import list_of
from handlers.members.form import parse
from handlers.members.importing import import_list
from handlers.members.loading import load
from storage import duties, members, reference, talents
from storage.database import Database, Transaction
from storage.workspace import save_workspace
from tests.handlers.test_loading import GOOD, everything

MEMBERS = ["Slack ID", "氏名", "団体コード", "都道府県", "団体名", "課", "権限"]
TALENTS = [
    "Slack ID",
    "氏名",
    "専門",
    "分野",
    "対応日時",
    "契約開始",
    "契約終了",
    "契約時間",
    "利害関係",
    "自己紹介",
]
BODIES = ["団体コード", "都道府県", "団体名", "かな", "種別"]
UNION = ["992011", "あさぎ県", "青嶺広域連合", "あおねこういきれんごう", "広域連合"]


@pytest.fixture
async def opened(database: Database) -> Database:
    await database.write(lambda tx: save_workspace(tx, name="あさぎ県", url=""))
    return database


async def brings(
    database: Database, kind: str, headers: list[str], *rows: list[str], name: str = "a.csv", **more: Any
) -> int:
    services = Services(database, AsyncWebClient(), "", Metrics())
    content = write(name, headers, rows)
    return await import_list(services, Kind(kind), name, content, ask_slack=False, **more)


async def lines(database: Database, kind: str, headers: list[str], *rows: list[str]) -> list[str]:
    """What is said of a list in which something is wrong; that it changed nothing is checked on the way."""
    before = await database.read(everything)
    with pytest.raises(UnreadableFile) as said:
        await brings(database, kind, headers, *rows)
    assert await database.read(everything) == before
    first, *found = said.value.sentence.splitlines()
    assert first == "ファイルに誤りがあります。何も変えていません。"
    return found


async def test_members_are_taken_in_as_the_list_says(opened: Database) -> None:
    count = await brings(
        opened,
        "members",
        ["氏名", "SLACK id", "団体名", "団体コード", "都道府県名", "所属課", "権限", "備考"],
        ["浜野 凪", "U1", "函館市", "12025", "", "総務課", "", "4月から"],
        ["峰岸 樹", "U2", "伊達市", "", "福島県", "", "相談者", ""],
        ["県 太郎", "U3", "", "", "", "DX課", "県の担当", ""],
        ["県 次郎", "U4", "", "", "", "", "coordinator", ""],
        ["県 三郎", "U5", "", "", "", "", "管理者", ""],
    )
    assert count == 5
    found = {each.user_id: each for each in await opened.read(members.everybody)}
    assert (found["U1"].municipality, found["U1"].section) == ("函館市", "総務課")
    assert found["U2"].municipality_code == "072133"
    assert [found[f"U{n}"].permission for n in range(1, 6)] == [
        *("asker", "asker", "coordinator", "coordinator", "admin")
    ]


async def test_an_empty_cell_leaves_what_is_known_and_nashi_empties_it(opened: Database) -> None:
    await brings(opened, "members", MEMBERS, ["U1", "浜野 凪", "012025", "", "", "総務課", "県の職員"])
    before = await opened.read(members.member, "U1")
    await brings(opened, "members", MEMBERS, ["U1", "浜野 凪", "", "", "", "", ""])
    await brings(opened, "members", ["Slack ID", "氏名"], ["U1", "浜野 凪"])
    assert await opened.read(members.member, "U1") == before
    await brings(opened, "members", MEMBERS, ["U1", "浜野 凪", "なし", "", "", "なし", "なし"])
    after = await opened.read(members.member, "U1")
    assert after is not None
    assert (after.municipality_code, after.section, after.permission) == (None, None, "asker")


async def test_each_bad_line_is_said_with_its_column_and_reason(opened: Database) -> None:
    await opened.write(load, parse(GOOD | {"members": [*GOOD["members"], _admin("U8")]}))
    assert await lines(
        opened,
        "members",
        MEMBERS,
        ["U10", "一", "", "", "伊達市", "", ""],
        ["浜野", "二", "", "", "", "", ""],
        ["U12", "", "012026", "", "", "", "ボス"],
        ["U13", "三", "012025", "", "小樽市", "", ""],
        ["", "四", "", "", "", "", ""],
        ["U10", "五", "", "", "", "", ""],
        ["U3", "森脇 一葉", "", "", "", "", "相談者"],
        ["U16", "六", "", "", "函館", "", ""],
        ["U8", "管理", "", "", "", "", "県の担当"],
    ) == [
        "1行目: 管理者(admin)が一人もいなくなります。",
        "2行目 団体名: 「伊達市」は北海道・福島県にあります。都道府県も書いてください。",
        "3行目 Slack ID: メンバーの ID(U0DESKONE など)を書いてください。",
        "4行目 権限: 「ボス」は読めません。相談者・アドバイザー・県の職員・県の担当・管理者 のどれかにしてください。",
        "4行目 団体コード: 団体コード「012026」は検査数字が合いません。打ちまちがいを確かめてください。",
        "4行目 氏名: 書かれていません。",
        "5行目 団体コード: 函館市(北海道 012025)です。「小樽市」と合いません。どちらかを直してください。",
        "6行目 Slack ID: 書かれていません。",
        "7行目 Slack ID: U10 は2行目にも書かれています。",
        "8行目 権限: 森脇 一葉さん(U3)はアドバイザーです。相談者(asker)には、ホームの「メンバー」から変えてください。",
        "9行目 団体名: 「函館」という団体はありません。正式な名前か6桁の団体コードを書いてください。",
    ]


def _admin(user: str) -> dict[str, str]:
    return {"id": user, "name": "管理", "permission": "admin"}


async def test_a_my_number_is_neither_taken_in_nor_repeated(opened: Database) -> None:
    found = await lines(
        opened,
        "members",
        [*MEMBERS, "備考"],
        ["U1", "浜野 凪", "123456789018", "", "", "", "", ""],
        ["U2", "1234-5678-9018", "", "", "", "課", "", "1234 5678 9018"],
        ["U3", "三", "", "", "1234-5678-9018", "", "", ""],
    )
    said = "マイナンバーと思われる番号があります。消してから取り込んでください。"
    assert found == [
        f"2行目 団体コード: {said}",
        f"3行目 氏名: {said}",
        f"3行目 備考: {said}",
        f"4行目 団体名: {said}",
    ]


async def test_the_desk_may_not_be_emptied_by_a_list_but_need_not_be_there_yet(opened: Database) -> None:
    await brings(opened, "members", MEMBERS, ["U1", "浜野 凪", "", "", "", "", ""])
    await brings(opened, "members", MEMBERS, ["U2", "県 太郎", "", "", "", "", "県の担当"])
    assert await lines(opened, "members", MEMBERS, ["U2", "県 太郎", "", "", "", "", "相談者"]) == [
        "1行目: 県の担当(coordinator)が一人もいません。"
    ]


async def test_advisers_are_taken_in_with_contract_and_conflicts(opened: Database) -> None:
    await brings(opened, "bodies", BODIES, UNION)
    await brings(
        opened,
        "talents",
        [*TALENTS, "当番"],
        [
            *("U3", "森脇 一葉", "エンジニア", "操作、ネットワーク・セキュリティ;ai", "火・木 9:00-17:00"),
            *(
                "2026/4/1",
                "2027年3月31日",
                "40時間",
                "調達、012025 函館市、青嶺広域連合",
                "端末が得意です。",
                "しない",
            ),
        ],
        ["U4", "有馬 駿介", "PM", "net", "月 9:00-12:00", "", "", "", "なし", "", ""],
    )
    found = await opened.read(talents.active)
    one = found["U3"]
    assert (one.role, one.fields, one.conflicts) == (
        "engineer",
        ("device", "net", "ai"),
        ("procure", "body:012025", "body:992011"),
    )
    assert (str(one.contract_from), str(one.contract_until), one.contract_hours) == (
        *("2026-04-01", "2027-03-31"),
        40,
    )
    assert one.bio == "端末が得意です。"
    assert found["U4"].role == "pm"
    assert await opened.read(duties.with_duty_ahead) == {"U4"}


async def test_each_bad_line_of_advisers_and_bodies(opened: Database) -> None:
    fine = ["U4", "有馬 駿介", "PM", "net", "月 9:00-12:00", "", "", "", "", ""]
    wrong = ["U3", "森脇", "魔法使い", "net、海", "いつでも", "来年", "2026-02-30", "たくさん", "伊達市", ""]
    clash = [*fine[:5], "2027-04-01", "2026-04-01", "0", "函館、012025 小樽市", ""]
    found = await lines(opened, "talents", TALENTS, fine, wrong, [*clash[:7], "", "", ""], ["U9", *clash[1:]])
    assert found == [
        "3行目 専門: 「魔法使い」は読めません。プロデューサー・プロジェクトマネージャー・エンジニア・サービスデザイナー"
        " のどれかにしてください。",
        "3行目 分野: 「海」という分野はありません。標準化・セキュリティ・窓口・電子申請・業務改革・ノーコード・生成AI・"
        "データ・調達・計画・予算・人材育成・情報発信・地域DX・操作・制度・文書・その他 から選んでください。",
        "3行目 契約時間: 月の契約時間を、40 のように整数で書いてください。",
        "3行目 利害関係: 「伊達市」は北海道・福島県にあります。都道府県も書いてください。",
        "3行目 対応日時: 対応日は「火・木 9:00-17:00」のように書いてください。読めないところ:いつでも。",
        "3行目 契約開始: 2026-04-01 のように、年-月-日で書いてください。",
        "3行目 契約終了: その日はありません。年-月-日を確かめてください。",
        "4行目: 契約の終わり(contract_until)が始まり(contract_from)より前です。",
        "5行目 利害関係: 「函館」という分野も団体もありません。",
        "5行目 契約時間: 0 より大きい数にしてください。",
    ]
    assert await lines(
        opened,
        "bodies",
        BODIES,
        ["012025", "北海道", "箱館市", "", "市"],
        ["992012", *UNION[1:]],
        ["992011", "", "青嶺広域連合", "", ""],
        UNION,
        UNION,
    ) == [
        "2行目 団体コード: 市町村と特別区は登録済みです。この一覧には、ほかの団体だけを書いてください。",
        "3行目 団体コード: 検査数字まで6桁の、正しい団体コードを書いてください。",
        "4行目 都道府県: 書かれていません。",
        "4行目 種別: 書かれていません。",
        "6行目 団体コード: 992011 は5行目にも書かれています。",
    ]


@pytest.mark.parametrize(
    ("kind", "headers", "said"),
    [
        ("members", ["Slack ID", "お名前", "権現"], ["「権現」という見出しは知りません。"]),
        ("members", ["Slack ID", "氏名", "名前"], ["「氏名」の列が二つあります。"]),
        ("members", ["課"], ["「氏名」の列がありません。", "「Slack ID」か「メール」の列がありません。"]),
        ("talents", ["ID", "氏名", "専門"], ["「分野」の列がありません。", "「対応日時」の列がありません。"]),
        ("bodies", ["団体コード", "団体名", "種別"], ["「都道府県」の列がありません。"]),
    ],
)
async def test_a_list_with_other_headers_is_told_those_it_should_have(
    opened: Database, kind: str, headers: list[str], said: list[str]
) -> None:
    with pytest.raises(UnreadableFile) as wrong:
        await brings(opened, kind, headers, ["x"] * len(headers))
    *found, last = wrong.value.sentence.splitlines()
    assert found == said
    assert last.startswith("1行目の見出しは、")


async def test_a_dry_run_says_the_same_and_changes_nothing(opened: Database) -> None:
    before = await opened.read(everything)
    assert await brings(opened, "members", MEMBERS, ["U1", "浜野", "", "", "", "", ""], dry_run=True) == 1
    with pytest.raises(UnreadableFile):
        await brings(opened, "members", MEMBERS, ["U1", "", "", "", "", "", ""], dry_run=True)
    assert await opened.read(everything) == before


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
async def test_what_goes_out_comes_back_as_it_was(opened: Database, name: str) -> None:
    await brings(opened, "bodies", BODIES, UNION, ["993433", "あさぎ県", "波待島村", "", "村"])
    raw = {
        **GOOD,
        "members": [
            *GOOD["members"],
            {"id": "U5", "name": "=1+1", "municipality": "012203", "section": "@課"},
            {"id": "U6", "name": "'-1", "permission": "staff"},
            {"id": "U7", "name": "伊達 太郎", "municipality": "072133", "permission": "admin"},
        ],
        "talents": [
            GOOD["talents"][0] | {"bio": '=HYPERLINK("x")\n改行', "contract_until": "2027-03-31"},
            GOOD["talents"][1] | {"duty": False, "title": "PM", "contract_hours": 20, "fields": []},
        ],
    }
    await opened.write(load, parse(raw))
    before = await opened.read(everything)
    for kind in Kind:
        query = partial(list_of, kind=kind)
        content = await exported(opened, name, query)
        services = Services(opened, AsyncWebClient(), "", Metrics())
        assert await import_list(services, kind, name, content, ask_slack=False) > 0
        assert await opened.read(everything) == before, kind
        assert await exported(opened, name, query) == content or name.endswith("xlsx")


async def test_codes_survive_excel_and_what_is_not_ours_does_not_go_out(opened: Database) -> None:
    await opened.write(load, parse(GOOD))
    await opened.write(lambda tx: members.save_stranger(tx, "U0VISITOR", permission="visitor"))
    await opened.write(_save, "U0GONE", deactivated=True)
    await opened.write(_save, "U0GUEST", permission="guest", municipality_code="012025")
    sheet = read("a.xlsx", await exported(opened, "a.xlsx", partial(list_of, kind=Kind.MEMBERS)))
    rows = {cells[0]: cells for _, cells in sheet.rows}
    assert rows["U0GUEST"][2:] == ("012025", "北海道", "函館市", "", "相談者")
    assert not {"U0VISITOR", "U0GONE"} & rows.keys()


async def test_a_file_is_made_after_the_transaction_that_read_it(
    opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL ends a session whose transaction does nothing for ten seconds; Excel takes that for many rows."""
    made: list[str] = []

    def recorded(*what: Any) -> bytes:
        made.append(threading.current_thread().name)
        return write(*what)

    monkeypatch.setattr(sheets, "write", recorded)
    await exported(opened, "a.xlsx", partial(list_of, kind=Kind.MEMBERS))
    assert len(made) == 1
    assert not made[0].startswith("reader")


def _save(tx: Transaction, /, user: str, **more: Any) -> None:
    members.save_members(tx, [{"user_id": user, "name": user, **more}])


async def test_ten_thousand_people_are_taken_in_portions_and_an_interruption_says_how_far_it_came(
    opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = sorted(reference.national_codes())
    rows = [[f"U{n:05}", f"氏名 {n}", codes[n % 1741], "", "", f"課{n % 9}", ""] for n in range(10_000)]
    portions = 0

    def counted(tx: Transaction, file: Any) -> None:
        nonlocal portions
        portions += 1
        if portions == 4:
            raise DatabaseUnavailable()
        load(tx, file)

    monkeypatch.setattr(importing, "load", counted)
    monkeypatch.setattr(importing, "PAUSE", 0)
    with pytest.raises(OperatorError, match="10000 行のうち 300 行"):
        await brings(opened, "members", MEMBERS, *rows)
    assert len(await opened.read(members.everybody)) == 300
    portions = -1_000
    assert await brings(opened, "members", MEMBERS, *rows) == 10_000
    assert len(await opened.read(members.everybody)) == 10_000
    assert portions == -1_000 + 100
