"""What people write is kept and acknowledged first, and taken in a moment later: by whomever, once, in its order."""

from __future__ import annotations

from typing import Any

import pytest

from bot.app import Banso
from bot.errors import DatabaseUnavailable
from handlers.questions import taking
from handlers.questions.capture import Became
from storage import kept
from storage.database import Transaction
from storage.kept import Word
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, books, events_of, question, settled, until, verbs

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
WIRELESS = "無線LANにつながりません。どうすればいいですか"


def nobody_takes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on words are kept only."""

    def away(_tx: Transaction, _word: Word) -> Became:
        raise DatabaseUnavailable()

    monkeypatch.setattr(taking, "take_in", away)


async def words_wait(banso: Banso, number: int) -> None:
    async def so() -> bool:
        return (await banso.database.read(kept.backlog)).waiting == number

    await until(so)


async def test_what_was_acknowledged_is_a_question_after_the_next_start(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        nobody_takes_in(patch)
        async with town.bot() as banso:
            asked = await town.asker.says(BROKEN, town.channel)
            await words_wait(banso, 1)
            (event,) = await events_of(town, asked)
            assert (event["outcome"], event["attempts"]) == ("delivered", 1)
            assert await all_questions(banso) == []
            await town.asker.edits(asked, f"{BROKEN}(2階です)")
            await words_wait(banso, 2)
    # Nothing can be read again: it is the kept words that become a question, not the history.
    await town.ws.faults("503", method="conversations.history", probability=1.0)
    async with town.bot(caught_up=False) as again:
        await town.channel.shows("受け付けました", thread=asked)
        await settled(town, again)
        assert (await books(again)).received == 1
        assert (await town.ws.counters())["duplicates"] == []
        assert (await again.database.read(kept.backlog)).waiting == 0


async def test_another_replica_takes_in_what_a_dead_one_kept(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "LEFT_BEHIND", kept.LEFT_BEHIND / 20)
    async with town.bot() as survivor:
        real = taking.take_in
        nobody_takes_in(monkeypatch)
        asked = await town.asker.says(BROKEN, town.channel)
        await words_wait(survivor, 1)
        (word,) = await survivor.database.read(kept.waiting, survivor.services.process, 9)

        def anothers(tx: Transaction) -> None:
            assert kept.take(tx, word)
            kept.keep(tx, asked.channel, word.kind, word.body, owner="dead", reference=word.reference)

        await survivor.database.write(anothers)
        monkeypatch.setattr(taking, "take_in", real)
        await town.channel.shows("受け付けました", thread=asked)
        await settled(town, survivor)
        assert (await question(survivor)).ts == asked.ts


async def test_a_word_that_fails_keeps_no_other_waiting_and_is_taken_in_once_mended(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town.bot() as banso:
        with monkeypatch.context() as patch:
            real = taking.take_in

            def broken(tx: Transaction, word: Word) -> Became:
                if word.body.get("text") == BROKEN:
                    raise RuntimeError("our own mistake")
                return real(tx, word)

            patch.setattr(taking, "take_in", broken)
            asked = await town.asker.says(BROKEN, town.channel)
            other = await town.neighbour.says(WIRELESS, town.channel)
            await town.channel.shows("受け付けました", thread=other)
            await settled(town, banso)
            health = await banso.health()
            assert health.findings == ("処理に失敗した書き込みが 1 件あります(banso replay)。",)
        (tick,) = [tick for tick in banso.scheduler._ticks if tick.name == "replay"]
        await tick.run()
        await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        assert (await banso.health()).ok
        assert [each.ts for each in await all_questions(banso)] == [other.ts, asked.ts]


async def test_who_presses_a_button_has_their_words_before_them(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer and the press that says so, at once: the asker hears of it once."""
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        rung = len(await town.asker.notifications())
        real, held = taking.take_in, list[Any]()

        def late(tx: Transaction, word: Word) -> Became:
            if not held:  # the taker comes late; the press does not wait for it
                held.append(word)
                raise DatabaseUnavailable()
            return real(tx, word)

        monkeypatch.setattr(taking, "take_in", late)
        await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=asked)
        await words_wait(banso, 1)
        await town.talent.clicks("回答した", on=card)
        await settled(town, banso)
        assert (await verbs(banso, await question(banso)))[-1] == "answer"
        assert len(await town.asker.notifications()) == rung + 1, (
            "the reply in their thread, and nothing else"
        )


async def test_due_work_waits_for_what_is_kept(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that is not taken in yet: nobody is rung because there seems to be none."""
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        with monkeypatch.context() as patch:
            nobody_takes_in(patch)
            await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=asked)
            await words_wait(banso, 1)
            await town.later(hours=3)
            assert await banso.scheduler.run_due() == 0
        await settled(town, banso)
        await banso.scheduler.run_due()
        assert "escalate" not in await verbs(banso, await question(banso))
