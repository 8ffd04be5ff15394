"""The workspace file: every mistake is a line with its place, nothing is changed by it, and what it leaves out stays."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from handlers.common.lists import UnreadableFile
from handlers.members.checking import problems
from handlers.members.form import parse
from handlers.members.loading import load
from storage import channels, duties, members, reference, talents, workspace
from storage.database import Database, Transaction
from storage.tables import metadata
from storage.workspace import save_workspace

pytestmark = pytest.mark.screens

SAPPORO, HAKODATE = "011002", "012025"
HOURS = "月・火・水・木・金 9:00-17:00"

GOOD: dict[str, Any] = {
    "intake": "direct",
    "closures": ["11-03"],
    "municipalities": [
        {
            "code": "993433",
            "prefecture": "あさぎ県",
            "name": "波待島村",
            "kana": "なみまちじまむら",
            "kind": "村",
        }
    ],
    "channels": [{"id": "C1", "name": "相談"}, {"id": "C2", "name": "練習", "purpose": "practice"}],
    "members": [
        {"id": "U1", "name": "県 太郎", "permission": "coordinator"},
        {"id": "U2", "name": "浜野 凪", "municipality": "993433", "section": "総務課"},
    ],
    "talents": [
        {"id": "U3", "name": "森脇 一葉", "role": "engineer", "fields": ["device"], "hours": HOURS},
        {
            "id": "U4",
            "name": "有馬 駿介",
            "role": "pm",
            "fields": ["net"],
            "conflicts": ["procure", f"body:{SAPPORO}", "body:993433"],
            "hours": "火・木 9:00-17:00",
        },
    ],
}
OWN_FIELD = {"id": "water", "label": "水道", "short": "水道", "roles": ["pm"], "keywords": ["水道"]}


@pytest.fixture
async def opened(database: Database) -> Database:
    await database.write(lambda tx: save_workspace(tx, name="あさぎ県", url=""))
    return database


def everything(tx: Transaction) -> dict[str, list[Any]]:
    """Every row there is, but for the counts of changes and of loadings."""
    found: dict[str, list[Any]] = {}
    for table in metadata.sorted_tables:
        if table.name not in {"audit", "workspace"}:
            columns = [column for column in table.c if column.name not in {"id", "seen_at"}]
            found[table.name] = sorted(map(repr, tx.connection.execute(select(*columns))))
    found["workspace"] = [workspace.workspace(tx)]
    return found


async def wrong(database: Database, raw: dict[str, Any]) -> list[str]:
    return [str(mistake) for mistake in await database.read(problems, parse(raw))]


async def test_a_good_file_has_no_mistakes_and_loading_it_again_changes_nothing(opened: Database) -> None:
    assert await wrong(opened, GOOD) == []
    await opened.write(load, parse(GOOD))
    once = await opened.read(everything)
    assert await wrong(opened, GOOD) == []
    await opened.write(load, parse(GOOD))
    assert await opened.read(everything) == once


async def test_each_mistake_is_a_line_with_its_place(opened: Database) -> None:
    raw = deepcopy(GOOD)
    raw["closures"] = ["11-03", "13-01", "02-30", "1-5", "W01-1"]
    raw["channels"].append({"id": "C1", "name": "もう一度"})
    raw["members"][0]["permission"] = "asker"
    raw["members"][1]["municipality"] = "999999"
    raw["members"].append({"id": "U3", "name": "森脇 一葉", "permission": "asker"})
    raw["members"].append({"id": "U2", "name": "浜野 凪"})
    raw["talents"][0]["fields"] = ["device", "devices"]
    raw["talents"][1]["conflicts"] = ["procurement", "body:123456", f"body:{HAKODATE}"]
    raw["fields"] = [*reference.default_fields(), OWN_FIELD, OWN_FIELD]
    assert await wrong(opened, raw) == [
        "channels.2.id: C1 は channels.0 にも書かれています。",
        "members.3.id: U2 は members.1 にも書かれています。",
        "fields.17.id: water は fields.16 にも書かれています。",
        "closures.1: 「13-01」は日付ではありません。12-28 のように、月-日で書いてください。",
        "closures.2: 「02-30」は日付ではありません。12-28 のように、月-日で書いてください。",
        "closures.3: 「1-5」は日付ではありません。12-28 のように、月-日で書いてください。",
        "closures.4: 「W01-1」は日付ではありません。12-28 のように、月-日で書いてください。",
        "members.1.municipality: 団体コード「999999」の団体はありません。6桁のコードを確かめてください。",
        "talents.1.conflicts.1: 団体コード「123456」の団体はありません。6桁のコードを確かめてください。",
        "talents.0.fields.1: 「devices」という分野はありません。",
        "talents.1.conflicts.0: 「procurement」という分野はありません。",
        "members.2.permission: 森脇 一葉さん(U3)はアドバイザーです。"
        "相談者(asker)には、ホームの「メンバー」から変えてください。",
        "members: 県の担当(coordinator)が一人もいません。",
    ]


def test_a_file_of_another_form_is_told_in_japanese_line_by_line() -> None:
    raw = deepcopy(GOOD)
    raw["intake"] = "both"
    raw["colour"] = "red"
    raw["channels"][0] = {"id": "#soudan", "name": 3}
    raw["members"][0] = {"name": "県 太郎", "permission": "boss"}
    raw["municipalities"][0]["code"] = "1100"
    raw["talents"][0] |= {"role": "wizard", "hours": "いつでも", "duty": "maybe", "fields": "device"}
    with pytest.raises(UnreadableFile) as said:
        parse(raw)
    first, *lines = said.value.sentence.splitlines()
    assert first == "ファイルに誤りがあります。何も変えていません。"
    assert lines == [
        "intake: direct・desk のどれかにしてください。",
        "municipalities.0.code: 6 桁の団体コードを書いてください。",
        "channels.0.id: チャンネルの ID(C0ASKHERE など)を書いてください。",
        'channels.0.name: 文字("…")で書いてください。',
        "members.0.id: 書かれていません。",
        "members.0.permission: asker・talent・coordinator・staff・admin のどれかにしてください。",
        "talents.0.role: producer・pm・engineer・service_designer のどれかにしてください。",
        "talents.0.fields: 一覧([…])で書いてください。",
        "talents.0.hours: 対応日は「火・木 9:00-17:00」のように書いてください。読めないところ:いつでも。",
        "talents.0.duty: true か false で書いてください。",
        "colour: 知らない項目です。",
    ]
    with pytest.raises(UnreadableFile, match=r"ファイル: 項目の集まり"):
        parse([])


async def test_what_a_file_leaves_out_stays_as_it_is(opened: Database) -> None:
    await opened.write(load, parse(GOOD | {"fields": [*reference.default_fields(), OWN_FIELD]}))
    before = await opened.read(everything)
    for partial in (
        {},
        {"members": [{"id": "U1", "name": "県 太郎"}, {"id": "U2", "name": "浜野 凪"}]},
        {"channels": [{"id": "C1", "name": "相談"}]},
        {"talents": [GOOD["talents"][0]]},
    ):
        assert await wrong(opened, partial) == []
        await opened.write(load, parse(partial))
        assert await opened.read(everything) == before
    await opened.write(
        load, parse({"members": [{"id": "U2", "name": "浜野 凪", "municipality": None, "section": "企画課"}]})
    )
    found = await opened.read(members.member, "U2")
    assert found is not None
    assert (found.municipality_code, found.section, found.permission) == (None, "企画課", "asker")


async def test_fields_that_were_edited_are_not_set_back_by_a_file_without_fields(opened: Database) -> None:
    await opened.write(load, parse(GOOD))
    assert len(await opened.read(workspace.all_fields)) == 16
    edited = [{**each, "label": f"{each['label']}(県)"} for each in reference.default_fields()]
    await opened.write(workspace.save_fields, edited)
    await opened.write(load, parse(GOOD))
    assert all(field.label.endswith("(県)") for field in await opened.read(workspace.all_fields))


async def test_own_fields_replace_the_sixteen_and_are_known_in_the_same_file(opened: Database) -> None:
    raw = deepcopy(GOOD)
    raw["fields"] = [OWN_FIELD]
    raw["talents"][0]["fields"] = ["water"]
    assert await wrong(opened, raw) == [
        "talents.1.fields.0: 「net」という分野はありません。",
        "talents.1.conflicts.0: 「procure」という分野はありません。",
    ], "its fields replace the sixteen"
    raw["talents"].pop()
    await opened.write(load, parse(GOOD))
    await opened.write(load, parse(raw))
    assert [field.id for field in await opened.read(workspace.all_fields)] == ["water"]


async def test_who_is_an_adviser_is_one_without_being_called_so_and_keeps_what_is_more(
    opened: Database,
) -> None:
    raw = deepcopy(GOOD)
    raw["members"] += [{"id": "U3", "name": "森脇 一葉", "section": "支援室"}]
    raw["talents"].append({**raw["talents"][0], "id": "U1", "name": "県 太郎"})
    await opened.write(load, parse(raw))
    found = {user: await opened.read(members.member, user) for user in ("U1", "U3", "U4")}
    assert [each and each.permission for each in found.values()] == ["coordinator", "talent", "talent"]
    await opened.write(load, parse({"talents": [raw["talents"][2]]}))
    there = await opened.read(members.member, "U1")
    assert there is not None
    assert there.permission == "coordinator"


async def test_a_file_may_leave_the_desk_to_what_is_stored_but_not_empty_it(opened: Database) -> None:
    await opened.write(load, parse(GOOD))
    assert await wrong(opened, {"members": [{"id": "U9", "name": "新 人"}]}) == []
    emptied = {"members": [{"id": "U1", "name": "県 太郎", "permission": "asker"}]}
    assert await wrong(opened, emptied) == ["members: 県の担当(coordinator)が一人もいません。"]


async def test_a_channel_the_bot_was_taken_out_of_is_not_thought_to_have_it(opened: Database) -> None:
    await opened.write(load, parse(GOOD))
    await opened.write(lambda tx: channels.save_channel(tx, "C1", bot_is_member=False))
    await opened.write(load, parse(GOOD))
    found = await opened.read(channels.channel, "C1")
    assert found is not None
    assert not found.bot_is_member


async def test_duty_of_advisers_the_file_does_not_name_stays(opened: Database) -> None:
    await opened.write(load, parse(GOOD))
    now = opened.clock.business_now()
    await opened.write(load, parse({"talents": [{**GOOD["talents"][1], "duty": False}]}))
    assert await opened.read(duties.on_duty, now, now.replace(hour=9)) == ["U3"]


async def test_a_contract_is_kept_and_what_a_later_file_leaves_out_of_it_stays(opened: Database) -> None:
    raw = deepcopy(GOOD)
    raw["talents"][0] |= {
        "title": "端末担当",
        "bio": "窓口の端末が得意です。",
        "conflicts": ["procure"],
        "contract_from": "2026-04-01",
        "contract_until": "2026-11-27",
        "contract_hours": 40,
    }
    await opened.write(load, parse(raw))
    before = await opened.read(everything)
    await opened.write(load, parse({"talents": [GOOD["talents"][0]]}))
    assert await opened.read(everything) == before
    now = opened.clock.business_now()
    assert await opened.read(duties.on_duty, now + timedelta(days=3), now + timedelta(days=3, hours=1)) == [
        "U3"
    ]
    assert await opened.read(duties.on_duty, now + timedelta(days=6), now + timedelta(days=6, hours=1)) == []
    await opened.write(load, parse({"talents": [GOOD["talents"][0] | {"contract_until": None}]}))
    found = await opened.read(talents.talent, "U3")
    assert found is not None
    assert (found.contract_until, found.contract_hours, found.conflicts) == (None, 40, ("procure",))
    assert await opened.read(duties.on_duty, now + timedelta(days=6), now + timedelta(days=6, hours=1)) == [
        "U3"
    ]


def test_a_contract_that_cannot_be_is_told_in_japanese() -> None:
    raw = deepcopy(GOOD)
    raw["talents"][0] |= {"contract_from": "4/1", "contract_until": 20270331, "contract_hours": 0}
    raw["talents"][1] |= {"contract_from": "2026-02-30", "contract_hours": "たくさん"}
    raw["talents"].append(raw["talents"][0] | {"contract_from": "2027-04-01", "contract_until": "2026-04-01"})
    raw["talents"][2]["contract_hours"] = 8
    with pytest.raises(UnreadableFile) as said:
        parse(raw)
    assert said.value.sentence.splitlines()[1:] == [
        "talents.0.contract_from: 2026-04-01 のように、年-月-日で書いてください。",
        "talents.0.contract_until: 2026-04-01 のように、年-月-日で書いてください。",
        "talents.0.contract_hours: 0 より大きい数にしてください。",
        "talents.1.contract_from: その日はありません。年-月-日を確かめてください。",
        "talents.1.contract_hours: 整数で書いてください。",
        "talents.2: 契約の終わり(contract_until)が始まり(contract_from)より前です。",
    ]


async def test_days_of_the_prefectures_own_how_years_are_written_and_the_zone(opened: Database) -> None:
    own = {"closures": ["08-13~08-15 夏", "2026-12-28 臨時"], "openings": ["2027-03-28 窓口"]}
    await opened.write(load, parse({**GOOD, **own, "zone": "Asia/Dhaka", "years": "west"}))
    found = await opened.read(workspace.workspace)
    assert (found.closures, found.openings) == (tuple(own["closures"]), tuple(own["openings"]))
    assert (found.zone, found.years) == ("Asia/Dhaka", "west")
    twice = {"closures": ["2027-03-28"], "openings": ["2027-03-28", "03-29", "2027-3-30"]}
    assert await wrong(opened, {**GOOD, **twice}) == [
        "openings.1: 「03-29」は日付ではありません。2027-03-28 のように、年-月-日で書いてください。",
        "openings.2: 「2027-3-30」は日付ではありません。2027-03-28 のように、年-月-日で書いてください。",
    ]
    assert "両方にあります" in str(await wrong(opened, {**GOOD, **twice, "openings": ["2027-03-28"]}))
    for zone in ("Asia/Tokio", "日本", "", "JST"):
        with pytest.raises(UnreadableFile, match="という時間帯はありません"):
            parse({**GOOD, "zone": zone})
