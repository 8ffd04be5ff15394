"""People correct themselves: edits and deletions reach the question, whenever they come."""

from __future__ import annotations

import pytest

from handlers.questions.base.incoming import read_message
from handlers.questions.intake import capture
from storage import messages, outbox
from tests.scenarios.conftest import Town
from tests.scenarios.story import (
    all_questions,
    books,
    events_of,
    question,
    rung,
    settled,
    state_is,
    until,
    verbs,
)

pytestmark = pytest.mark.screens

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def test_an_edit_updates_what_was_asked_and_rings_nobody(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says("教えてください。困っています", town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        assert "分野:その他" in card.words
        await settled(town, banso)
        rings = len(await rung(town.coordinator)) + len(await rung(town.talent)) + len(await rung(town.pm))
        await town.asker.edits(asked, "プリンターで印刷できません。困っています")
        await town.channel.changed(card, "分野:操作")
        await settled(town, banso)
        found = await question(banso)
        (row,) = await banso.database.read(messages.of_question, found.id)
        assert row.body.startswith("プリンター")
        assert row.edited_ts is not None
        rings_now = (
            len(await rung(town.coordinator)) + len(await rung(town.talent)) + len(await rung(town.pm))
        )
        assert rings_now == rings
        assert (await town.ws.counters())["posts"] == 1


async def test_an_edit_of_a_message_we_missed_is_taken_in(town: Town) -> None:
    await town.ws.delivery(retry_delays=[])
    async with town.bot() as banso:
        await settled(town, banso)
        await town.ws.faults("drop_events")
        asked = await town.asker.says("教えて", town.channel)
        await town.ws.faults("drop_events", on=False)
        await town.asker.edits(asked, BROKEN)
        await town.channel.shows("受け付けました", thread=asked)
        assert (await question(banso)).ts == asked.ts


async def test_thanks_that_become_a_question_by_an_edit_are_one(town: Town) -> None:
    async with town.bot() as banso:
        wrote = await town.asker.says("ありがとうございます", town.channel)
        await town.asker.sees("保存しました", town.channel)
        await town.asker.edits(wrote, "ありがとうございます。ところでVPNはどう選べばいいですか")
        await town.channel.shows("受け付けました", thread=wrote)
        ledger = await books(banso)
        assert (ledger.received, ledger.set_aside) == (1, 0)
        await town.asker.edits(wrote, "ありがとうございます")
        await settled(town, banso)
        assert (await question(banso)).state == "assigned", "an edit takes nothing back; a deletion does"


async def test_an_announcement_that_calls_the_bot_by_an_edit_asks(town: Town) -> None:
    async with town.bot() as banso:
        wrote = await town.talent.says("勉強会の案内です", town.channel)
        await settled(town, banso)
        await town.talent.edits(wrote, "勉強会の案内です。会場はどこですか")
        await settled(town, banso)
        assert await all_questions(banso) == []
        await town.talent.edits(wrote, f"{town.ws.bot_mention} 会場の無線LANはどう借りますか")
        await town.channel.shows("受け付けました", thread=wrote)


async def test_a_deletion_withdraws_and_tells_who_had_begun(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応中")
        await town.asker.deletes(asked)
        await town.channel.changed(card, "取り下げられました")
        await town.talent.is_rung("取り下げられました")
        await settled(town, banso)
        assert len(await rung(town.talent)) == 2
        assert (await books(banso)).closed == {"withdrawn": 1}
        await town.asker.says("やはりまだ真っ暗です", town.channel, thread=card)
        await state_is(banso, "reopened")


async def test_only_the_last_of_several_messages_withdraws_when_deleted(town: Town) -> None:
    async with town.bot() as banso:
        first = await town.asker.says(BROKEN, town.channel)
        second = await town.asker.says("型番はA577です", town.channel)
        await town.channel.shows("受け付けました")
        await settled(town, banso)
        await town.asker.deletes(second)
        await settled(town, banso)
        assert (await question(banso)).state == "assigned"
        await town.asker.deletes(first)
        await state_is(banso, "closed")
        assert (await verbs(banso, await question(banso)))[-1] == "withdraw"


async def test_a_question_deleted_before_its_card_is_there_leaves_nothing_behind(town: Town) -> None:
    """Nobody is troubled: no card in a thread that is gone, no dead letter, no message to the administrator."""
    await town.ws.faults("429", method="chat.postMessage", retry_after=2, count=1)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        await town.ws.quiet(0.2)
        await town.asker.deletes(asked)
        await state_is(banso, "closed")
        await settled(town, banso)
        assert (await town.ws.counters())["posts"] == 0
        assert (await banso.database.read(outbox.backlog)).dead == 0
        assert (await banso.health()).ok
        ledger = await books(banso)
        assert (ledger.received, ledger.closed) == (1, {"withdrawn": 1})
        assert await rung(town.coordinator) == []


async def test_a_deletion_that_slack_tells_late_is_waited_for(town: Town) -> None:
    """The card meets a thread that is gone before we hear of the deletion."""
    await town.ws.faults("429", method="chat.postMessage", retry_after=1, count=1)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        await town.ws.quiet(0.2)
        await town.ws.faults("hold_events")
        await town.asker.deletes(asked)

        async def refused() -> bool:
            return bool(await town.ws.calls("chat.postMessage", outcome="thread_not_found"))

        await until(refused)
        await town.ws.quiet(0.2)
        assert (await banso.database.read(outbox.backlog)).dead == 0
        await town.ws.clear_faults()
        await state_is(banso, "closed")
        assert await rung(town.coordinator) == []


async def test_an_original_that_comes_after_its_edit_or_deletion_changes_nothing(town: Town) -> None:
    async with town.bot() as banso:
        await settled(town, banso)
        await town.ws.faults("drop_events")
        asked = await town.asker.says(BROKEN, town.channel)
        await town.ws.faults("drop_events", on=False)
        (lost,) = await events_of(town, asked)
        assert lost["outcome"] == "dropped"
        event = lost["payload"]["event"]
        original = read_message(event, town.channel.id, banso.services.bot_user_id)
        assert original is not None
        await banso.database.write(capture.deleted, town.channel.id, original.ts, original)
        assert await banso.database.write(capture.capture, original) is capture.Became.SEEN_BEFORE
        assert (await books(banso)).closed == {"withdrawn": 1}
