"""A channel the bot was taken out of, or that was archived: it is said once, and nothing is missed when it is back."""

from __future__ import annotations

from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, rung, settled, until

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
WIRELESS = "無線LANにつながりません。どうすればいいですか"


async def test_a_removed_bot_is_said_once_and_the_gap_is_covered_when_it_is_back(town: Town) -> None:
    async with town.bot() as banso:
        await settled(town, banso)
        await town.channel.removes(bot=True)
        told = await town.coordinator.sees("ボットがチャンネルから外されています")
        for words in ("「相談-端末」", "受け取れません", "失われていません", "招待し直すと"):
            assert words in told.words
        unseen = await town.asker.says(BROKEN, town.channel)
        await town.other.removes(bot=True)  # nobody consults there
        await settled(town, banso)
        assert await all_questions(banso) == []

        await town.channel.adds(bot=True)
        await town.channel.shows("受け付けました", thread=unseen, within=15)
        newest = await town.neighbour.says(WIRELESS, town.channel)
        await town.channel.shows("受け付けました", thread=newest)
        await settled(town, banso)
        assert len(await all_questions(banso)) == 2
        assert len(await rung(town.coordinator)) == 1
        assert (await banso.health()).ok


async def test_an_archived_public_channel_comes_back_without_the_bot_and_that_is_said(town: Town) -> None:
    """slack.com/help, "Archive or delete a channel": members of a public channel are not restored."""
    async with town.bot() as banso:
        await settled(town, banso)
        await town.channel.archives()
        await town.coordinator.sees("「相談-端末」はアーカイブされています")
        await town.channel.unarchives()
        await town.channel.adds(town.asker, town.talent)
        await town.coordinator.sees("「相談-端末」では、ボットがチャンネルから外されています", within=15)
        unseen = await town.asker.says(BROKEN, town.channel)
        await settled(town, banso)
        assert await all_questions(banso) == []
        await town.channel.adds(bot=True)
        card = await town.channel.shows("受け付けました", thread=unseen, within=15)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        assert len(await rung(town.coordinator)) == 2


async def test_what_happened_while_we_were_away_is_found_out_at_the_start(town: Town) -> None:
    async with town.bot() as banso:
        await settled(town, banso)
    await town.ws.delivery(retry_delays=[])  # Slack has given up sending the events
    await town.channel.removes(bot=True)
    for _ in range(2):
        async with town.bot() as banso:
            await town.coordinator.sees("ボットがチャンネルから外されています", within=15)
            await settled(town, banso)
    assert len(await rung(town.coordinator)) == 1
    await town.channel.adds(bot=True)
    unseen = await town.asker.says(BROKEN, town.channel)
    async with town.bot() as banso:
        await town.channel.shows("受け付けました", thread=unseen, within=15)
        await settled(town, banso)
        assert (await banso.health()).ok


async def test_who_is_back_before_the_word_was_out_disturbs_nobody(town: Town) -> None:
    await town.ws.faults("429", method="conversations.open", retry_after=2, count=1)
    async with town.bot() as banso:
        await settled(town, banso)
        await town.channel.removes(bot=True)

        async def limited() -> bool:
            return bool(await town.ws.calls("conversations.open"))

        await until(limited)
        await town.channel.adds(bot=True)
        await settled(town, banso)
        assert await rung(town.coordinator) == []
