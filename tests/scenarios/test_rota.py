"""Duty through the wire: who is on, who is away, who steps in."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.app import Banso
from bot.domain.rota import Scope, Turn
from handlers.rota import groups
from sandbox.client import Person, Shown, ShownView
from storage import absences, channels, duties, rotas
from storage.database import Transaction
from storage.rotas import Plan
from tests.scenarios.conftest import Town, with_digests
from tests.scenarios.story import question, rung, settled, until
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


async def test_the_one_on_duty_is_away_the_deputy_takes_over_and_is_silent(town: Town) -> None:
    async with town.bot() as banso:
        await planned(town, banso)
        first = (await board(town, town.talent)).words
        assert "森脇さん(17:15まで)" in first
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
        assert "有馬さん(17:15まで)|お休みの方の代わり" in now
        assert "森脇" not in now.split("このあと")[0]
        before = len(await rung(town.second))
        await at(town, banso, 11, 25, 16)  # who stands in is silent
        assert (await question(banso)).responsible == town.coordinator.id
        await town.coordinator.is_rung("相談 No.1 にまだ返信がありません")
        await settled(town, banso)
        assert len(await rung(town.second)) == before
        await at(town, banso, 11, 27, 9)
        assert "森脇さん(17:15まで)" in (await board(town, town.asker)).words


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
        assert await rung(town.pm) == []  # it is a week ahead: that has time until her morning
        await at(town, banso, 11, 25, 9, 1)
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


async def asks_to_swap(town: Town) -> Shown:
    """森脇 asks 戸叶 to take over Wednesday; returns the card that she gets."""
    await own(town, town.talent)
    await town.talent.clicks("交代を頼む", on="view")
    await town.talent.view(title="交代を頼む")
    values = {"だれにお願いしますか": town.pm.id, "ひとこと": "会議が入りました"}
    assert await town.talent.submits(values) is None
    assert "お願いしました" in (await town.talent.view(title="当番")).words
    await town.talent.closes(everything=True)
    return await town.pm.sees("森脇さんから、当番の交代のお願いです。11/25(水)8:30〜17:15 毎日の当番")


async def test_a_swap_is_accepted_then_taken_back(town: Town) -> None:
    """Each is told once of what the other did; the card stays one."""
    async with town.bot() as banso:
        await planned(town, banso)
        before = await banso.database.read(lambda tx: duties.shifts(tx))
        card = await asks_to_swap(town)
        assert "会議が入りました" in card.words
        assert "戸叶さんにお願い中です" in (await own(town, town.talent)).words
        await town.talent.closes(everything=True)
        place = await town.pm.dm()
        await town.pm.clicks("代わります", on=card)
        await place.changed(card, "代わりました。ありがとうございます")
        await town.talent.is_rung("戸叶さんが、当番を代わってくれます")
        assert "11/25(水)8:30 戸叶さん" in (await board(town, town.asker)).words
        await town.pm.clicks("取り消す(10分以内)", on=card)
        await place.changed(card, "交代は取り消されました")
        await town.talent.is_rung("当番の交代が取り消されました")
        assert "11/25(水)8:30 森脇さん" in (await board(town, town.asker)).words
        after = await banso.database.read(lambda tx: duties.shifts(tx))
        changed = [
            (old.id == new.id, new.revision) for old, new in zip(before, after, strict=True) if old != new
        ]
        assert changed == [(True, 3)]
        assert len(await rung(town.pm)) == 1  # the request; of what she did herself nothing rang
        assert len([each for each in await rung(town.talent) if "当番" in each["text"]]) == 2


async def test_after_ten_minutes_a_swap_stands_and_a_request_nobody_answers_lapses(town: Town) -> None:
    async with town.bot() as banso:
        await planned(town, banso)
        card = await asks_to_swap(town)
        place = await town.pm.dm()
        await town.pm.clicks("代わります", on=card)
        shown = await place.changed(card, "代わりました")
        assert shown.buttons == ["取り消す(10分以内)"]
        await at(town, banso, 11, 24, 10, 12)

        async def stands() -> bool:
            return (await place.changed(card, "代わりました")).buttons == []

        await until(stands)
        await town.pm.clicks_stale("取り消す(10分以内)", on=card)
        await town.pm.sees("取り消せる時間(10分)を過ぎました")
        await own(town, town.talent)
        await town.talent.clicks("交代を頼む", on="view")  # Thursday's
        await town.talent.view(title="交代を頼む")
        assert await town.talent.submits({"だれにお願いしますか": town.pm.id}) is None
        await town.pm.sees("当番の交代のお願いです。11/26(木)")
        await at(town, banso, 11, 26, 8, 31)
        await town.talent.is_rung("交代の返事がありませんでした。11/26(木)")
        assert "森脇さん(17:15まで)" in (await board(town, town.asker)).words


async def arranges(town: Town) -> ShownView:
    """「当番を組む」, from the answer to `/banso 当番`."""
    await town.coordinator.clicks("当番を組む", on=await board(town, town.coordinator))
    return await town.coordinator.view(title="当番を組む")


async def test_a_rota_is_made_filled_and_its_gaps_are_covered(town: Town) -> None:
    """Nothing is kept before it was looked at; whom it concerns is told once; a gap is one message, edited in place."""
    async with town.bot() as banso:
        await at(town, banso, 11, 24, 10)
        await arranges(town)
        await town.coordinator.clicks("新しい当番")
        await town.coordinator.view(title="新しい当番")
        assert set(await town.coordinator.submits({"名前": "  ", "同時に当番をする人数": "1"}) or {}) >= {
            "rota_name"
        }
        right = {"名前": "週の当番", "どの相談の当番ですか": "general:", "交代のしかた": "weekly"}
        assert await town.coordinator.submits(right) is None
        shown = await town.coordinator.view(title="当番を組む")
        assert "「週の当番」を作りました" in shown.words
        rota = (await banso.database.read(rotas.living))[-1]

        async def press(label: str) -> None:
            await town.coordinator.clicks(label, on="view")

        await town.coordinator.closes(everything=True)
        await arranges(town)
        await press("予定を組む")
        await town.coordinator.view(title="予定を組む")
        values = {"最初の日": "2026-11-24", "最後の日": "2026-12-11"}
        assert "メンバーがいません" in str(await town.coordinator.submits(values))
        await town.coordinator.closes(everything=True)
        await puts_in(town, banso, town.talent, town.pm)
        await arranges(town)
        await press("予定を組む")
        await town.coordinator.view(title="予定を組む")
        assert "前です" in str(
            await town.coordinator.submits({"最初の日": "2026-12-01", "最後の日": "2026-11-30"})
        )
        assert await town.coordinator.submits(values) is None
        draft = await town.coordinator.view(title="予定の案")
        assert "森脇 一葉 " in draft.words
        assert "さん:次の順番です" in draft.words  # why not the other one
        assert await banso.database.read(lambda tx: _planned(tx, rota.id)) == []
        assert await town.coordinator.submits() is None
        assert "決めました" in (await town.coordinator.view(title="当番")).words
        planned_ = await banso.database.read(lambda tx: _planned(tx, rota.id))
        assert {each.user_id for each in planned_} == {town.talent.id, town.pm.id}
        await at(town, banso, 11, 25, 9, 1)
        await town.talent.is_rung("当番の予定が変わりました")
        await town.pm.is_rung("当番の予定が変わりました")
        assert "当番の予定" not in str(await rung(town.second))
        await reads_why_and_takes_out_the_first(town, banso, rota.id)


async def reads_why(town: Town) -> None:
    """Whoever has a turn reads why it is theirs, and not what kept others from it."""
    assert "決めたわけ:" in (await own(town, town.pm)).words
    await town.pm.clicks("交代を頼む", on="view")
    shown = await town.pm.view(title="交代を頼む")
    assert "決めたわけ:" in shown.words
    assert "ほかの方(決めたとき)" not in shown.words
    await town.pm.closes(everything=True)


async def puts_in(town: Town, banso: Banso, *people: Person) -> None:
    """「メンバー」 of the one rota there is then."""
    await banso.database.write(lambda tx: rotas.archive(tx, rotas.hours_rota(tx)))
    await arranges(town)
    await town.coordinator.clicks("メンバー", on="view")
    await town.coordinator.view(title="当番のメンバー")
    both = {"アドバイザー": [each.id for each in people]}
    backwards = {"いつから": "2026-12-02", "いつまで(その日まで)": "2026-12-01"}
    assert "始まりより前" in str(await town.coordinator.submits({**both, **backwards}))
    assert await town.coordinator.submits({**both, "いつから": "", "いつまで(その日まで)": ""}) is None
    assert f"{len(people)}人を加えました" in (await town.coordinator.view(title="当番のメンバー")).words
    await town.coordinator.closes(everything=True)


async def reads_why_and_takes_out_the_first(town: Town, banso: Banso, rota_id: int) -> None:
    """Whoever was put in first."""
    await reads_why(town)
    await town.coordinator.closes(everything=True)
    await arranges(town)
    await town.coordinator.clicks("メンバー", on="view")
    await town.coordinator.clicks("期間・外す", on="view")
    assert "森脇 一葉" in (await town.coordinator.view(title="メンバーの期間")).words
    await town.coordinator.clicks("この当番から外す", on="view")
    assert "外しました" in (await town.coordinator.view(title="当番のメンバー")).words
    await town.talent.is_rung("あなたの当番ではなくなりました")
    left = await banso.database.read(lambda tx: _planned(tx, rota_id))
    assert {each.user_id for each in left if each.ends > tokyo(25, 9, 5)} == {town.pm.id}


def _planned(tx: Transaction, rota_id: int) -> list[duties.Shift]:
    return [each for each in duties.shifts(tx) if each.rota_id == rota_id]


async def test_what_happens_by_itself_in_a_week(town: Town) -> None:
    """A gap is told once, with who could take it; Monday's message once; what Slack refuses is said once."""
    desk = await town.ws.channel("県の対応", private=True, bot=True, members=[town.coordinator, town.pm])
    group = (await town.ws.group("toban", [town.coordinator])).removeprefix("<!subteam^").removesuffix(">")
    await with_digests(town)
    async with town.bot() as banso:
        await banso.database.write(
            lambda tx: channels.save_channel(tx, desk.id, name="県の対応", purpose="desk")
        )
        rota_id = await planned(town, banso)
        await banso.database.write(_with_group, rota_id, group)
        for _ in range(2):
            await groups.sync(banso.services)
        (call,) = await town.ws.calls("usergroups.users.update")
        assert call["outcome"] == "ok"
        await at(town, banso, 11, 27, 8, 31)
        gap = await desk.shows("11月30日(月)の週に、当番の空きがあります")
        assert "・12/1(火)8:30〜17:15 毎日の当番|案:有馬さん(まだ当番をしていません" in gap.words
        await at(town, banso, 11, 30, 9, 1)
        week = await desk.shows("今週の予定")
        assert "11月30日(月) 森脇さん" in week.words
        assert "12月1日(火)〜12月4日(金) (空き)" in week.words
        await at(town, banso, 12, 1, 8, 31)
        for once in ("今週の予定", "11月30日(月)の週に"):
            assert len([each for each in await desk.messages() if once in each.words]) == 1
        await town.coordinator.clicks("案を見る", on=gap)
        assert "12/1(火)" in (await town.coordinator.view(title="当番の空き")).words

        await town.ws.around(user_groups="no plan")
        await banso.database.write(_on_duty_today, rota_id, town.pm.id)
        for _ in range(2):
            await groups.sync(banso.services)
        await at(town, banso, 12, 2, 8, 31)
        await town.coordinator.is_rung("ユーザーグループを、当番の方に合わせられませんでした")
        assert len(await town.ws.calls("usergroups.users.update")) == 2


def _with_group(tx: Transaction, rota_id: int, group: str) -> None:
    rotas.change(tx, rota_id, Plan("毎日の当番", Scope(), "daily", deputies=1, user_group=group))


def _on_duty_today(tx: Transaction, rota_id: int, user: str) -> None:
    turn = Turn(user, tokyo(1, 8, 30, month=12), tokyo(1, 17, 15, month=12))
    duties.give(tx, rota_id, [turn], duties.HAND)
