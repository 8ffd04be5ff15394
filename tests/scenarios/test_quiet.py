"""Who is rung when: nobody outside their hours, what can wait in a letter of the morning, what is late in one too."""

from __future__ import annotations

import asyncio
from typing import Any

from handlers.home.morning import MORNING
from sandbox.client import Message, Person
from storage import absences, held, talents
from storage.database import Transaction
from tests.scenarios.conftest import Town, set_up
from tests.scenarios.story import all_questions, question, rung, settled, verbs
from tests.scenarios.test_clock import ask, at
from tests.scenarios.test_ways_in import OPEN

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
PRINTER = "プリンターの印刷がずれます。なぜですか"


async def texts(person: Person) -> list[str]:
    return [str(each["text"]) for each in await rung(person)]


def part_time(raw: dict[str, Any]) -> None:
    """The first adviser works on Tuesdays and Fridays; the others are not there."""
    raw["talents"][0]["hours"] = "火・金 9:00-17:00"


async def test_a_question_at_night_rings_when_its_adviser_begins_and_the_asker_reads_when(town: Town) -> None:
    """A Friday before three days of weekend, ten past five, five minutes before the offices close; and when they have."""
    async with town.bot() as banso:
        await at(town, banso, 11, 20, 17, 10)
        _, card = await ask(town)
        assert "返信の目安 11/24(火)13:25" in card.words
        assert "次は 森脇さん" in card.words
        assert "開庁時間の外" not in card.words
        await at(town, banso, 11, 20, 17, 20)
        await town.asker.runs("/banso", f"相談 {PRINTER}", channel=town.channel)
        await town.asker.view(title="相談する")
        await town.asker.submits(OPEN)
        said = "開庁時間の外に受け付けました。11/24(火)8:30 から確認します"
        assert said in (await town.asker.view(title="受け付けました")).words
        other = await town.channel.shows(said)
        assert "返信の目安 11/24(火)13:30" in other.words
        await settled(town, banso)
        for hour in (18, 23):
            await at(town, banso, 11, 20, hour)
        await at(town, banso, 11, 24, 8, 59)
        await settled(town, banso)
        assert await rung(town.talent) == []
        await at(town, banso, 11, 24, 9, 1)
        for number in (1, 2):
            await town.talent.is_rung(f"相談 No.{number} が届きました")
        await settled(town, banso)
        assert len(await rung(town.talent)) == 2
        await town.talent.clicks("対応します", on=other)
        shown = await town.channel.changed(other, "対応中")
        assert "開庁時間の外" not in shown.words
        assert await banso.database.read(held.waiting) == 0


async def test_what_can_wait_is_one_letter_in_the_morning(town: Town) -> None:
    async with town.bot() as banso:
        for number in range(3):
            asked = await town.asker.says(f"{number}つめ。{BROKEN}", town.channel)
            card = await town.channel.shows("受け付けました", thread=asked)
            await town.talent.clicks("対応します", on=card)
            await town.channel.changed(card, "対応中")
            await town.later(minutes=5)
        before = len(await rung(town.talent))
        await at(town, banso, 11, 25, 10, 30)  # a business day without a word
        await settled(town, banso)
        assert len(await rung(town.talent)) == before, "it waits for the morning"
        assert await banso.database.read(held.waiting) == 3
        first = (await all_questions(banso))[0]
        asked = Message(first.channel, first.thread_ts)
        await town.talent.says("電源を入れ直してください", town.channel, thread=asked)
        await settled(town, banso)
        await at(town, banso, 11, 26, 9, 1)
        ring = await town.talent.is_rung("朝のまとめ(2件)")
        assert "No.2" in ring["text"]
        assert "No.3" in ring["text"]
        assert "No.1" not in ring["text"], "they have answered it"
        await settled(town, banso)
        assert len(await rung(town.talent)) == before + 1
        assert await banso.database.read(held.waiting) == 0


async def test_who_chose_to_hear_at_once_does_while_they_work(town: Town) -> None:
    async with town.bot() as banso:
        await town.talent.opens_home()
        await town.talent.home("お知らせの設定")
        await town.talent.clicks("お知らせの設定", on="home")
        await town.talent.view()
        await town.talent.submits({"それ以外のお知らせ": "そのつど(対応時間のあいだ)"})
        _, card = await ask(town)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応中")
        await at(town, banso, 11, 25, 10, 1)
        await town.talent.is_rung("返信をお待ちです")


async def test_claimed_on_tuesday_by_somebody_who_works_on_tuesdays_and_fridays(town: Town) -> None:
    await set_up(town, part_time)
    async with town.bot() as banso:
        asked, card = await ask(town)
        await town.talent.clicks("対応します", on=card)
        await town.talent.says("型番を教えてください", town.channel, thread=asked)
        await town.channel.changed(card, "対応中")
        await settled(town, banso)
        before = len(await rung(town.talent))
        await at(town, banso, 11, 25, 9, 30)
        await town.asker.says("型番は AB-123 です。どうすればいいですか", town.channel, thread=asked)
        await town.channel.changed(card, "次の対応日 11/27(金)")
        await settled(town, banso)
        await at(town, banso, 11, 26, 16)
        await settled(town, banso)
        assert len(await rung(town.talent)) == before, "they do not work on Thursdays"
        found = await question(banso)
        assert (found.state, found.next_step) == ("claimed", "remind")
        await at(town, banso, 11, 27, 16)
        assert "remind" not in await verbs(banso, found), "they have the whole Friday"


async def test_three_weeks_asleep_and_one_letter_says_so(town: Town) -> None:
    """Everybody else is away: all of it comes to one person, in one letter."""
    async with town.bot() as banso:
        await banso.database.write(lambda tx: _only(tx, town))
        for number in range(8):
            await town.asker.says(f"{number + 1}台目。{BROKEN}", town.channel)
            await town.later(seconds=130)
        await settled(town, banso)
        assert len(await all_questions(banso)) == 8
        before = {each.id: len(await rung(each)) for each in (town.talent, town.pm, town.coordinator)}
    await town.later(days=21)
    async with town.bot() as banso:
        await town.coordinator.is_rung("お待たせしています(8件)")
        await settled(town, banso)
        after = {each.id: len(await rung(each)) for each in (town.talent, town.pm, town.coordinator)}
        assert after[town.coordinator.id] == before[town.coordinator.id] + 1
        assert after[town.talent.id] == before[town.talent.id]
        letter = await town.coordinator.sees("お待たせしています")
        assert "Banso が止まっていたため、お知らせが遅れました" in letter.words
        assert (await banso.health()).ok
        await asyncio.gather(*(banso.scheduler.run_due() for _ in range(2)))
        await settled(town, banso)
        assert len(await rung(town.coordinator)) == after[town.coordinator.id]


def _only(tx: Transaction, town: Town) -> None:
    for user, name, role in ((town.second.id, "有馬 駿介", "engineer"), (town.pm.id, "戸叶 梨紗", "pm")):
        talents.save_talent(
            tx,
            user_id=user,
            name=name,
            role=role,
            fields=["net"],
            conflicts=[],
            working_hours="",
        )
        absences.add(tx, user, tx.now, absences.OPEN, said=None, made_by=user)


async def test_two_replicas_and_a_kill_between_two_steps_tell_everything_once(town: Town) -> None:
    async with town.bot() as one, town.bot() as two:
        for number in range(4):
            asked = await town.asker.says(f"{number}つめ。{BROKEN}", town.channel)
            card = await town.channel.shows("受け付けました", thread=asked)
            await town.talent.clicks("対応します", on=card)
            await town.channel.changed(card, "対応中")
            await town.later(minutes=3)
        await settled(town, one)
        before = len(await rung(town.talent))
        await town.move_to(town.clock.business_now().timestamp() + 86_400 * 1 + 3600)
        for replica in (one, two):
            await replica.scheduler.run_due()
        held_now = await one.database.read(held.waiting)
        assert held_now == 4
    async with town.bot() as one, town.bot() as two:  # killed after the steps, before the letter
        await at(town, one, 11, 26, 9, 1)
        await asyncio.gather(one.scheduler.run_due(), two.scheduler.run_due())
        await town.talent.is_rung("朝のまとめ(4件)")
        await settled(town, one)
        assert len(await rung(town.talent)) == before + 1
        assert (await town.ws.counters())["duplicates"] == []
        assert (await one.health()).ok
        assert MORNING.startswith("home.")
