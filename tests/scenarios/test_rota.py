"""Duty through the wire: who is on, who is away, who steps in."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.app import Banso
from bot.domain.rota import Scope, Turn
from sandbox.client import Person, Shown, ShownView
from storage import absences, duties, rotas
from storage.database import Transaction
from storage.rotas import Plan
from tests.scenarios.conftest import Town
from tests.scenarios.story import question, rung, until
from tests.scenarios.test_clock import TOKYO, ask, at
from tests.scenarios.test_forged import pressed, send
from tests.scenarios.test_http_mode import address


def tokyo(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO)


async def planned(town: Town, banso: Banso) -> int:
    """A daily rota instead of hours: 森脇 is on duty this week and next, 有馬 stands by."""

    def plan(tx: Transaction) -> int:
        for rota in rotas.living(tx):
            rotas.archive(tx, rota.id)
        rota_id = rotas.add(tx, Plan("毎日の当番", Scope(), "daily", deputies=1))
        for day in (24, 25, 26, 27, 30):
            span = (tokyo(day, 8, 30), tokyo(day, 17, 15))
            turns = [Turn(town.talent.id, *span), Turn(town.second.id, *span, deputy=True)]
            duties.give(tx, rota_id, turns, duties.AUTO)
        for person in (town.talent, town.second, town.pm):
            rotas.add_member(tx, rota_id, person.id)
        return rota_id

    return await banso.database.write(plan)


async def board(town: Town, who: Person, command: str = "/banso", text: str = "当番") -> Shown:
    """What `/banso 当番` answers now."""
    before = len(await who.ephemerals(town.channel))
    await who.runs(command, text, channel=town.channel)

    async def new() -> Shown | None:
        found = await who.ephemerals(town.channel)
        return found[-1] if len(found) > before else None

    return await until(new)


async def own(town: Town, who: Person) -> ShownView:
    """The dialog 「お休み・交代」, by way of `/toban`."""
    await who.clicks("お休み・交代", on=await board(town, who, "/toban", ""))
    return await who.view(title="お休み・交代")


async def test_the_one_on_duty_is_away_and_the_deputy_takes_over(town: Town) -> None:
    async with town.bot() as banso:
        await planned(town, banso)
        first = (await board(town, town.talent)).words
        assert "森脇さん(11/24(火)17:15まで)" in first
        assert "有馬" not in first
        assert "11/25(水)8:30 森脇さん" in first
        await at(town, banso, 11, 24, 17)
        await ask(town)
        assert (await question(banso)).responsible == town.talent.id

        shown = await own(town, town.talent)
        assert "11/25(水)8:30〜17:15 毎日の当番" in shown.words
        wrong = {"最初の日": "2026-11-26", "最後の日": "2026-11-25"}
        assert "最初の日より前" in str(await town.talent.submits(wrong))
        assert "過ぎた時間" in str(
            await town.talent.submits(
                {
                    "最初の日": "2026-11-24",
                    "最後の日": "2026-11-24",
                    "何時まで(一日の途中まで休むとき)": "16:00",
                }
            )
        )
        right = {"最初の日": "2026-11-25", "最後の日": "2026-11-26", "ひとこと": "通院です"}
        assert await town.talent.submits({**right, "何時まで(一日の途中まで休むとき)": ""}) is None
        said = await town.talent.view(title="当番")
        assert "11月25日(水)〜11月26日(木)" in said.words
        assert "11/26(木)8:30〜17:15" in said.words
        told = await town.coordinator.is_rung("森脇さんが 11月25日(水)〜11月26日(木) お休みの予定です")
        assert "通院" not in told["text"]  # a telephone's lock screen is read by others
        assert "お休み" not in str(await rung(town.talent))

        await at(town, banso, 11, 25, 8, 29)
        assert (await question(banso)).responsible == town.talent.id
        await at(town, banso, 11, 25, 8, 31)
        assert (await question(banso)).responsible == town.second.id
        assert await town.second.is_rung("相談 No.1")
        now = (await board(town, town.neighbour)).words
        assert "有馬さん(11/25(水)17:15まで)|お休みの方の代わり" in now
        assert "森脇" not in now.split("このあと")[0]
        await at(town, banso, 11, 27, 9)
        assert "森脇さん(11/27(金)17:15まで)" in (await board(town, town.asker)).words


@pytest.mark.screens
async def test_a_coordinator_enters_it_for_somebody_and_it_is_taken_back(town: Town) -> None:
    async with town.bot(slack_app_token=None) as banso:
        assert await town.ws.request_url(address(banso))
        await planned(town, banso)
        shown = await board(town, town.asker)
        assert shown.buttons == []
        await own(town, town.coordinator)
        await town.coordinator.chooses("どなたの予定ですか", town.pm.id, on="view")
        assert "戸叶さんのこれからの当番" in (await town.coordinator.view(title="お休み・交代")).words
        assert await town.coordinator.submits({"最初の日": "2026-12-01", "最後の日": "2026-12-03"}) is None
        await town.coordinator.view(title="当番")
        await town.pm.is_rung("県の担当が、あなたのお休みを登録しました。12月1日(火)〜12月3日(木)")
        assert "お休み" not in str(await rung(town.coordinator))
        (kept,) = await banso.database.read(lambda tx: absences.of(tx, town.pm.id))

        for action, value in (
            ("rota_withdraw", str(kept.id)),
            ("rota_withdraw", "99"),
            ("rota_withdraw", "x"),
        ):
            forged = pressed(town, action, value, town.second.id)
            await send(town, banso, {**forged, "view": {"id": "V0", "type": "modal"}})
        assert await banso.database.read(lambda tx: absences.of(tx, town.pm.id)) == [kept]
        await own(town, town.pm)
        await town.pm.clicks("取り消す")

        async def gone() -> bool:
            return not await banso.database.read(lambda tx: absences.of(tx, town.pm.id))

        await until(gone)
