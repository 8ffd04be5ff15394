"""What people write is kept and acknowledged first, and taken in a moment later: by whomever, once, in its order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.app import Banso
from bot.errors import DatabaseUnavailable
from bot.gate import Gate
from handlers.questions.catching import taking
from handlers.questions.intake.capture import Became
from sandbox.client import Message, Person, Shown
from scheduler import loop
from storage import due, kept
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


async def asked_before(town: Town, banso: Banso) -> tuple[Message, Shown]:
    """A question that was asked and shown; nothing is under way."""
    asked = await town.asker.says(BROKEN, town.channel)
    card = await town.channel.shows("受け付けました", thread=asked)
    await settled(town, banso)
    return asked, card


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
            kept.keep(tx, town.asker.id, word.kind, word.body, owner="dead", reference=word.reference)

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
        asked, card = await asked_before(town, banso)
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
        asked, _ = await asked_before(town, banso)
        with monkeypatch.context() as patch:
            nobody_takes_in(patch)
            await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=asked)
            await words_wait(banso, 1)
            await town.later(hours=3)
            assert await banso.scheduler.run_due() == 0
        await settled(town, banso)
        await banso.scheduler.run_due()
        assert "escalate" not in await verbs(banso, await question(banso))


async def test_what_one_press_takes_in_costs_no_neighbour_their_question(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The taker holds a reply that a press takes in before it; what is written then is another word."""
    async with town.bot() as banso:
        asked, card = await asked_before(town, banso)
        go_on, held, real = asyncio.Event(), asyncio.Event(), banso.database.write_later

        async def slow(action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            if action is taking.take_in:
                held.set()
                await go_on.wait()
            return await real(action, *args, **kwargs)

        monkeypatch.setattr(banso.database, "write_later", slow)
        await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=asked)
        await asyncio.wait_for(held.wait(), 20)
        await town.talent.clicks("対応します", on=card)
        other = await town.neighbour.says(WIRELESS, town.channel)
        await words_wait(banso, 1)
        go_on.set()
        await settled(town, banso)
        assert [each.ts for each in await all_questions(banso)] == [asked.ts, other.ts]


async def test_people_write_while_others_press(town: Town) -> None:
    """Nothing is held up by hand: an adviser answers and presses, and everybody asks at the same time."""
    people = [await town.ws.person(f"職員 {n}", channels=[town.channel]) for n in range(20)]
    async with town.bot() as banso:
        asked, card = await asked_before(town, banso)
        # What is lost is not read again.
        await town.ws.faults("503", method="conversations.history", probability=1.0)
        said = {asked.ts}

        async def asks(person: Person) -> None:
            said.add((await person.says(WIRELESS, town.channel)).ts)

        async def answers(turn: int) -> None:
            await town.talent.says(f"電源ボタンを{turn}秒長押し", town.channel, thread=asked)
            await town.talent.clicks_stale("回答した" if turn else "対応します", on=card, may_fail=True)

        for turn in range(5):
            await asyncio.gather(answers(turn), *map(asks, people[turn * 4 : turn * 4 + 4]))
        # Twenty cards in one channel take Slack twenty seconds; that the words are questions does not wait for them.
        await town.ws.quiet(0.1, within=20)
        await words_wait(banso, 0)
        assert {each.ts for each in await all_questions(banso)} == said


async def test_a_press_waits_for_no_crowd_and_for_no_poisoned_word(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town.bot() as banso:
        _, card = await asked_before(town, banso)
        with monkeypatch.context() as patch:

            async def idle(_: taking.Taker) -> int:
                return 0

            patch.setattr(taking.Taker, "round", idle)

            def crowd(tx: Transaction) -> None:
                for number in range(200):
                    kept.keep(tx, f"U{number}", taking.WRITTEN, {}, owner="x", reference="r")
                kept.keep(tx, town.talent.id, taking.WRITTEN, {"not": "ours"}, owner="x", reference="r")

            await banso.database.write(crowd)
            await town.talent.clicks("対応します", on=card)
            await town.channel.changed(card, "森脇さんが対応しています")
            assert (await banso.database.read(kept.backlog)).waiting == 201


async def test_what_a_press_takes_in_is_counted(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async with town.bot() as banso:
        _, card = await asked_before(town, banso)

        async def idle(_: taking.Taker) -> int:
            return 0

        monkeypatch.setattr(taking.Taker, "round", idle)
        await town.asker.says(WIRELESS, town.other)
        await town.asker.mentions_bot(WIRELESS, town.other)
        await words_wait(banso, 3)  # the mention comes as a message, too
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        assert len(await all_questions(banso)) == 2
        assert banso.services.metrics.captured._value.get() == 2


async def test_a_failure_while_looking_does_not_end_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async with town.bot():
        real, failed = kept.waiting, list[int]()

        def once(tx: Transaction, owner: str, most: int) -> list[Word]:
            if not failed:
                failed.append(1)
                raise ValueError("a row that cannot be read")
            return real(tx, owner, most)

        monkeypatch.setattr(kept, "waiting", once)
        asked = await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        assert failed


async def test_a_word_that_the_database_refuses_keeps_no_other_waiting(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even while payloads follow closely upon one another; in the end it counts as failed and is said."""
    monkeypatch.setattr(taking, "UNLUCKY_TRIES", 3)
    monkeypatch.setattr(Gate, "crowded", property(lambda _: True))
    real = taking.take_in

    def refuses(tx: Transaction, word: Word) -> Became:
        if word.body.get("text") == BROKEN:
            raise DatabaseUnavailable()
        return real(tx, word)

    async with town.bot() as banso:
        monkeypatch.setattr(taking, "take_in", refuses)
        await town.asker.says(BROKEN, town.channel)
        other = await town.neighbour.says(WIRELESS, town.channel)
        await town.channel.shows("受け付けました", thread=other)

        async def given_up() -> bool:
            return (await banso.database.read(kept.backlog)).failing == 1

        await until(given_up)


async def test_due_work_under_way_looks_for_words_before_each_row(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "DUE_SECONDS", 3600.0)  # the bot's own look may not come in between
    async with town.bot() as banso:
        for person in (town.asker, town.neighbour):
            asked = await person.says(BROKEN, town.channel)
            await town.channel.shows("受け付けました", thread=asked)
        await settled(town, banso)
        done, real = list[str](), due.run_next

        def first_then_a_reply(tx: Transaction, actions: Mapping[str, Any]) -> due.DueRow | None:
            done.append("row")
            kept.keep(tx, town.talent.id, taking.WRITTEN, {"files": []}, owner="x", reference="r")
            return real(tx, actions)

        monkeypatch.setattr(due, "run_next", first_then_a_reply)
        await town.later(hours=6)
        await banso.scheduler.run_due()
        assert done == ["row"], "somebody spoke while the first was done"
