"""What people write while the bot is away is there afterwards: once, and late ones say so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.reading import PAUSES
from handlers.questions.base.incoming import Incoming
from handlers.questions.intake import capture
from handlers.questions.intake.capture import Became
from sandbox.client import Channel, Message
from storage import ledger
from storage.database import Transaction
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, books, question, rung, settled, state_is, until, verbs

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def ask(town: Town, text: str = BROKEN, channel: Channel | None = None) -> Message:
    place = channel or town.channel
    asked = await town.asker.says(text, place)
    await place.shows("受け付けました", thread=asked)
    return asked


async def resolve(town: Town, asked: Message) -> None:
    card = await town.channel.shows("受け付けました", thread=asked)
    await town.talent.clicks("対応します", on=card)
    await town.asker.clicks("解決した", on=card)
    await town.channel.changed(card, "終わりました")


async def test_an_hour_without_the_bot_loses_nothing(town: Town) -> None:
    await town.ws.delivery(retry_delays=[])
    async with town.bot(socket_connections=1) as banso:
        waiting = await ask(town, "プリンターで印刷できません")
        await town.later(minutes=3)
        closed = await ask(town, "電子申請の画面が開きません")
        await resolve(town, closed)
        await town.later(minutes=3)
        vanishing = await ask(town, "Web会議の音が出ません")
        await town.later(minutes=3)
        edited = await ask(town, "端末が遅いです")
        await settled(town, banso)
    await town.later(minutes=20)
    await town.talent.says("電源を入れ直してみてください", town.channel, thread=waiting)
    await town.asker.says("また開かなくなりました", town.channel, thread=closed)
    await town.asker.deletes(vanishing)
    await town.asker.edits(edited, "端末が遅いです。昨日からです")
    greeting = await town.neighbour.says("お疲れ様です", town.channel)
    asked = await town.neighbour.says("無線LANにつながりません。どうすればいいですか", town.channel)
    elsewhere = await town.neighbour.mentions_bot("タブレットの選び方を教えてください", town.other)
    gone = await town.neighbour.says("まちがえました", town.channel)
    await town.neighbour.deletes(gone)
    await town.later(minutes=40)
    async with town.bot(socket_connections=1) as banso:
        late = await town.channel.shows("受け付けました", thread=greeting)
        assert "受付が遅れて申し訳ありません" in late.words
        await town.other.shows("受付が遅れて申し訳ありません", thread=elsewhere)
        await settled(town, banso)
        states = {each.ts: each.state for each in await all_questions(banso)}
        assert states == {
            waiting.ts: "claimed",
            closed.ts: "reopened",
            vanishing.ts: "closed",
            edited.ts: "assigned",
            greeting.ts: "assigned",
            elsewhere.ts: "assigned",
        }
        assert asked.ts not in states, "the greeting and the question are one asking"
        assert (await books(banso)).closed == {"withdrawn": 1}
        counted = await town.ws.counters()
        assert counted["duplicates"] == []
        before = counted["posts"]
        await banso.catch_up.run()
        await settled(town, banso)
        assert (await town.ws.counters())["posts"] == before
        assert len(await all_questions(banso)) == 6


async def test_what_bad_luck_hides_is_read_soon_and_nobody_is_disturbed_meanwhile(town: Town) -> None:
    """The adviser replied while the bot was away; Slack fails to show it at first. The time to escalate is long over."""
    await town.ws.delivery(retry_delays=[])
    async with town.bot() as banso:
        asked = await ask(town)
        await settled(town, banso)
    await town.later(hours=1)
    await town.talent.says("電源ボタンを長押ししてください", town.channel, thread=asked)
    await town.later(hours=6)
    await town.ws.faults("500", method="conversations.replies")
    async with town.bot(caught_up=False) as banso:

        async def given_up() -> bool:
            return len(await town.ws.calls("conversations.replies", outcome="500")) > len(PAUSES)

        await until(given_up)
        await banso.scheduler.run_due()
        assert await verbs(banso, await question(banso)) == ["receive", "assign"]
        await town.ws.clear_faults()
        await state_is(banso, "claimed")
        await banso.scheduler.run_due()
        await settled(town, banso)
        assert "escalate" not in await verbs(banso, await question(banso))
        assert await rung(town.pm) == []


async def test_an_asker_who_answered_while_the_bot_was_away_is_not_asked_again(town: Town) -> None:
    """Three business days after the answer the friendly question is due; the answer to it is there already."""
    await town.ws.delivery(retry_delays=[])
    async with town.bot() as banso:
        asked = await ask(town)
        card = await town.channel.shows("受け付けました", thread=asked)
        await town.talent.says("電源ボタンを長押ししてください", town.channel, thread=asked)
        await town.talent.clicks("回答した", on=card)
        await town.channel.changed(card, "回答があります")
        await settled(town, banso)
    await town.later(days=2)
    await town.asker.says("押しましたが映りません。どうしたらいいですか", town.channel, thread=asked)
    await town.later(days=5)
    await town.ws.faults("slow", method="conversations.history", seconds=2)
    async with town.bot(caught_up=False) as banso:
        for _ in range(20):
            await banso.scheduler.run_due()
        assert (await question(banso)).state == "answered"
        await state_is(banso, "reopened")
        await banso.scheduler.run_due()
        await settled(town, banso)
        assert "nudge" not in await verbs(banso, await question(banso))
        assert await rung(town.asker) == []


async def test_a_channel_that_is_closed_to_the_bot_holds_up_no_other(town: Town) -> None:
    await town.ws.delivery(retry_delays=[])
    async with town.bot() as banso:
        await settled(town, banso)
    await town.later(minutes=30)
    await town.asker.says(BROKEN, town.channel)
    elsewhere = await town.asker.mentions_bot("タブレットの選び方を教えてください", town.other)
    await town.ws.faults(
        "error", method="conversations.history", channel=town.channel.id, error="missing_scope"
    )
    async with town.bot() as banso:
        await town.other.shows("受け付けました", thread=elsewhere)
        await settled(town, banso)
        await town.ws.clear_faults()
        await town.later(hours=1)
        assert await banso.catch_up.run() == 1
        assert len(await all_questions(banso)) == 2


async def test_only_a_thorough_catch_up_reads_what_is_closed_and_a_refused_event_asks_for_one(
    town: Town,
) -> None:
    """An event that met a missing database may have used up all its retries."""
    async with town.bot() as banso:
        asked = await ask(town)
        await resolve(town, asked)
        await settled(town, banso)
        await town.later(days=2)
        assert await banso.catch_up.run() == 0
        await town.ws.faults("drop_events")
        await town.asker.says("また真っ暗になりました", town.channel, thread=asked)
        await town.ws.faults("drop_events", on=False)
        assert await banso.catch_up.run(closed_for=timedelta()) == 0
        banso.services.hearing.refused(town.clock.real_now())
        assert await banso.catch_up.run(closed_for=timedelta()) == 1
        assert not banso.services.hearing.missed_refused
        assert (await verbs(banso, await question(banso)))[-1] == "reopen"


async def test_words_before_the_bot_came_to_a_channel_stay_past(town: Town) -> None:
    await town.ws.delivery(retry_delays=[])  # Slack has long given up
    quiet = await town.ws.channel("昔から", bot=True, members=[town.asker])
    await town.asker.mentions_bot("ずっと前の相談です。どうすればいいですか", quiet)
    await town.later(days=30)
    async with town.bot() as banso:
        await settled(town, banso)
        await banso.catch_up.run()
        assert await all_questions(banso) == []


async def test_words_below_what_is_no_question_are_found_after_an_outage(town: Town) -> None:
    """conversations.history shows no replies; a message with new ones below it says so in `latest_reply`
    (docs.slack.dev, conversations.history: "thread_ts", "reply_count", "latest_reply")."""
    await town.ws.delivery(retry_delays=[])
    async with town.bot() as banso:
        notice = await town.coordinator.says("調査票は金曜までにお願いします", town.other)
        greeting = await town.neighbour.says("お疲れ様です", town.channel)
        await settled(town, banso)
    await town.later(days=3)
    called = await town.asker.mentions_bot(BROKEN, town.other, thread=notice)
    await town.talent.says("電源ボタンを長押ししてください", town.other, thread=notice)
    await town.neighbour.says("無線LANにつながりません", town.channel, thread=greeting)
    async with town.bot() as banso:
        await town.other.shows("No.", thread=notice)
        await settled(town, banso)
        states = {each.ts: each.state for each in await all_questions(banso)}
        assert states == {called.ts: "claimed", greeting.ts: "assigned"}
        assert (await books(banso)).received == 2


async def test_a_message_that_cannot_be_taken_keeps_no_other_from_us(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.ws.delivery(retry_delays=[])
    async with town.bot() as banso:
        await settled(town, banso)
    await town.later(minutes=30)
    poison = await town.asker.says(BROKEN, town.channel)
    await town.later(minutes=5)
    fine = await town.neighbour.says("無線LANにつながりません", town.channel)
    real = capture.capture

    def bug(tx: Transaction, message: Incoming) -> Became:
        if message.ts == poison.ts:
            raise ZeroDivisionError
        return real(tx, message)

    with monkeypatch.context() as broken:
        broken.setattr(capture, "capture", bug)
        async with town.bot() as banso:
            await town.channel.shows("受け付けました", thread=fine)
            await banso.catch_up.run()
            assert await banso.database.read(ledger.unreplayed) == 1, "kept once, however often it is read"
    async with town.bot() as banso:
        (tick,) = [tick for tick in banso.scheduler._ticks if tick.name == "replay"]
        await tick.run()
        assert {each.ts for each in await all_questions(banso)} == {poison.ts, fine.ts}
        assert await banso.database.read(ledger.unreplayed) == 0


async def test_what_was_asked_in_a_thread_and_deleted_while_the_bot_was_away_is_withdrawn(town: Town) -> None:
    await town.ws.delivery(retry_delays=[])
    async with town.bot() as banso:
        notice = await town.coordinator.says("調査票は金曜までにお願いします", town.other)
        called = await town.asker.mentions_bot(BROKEN, town.other, thread=notice)
        await town.other.shows("受け付けました", thread=notice)
        await settled(town, banso)
    await town.later(hours=1)
    await town.asker.deletes(called)
    async with town.bot() as banso:
        await settled(town, banso)
        assert (await books(banso)).closed == {"withdrawn": 1}


async def test_a_channel_the_bot_was_invited_to_while_it_was_away_is_read_from_then_on(town: Town) -> None:
    """The line "has joined the channel" tells when (docs.slack.dev, message subtypes channel_join and group_join)."""
    await town.ws.delivery(retry_delays=[])
    async with town.bot() as banso:
        await settled(town, banso)
    for private in (False, True):
        new = await town.ws.channel(f"新しい{private}", bot=False, private=private, members=[town.asker])
        await town.later(minutes=30)
        await town.asker.says(f"<@{town.sandbox.bot_user_id}> これは前の話です。どうすればいいですか", new)
        await town.later(minutes=1)
        await new.adds(bot=True)
        await town.later(minutes=30)
        asked = await town.asker.mentions_bot(BROKEN, new)
        await town.later(minutes=30)
        async with town.bot() as banso:
            await new.shows("受け付けました", thread=asked)
            await settled(town, banso)
            assert [each.ts for each in await all_questions(banso) if each.channel == new.id] == [asked.ts]
