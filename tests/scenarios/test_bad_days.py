"""Bad input, bad luck, our own mistakes: nothing is lost, and whoever must act is told in a sentence."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import Banso, clock_for
from bot.clock import MovableClock
from bot.errors import DatabaseBehind, OperatorError, SettingsError
from bot.settings import Settings
from handlers.common import answering
from handlers.questions.catching import taking
from handlers.questions.lifecycle import actions
from storage import kept
from storage.database import Transaction
from storage.tables import failed_events
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, books, events_of, question, settled, until
from tests.scenarios.trouble import full, locked, read_only, without_database

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def test_a_database_that_is_away_is_waited_for_and_nothing_is_lost(town: Town) -> None:
    await town.ws.delivery(retry_delays=[0.3] * 30)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        with without_database(town.database_url):
            await town.talent.clicks("対応します", on=card, may_fail=True)
            told = await town.talent.sees("いま記録できませんでした", town.channel)
            assert "お問い合わせ番号" in told.words
            other = await town.neighbour.says("無線LANにつながりません", town.channel)

            async def refused() -> bool:
                (event,) = await events_of(town, other)
                return bool(event["failures"])

            await until(refused)
        await town.channel.shows("受け付けました", thread=other)
        assert len(await all_questions(banso)) == 2
        assert (await all_questions(banso))[0].state == "assigned", "the press was refused, and said so"
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        await settled(town, banso)

        async def looked_for() -> bool:
            return not banso.services.hearing.missed_refused

        await until(looked_for)  # a thorough catch-up follows by itself
        assert (await town.ws.counters())["duplicates"] == []
        assert (await banso.health()).ok


@pytest.mark.parametrize("harm", [locked, full, read_only])
async def test_a_database_that_refuses_is_said_to_a_person_and_what_was_written_comes_all_the_same(
    town: Town, harm: Callable[[Banso], contextlib.AbstractAsyncContextManager[None]]
) -> None:
    await town.ws.delivery(retry_delays=[0.3] * 30)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        async with harm(banso):
            await town.talent.clicks("対応します", on=card, may_fail=True)
            told = await town.talent.sees("いま記録できませんでした", town.channel)
            assert "もう一度お試しください" in told.words
            other = await town.neighbour.says("無線LANにつながりません", town.channel)

            async def refused_or_kept() -> bool:
                (event,) = await events_of(town, other)
                kept_words = await banso.database.read(kept.backlog)
                return bool(event["failures"] or kept_words.waiting)

            await until(refused_or_kept)
            (only,) = await all_questions(banso)
            assert only.state == "assigned", "the press was refused, and said so"
        await town.channel.shows("受け付けました", thread=other)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        await settled(town, banso)
        assert (await town.ws.counters())["duplicates"] == []
        assert (await banso.health()).ok


async def test_the_start_is_refused_in_a_sentence(town: Town, tmp_path: Path) -> None:
    async def refused(**more: Any) -> OperatorError:
        with pytest.raises(OperatorError) as said:
            async with town.bot(**more):
                pass
        return said.value

    behind = await refused(database_url=f"sqlite:///{tmp_path / 'new.sqlite3'}")
    assert isinstance(behind, DatabaseBehind)
    assert "banso migrate" in behind.sentence
    away = await refused(database_url="postgresql://nobody@127.0.0.1:1/none")
    assert isinstance(away, SettingsError)
    assert "接続できません" in away.sentence
    assert isinstance(await refused(slack_bot_token=""), SettingsError)
    wrong = await refused(slack_bot_token="xoxb-wrong")
    assert "invalid_auth" in wrong.sentence


def _failed(tx: Transaction) -> list[dict[str, Any]]:
    return [dict(row) for row in tx.connection.execute(select(failed_events)).mappings()]


async def replay(banso: Banso) -> None:
    """What the bot does every two minutes."""
    (tick,) = [tick for tick in banso.scheduler._ticks if tick.name == "replay"]
    await tick.run()


async def test_an_event_that_meets_our_own_mistake_is_kept_and_replayed_once_mended(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object) -> None:
        raise ZeroDivisionError

    async with town.bot() as banso:
        await settled(town, banso)
        with monkeypatch.context() as broken:
            broken.setattr(taking, "written", bug)
            asked = await town.asker.says(BROKEN, town.channel)

            async def kept() -> list[dict[str, Any]]:
                return await banso.database.read(_failed)

            (row,) = await until(kept)
            await town.ws.quiet(0.2)
            (event,) = await events_of(town, asked)
            assert (event["outcome"], event["attempts"]) == ("delivered", 1)
            assert row["error"] == "ZeroDivisionError"
            assert row["body"]["event"]["text"] == BROKEN
            assert "token" not in row["body"]
            assert "authorizations" not in row["body"]
            health = await banso.health()
            assert health.findings == ("処理に失敗した書き込みが 1 件あります(banso replay)。",)
            for _ in range(2):
                await replay(banso)
            waiting = [each for each in await banso.database.read(_failed) if each["replayed_at"] is None]
            assert [(each["reference"], each["attempts"]) for each in waiting] == [(row["reference"], 2)]
        await replay(banso)
        await town.channel.shows("受け付けました", thread=asked)
        assert (await banso.health()).ok
        await replay(banso)
        await question(banso)


async def test_a_press_that_meets_our_own_mistake_is_answered_with_a_number(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object) -> bool:
        raise ZeroDivisionError

    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        monkeypatch.setattr(actions, "may", bug)
        monkeypatch.setattr(
            answering, "WITHIN", 20.0
        )  # a busy machine takes its time; how long is not the matter here
        await town.talent.clicks("対応します", on=card)
        told = await town.talent.sees("予期しないことが起きました", town.channel)
        assert "記録は変わっていません" in told.words
        assert "お問い合わせ番号" in told.words
        assert "ZeroDivision" not in told.words
        assert (await question(banso)).state == "assigned"


async def test_a_press_while_slack_refuses_us_is_not_to_be_tried_again(town: Town) -> None:
    """A dialog needs our token; the answer to a press does not (docs.slack.dev, "Handling user interaction")."""
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        await town.ws.revokes()
        await town.asker.clicks("その他", on=card)
        told = await town.asker.sees("Slack が Banso からの返事を受け付けていません", town.channel)
        assert "記録は失われていません。県の担当へ知らせてください" in told.words
        assert "お問い合わせ番号" in told.words
        assert "もう一度" not in told.words


@pytest.mark.parametrize("fault", ["429", "500"])
async def test_a_dialog_while_slack_is_busy_can_be_asked_for_again_in_a_minute(
    town: Town, fault: str
) -> None:
    async with town.bot():
        await town.ws.faults(fault, method="views.open", count=1)
        await town.asker.runs("/soudan", BROKEN, channel=town.channel)
        told = await town.asker.sees("混み合っていて", town.channel)
        assert "お問い合わせ番号" in told.words
        await town.asker.runs("/soudan", BROKEN, channel=town.channel)
        await town.asker.view(title="相談する")


async def test_what_no_database_can_store_is_taken_in_without_it(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says("プリンターが\x00動きません。どうすればいいですか", town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        assert (await banso.health()).ok


async def test_a_hundred_messages_at_once_are_all_there(town: Town) -> None:
    """Three quiet people and one who writes line by line."""
    await town.ws.limits("off")
    places = [await town.ws.channel(f"部屋{n}", members=[town.asker, town.neighbour]) for n in range(5)]
    async with town.bot() as banso:
        await asyncio.gather(
            *(
                person.mentions_bot(f"プリンターの印刷が{n}枚ずれます", place)
                for n in range(10)
                for place in places
                for person in (town.asker, town.neighbour)
            )
        )
        await settled(town, banso)
        assert len(await all_questions(banso)) == 10
        assert (await books(banso)).received == 10
        assert (await town.ws.counters())["duplicates"] == []


async def test_a_movable_clock_never_meets_the_real_slack() -> None:
    real = Settings(_env_file=None, slack_api_url="https://slack.com/api/")
    assert not isinstance(clock_for(real), MovableClock)
    with pytest.raises(ValueError, match="CLOCK_OFFSET_SECONDS"):
        Settings(_env_file=None, slack_api_url="https://slack.com/api/", clock_offset_seconds=60)
