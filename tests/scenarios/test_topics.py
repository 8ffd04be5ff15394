"""Topics through the wire: from a question to the agenda that is pinned, who presents it, and what is taken back."""

from __future__ import annotations

import json

import pytest

from bot.app import Banso
from handlers.study import pinning
from sandbox.client import Person, ShownView
from storage import topics
from tests.scenarios.conftest import Town, hear_at_once
from tests.scenarios.story import until
from tests.scenarios.test_forged import pressed, send
from tests.scenarios.test_http_mode import address
from tests.scenarios.test_study import registers, series, submitted

ASKED = "議会の中継が途切れます。どうすればいいですか"
AFTER = 1798099200.0
"""2026-12-24 17:00 in Tokyo: it is over."""


async def topics_of(town: Town, who: Person) -> ShownView:
    """Somebody opens the page of the next session."""
    await who.runs("/banso", "勉強会", channel=town.channel)
    await who.view(title="勉強会")
    await who.clicks("話題")
    return await who.view(title="話題")


async def pins(town: Town) -> list[str]:
    """What is pinned in the channel."""
    return list(town.sandbox.world.channels[town.channel.id].pins)


async def pinned(town: Town, count: int) -> None:
    async def so() -> bool:
        return len(await pins(town)) == count

    await until(so, within=40)


async def shows_agenda(town: Town) -> None:
    """The coordinator lets the agenda stand in the channel."""
    await topics_of(town, town.coordinator)
    await town.coordinator.clicks("次第を出す")
    await town.coordinator.view(title="次第を出す")
    assert await town.coordinator.submits({"どのチャンネルに出しますか": town.channel}) is None
    await town.coordinator.view(title="話題")
    await town.coordinator.closes(everything=True)


async def proposes(town: Town) -> None:
    """The neighbour proposes what the asker asked, by its card; somebody else wants to hear it and then does not."""
    await town.neighbour.clicks("その他")
    await town.neighbour.view(title="相談のその他")
    await town.neighbour.clicks("勉強会で取り上げる")
    shown = await town.neighbour.view(title="話題を出す")
    assert ASKED in shown.words
    assert await town.neighbour.submits({"話題(ひとことで)": "議会の中継を安定させる"}) is None
    assert "話題に出しました" in (await town.neighbour.view(title="話題")).words
    await town.neighbour.closes(everything=True)
    page = await topics_of(town, town.asker)
    assert "議会の中継を安定させる" in page.words
    assert "聞きたい 1人" in page.words
    await town.asker.clicks("聞きたい")
    assert "聞きたい 2人" in (await town.asker.view(title="話題")).words
    await town.asker.clicks("聞きたいをやめる")
    assert "聞きたい 1人" in (await town.asker.view(title="話題")).words
    await town.asker.closes(everything=True)


async def asks_the_talent(town: Town) -> None:
    """The coordinator takes it up, and asks somebody to present it."""
    await topics_of(town, town.coordinator)
    await town.coordinator.clicks("この回で")
    await town.coordinator.clicks("あつかう")
    await town.coordinator.view(title="話題のあつかい")
    values = {"どうしますか": "発表をお願いする", "だれに(発表をお願いするとき)": town.talent}
    assert await town.coordinator.submits(values) is None
    assert "お願い中" in (await town.coordinator.view(title="話題")).words
    await town.coordinator.closes(everything=True)


async def test_from_a_question_to_the_pinned_agenda_and_who_presents_it(town: Town) -> None:
    async with town.bot():
        await hear_at_once(town)
        await registers(town, town.coordinator)
        said = await town.asker.says(ASKED, town.channel)
        await town.channel.shows("受け付けました", thread=said)
        await proposes(town)
        await asks_the_talent(town)
        await shows_agenda(town)
        card = await town.channel.shows("の次第")
        assert "発表:調整中" in card.words
        assert "森脇" not in card.words
        await pinned(town, 1)

        asked = await town.talent.sees("発表のお願いです")
        await town.talent.clicks("今回は見送る", on=asked)
        await town.coordinator.is_rung("今回は見送り")
        await (await town.talent.dm()).changed(asked, "わかりました")
        await town.talent.clicks("引き受ける", on=asked)
        await town.channel.changed(card, "発表:森脇さん")
        rings = [each for each in await town.coordinator.notifications() if "今回は見送り" in each["text"]]
        assert len(rings) == 1

        await town.asker.deletes(said)  # the question is taken back, and its topic with it
        await town.channel.changed(card, "話題を募集しています", within=40)
        await town.talent.is_rung("のお願いは、なくなりました")
        assert "議会の中継を安定" not in (await topics_of(town, town.neighbour)).words
        await town.move_to(AFTER)
        await pinned(town, 0)


@pytest.mark.screens
async def test_a_vote_on_what_is_gone_gets_a_kind_sentence(town: Town) -> None:
    async with town.bot() as banso:
        await registers(town, town.coordinator)
        await topics_of(town, town.asker)
        await town.asker.clicks("話題を出す")
        await town.asker.view(title="話題を出す")
        assert await town.asker.submits({"話題(ひとことで)": "空き家の台帳"}) is None
        await town.asker.view(title="話題")
        await topics_of(town, town.neighbour)
        await town.asker.clicks("取り下げる")
        await until(lambda: _none(banso))
        await town.neighbour.clicks("聞きたい")
        shown = (await town.neighbour.view(title="話題")).words
        assert "もう取り下げられました" in shown
        assert "空き家の台帳" not in shown
        assert await town.asker.notifications() == []


async def _none(banso: Banso) -> bool:
    found = await series(banso)
    return await banso.database.read(topics.waiting, found.id) == []


@pytest.mark.screens
async def test_a_missing_right_to_pin_is_said_once_and_the_agenda_stands(town: Town) -> None:
    async with town.bot() as banso:
        await hear_at_once(town)
        await registers(town, town.coordinator)
        await town.ws.faults("error", method="pins.add", error="missing_scope")
        await shows_agenda(town)
        await town.channel.shows("の次第")
        rung = await town.coordinator.is_rung("ピン留めできませんでした", within=40)
        assert "pins:write" in rung["text"]
        await pinning.keep(banso.services)
        rings = [each for each in await town.coordinator.notifications() if "ピン留め" in each["text"]]
        assert len(rings) == 1
        assert banso.services.token.refused is None
        assert await pins(town) == []


@pytest.mark.screens
async def test_what_somebody_makes_up_of_topics_changes_nothing(town: Town) -> None:
    async with town.bot(slack_app_token=None) as banso:
        assert await town.ws.request_url(address(banso))
        await registers(town, town.coordinator)
        found = await series(banso)
        place = f"{found.id}:2026-12-24"
        for action, value, why in (
            ("study_topic_handle", f"{place}:1", "NotAllowed"),
            ("study_agenda", place, "NotAllowed"),
            ("study_suggestions", place, "NotAllowed"),
            ("study_vote", f"{place}:999", "Malformed"),  # in no dialog of ours
            ("study_topics", "x", "Malformed"),
            ("study_topics", "999:2026-12-24", "NoSuchSeries"),
            ("study_topic_of", "999", "NotFound"),
            ("study_present", "999", "NoSuchRequest"),
        ):
            _, _, refused = await send(town, banso, pressed(town, action, value, town.asker.id))
            assert [line["why"] for line in refused if "why" in line] == [why], action
        long = {
            "study_topic_title": {"study_topic_title": {"value": "題"}},
            "study_topic_said": {"study_topic_said": {"value": "あ" * 3001}},
        }
        forged = submitted(town, "study_topic_proposed", place, town.asker.id, long)
        _, said, _ = await send(town, banso, forged)
        assert "3000文字まで" in json.loads(said)["errors"]["study_topic_said"]
        assert await banso.database.read(topics.waiting, found.id) == []
