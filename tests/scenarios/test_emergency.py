"""緊急 through the wire: from the first screen to the printed log, at night, with a vendor's talent who is not told."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import pytest
from openpyxl import load_workbook

from bot.app import Banso
from sandbox.client import Channel, Person, Shown, ShownView
from storage import emergencies, emergency_guide, emergency_log, workspace
from storage.database import Transaction
from storage.emergencies import Emergency
from storage.emergency_guide import Guide
from tests.scenarios.conftest import BODY, Town, set_up
from tests.scenarios.story import all_questions, books, rung, settled, until
from tests.scenarios.test_calendar import OWN as OWN_OFFICES
from tests.scenarios.test_calendar import chosen
from tests.scenarios.test_home import home

DAY, NIGHT = "000-111-2222", "000-333-4444"
FRIDAY_NIGHT = 1795788600.0
"""2026-11-27 23:10 in Tokyo."""
VIRUS = {"何が起きましたか": "ウイルス・ランサムウェア", "電話した相手": "情報の責任者、県"}
SEEN = "見ました・対応します"
SAID = "共有フォルダーのファイルが開けません"


async def prepared(town: Town, *desk: Person, vendor: str = "") -> Channel:
    """A desk, numbers, and perhaps a talent whose firm may have an interest in the asker's body."""
    place = await town.ws.channel("県の対応", private=True, bot=True, members=[town.coordinator, *desk])

    def change(raw: dict[str, Any]) -> None:
        raw["channels"].append({"id": place.id, "name": "県の対応", "purpose": "desk"})
        for each in raw["talents"]:
            each["conflicts"] = [f"body:{BODY['code']}"] if each["id"] == vendor else []

    await set_up(town, change)
    return place


async def with_numbers(banso: Banso) -> None:
    def numbers(tx: Transaction) -> None:
        workspace.set_workspace(tx, emergency_phone=DAY)
        emergency_guide.set_guide(tx, Guide(NIGHT, "昼 8:30〜17:15", None), "U0")

    await banso.database.write(numbers)


async def begins(town: Town, who: Person, **more: str) -> ShownView:
    """Somebody sees steps and numbers before anything else, and begins a record."""
    await who.runs("/banso", f"緊急 {SAID}", channel=town.channel)
    first = await who.view(title="緊急のとき")
    for words in ("①LANケーブルを抜く", "②電源は切らない", DAY, NIGHT, "自団体の責任者", "誤送信のとき"):
        assert words in first.words
    await who.clicks("電話した・記録を始める")
    await who.view(title="緊急の記録")
    assert await who.submits({**VIRUS, **more}) is None
    return await who.view(title="記録を始めました")


async def record(banso: Banso) -> Emergency:
    (found,) = await banso.database.read(emergencies.living)
    return found


async def logged(banso: Banso) -> list[str]:
    found = await banso.database.read(emergencies.get, 1)
    assert found is not None
    return [each.kind for each in await banso.database.read(emergency_log.entries, found.id)]


async def latest_file(town: Town, banso: Banso, who: Person, count: int = 1) -> dict[str, list[str]]:
    """The newest Excel file in somebody's direct message, as texts by sheet."""
    place = await who.dm()

    async def there() -> list[Shown] | None:
        found = [each for each in await place.messages() if each.by_bot and each.get("files")]
        return found if len(found) >= count else None

    found = await until(there, within=60)
    await settled(town, banso)
    (file,) = found[-1]["files"]
    assert file["name"].endswith(".xlsx")
    bearer = {"Authorization": f"Bearer {town.sandbox.bot_token}"}
    async with aiohttp.ClientSession() as session, session.get(file["url_private"], headers=bearer) as answer:
        book = load_workbook(io.BytesIO(await answer.read()))
    for page in book.worksheets:
        assert (page.page_setup.paperSize, page.sheet_properties.pageSetUpPr.fitToPage) == (9, True)
    return {
        page.title: ["|".join(str(cell) for cell in row if cell is not None) for row in page.values]
        for page in book.worksheets
    }


async def words_cross(town: Town, desk: Channel, card: Shown, at_desk: Shown, his: Shown) -> None:
    """What anybody writes in one place is shown in the two others, with pictures."""
    mine, other = await town.asker.dm(), await town.second.dm()
    picture = {"name": "gamen.png", "content": "a picture"}
    await town.asker.says("LANは抜きました", mine, thread=card, files=[picture])
    for place, thread in ((desk, at_desk), (other, his)):
        assert "浜野さん" in (await place.shows("LANは抜きました", thread=thread)).words
    await town.coordinator.says("県から委員会へ電話します", desk, thread=at_desk)
    for place, thread in ((mine, card), (other, his)):
        await place.shows("県から委員会へ電話します", thread=thread)
    await desk.changed(at_desk, "県さん(11/27(金)23:10〜)")  # who writes is on it


async def adds_by_hand(town: Town, banso: Banso, at_desk: Shown) -> None:
    """A coordinator lets the vendor's talent know all the same; he reads all that was written."""
    assert [await rung(each) for each in (town.talent, town.pm)] == [[], []]
    await town.coordinator.clicks("状況・人を変える", on=at_desk)
    await town.coordinator.view(title="状況・人を変える")
    added = {"加える人": [town.talent], "いまの状況": "落ち着いた(見守り中)"}
    assert await town.coordinator.submits(added) is None
    vendor = await town.talent.dm()
    theirs = await vendor.shows("緊急 No.1")
    await vendor.shows("LANは抜きました", thread=theirs)
    await settled(town, banso)
    assert await rung(town.talent)


async def closes(town: Town, his: Shown) -> None:
    """Somebody who was rung ends it, with a note; people are not theirs to add."""
    await town.second.clicks("状況・人を変える", on=his)
    assert "加える人" not in (await town.second.view(title="状況・人を変える")).words
    closing = {"いまの状況": "終わり"}
    assert "最後のまとめ" in str(await town.second.submits(closing, may_fail=True))
    assert await town.second.submits({**closing, "記録に足すこと": "1台だけでした"}) is None


async def test_at_night_from_the_first_screen_to_the_printed_log(town: Town) -> None:
    """The vendor's talent is on duty, and hears nothing until a coordinator adds him by hand."""
    desk = await prepared(town, town.pm, vendor=town.talent.id)
    await town.move_to(FRIDAY_NIGHT)
    async with town.bot() as banso:
        await with_numbers(banso)
        await town.ws.faults("duplicate", method="*", copies=1)
        receipt = await begins(town, town.asker)
        assert "有馬さん、県さん を呼び出しています" in receipt.words
        await town.asker.closes()
        mine, other = await town.asker.dm(), await town.second.dm()
        card, at_desk, his = [await each.shows("緊急 No.1") for each in (mine, desk, other)]
        await settled(town, banso)
        assert "まだだれも" in card.words
        assert "波待島村 総務課" in at_desk.words
        assert SAID in at_desk.words
        assert [len(await rung(each)) for each in (town.coordinator, town.second)] == [1, 1]
        assert [await rung(each) for each in (town.talent, town.pm, town.neighbour)] == [[], [], []]
        assert "緊急 1" in (await home(town, town.coordinator)).words

        await town.second.clicks(SEEN, on=his)
        await desk.changed(at_desk, "🙋 対応:有馬さん(11/27(金)23:10〜)")
        await words_cross(town, desk, card, at_desk, his)
        await settled(town, banso)
        await adds_by_hand(town, banso, at_desk)
        await closes(town, his)
        await mine.changed(card, "1台だけでした")
        await town.ws.clear_faults()
        await town.asker.clicks("記録を印刷", on=card)
        reads((await latest_file(town, banso, town.asker))["記録"])
        assert await banso.database.read(emergencies.living) == []
        assert (await all_questions(banso), (await books(banso)).received) == ([], 0)
        assert (await banso.health()).ok
        assert (await town.ws.counters())["duplicates"] == []


def reads(lines: list[str]) -> None:
    """The printed log has all of it, with its times."""
    text = "\n".join(lines)
    for words in (
        "緊急 No.1 対応の記録",
        "波待島村 総務課",
        "呼び出し:有馬さん(当番(技術))、県さん(県の担当)",
        "浜野さん|LANは抜きました|gamen.png",
        "県さんが 森脇さん(利害関係の登録あり) を加えました",
        "「落ち着いた(見守り中)」→「終わり」",
        "1台だけでした",
    ):
        assert words in text
    assert all("2026-11-27 23:1" in line for line in lines if "LANは抜きました" in line)


OWN, OWN_NIGHT = "総務課 000-555-6666(内線 12)", "000-777-8888"


@pytest.mark.screens
async def test_a_body_has_numbers_of_its_own_which_come_first(town: Town) -> None:
    """A coordinator enters them; nobody of another body reads them. What cannot be dialled is refused at its place."""
    desk = await prepared(town, town.pm)
    async with town.bot() as banso:
        await with_numbers(banso)
        await chosen(town)
        day, night = "緊急のときの電話(責任者・CSIRT)", "緊急のときの電話(夜間・休日)"
        refused = str(await town.coordinator.submits({day: "課長まで", night: "12"}, may_fail=True))
        assert refused.count("電話番号として読めません") == 2
        assert await town.coordinator.submits({day: OWN, night: OWN_NIGHT}) is None
        assert "保存しました" in (await town.coordinator.view(title=OWN_OFFICES)).words
        await town.coordinator.closes(everything=True)
        await town.neighbour.runs("/banso", "緊急", channel=town.channel)
        others = await town.neighbour.view(title="緊急のとき")
        assert (DAY in others.words, OWN in others.words) == (True, False)
        await town.neighbour.closes(everything=True)

        assert OWN in (await home(town, town.asker, OWN)).words
        await town.asker.runs("/banso", "緊急", channel=town.channel)
        first = (await town.asker.view(title="緊急のとき")).words
        assert first.index(OWN) < first.index(OWN_NIGHT) < first.index(DAY) < first.index(NIGHT)
        await town.asker.clicks("印刷用", on="view")
        page = "\n".join((await latest_file(town, banso, town.asker))["緊急のとき"])
        assert f"自団体の責任者(CSIRT)|{OWN}\n自団体の夜間の連絡先|{OWN_NIGHT}\n県(昼)|{DAY}" in page
        await town.asker.closes(everything=True)
        assert OWN in (await begins(town, town.asker)).words
        assert f"この団体の責任者の電話:{OWN}" in (await desk.shows("緊急 No.1")).words
