"""What cannot be delivered is visible, told once to those who can help, and delivered after all when it can be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import feature, setbacks, upkeep
from bot.app import Banso
from bot.posting import Posted, Poster
from handlers.questions.lifecycle import undelivered
from handlers.questions.screens import views
from sandbox.client import Message
from storage import dead_letters, kept, outbox
from storage.database import Transaction
from storage.sending import OutboxRow
from storage.tables import outbox as table
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, rung, settled, state_is, until

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def ask_unseen(town: Town, banso: Banso, text: str = BROKEN) -> Message:
    """A question whose card meets a refusal first, so that something can happen before it is there."""
    before = len(await town.ws.calls("chat.postMessage"))
    await town.ws.faults("429", method="chat.postMessage", channel=town.channel.id, retry_after=1, count=1)
    asked = await town.asker.says(text, town.channel)

    async def refused() -> bool:
        return len(await town.ws.calls("chat.postMessage")) > before

    await until(refused)
    return asked


def _errors(tx: Transaction) -> list[str | None]:
    return list(tx.connection.execute(select(table.c.error)).scalars())


async def dead(banso: Banso) -> int:
    return (await banso.database.read(outbox.backlog)).dead


async def test_an_archived_channel_is_told_once_and_caught_up_when_it_comes_back(town: Town) -> None:
    async with town.bot() as banso:
        asked = await ask_unseen(town, banso)
        await town.channel.archives()
        told = await town.coordinator.sees("アーカイブされています")
        assert "内容は失われていません" in told.words
        assert "「相談-端末」" in told.words
        direct = await town.talent.sees("No.1 の場所に書き込めないため")
        assert BROKEN in direct.words
        await settled(town, banso)
        assert await dead(banso) == 1
        assert any("届けられないお知らせが 1 件" in each for each in (await banso.health()).findings)
        assert len(await rung(town.coordinator)) == 1
        assert len(await rung(town.talent)) == 1

        await town.talent.clicks("対応します", on=direct)
        await state_is(banso, "claimed")
        await town.channel.unarchives()
        await town.channel.adds(town.asker, town.talent, bot=True)
        await town.channel.shows("森脇さんが対応しています", thread=asked)
        await settled(town, banso)
        assert await dead(banso) == 0
        assert (await banso.health()).ok
        assert len(await rung(town.talent)) == 1
        assert (await town.ws.counters())["duplicates"] == []


async def test_a_card_that_was_given_up_is_posted_when_its_question_changes(town: Town) -> None:
    await town.ws.faults("error", method="chat.postMessage", error="msg_blocks_too_long", count=1)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        direct = await town.talent.sees("No.1 の場所に書き込めないため")
        await settled(town, banso)
        assert await dead(banso) == 1
        await town.talent.clicks("対応します", on=direct)
        await town.channel.shows("森脇さんが対応しています", thread=asked)
        await settled(town, banso)
        assert await dead(banso) == 0
        assert (await banso.health()).ok


async def test_what_may_have_been_posted_before_the_bot_was_removed_is_not_posted_again(town: Town) -> None:
    """Slack took the post, its answer was lost, and the history cannot be read until the bot is back."""
    await town.ws.faults("drop_after", method="chat.postMessage", channel=town.channel.id, count=1)
    async with town.bot(unsure_wait_seconds=1) as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        await town.channel.removes(bot=True)

        async def given_up() -> bool:
            return await dead(banso) == 1

        await until(given_up)
        await town.channel.adds(bot=True)
        await settled(town, banso)
        assert await dead(banso) == 0
        assert len([m for m in await town.channel.thread(asked) if m.by_bot]) == 1
        assert (await town.ws.counters())["duplicates"] == []


async def test_a_bot_that_was_removed_goes_on_where_it_is_invited_again(town: Town) -> None:
    async with town.bot() as banso:
        asked = await ask_unseen(town, banso)
        await town.channel.removes(bot=True)
        told = await town.coordinator.sees("ボットがチャンネルから外されています")
        assert "招待し直すと" in told.words
        meanwhile = await town.neighbour.says("無線LANにつながりません", town.channel)
        await settled(town, banso)
        assert len(await all_questions(banso)) == 1
        await town.channel.adds(bot=True)
        await town.channel.shows("受け付けました", thread=asked)
        await banso.catch_up.run()
        await town.channel.shows("受け付けました", thread=meanwhile)
        await settled(town, banso)
        assert (await banso.health()).ok


async def test_a_deleted_channel_stays_said_until_somebody_has_seen_to_it(town: Town) -> None:
    async with town.bot() as banso:
        await ask_unseen(town, banso)
        await town.channel.deletes()
        await town.coordinator.sees("チャンネルが見つかりません")
        await settled(town, banso)
        assert not (await banso.health()).ok
        await banso.database.write(dead_letters.settle_dead)
        assert (await banso.health()).ok


async def test_who_has_left_cannot_be_told_and_the_administrator_hears_of_it(town: Town) -> None:
    async with town.bot() as banso:
        await town.ws.faults("error", method="conversations.open", error="user_disabled", count=1)
        await town.asker.says("VPNがつながりません。どうすればいいですか", town.channel)
        told = await town.coordinator.sees("有馬 駿介さんへの直接メッセージを届けられません")
        assert "内容は失われていません" in told.words
        await settled(town, banso)
        assert await dead(banso) == 1
        assert len(await rung(town.coordinator)) == 1, "a notice about a notice is never sent"


async def test_a_revoked_token_is_red_gives_nothing_up_and_is_green_again_after(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setbacks, "OPERATOR_RETRY", timedelta(seconds=1))
    async with town.bot() as banso:
        asked = await ask_unseen(town, banso)
        await town.ws.revokes()

        async def said() -> bool:
            return any("拒んでいます(token_revoked)" in each for each in (await banso.health()).findings)

        await until(said)
        assert await dead(banso) == 0
        await town.ws.revokes("restore")
        await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        assert (await banso.health()).ok
        assert (await town.ws.counters())["posts"] == 1


@pytest.mark.parametrize("how", ["revoke", "uninstall"])
async def test_a_refused_token_is_red_on_a_day_on_which_nothing_is_sent(
    town: Town, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(upkeep, "TOKEN_SECONDS", 0.2)
    async with town.bot() as banso:
        await settled(town, banso)
        await town.ws.revokes(how)

        async def red() -> bool:
            return any("拒んでいます" in each for each in (await banso.health()).findings)

        await until(red)
        await town.asker.says(BROKEN, town.channel)  # Slack sends it to nobody
        assert (await town.ws.counters())["posts"] == 0
        await town.ws.revokes("restore")

        async def green() -> bool:
            return (await banso.health()).ok

        await until(green)


async def test_a_thread_that_stays_missing_is_given_up_in_the_end(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setbacks, "THREAD_TRIES", 1)
    await town.ws.faults("error", method="chat.postMessage", error="thread_not_found", count=1)
    async with town.bot() as banso:
        await town.asker.says(BROKEN, town.channel)
        await town.coordinator.sees("届けられないお知らせがあります")
        assert await dead(banso) == 1


def _bug(*_: object) -> Any:
    raise ZeroDivisionError


async def test_our_own_mistake_that_lasts_is_said_and_sent_once_it_is_mended(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setbacks, "OPERATOR_RETRY", timedelta(seconds=0.1))
    monkeypatch.setattr(setbacks, "BUG_TRIES", 3)
    async with town.bot() as banso:
        with monkeypatch.context() as broken:
            broken.setattr(views, "card", _bug)
            asked = await town.asker.says(BROKEN, town.channel)
            direct = await town.talent.sees("No.1 の場所に書き込めないため")
            assert BROKEN in direct.words
            await settled(town, banso)
            assert await dead(banso) == 1
        await banso.database.write(dead_letters.retry_dead)
        await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        assert len(await rung(town.coordinator)) == 1
        assert (await banso.health()).ok


@pytest.mark.parametrize("lasting", [False, True])
async def test_our_own_mistake_after_slack_took_it_posts_nothing_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch, lasting: bool
) -> None:
    real = Poster.send
    sent: list[str] = []

    async def careless(self: Poster, row: OutboxRow, message: feature.Message) -> Posted:
        posted = await real(self, row, message)
        if lasting or not sent:
            sent.append(row.uid)
            raise KeyError("ts")
        return posted

    monkeypatch.setattr(Poster, "send", careless)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        await settled_posts(town, banso)
        assert sent
        assert len([m for m in await town.channel.thread(asked) if m.by_bot]) == 1
        assert (await town.ws.counters())["duplicates"] == []


async def settled_posts(town: Town, banso: Banso) -> None:
    """Wait until what was written is taken in and no post of it is left over; a reaction may go on failing."""

    async def delivered() -> bool:
        if await banso.database.read(kept.any_waiting):
            return False
        return not (await banso.database.read(outbox.backlog)).waiting

    await town.ws.quiet(0.1)
    await until(delivered)


async def test_a_mistake_in_telling_of_a_dead_letter_hides_it_not(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undelivered, "ring", _bug)
    await town.ws.faults("error", method="chat.postMessage", error="msg_blocks_too_long", count=1)
    async with town.bot() as banso:
        await town.asker.says(BROKEN, town.channel)

        async def given_up() -> bool:
            return await dead(banso) == 1

        await until(given_up)
        assert any("届けられないお知らせが 1 件" in each for each in (await banso.health()).findings)
        assert len(await town.ws.calls("chat.postMessage")) == 1


async def test_our_own_mistake_while_rendering_is_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setbacks, "OPERATOR_RETRY", timedelta(seconds=1))
    async with town.bot() as banso:
        with monkeypatch.context() as broken:
            broken.setattr(views, "card", _bug)
            asked = await town.asker.says(BROKEN, town.channel)

            async def failed() -> bool:
                return "our_bug" in await banso.database.read(_errors)

            await until(failed)
        await town.channel.shows("受け付けました", thread=asked)
        assert (await banso.health()).ok
