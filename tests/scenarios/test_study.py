"""Study sessions through the wire: a series that meets a holiday, one session moved, and who sees what."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from bot.app import Banso
from handlers.study import views
from sandbox.client import Person, ShownView
from storage import study
from storage.study import Series
from tests.scenarios.conftest import TUESDAY_TEN, Town
from tests.scenarios.story import until
from tests.scenarios.test_forged import pressed, send
from tests.scenarios.test_home import home
from tests.scenarios.test_http_mode import address

CHRISTMAS_EVE = 1798099200.0
"""2026-12-24 17:00 in Tokyo, a Thursday: the first session is over."""
THURSDAYS = {
    "勉強会の名前": "アドバイザー勉強会",
    "くり返し": "毎週",
    "最初の日": "2026-12-24",
    "始まり": "15:00",
    "終わり": "16:30",
    "場所": "県庁3階",
    "オンライン会議のアドレス": "https://meet.example.jp/a",
}


async def registers(town: Town, who: Person, **more: str) -> ShownView:
    """Somebody registers a series; returns the last look before it is kept."""
    await who.runs("/banso", "勉強会", channel=town.channel)
    await who.view(title="勉強会")
    await who.clicks("勉強会を登録")
    await who.view(title="勉強会を登録")
    assert await who.submits({**THURSDAYS, **more}) is None
    shown = await who.view(title="日程の確認")
    assert await who.submits() is None
    assert "登録しました" in (await who.view(title="勉強会")).words
    await who.closes()
    return shown


async def series(banso: Banso) -> Series:
    """The one series there is."""
    (found,) = await banso.database.read(study.living)
    return found


async def sees(town: Town, who: Person) -> ShownView:
    """What somebody sees by the alias."""
    await who.runs("/benkyokai", channel=town.channel)
    return await who.view(title="勉強会")


async def test_a_series_over_new_year_with_one_session_moved(town: Town) -> None:
    async with town.bot() as banso:
        shown = await registers(town, town.coordinator)
        assert "第1回 12月24日(木) 15:00〜16:30" in shown.words
        assert "第2回 1月7日(木) 15:00〜16:30" in shown.words
        assert "行いません:12月31日(木)、2月11日(木)" in shown.words
        assert not await town.coordinator.has_view()  # what lay below has grown old

        assert (await sees(town, town.coordinator)).buttons[:1] == ["この回だけ変える"]
        await town.move_to(CHRISTMAS_EVE)

        async def counted() -> bool:
            return (await series(banso)).mark is not None

        await until(counted)
        assert "第1回" not in (await sees(town, town.coordinator)).words
        await town.coordinator.clicks("この回だけ変える")
        assert "第2回" in (await town.coordinator.view(title="この回だけ変える")).words
        values = {"どうしますか": "日時を移す", "移す日": "2027-01-02", "始まり": "10:00"}
        assert "閉庁日" in str(await town.coordinator.submits(values))
        assert await town.coordinator.submits({**values, "移す日": "2027-01-08"}) is None
        assert "日時を移しました" in (await town.coordinator.view(title="勉強会")).words

        seen = await sees(town, town.asker)
        assert (
            "第2回 アドバイザー勉強会*\n1月8日(金) 10:00〜11:30(日時が変わりました。もとは 1月7日(木))"
            in seen.words
        )
        assert "第3回 アドバイザー勉強会*\n1月14日(木) 15:00〜16:30" in seen.words
        assert "場所:県庁3階" in seen.words
        assert set(seen.buttons) == {"話題"}  # and nothing that changes anything
        page = await home(town, town.asker, "次の勉強会")
        assert "1/8(金)10:00 第2回 アドバイザー勉強会" in page.words
        await town.asker.closes()
        await town.asker.clicks("見る", on="home")
        assert "第2回" in (await town.asker.view(title="勉強会")).words
        await town.asker.runs("/banso", "ヘルプ", channel=town.channel)
        assert "/benkyokai" in (await town.asker.sees("Banso の使い方", town.channel)).words
        assert await town.asker.notifications() == []


@pytest.mark.screens
async def test_a_change_is_looked_at_before_it_is_kept_and_a_series_is_ended(town: Town) -> None:
    async with town.bot() as banso:
        await registers(town, town.talent, だれが見られますか="アドバイザーと県の担当")
        assert "予定されている勉強会はありません" in (await sees(town, town.asker)).words
        await sees(town, town.coordinator)
        await town.coordinator.clicks("直す")
        await town.coordinator.view(title="勉強会を直す")
        wrong = {"オンライン会議のアドレス": "会議室", "終わり": "14:00"}
        assert set(await town.coordinator.submits(wrong) or {}) == {"study_link", "study_to"}
        right = {
            "オンライン会議のアドレス": "",
            "終わり": "17:00",
            "全部で何回": "3",
            "だれが見られますか": "みんな",
        }
        assert await town.coordinator.submits(right) is None
        shown = await town.coordinator.view(title="日程の確認")
        assert "15:00〜17:00(いまは 12月24日(木) 15:00〜16:30)" in shown.words
        assert "第4回" in shown.words
        assert "なくなります" in shown.words
        await town.coordinator.closes()  # 戻る
        assert (await series(banso)).plan.minutes == 90
        await town.coordinator.view(title="勉強会を直す")
        assert await town.coordinator.submits({}) is None
        await town.coordinator.view(title="日程の確認")
        assert await town.coordinator.submits() is None
        await town.coordinator.view(title="勉強会")
        assert (await series(banso)).plan.times == 3
        assert "第3回" in (await sees(town, town.asker)).words
        await sees(town, town.talent)
        await town.talent.clicks("直す")
        await town.talent.view(title="勉強会を直す")
        await town.talent.clicks("この勉強会を終わりにする")
        assert "終わりにしました" in (await town.talent.view(title="勉強会")).words
        assert "予定されている勉強会はありません" in (await sees(town, town.asker)).words


CLOSED_DAYS = {
    "その回は行わない": ("1月7日(木)", "5月12日(水)"),
    "前の開庁日に行う": ("12月28日(月)", "4月30日(金)"),
    "次の開庁日に行う": ("1月4日(月)", "5月6日(木)"),
    "閉庁日でも行う": ("12月31日(木)", "5月5日(水)"),
}
"""Where the second session is: of Thursdays over New Year, of Wednesdays over 5/3 to 5/6."""
HOLIDAYS = (("2026-12-24", TUESDAY_TEN, CHRISTMAS_EVE), ("2027-04-28", 1808701200.0, 1808899200.0))
"""The first session, when it is registered, and when it is over."""
NEVER = (
    ({"最初の日": "2026-12-05"}, "開かれる日がありません"),
    ({"最初の日": "2026-11-20"}, "過ぎた日時です"),
    ({"最初の日": "2026-12-03", "オンライン会議のアドレス": "会議室"}, "https://"),
    ({"オンライン会議のアドレス": "", "いつまで": "2026-12-02"}, "最初の日より前です"),
)


@pytest.mark.screens
async def test_over_new_year_and_in_may_a_series_meets_closed_days_as_was_chosen(town: Town) -> None:
    """What is shown before it is kept is what stands in the list when the days have come; what cannot be is kept nowhere."""
    who = town.coordinator
    async with town.bot() as banso:
        await who.runs("/banso", "勉強会", channel=town.channel)
        await who.view(title="勉強会")
        await who.clicks("勉強会を登録")
        await who.view(title="勉強会を登録")
        for wrong, said in NEVER:
            assert said in str(await who.submits({**THURSDAYS, **wrong})), wrong
        await who.closes(everything=True)
        assert await banso.database.read(study.living) == []
        for place, (first, begins, over) in enumerate(HOLIDAYS):
            await town.move_to(begins)
            for policy, second in CLOSED_DAYS.items():
                more = {
                    "勉強会の名前": policy,
                    "最初の日": first,
                    "全部で何回": "3",
                    "閉庁日に当たったら": policy,
                }
                shown = await registers(town, who, **more)
                assert f"第2回 {second[place]} 15:00〜16:30" in shown.words, policy
                assert ("行いません" in shown.words) is (policy == "その回は行わない")
            await town.move_to(over)

            async def counted() -> bool:
                return all(each.mark is not None for each in await banso.database.read(study.living))

            await until(counted)
            listed = (await sees(town, town.asker)).words
            for policy, second in CLOSED_DAYS.items():
                assert f"第2回 {policy}*\n{second[place]} 15:00〜16:30" in listed, policy
                assert f"第1回 {policy}" not in listed
            await town.asker.closes()


def submitted(town: Town, callback: str, metadata: str, user: str, values: dict[str, Any]) -> dict[str, Any]:
    """A dialog that somebody made up."""
    view = {
        "id": f"V{time.monotonic_ns()}",
        "hash": "1.a",
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "state": {"values": values},
    }
    return {
        "type": "view_submission",
        "user": {"id": user, "team_id": town.sandbox.team_id},
        "team": {"id": town.sandbox.team_id, "domain": "asagi"},
        "api_app_id": "A0BANSO",
        "view": view,
    }


@pytest.mark.screens
async def test_what_somebody_makes_up_changes_nothing(town: Town) -> None:
    async with town.bot(slack_app_token=None) as banso:
        assert await town.ws.request_url(address(banso))
        await registers(town, town.coordinator)
        found = await series(banso)
        about, chosen = f"{found.id}:{found.revision}", {"selected_option": {"value": views.CANCEL}}
        cancels = {views.WHAT: {views.WHAT: chosen}}
        carried = json.dumps({"about": about, "title": "別の会", "every": "week"})
        for action, value in (
            (views.NEW, "-"),
            (views.EDIT, str(found.id)),
            (views.ONE, f"{found.id}:2026-12-24"),
            ("study_end", about),
        ):
            _, _, refused = await send(town, banso, pressed(town, action, value, town.asker.id))
            assert [line["why"] for line in refused if "why" in line] == ["NotAllowed"], action
        for callback, metadata in (
            ("study_form", about),
            (views.CONFIRM, carried),
            (views.CHANGE, f"{about}:2026-12-24"),
        ):
            _, said, refused = await send(
                town, banso, submitted(town, callback, metadata, town.asker.id, cancels)
            )
            assert [line["why"] for line in refused if "why" in line] == ["NotAllowed"], callback
            assert json.loads(said)["response_action"] == "update"  # the dialog says so
        for metadata, why in (
            ("999:1:2026-12-24", "NoSuchSeries"),
            (f"{found.id}:99:2026-12-24", "NotPossibleNow"),
            (f"{about}:2026-12-25", "NotPossibleNow"),
            (f"{about}:x", "Malformed"),
            ("x", "Malformed"),
        ):
            forged = submitted(town, views.CHANGE, metadata, town.coordinator.id, cancels)
            _, _, refused = await send(town, banso, forged)
            assert [line["why"] for line in refused] == [why], metadata
        forged = submitted(town, views.CONFIRM, carried, town.coordinator.id, {})
        _, _, refused = await send(town, banso, forged)
        assert [line["why"] for line in refused] == ["Malformed"]
        assert await series(banso) == found
        assert await banso.database.read(study.changes, [found.id]) == {found.id: []}
