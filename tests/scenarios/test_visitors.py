"""People of other organisations in a shared channel (Slack Connect): what they write is kept, what they press is not theirs.

Source: docs.slack.dev/apis/slack-connect; what we make of it: docs/decisions/0015-people-of-other-organisations.md.
"""

from __future__ import annotations

import pytest

from handlers.members.form import parse
from handlers.members.loading import load
from handlers.members.visitors import team_of
from sandbox.client import Person
from tests.scenarios.conftest import Town, set_up
from tests.scenarios.story import all_questions, books, question, rung, settled, verbs

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
KIND = "お気づきのことは、スレッドにお書きください"


@pytest.fixture
async def visitor(town: Town) -> Person:
    """Somebody of a firm with a workspace of its own, in the consultation channel."""
    return await town.ws.person("隣県 花子", external_team="T0NEIGHBOR", channels=[town.channel])


@pytest.mark.screens
async def test_a_visitor_who_asks_gets_the_desk_and_not_an_adviser(town: Town, visitor: Person) -> None:
    async with town.bot() as banso:
        asked = await visitor.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        assert "ほかの組織の方" in card.words
        found = await question(banso)
        assert (found.asker, found.responsible) == (visitor.id, town.coordinator.id)
        assert len(await rung(town.coordinator)) == 1
        for person in (town.talent, town.second, town.pm, town.asker):
            assert await rung(person) == []
        assert (await books(banso)).received == 1


@pytest.mark.screens
async def test_a_visitor_does_to_their_own_question_what_any_asker_may(town: Town, visitor: Person) -> None:
    async with town.bot() as banso:
        asked = await visitor.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await town.coordinator.says("担当の窓口をお知らせします", town.channel, thread=asked)
        await town.channel.changed(card, "対応中")
        await visitor.clicks("その他", on=card)
        await visitor.view(title="相談のその他")
        assert await visitor.submits({"何をしますか": "解決した"}) is None
        await town.channel.changed(card, "終わりました")
        await visitor.clicks("もう一度聞く", on=card)
        await town.channel.changed(card, "続きがあります")
        assert (await verbs(banso, await question(banso)))[-2:] == ["resolve", "reopen"]


@pytest.mark.screens
async def test_what_a_visitor_presses_on_anothers_card_changes_nothing_and_is_answered_kindly(
    town: Town, visitor: Person
) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        before = await question(banso), await verbs(banso, await question(banso))
        await visitor.clicks("対応します", on=card)
        await visitor.sees(KIND, town.channel)
        await visitor.clicks("その他", on=card)
        await settled(town, banso)
        assert len([each for each in await visitor.ephemerals() if KIND in each.words]) == 2
        assert not await visitor.has_view()
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応中")
        await visitor.clicks("解決した", on=card)
        await settled(town, banso)
        found = await question(banso)
        assert (found.asker, found.responsible) == (before[0].asker, town.talent.id)
        assert await verbs(banso, found) == [*before[1], "claim"]


@pytest.mark.screens
async def test_a_visitors_words_below_anothers_question_are_kept_and_move_nothing(
    town: Town, visitor: Person
) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        await visitor.says("うちでは電源でした", town.channel, thread=asked)
        await settled(town, banso)
        assert (await question(banso)).state == "assigned"
        assert len(await all_questions(banso)) == 1


@pytest.mark.screens
async def test_an_adviser_of_a_firm_with_its_own_workspace_is_an_adviser(town: Town, visitor: Person) -> None:
    """Whom the prefecture has registered is who they are, wherever their account lives."""
    hired = {
        "id": visitor.id,
        "name": "隣県 花子",
        "role": "engineer",
        "fields": ["device"],
        "hours": "月 9:00-17:00",
    }
    async with town.bot() as banso:
        await banso.database.write(load, parse({"talents": [hired]}))
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await visitor.clicks("対応します", on=card)
        await town.channel.changed(card, "隣県さんが対応しています")


@pytest.mark.screens
async def test_what_a_visitor_says_in_passing_is_set_aside_and_theirs_to_register(
    town: Town, visitor: Person
) -> None:
    async with town.bot() as banso:
        said = await visitor.says("ありがとうございました", town.channel)
        offer = await visitor.sees("保存しました", town.channel)
        await settled(town, banso)
        assert (await books(banso)).set_aside == 1
        await visitor.clicks("相談として登録", on=offer)
        await town.channel.shows("受け付けました", thread=said)
        assert (await question(banso)).responsible == town.coordinator.id


async def test_what_a_visitor_wrote_while_the_bot_was_away_goes_to_the_desk_too(
    town: Town, visitor: Person
) -> None:
    await town.ws.delivery(retry_delays=[])
    async with town.bot(socket_connections=1) as banso:
        await settled(town, banso)
    await town.later(minutes=20)
    asked = await visitor.says(BROKEN, town.channel)
    await town.later(minutes=10)
    async with town.bot(socket_connections=1) as banso:
        await town.channel.shows("受け付けました", thread=asked)
        found = await question(banso)
        assert (found.asker, found.responsible) == (visitor.id, town.coordinator.id)


@pytest.mark.screens
async def test_without_a_desk_an_adviser_is_better_than_nobody(town: Town, visitor: Person) -> None:
    await set_up(town, lambda raw: raw["members"][1].update(permission="asker"))
    async with town.bot() as banso:
        asked = await visitor.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        assert (await question(banso)).responsible == town.talent.id


@pytest.mark.parametrize(
    ("message", "team"),
    [
        ({"team": "T1"}, "T1"),
        ({"team": "T1", "user_team": "T2", "source_team": "T3"}, "T2"),
        ({"team": "T1", "user_team": "E2"}, "T1"),
        ({"user_team": "E2"}, ""),
        ({"source_team": "T3"}, ""),
        ({"team": None}, ""),
        ({}, ""),
    ],
)
def test_whose_team_a_message_names(message: dict[str, str | None], team: str) -> None:
    """docs/slack.md, "Slack Connect": user_team before team, as slack_bolt reads them; never source_team."""
    assert team_of(message) == team
