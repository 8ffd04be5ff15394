"""緊急 when things break: nobody answers, the bot is killed, the desk is no place for it, and input is odd."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.app import Banso
from handlers.emergency import forms, views
from sandbox.client import Person, Shown
from storage import channels, emergencies, emergency_log, workspace
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, rung, settled
from tests.scenarios.test_emergency import (
    DAY,
    FRIDAY_NIGHT,
    SEEN,
    VIRUS,
    begins,
    latest_file,
    prepared,
    record,
    with_numbers,
)
from tests.scenarios.test_forged import pressed, send
from tests.scenarios.test_home import home
from tests.scenarios.test_http_mode import address

INFECTED = "パソコンがウイルスに感染したかもしれません"
URGENT_FINDING = "だれも対応を始めていない緊急の記録があります:No.1"


async def findings(banso: Banso) -> tuple[str, ...]:
    return (await banso.health()).findings


async def test_nobody_answers_all_are_rung_once_more_and_then_it_is_red(town: Town) -> None:
    """On two replicas, one of which dies as soon as it has begun."""
    desk = await prepared(town, town.pm)
    await town.move_to(FRIDAY_NIGHT)
    async with town.bot() as first:
        await with_numbers(first)
        await begins(town, town.asker)
    async with town.bot() as one, town.bot() as two:
        mine, at_desk = await (await town.asker.dm()).shows("緊急 No.1"), await desk.shows("緊急 No.1")
        await settled(town, one)
        people = (town.coordinator, town.talent, town.second)
        assert [len(await rung(each)) for each in people] == [1, 1, 1]
        await town.later(minutes=9)
        await asyncio.gather(one.scheduler.run_due(), two.scheduler.run_due())
        await settled(town, one)
        assert [len(await rung(each)) for each in people] == [1, 1, 1]
        assert await findings(one) == ()
        for _ in range(3):
            await town.later(minutes=2)
            await asyncio.gather(one.scheduler.run_due(), two.scheduler.run_due())
        await (await town.pm.dm()).shows(
            "緊急 No.1"
        )  # the next one: there is neither coordinator nor administrator left
        await settled(town, two)
        assert [len(await rung(each)) for each in people] == [2, 2, 2]
        assert len(await rung(town.pm)) == 1
        assert await findings(two) == (URGENT_FINDING,)
        assert "呼び出し中" in (await mine_now(town, mine)).words
        letter = await (await town.coordinator.dm()).shows("10分たってもだれも対応を始めていません")
        await town.coordinator.clicks(SEEN, on=letter)
        await desk.changed(at_desk, "🙋 対応:県さん")
        await settled(town, one)
        assert await findings(one) == ()
    await town.asker.says("まだ続いています", await town.asker.dm(), thread=mine)
    async with town.bot() as again:
        await desk.shows("まだ続いています", thread=at_desk)
        await settled(town, again)
        assert (await town.ws.counters())["duplicates"] == []


async def mine_now(town: Town, card: Shown) -> Shown:
    place = await town.asker.dm()
    return next(each for each in await place.messages() if each.ts == card.ts)


async def test_a_vendor_s_talent_sits_at_the_desk_so_nothing_is_shown_there(town: Town) -> None:
    desk = await prepared(town, town.talent, vendor=town.talent.id)
    async with town.bot() as banso:
        await with_numbers(banso)
        await begins(town, town.asker)
        for person in (town.coordinator, town.second, town.asker):
            await (await person.dm()).shows("緊急 No.1")
        await settled(town, banso)
        assert not [each for each in await desk.messages() if each.by_bot]
        assert await rung(town.talent) == []
        await home(town, town.coordinator)
        await town.talent.opens_home()
        assert "緊急 No.1" not in (await town.talent.home()).words


async def test_the_desk_is_gone_so_each_is_rung_alone(town: Town) -> None:
    desk = await prepared(town, town.second)
    async with town.bot() as banso:
        await with_numbers(banso)
        await town.ws.faults("drop_events", on=True)
        await desk.deletes()
        await begins(town, town.asker)
        for person in (town.coordinator, town.second, town.talent):
            await (await person.dm()).shows("緊急 No.1", within=30)
        await settled(town, banso)
        for person in (town.coordinator, town.second, town.talent):
            assert len([each for each in await rung(person) if "緊急 No.1" in each["text"]]) == 1
        found = await banso.database.read(emergency_log.entries, (await record(banso)).id)
        assert "unreachable" in {each.kind for each in found}


async def test_words_that_sound_like_it_get_the_steps_and_stay_a_question(town: Town) -> None:
    async with town.bot() as banso:
        await with_numbers(banso)
        asked = await town.asker.says(INFECTED, town.channel)
        offered = await town.asker.sees("緊急のことでしたら", town.channel)
        assert "①LANケーブルを抜く" in offered.words
        assert DAY in offered.words
        await town.channel.shows("受け付けました", thread=asked)
        await town.asker.says("至急お願いします。感染したようです", town.channel, thread=asked)
        await town.coordinator.says("ウイルスに感染したという連絡が増えています", town.channel)
        await settled(town, banso)
        assert len(await town.asker.ephemerals()) == 1, "once a thread"
        assert not [each for each in await town.coordinator.ephemerals() if "緊急" in each.words]
        assert len(await all_questions(banso)) == 1
        assert await banso.database.read(emergencies.living) == []
        await town.asker.clicks("緊急の手順を見る", on=offered)
        await town.asker.view(title="緊急のとき")


async def edits_numbers(town: Town, who: Person, **entered: str) -> Any:
    await who.runs("/banso", "緊急", channel=town.channel)
    await who.view(title="緊急のとき")
    await who.clicks("番号・手順を直す")
    await who.view(title="番号・手順を直す")
    return await who.submits(entered, may_fail=True)


async def test_numbers_are_edited_and_printed(town: Town) -> None:
    async with town.bot() as banso:
        wrong = {"昼の電話(開庁時間)": "県庁", "夜間・休日の電話": "なし"}
        assert set(await edits_numbers(town, town.coordinator, **wrong)) == {forms.DAY, forms.NIGHT}
        right = {"昼の電話(開庁時間)": DAY, "夜間・休日の電話": "=1+1 000-9", "手順": "①まず抜く\n②電話"}
        assert await town.coordinator.submits(right) is None
        assert "貼ってください" in (await town.coordinator.view(title="番号・手順を直す")).words
        await town.asker.opens_home()
        assert "緊急(ウイルス・情報漏えい)" in (await town.asker.home()).buttons
        await town.asker.clicks("緊急(ウイルス・情報漏えい)", on="home")
        shown = await town.asker.view(title="緊急のとき")
        assert "①まず抜く" in shown.words
        assert "番号・手順を直す" not in shown.buttons
        await town.asker.clicks("印刷用")
        (lines,) = (await latest_file(town, banso, town.asker)).values()
        text = "\n".join(lines)
        assert "①まず抜く\n②電話" in text
        assert f"県(昼)|{DAY}" in text
        assert "'=1+1 000-9" in text, "nothing is ever run"
        assert "自団体の責任者(CSIRT)" in lines


@pytest.mark.screens
async def test_what_is_odd_or_not_theirs_changes_nothing(town: Town) -> None:
    await prepared(town)
    async with town.bot(slack_app_token=None) as banso:
        assert await town.ws.request_url(address(banso))
        await town.asker.shortcut("emergency")
        await town.asker.clicks("電話した・記録を始める")
        await town.asker.view(title="緊急の記録")
        late = {**VIRUS, "気づいた時刻": int(FRIDAY_NIGHT)}
        assert set(await town.asker.submits(late, may_fail=True) or {}) == {forms.SINCE}
        assert await banso.database.read(emergencies.living) == []
        assert await town.asker.submits({**VIRUS, "気づいた時刻": 1795481000}) is None
        await settled(town, banso)
        found = await record(banso)
        for action in (views.SEEN, views.MORE, views.LOG_FILE):
            for value in (str(found.id), str(found.id + 1), "1" * 30, "x"):
                for user in (town.neighbour.id, "U0NOBODY"):
                    _, _, refused = await send(town, banso, pressed(town, action, value, user))
                    assert refused, (action, value, user)
        for action in (views.SEEN, views.MORE):  # the asker is not who was rung
            assert (await send(town, banso, pressed(town, action, str(found.id), town.asker.id)))[2]
        await town.asker.closes(everything=True)
        await town.asker.shortcut("emergency")
        assert "緊急 No.1" in (await town.asker.view(title="緊急のとき")).words
        await town.asker.clicks("別の件の記録を始める")
        await town.asker.view(title="緊急の記録")
        assert await town.asker.submits(VIRUS) is None  # in a hurry: the same again, which rings nobody
        kinds = [each.kind for each in await banso.database.read(emergency_log.entries, found.id)]
        assert kinds == ["started", "rung", "note"]
        assert (await record(banso)).number == 1
        await town.asker.opens_home()
        assert "緊急 1" not in (await town.asker.home()).words


async def test_practice_rings_and_is_counted_nowhere_and_before_it_opens_nothing_else_may(town: Town) -> None:
    desk = await prepared(town)
    async with town.bot() as banso:
        await banso.database.write(lambda tx: workspace.set_workspace(tx, opened_at=None))
        await town.asker.runs("/banso", "緊急", channel=town.channel)
        assert "電話した・記録を始める" not in (await town.asker.view(title="緊急のとき")).buttons
        await banso.database.write(
            lambda tx: channels.save_channel(
                tx, town.other.id, name="練習", purpose="practice", bot_is_member=True
            )
        )
        await town.asker.runs("/banso", "緊急", channel=town.other)
        await town.asker.view(title="緊急のとき")
        await town.asker.clicks("電話した・記録を始める")
        await town.asker.view(title="緊急の記録")
        assert await town.asker.submits(VIRUS) is None
        card = await desk.shows("【練習】緊急 No.1")
        said = await town.coordinator.says("訓練を始めます", desk, thread=card)
        mine = await (await town.asker.dm()).shows("訓練を始めます")
        await town.coordinator.edits(said, "訓練を終わります")
        await (await town.asker.dm()).changed(mine, "訓練を終わります")
        await town.coordinator.deletes(said)
        await (await town.asker.dm()).changed(mine, "(書いた方が消しました)")
        await settled(town, banso)
        since, until_ = town.clock.business_now().replace(year=2020), town.clock.business_now()
        assert await banso.database.read(emergencies.opened_between, since, until_) == 0
        assert await banso.database.read(emergencies.unseen, until_) == []
