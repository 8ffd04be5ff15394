"""The set-up when something is wrong, stale or made up: it says so, and nothing changes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import time
from typing import Any

import pytest

from bot.domain.opening_hours import OpeningHours
from sandbox.client import Person
from storage import channels, workspace
from tests.scenarios.conftest import Town
from tests.scenarios.setting_up import (
    BROKEN,
    PHONE,
    begins,
    bot_of,
    known_here,
    new_town,
    next_is,
    nothing_came,
    opens,
    rooms,
    steps,
)
from tests.scenarios.story import all_questions, settled
from tests.scenarios.test_forged import send


@pytest.fixture
async def new(own_database_url: str) -> AsyncIterator[Town]:
    async with new_town(own_database_url) as found:
        yield found


async def test_two_at_once_do_not_undo_one_another(new: Town) -> None:
    town = new
    desk, practice = await rooms(town)
    async with bot_of(town) as banso:
        await known_here(banso, town.channel, desk)
        await begins(town)
        await steps(town, desk, practice, last=2)
        await town.coordinator.closes(everything=True)
        await begins(town, town.pm)
        await town.pm.chooses("ほかの項目へ", "2", on="view")
        await town.pm.view(title="はじめの設定 2/7")
        await begins(town)
        await town.coordinator.chooses("ほかの項目へ", "2", on="view")
        await town.coordinator.view(title="はじめの設定 2/7")
        await town.coordinator.submits({"緊急のときの電話": "111-111-1111"})
        await town.coordinator.view(title="はじめの設定 3/7")
        await town.pm.submits({"緊急のときの電話": "222-222-2222"})
        shown = await town.pm.view(title="はじめの設定 2/7")
        assert "ほかの方が先に変えました" in shown.words
        assert "111-111-1111" in str(shown.entered)
        space = await banso.database.read(workspace.workspace)
        assert space.emergency_phone == "111-111-1111"
        await town.pm.submits({"緊急のときの電話": "222-222-2222"})
        await town.pm.view(title="はじめの設定 3/7")
        assert (await banso.database.read(workspace.workspace)).emergency_phone == "222-222-2222"


@pytest.mark.screens
async def test_what_cannot_be_is_said_at_its_place(new: Town) -> None:
    town = new
    guest = await town.ws.person("客 一", channels=[town.channel], guest=True)
    empty = await town.ws.channel("まだいない", private=True, bot=False, members=[town.coordinator])
    async with bot_of(town) as banso:
        await known_here(banso, town.channel)
        await begins(town)
        errors = await town.coordinator.submits({"県": "北海道", "閉庁日": "県民の日"})
        assert "「県民の日」を日付として読めません" in str(errors)
        await town.coordinator.submits({"閉庁日": "2/30"})
        errors = await town.coordinator.submits({"閉庁日": "", "開庁時間": "朝から夕方"})
        assert "開庁時間として読めません" in str(errors)
        await town.coordinator.submits({"開庁時間": "9:00〜17:45"})
        await next_is(town.coordinator, "はじめの設定 2/7")
        await town.coordinator.chooses("ほかの項目へ", "1", on="view")
        shown = await town.coordinator.view(title="はじめの設定 1/7")
        assert "9:00〜17:45" in str(shown.entered)
        assert await town.coordinator.submits({"閉庁日": "11/14\n12-28\n 1月4日"}) is None
        await next_is(town.coordinator, "はじめの設定 2/7")
        people = {"県の担当": [town.coordinator, guest], "緊急のときの電話": PHONE}
        assert "別の方を選んで" in str(await town.coordinator.submits(people))
        alone = {"県の担当": [town.coordinator], "緊急のときの電話": "なし"}
        assert "電話番号を書いて" in str(await town.coordinator.submits(alone))
        assert await town.coordinator.submits({"緊急のときの電話": PHONE}) is None
        await next_is(town.coordinator, "はじめの設定 3/7")
        places = {"相談チャンネル": [town.channel], "非公開の対応場所": empty}
        errors = await town.coordinator.submits(places)
        assert "/invite @Banso" in str(errors)
        await empty.adds(bot=True)
        await known_here(banso, empty)
        assert await town.coordinator.submits({}) is None
        await next_is(town.coordinator, "はじめの設定 4/7")
        await town.coordinator.chooses("ほかの項目へ", "2", on="view")
        assert "県の担当が1人です" in (await town.coordinator.view(title="はじめの設定 2/7")).words
        space = await banso.database.read(workspace.workspace)
        assert space.closures == ("01-04", "11-14", "12-28")
        assert space.hours == OpeningHours(time(9), time(17, 45), None)


@pytest.mark.screens
async def test_a_public_desk_does_not_stand_and_it_does_not_open_without_one(new: Town) -> None:
    """The menu offers private channels; a payload that names another is found out by what Slack says."""
    town = new
    _, practice = await rooms(town)
    async with bot_of(town) as banso:
        await known_here(banso, town.channel, town.other)
        await begins(town)
        await steps(town, town.other, practice)
        await town.coordinator.sees("「雑談」は公開チャンネルです")
        await town.coordinator.closes(everything=True)
        shown = await begins(town)
        assert "非公開の対応場所" in shown.words
        assert "県内に公開する" not in shown.buttons


def sent(town: Town, person: Person, callback: str, metadata: object) -> dict[str, Any]:
    """A dialog's submission as somebody writes it by hand."""
    view = {
        "id": "V0FORGED",
        "hash": "1.a",
        "type": "modal",
        "callback_id": callback,
        "state": {"values": {}},
    }
    return {
        "type": "view_submission",
        "user": {"id": person.id, "team_id": town.sandbox.team_id},
        "team": {"id": town.sandbox.team_id, "domain": "asagi"},
        "api_app_id": "A0BANSO",
        "view": {**view, "private_metadata": metadata if isinstance(metadata, str) else json.dumps(metadata)},
    }


@pytest.mark.screens
async def test_forged_submissions_are_refused_in_a_sentence(new: Town) -> None:
    town, about = new, {"seen": "x", "open": False}
    async with town.bot(slack_app_token=None, banso_admin=town.coordinator.id) as banso:
        before = await banso.database.read(workspace.workspace)
        for person, callback, metadata, sentence in (
            (town.coordinator, "setup_step", {**about, "step": 4}, "まだ済んでいない項目"),
            (town.coordinator, "setup_step", {**about, "step": 9}, "読み取れませんでした"),
            (town.coordinator, "setup_step", {**about, "step": True}, "読み取れませんでした"),
            (town.coordinator, "setup_step", {"step": 1}, "読み取れませんでした"),
            (town.coordinator, "setup_step", "なに", "読み取れませんでした"),
            (town.coordinator, "setup_step", {**about, "step": 1}, "ほかの方が先に変えました"),
            (town.coordinator, "setup_opening", "", "まだ済んでいない項目"),
            (town.asker, "setup_step", {**about, "step": 1}, "いまの権限ではできません"),
            (town.asker, "setup_opening", "", "いまの権限ではできません"),
        ):
            status, said, _ = await send(town, banso, sent(town, person, callback, metadata))
            assert (status, sentence in json.loads(said)["view"]["blocks"][0]["text"]["text"]) == (200, True)
        assert await banso.database.read(workspace.workspace) == before


@pytest.mark.screens
async def test_a_dialog_from_before_it_opened_changes_nothing_and_it_opens_once(new: Town) -> None:
    town = new
    desk, practice = await rooms(town)
    async with bot_of(town) as banso:
        await known_here(banso, town.channel, desk, practice)
        await begins(town)
        await steps(town, desk, practice)
        await town.pm.runs("/banso", "せってい")
        await town.pm.view(title="はじめの設定 7/7")
        await town.pm.clicks("県内に公開する")
        await town.pm.view(title="県内に公開する")
        await town.talent.runs("/banso", "設定")
        await town.talent.sees("いまの権限ではできません")
        await next_is(town.coordinator, "はじめの設定 7/7")
        await opens(town)
        await town.pm.submits({})
        assert "公開は終わっています" in (await town.pm.view(title="お知らせ")).words
        await settled(town, banso)
        assert len([each for each in await town.channel.messages() if "始めました" in each.words]) == 1


@pytest.mark.screens
async def test_a_step_from_before_it_opened_changes_nothing(new: Town) -> None:
    town = new
    desk, practice = await rooms(town)
    async with bot_of(town) as banso:
        await known_here(banso, town.channel, desk, practice)
        await begins(town)
        await steps(town, desk, practice)
        await begins(town, town.pm)
        await next_is(town.coordinator, "はじめの設定 7/7")
        await opens(town)
        await town.pm.submits({"練習チャンネル": practice})
        assert "公開は終わっています" in (await town.pm.view(title="お知らせ")).words
        assert await banso.database.read(channels.with_purpose, "practice") == []


@pytest.mark.screens
async def test_before_it_opens_nobody_asks_by_dialog_and_home_says_why(new: Town) -> None:
    town = new
    async with bot_of(town) as banso:
        await known_here(banso, town.channel)
        await town.asker.opens_home()
        shown = await town.asker.home("いま準備中です")
        assert shown.buttons == []
        await town.asker.runs("/banso", f"相談 {BROKEN}")
        await town.asker.sees("準備中です")
        assert not await town.asker.has_view()
        await town.coordinator.runs("/banso", "電話")
        await town.coordinator.sees("準備中です")
        assert await all_questions(banso) == []


@pytest.mark.screens
async def test_what_was_written_meanwhile_is_on_the_coordinators_home_and_on_nobody_elses(new: Town) -> None:
    town, secret = new, "懲戒した職員のパソコンに書類が残っています。どうすればいいですか"
    desk, practice = await rooms(town)
    async with bot_of(town) as banso:
        await known_here(banso, town.channel, desk)
        await begins(town)
        await steps(town, desk, practice, last=3)
        await town.coordinator.closes(everything=True)
        await town.asker.says(BROKEN, town.channel)
        await town.neighbour.direct(secret)
        await settled(town, banso)
        await town.coordinator.opens_home()
        shown = await town.coordinator.home("公開を待っている書き込み 2 件")
        assert "浜野さん:パソコンの画面が真っ暗です" in shown.words
        assert "懲戒" not in shown.words
        for other in (town.asker, town.neighbour, town.talent):
            await other.opens_home()
            assert "書き込み" not in (await other.home("いま準備中です")).words
        await nothing_came(town, town.asker, town.neighbour)
