"""Home: what is theirs for each of those who open it, and the ways in."""

from __future__ import annotations

import pytest

from sandbox.client import Person, ShownView
from tests.scenarios.conftest import BODY, Town, set_up
from tests.scenarios.story import all_questions, books, settled, state_is

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
TABLET = "議員タブレットの進め方を知りたいです。どこから始めればいいですか"


async def home(town: Town, person: Person, text: str = "") -> ShownView:
    """Open Home and see what it shows now, not what it showed before."""
    await person.opens_home()
    await town.ws.quiet(0.1)
    return await person.home(text)


@pytest.mark.screens
async def test_an_asker_sees_whose_turn_their_questions_are_and_goes_there(town: Town) -> None:
    async with town.bot() as banso:
        assert "お待ちの相談はありません" in (await home(town, town.asker, "Banso*|波待島村 総務課")).words
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        shown = await home(town, town.asker, "対応中(ご自分の相談)")
        assert "No.1 パソコンの画面が真っ暗です" in shown.words
        assert "返信の目安" in shown.words
        assert f"/archives/{town.channel.id}/p{asked.ts.replace('.', '')}" in str(dict(shown))
        assert shown.buttons == ["相談する"]
        await town.talent.clicks("対応します", on=card)
        await town.talent.says("電源を長押ししてください", town.channel, thread=asked)
        await town.talent.clicks("回答した", on=card)
        await state_is(banso, "answered")
        assert "回答が届いています" in (await home(town, town.asker, "あなたの番です(ご自分の相談)")).words
        await town.asker.clicks("解決した", on=card)
        await state_is(banso, "closed")
        assert "No.1" not in (await home(town, town.asker, "お待ちの相談はありません")).words


@pytest.mark.screens
async def test_who_answers_sees_their_turn_and_what_waits_for_the_asker(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        shown = await home(town, town.talent, "あなたの番です(担当の相談)")
        assert "No.1 波待島村 総務課|パソコンの画面" in shown.words
        assert shown.buttons == ["相談する", "電話・訪問の相談を登録"]
        await town.talent.clicks("対応します", on=card)
        await town.talent.clicks("回答した", on=card)
        await state_is(banso, "answered")
        assert "No.1" in (await home(town, town.talent, "相談者さんの返事待ち")).words
        assert "No.1" not in (await home(town, town.second)).words


@pytest.mark.screens
async def test_the_ways_in_from_home(town: Town) -> None:
    async with town.bot() as banso:
        await home(town, town.asker, "相談")
        await town.asker.clicks("相談する", on="home")
        await town.asker.view(title="相談する")
        await town.asker.submits({"相談したいこと": BROKEN, "だれに聞きますか": "県内のみんなに"})
        await town.channel.shows("受け付けました")
        await home(town, town.coordinator, "メンバー")
        await town.coordinator.clicks("電話・訪問の相談を登録", on="home")
        await town.coordinator.view(title="電話・訪問の相談")
        await town.coordinator.closes()
        await settled(town, banso)
        assert (await books(banso)).received == 1


@pytest.mark.screens
async def test_a_coordinator_changes_somebody_from_home(town: Town) -> None:
    async with town.bot():
        await home(town, town.coordinator, "メンバー")
        await town.coordinator.chooses("メンバー", town.neighbour, on="home")
        assert "峰岸" in (await town.coordinator.view(title="メンバー")).words
        await town.coordinator.submits({"権限": "県の職員"})
        assert "電話・訪問" in str((await home(town, town.neighbour, "相談")).buttons)
        assert "メンバー" not in (await home(town, town.talent)).words


async def test_many_questions_stay_a_list_of_ten(town: Town) -> None:
    async with town.bot() as banso:
        for number in range(12):
            await town.later(minutes=3)
            asked = await town.asker.says(f"{'<' * 300}の {number} が動きません。なぜですか", town.channel)
            await town.channel.shows("受け付けました", thread=asked)
        assert len(await all_questions(banso)) == 12
        shown = await home(town, town.asker, "対応中")
        assert sum("No." in str(block) for block in shown["blocks"]) == 10


async def test_a_private_question_is_on_the_home_of_its_asker_alone(town: Town) -> None:
    async with town.bot():
        await town.asker.direct(TABLET)
        await town.asker.sees("内容は保存しました")
        assert "議員タブレット" in (await home(town, town.asker, "No.1")).words
        for other in (town.talent, town.coordinator, town.neighbour):
            assert "議員タブレット" not in (await home(town, other)).words


async def test_a_conflict_of_interest_takes_a_question_off_the_home(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました")
        assert "No.1" in (await home(town, town.talent, "担当の相談")).words
        await set_up(town, lambda raw: raw["talents"][0].update(conflicts=[f"body:{BODY['code']}"]))
        assert "No.1" not in (await home(town, town.talent)).words
        await settled(town, banso)


@pytest.mark.screens
async def test_somebody_of_another_organisation_reads_a_kind_sentence(town: Town) -> None:
    guest = await town.ws.person("会社 太郎", channels=[town.channel], external_team="T0OTHER")
    async with town.bot():
        await guest.says("よろしくお願いします", town.channel)
        await town.ws.quiet(0.1)
        shown = await home(town, guest, "ありがとうございます")
        assert shown.buttons == []
        await guest.opens_home("messages")
