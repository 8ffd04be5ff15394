"""What happens by itself as people's time goes on: targets, the ladder, reminders, the friendly question, the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import Banso
from bot.domain.asking import Urgency
from bot.domain.rota import Turn
from sandbox.client import Message, Shown
from storage import absences, duties, rotas, talents
from storage.database import Transaction
from tests.scenarios.conftest import Town, set_up
from tests.scenarios.story import all_questions, question, rung, settled, state_is, verbs
from tests.scenarios.test_card_first import asks

TOKYO = ZoneInfo("Asia/Tokyo")
BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def at(town: Town, banso: Banso, month: int, day: int, hour: int, minute: int = 0) -> None:
    """Move everybody's time to a moment (Tokyo; November and December 2026, January 2027) and run what is due then."""
    year = 2026 if month > 6 else 2027
    await town.move_to(datetime(year, month, day, hour, minute, tzinfo=TOKYO).timestamp())
    await banso.scheduler.run_due()


async def ask(town: Town) -> tuple[Message, Shown]:
    asked = await town.asker.says(BROKEN, town.channel)
    return asked, await town.channel.shows("受け付けました", thread=asked)


def without_the_second(raw: dict[str, Any]) -> None:
    del raw["talents"][1]


async def test_out_of_hours_the_asker_sees_at_once_when_an_answer_can_be_expected(town: Town) -> None:
    async with town.bot() as banso:
        await at(town, banso, 11, 24, 18)
        _, card = await ask(town)
        assert "返信の目安 11/25(水)13:30" in card.words
        await at(town, banso, 11, 25, 13, 29)
        assert (await question(banso)).responsible == town.talent.id
        await at(town, banso, 11, 25, 13, 31)
        assert (await question(banso)).responsible != town.talent.id


async def test_holidays_do_not_count(town: Town) -> None:
    async with town.bot() as banso:
        await at(town, banso, 12, 28, 16)
        _, card = await ask(town)
        assert "返信の目安 1/4(月)11:15" in card.words
        await at(town, banso, 1, 3, 12)
        assert (await verbs(banso, await question(banso))) == ["receive", "assign"]


async def test_the_ladder_asks_each_once_and_then_the_desk_is_reminded(town: Town) -> None:
    await set_up(town, without_the_second)
    async with town.bot() as banso:
        # The second talent is still in the database from the first set-up: the file adds, it takes nothing away.
        await banso.database.write(lambda tx: absent(tx, town.second.id))
        _, card = await ask(town)
        assert (await question(banso)).responsible == town.talent.id
        await at(town, banso, 11, 24, 15, 1)
        await town.pm.is_rung("まだ返信がありません")
        await town.channel.changed(card, "次は 戸叶さん")
        await at(town, banso, 11, 25, 10, 20)
        await town.coordinator.is_rung("まだ返信がありません")
        await town.channel.changed(card, "次は 県さん")
        for day in (25, 26, 27, 30):
            await at(town, banso, 11, day, 16, 55)
        for day in (1, 2, 3, 4):
            await at(town, banso, 12, day, 16, 55)
        await settled(town, banso)
        assert [len(await rung(each)) for each in (town.talent, town.pm, town.second)] == [1, 1, 0]
        told = [each["text"] for each in await rung(town.coordinator)]
        assert len(told) == 2, told
        assert "返信をお待ちです" in told[1]
        found = await question(banso)
        assert (found.state, found.next_step) == ("assigned", "remind")
        assert found.next_at is not None
        assert (await banso.health()).ok


def absent(tx: Transaction, user_id: str) -> None:
    talents.save_talent(
        tx,
        user_id=user_id,
        name="有馬 駿介",
        role="engineer",
        fields=["net"],
        conflicts=[],
        working_hours="",
    )
    absences.add(tx, user_id, tx.now, absences.OPEN, said=None, made_by=user_id)


async def test_what_is_added_before_anybody_has_begun_reaches_whoever_has_it(town: Town) -> None:
    """Slack rings the one the card mentions, and nobody who was asked by direct message."""
    async with town.bot() as banso:
        for first, asked_first in ((BROKEN, town.talent), ("VPNがつながりません。なぜですか", town.second)):
            asked = await town.asker.says(first, town.channel)
            await town.channel.shows("受け付けました", thread=asked)
            await settled(town, banso)
            before = len(await asked_first.notifications())
            await town.later(minutes=10)
            await town.asker.says("追記です。会議が11時からで急いでいます", town.channel, thread=asked)
            await town.asker.says("よろしくお願いします", town.channel, thread=asked)
            await settled(town, banso)
            ours = [each for each in (await asked_first.notifications())[before:] if each["kind"] == "direct"]
            assert len(ours) == (asked_first is town.second)
        told = await town.second.sees("書き込みがあります")
        assert "会議が11時からで急いでいます" in told.words

        await banso.database.write(lambda tx: absent(tx, town.second.id))
        await at(town, banso, 11, 24, 16)
        found = (await all_questions(banso))[0]
        assert found.responsible == town.pm.id, "escalated, and in the channel, but not following the thread"
        await town.pm.is_rung("まだ返信がありません")
        thread = Message(found.channel, found.thread_ts)
        await town.asker.says("まだ真っ暗です。会議は16時半に延びました", town.channel, thread=thread)
        await town.pm.is_rung("書き込みがあります")
        assert "16時半に延びました" in (await town.pm.sees("書き込みがあります")).words
        await settled(town, banso)
        assert len([each for each in await town.pm.notifications() if "書き込み" in each["text"]]) == 1


async def test_who_claimed_and_said_nothing_is_reminded_then_the_desk_each_once(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応中")
        await at(town, banso, 11, 25, 10, 1)
        await at(town, banso, 11, 26, 9, 1)  # a reminder comes with the morning's letter
        await town.talent.is_rung("返信をお待ちです")
        await at(town, banso, 11, 26, 10, 2)
        await at(town, banso, 11, 27, 8, 31)
        await town.coordinator.is_rung("止まっています。担当の森脇さんに")
        await at(town, banso, 11, 30, 10)
        await at(town, banso, 12, 4, 10)
        await settled(town, banso)
        assert (await question(banso)).state == "claimed"
        assert [len(await rung(each)) for each in (town.talent, town.coordinator)] == [2, 1]


async def test_an_answer_counts_a_business_day_after_the_talents_last_word(town: Town) -> None:
    async with town.bot() as banso:
        asked, card = await ask(town)
        await town.talent.says("電源ボタンを長押ししてください", town.channel, thread=asked)
        await town.channel.changed(card, "対応中")
        await at(town, banso, 11, 25, 9)
        await town.talent.says("あわせてケーブルも確かめてください", town.channel, thread=asked)
        await settled(town, banso)
        await at(town, banso, 11, 25, 16)
        assert (await question(banso)).state == "claimed"
        await at(town, banso, 11, 26, 9, 1)
        await town.channel.changed(card, "回答があります")
        await settled(town, banso)
        assert await rung(town.asker) == [], "they read it when it was written"


async def test_no_word_from_the_asker_means_a_friendly_question_then_an_end_that_is_none(town: Town) -> None:
    async with town.bot() as banso:
        asked, card = await ask(town)
        await town.talent.says("電源ボタンを長押ししてください", town.channel, thread=asked)
        await town.talent.clicks("回答した", on=card)
        await town.channel.changed(card, "回答があります")
        await at(town, banso, 11, 27, 9, 59)
        assert await rung(town.asker) == []
        await at(town, banso, 11, 27, 10, 1)
        await settled(town, banso)
        assert await rung(town.asker) == [], "it is Friday, and can wait"
        await at(town, banso, 11, 30, 8, 31)
        await town.asker.is_rung("その後いかがですか")
        await at(town, banso, 12, 7, 8, 29)
        assert (await question(banso)).state == "answered", "five business days since they could read it"
        await at(town, banso, 12, 7, 8, 31)
        await town.channel.changed(card, "ひとまず終了しました(12/7)。書き込めばいつでも再開します")
        await settled(town, banso)
        assert len(await rung(town.asker)) == 1
        await town.asker.says("すみません、まだ映りません", town.channel, thread=asked)
        await town.channel.changed(card, "続きがあります")
        found = await question(banso)
        assert (found.nudged_at, found.closed_at, found.close_reason) == (None, None, None)
        assert found.target_at > town.clock.business_now()


async def test_waiting_for_the_asker_is_asked_after_and_ended_the_same_way(town: Town) -> None:
    async with town.bot() as banso:
        _, card = await ask(town)
        await town.talent.clicks("対応します", on=card)
        await town.talent.clicks("その他", on=card)
        await town.talent.view()
        await town.talent.submits({"何をしますか": "相談者に確認している(返事を待つ)"})
        await town.channel.changed(card, "確認があります")
        await at(town, banso, 11, 27, 10, 1)
        await at(town, banso, 11, 30, 8, 31)
        await town.asker.is_rung("その後いかがですか")
        await at(town, banso, 12, 7, 8, 32)
        await town.channel.changed(card, "ひとまず終了しました")


async def test_two_weeks_asleep_and_nothing_is_done_twice_or_left_out(town: Town) -> None:
    async with town.bot() as banso:
        asked, card = await ask(town)
        await town.talent.says("電源ボタンを長押ししてください", town.channel, thread=asked)
        await town.talent.clicks("回答した", on=card)
        await settled(town, banso)
    await town.later(days=14)
    async with town.bot() as banso:
        await banso.scheduler.run_due()
        await at(town, banso, 12, 9, 8, 31)
        await town.asker.is_rung("その後いかがですか")
        await settled(town, banso)
        found = await question(banso)
        assert (found.state, found.next_step) == ("answered", "no_reply")
        assert found.next_at is not None
        assert found.next_at - town.clock.business_now() > timedelta(days=4), (
            "time to answer the late question"
        )
        assert (await verbs(banso, found)).count("nudge") == 1


async def test_a_question_in_time_is_never_escalated(town: Town) -> None:
    async with town.bot() as banso:
        asked, card = await ask(town)
        await at(town, banso, 11, 24, 14, 59)
        await town.talent.says("見てみます", town.channel, thread=asked)
        await state_is(banso, "claimed")
        await at(town, banso, 11, 24, 17)
        assert "escalate" not in await verbs(banso, await question(banso))
        await town.channel.changed(card, "対応中")


async def test_what_is_needed_today_before_the_turn_of_the_year_is_promised_for_the_new_one(
    town: Town,
) -> None:
    """12/28 at four: an hour and a quarter today, three quarters on the first open morning."""
    async with town.bot() as banso:
        await at(town, banso, 12, 28, 16)
        await asks(town, banso, town.asker, urgency=Urgency.TODAY)
        card = await town.channel.shows("受け付けました")
        assert "返信の目安 1/4(月)9:15" in card.words
        await at(town, banso, 1, 4, 9, 14)
        assert "escalate" not in await verbs(banso, await question(banso))
        await at(town, banso, 1, 4, 9, 16)
        assert "escalate" in await verbs(banso, await question(banso))


def with_a_deputy(raw: dict[str, Any]) -> None:
    """The second talent knows the field as well and stands by today; the desk takes nothing first."""
    raw["talents"][1] |= {"fields": ["device"], "hours": "水・木・金 9:00-17:00"}


async def test_on_duty_then_deputy_then_the_pm_then_the_coordinator_each_once(town: Town) -> None:
    await set_up(town, with_a_deputy)
    async with town.bot() as banso:
        await banso.database.write(lambda tx: _stands_by(tx, town.second.id))
        await ask(town)
        await settled(town, banso)
        assert (await question(banso)).responsible == town.talent.id
        rungs = [
            (town.second, (11, 24, 15, 1)),
            (town.pm, (11, 25, 10, 20)),
            (town.coordinator, (11, 25, 15, 25)),
        ]
        seen: list[str | None] = []
        for _, moment in rungs:
            await at(
                town, banso, 11, max(24, moment[1]), max(9, moment[2] - 1), 1
            )  # who works in between is told
            await settled(town, banso)
            await at(town, banso, *moment)
            seen.append((await question(banso)).responsible)
        assert seen == [who.id for who, _ in rungs]
        for day in (27, 30):
            await at(town, banso, 11, day, 12)
        await settled(town, banso)
        for who, _ in rungs:
            told = [each["text"] for each in await rung(who)]
            assert len([text for text in told if "まだ返信がありません" in text]) == 1, told
        assert len(await rung(town.talent)) == 1


def _stands_by(tx: Transaction, user: str) -> None:
    duties.remove_hours(tx, tx.now - timedelta(days=1), tx.now + timedelta(hours=12), users=[user])
    today = Turn(user, tx.now - timedelta(hours=1), tx.now + timedelta(hours=7), deputy=True)
    duties.give(tx, rotas.hours_rota(tx), [today], duties.HAND)


async def test_put_off_to_a_day_and_needed_by_another(town: Town) -> None:
    """In 「その他」: whoever has it names a day, the asker reads it, and the day before it is needed comes first."""
    async with town.bot() as banso:
        asked, card = await ask(town)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応中")
        await town.talent.clicks("その他", on=card)
        await town.talent.view()
        await town.talent.submits({"何をしますか": "あとで返事する(日を決める)"})
        await town.talent.view(title="あとで返事する")
        refused = await town.talent.submits({"返事をする日": "2026-12-05"}, may_fail=True)
        assert "閉庁日" in str(refused)
        await town.talent.submits(
            {"返事をする日": "2026-12-04", "ひとこと": "担当課に <!channel> 確かめます"}
        )
        shown = await town.channel.changed(card, "お返事は 12月4日(金) の予定です")
        assert "返信の目安 12/4(金)17:15" in shown.words
        assert "もう少しお待ちください" in shown.words
        await town.asker.clicks("その他", on=card)
        await town.asker.view()
        await town.asker.submits({"何をしますか": "必要な日を入れる・変える"})
        await town.asker.view(title="必要な日")
        await town.asker.submits({"回答が必要な日": "2026-12-04"})
        await town.channel.changed(card, "必要な日 12月4日(金)")
        await town.talent.is_rung("必要な日が、12月4日(金)に変わりました")
        await settled(town, banso)
        before = len(await rung(town.talent))
        for day in (25, 26, 27, 30):
            await at(town, banso, 11, day, 16)
        await settled(town, banso)
        assert len(await rung(town.talent)) == before, "it rests, and nobody reminds them"
        await at(town, banso, 12, 3, 9, 1)
        await town.talent.is_rung("12月4日(金)に必要です")
        await at(town, banso, 12, 4, 9, 1)
        await town.talent.is_rung("続きをお返事する日です")
        await settled(town, banso)
        assert len(await rung(town.talent)) == before + 2
        assert await rung(town.asker) == []
        assert (await banso.health()).ok
        await town.talent.says("担当課に確かめました。電源を長押ししてください", town.channel, thread=asked)
        await settled(town, banso)
        assert "resume" in await verbs(banso, await question(banso))
