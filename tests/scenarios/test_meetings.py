"""Around a session, through the wire: announced, answered, moved, cancelled, recorded; a crowd; a replica that dies."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from ical.calendar_stream import IcsCalendarStream

from bot.app import Banso
from handlers.study.choosing import SOON
from sandbox.client import Person, Shown
from storage import due, meetings, outbox, replies, study
from storage.meetings import Meeting
from tests.handlers.meetings import TOKYO
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, rung, settled, until
from tests.scenarios.test_calendars import files
from tests.scenarios.test_home import home
from tests.scenarios.test_study import registers, sees

FIRST = {"最初の日": "2026-12-03"}
"""A Thursday in nine days."""


def at(month: int, day: int, hour: int, minute: int = 0) -> float:
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO).timestamp()


async def happens(town: Town, banso: Banso, when: float) -> None:
    """Time goes on, and what is due by then is done and delivered; so are the letters that wait for one another."""
    await town.move_to(when)
    await banso.scheduler.run_due()
    await town.later(seconds=6)
    await banso.scheduler.run_due()
    await settled(town, banso)


async def cards(town: Town) -> list[Shown]:
    """What the bot has posted in the channel."""
    return [each for each in await town.channel.top() if each.by_bot and "勉強会" in each.words]


async def announces(town: Town, banso: Banso) -> Shown:
    """A weekly series in the channel, and the card of its first session."""
    await registers(town, town.coordinator, **FIRST, チャンネル=town.channel.id)
    await happens(town, banso, at(11, 25, 18))
    assert await cards(town) == []
    await happens(town, banso, at(11, 26, 8, 31))
    return await town.channel.shows("勉強会のお知らせです。第1回")


async def meeting(banso: Banso) -> Meeting:
    (found,) = await banso.database.read(study.living)
    return (await banso.database.read(meetings.living, found.id))[0]


async def events_in(town: Town, message: Shown) -> list[Any]:
    """What the file below a message holds."""
    (file,) = message["files"]
    bearer = {"Authorization": f"Bearer {town.sandbox.bot_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(file["url_private"], headers=bearer) as answer:
            return list(IcsCalendarStream.calendar_from_ics(await answer.text()).events)


async def letters(who: Person) -> list[str]:
    """The direct messages somebody has from the bot, files apart."""
    shown = await (await who.dm()).messages()
    return [each.text for each in shown if each.by_bot and not each.get("files")]


async def answers_in_the_list(town: Town, who: Person, before: str, answer: str) -> None:
    """Somebody changes their mind where all sessions are."""
    assert f"あなたのお返事:*{before}*" in (await sees(town, who)).words
    await who.clicks(answer, on="view")
    shown = await who.view(title="勉強会")
    assert f"ℹ️ 「{answer}」で受け付けました" in shown.words
    assert f"{answer} *1人*|あなたのお返事:*{answer}*" in shown.words
    await who.closes()


async def chooses_to_be_told(town: Town, banso: Banso, who: Person, *, already: bool) -> None:
    """Ten minutes before, in 「お知らせの設定」."""
    await home(town, who)
    await who.clicks("お知らせの設定", on="home")
    shown = await who.view(title="お知らせの設定")
    assert bool(shown.entered[SOON][SOON]["selected_options"]) is already
    await who.submits({"勉強会": ["始まる10分前にも知らせる"]})
    assert await banso.database.read(replies.wants_soon, who.id)


async def gives_materials(town: Town) -> None:
    """The coordinator gives them, at first something that is no address."""
    await sees(town, town.coordinator)
    await town.coordinator.clicks("この回だけ変える")
    await town.coordinator.view(title="この回だけ変える")
    await town.coordinator.clicks("資料とアドレスを登録", on="view")
    await town.coordinator.view(title="資料とアドレス")
    wrong = {"資料のアドレス": "共有フォルダにあります"}
    assert "https://" in str(await town.coordinator.submits(wrong))
    right = {"資料のアドレス": "https://doc.example.jp/1", "この回だけの、オンライン会議のアドレス": ""}
    assert await town.coordinator.submits(right) is None
    await town.coordinator.closes(everything=True)


async def test_a_week_around_a_session(town: Town) -> None:
    async with town.bot() as banso:
        card = await announces(town, banso)
        assert card.buttons == ["出席", "欠席", "録画で見る"]
        assert await rung(town.asker) == []

        await town.move_to(at(11, 26, 10))
        await town.asker.clicks("出席", on=card)
        await town.neighbour.clicks("欠席", on=card)
        await town.talent.clicks("欠席", on=card)
        await answers_in_the_list(town, town.talent, "欠席", "録画で見る")
        await town.channel.changed(card, "出席 *1人*|欠席 *1人*|録画で見る *1人*")
        await settled(town, banso)
        (file,) = await files(town.asker)
        (event,) = await events_in(town, file)
        assert (event.summary, event.sequence) == ("第1回 アドバイザー勉強会", 0)
        assert await files(town.talent) == []
        assert "「出席」で受け付けました" in (await town.asker.sees("受け付けました", town.channel)).words
        await town.asker.clicks("10分前にも知らせる", on="受け付けました")
        await town.asker.sees("始まる10分前に", town.channel)
        await chooses_to_be_told(town, banso, town.asker, already=True)
        await chooses_to_be_told(town, banso, town.neighbour, already=False)

        await gives_materials(town)
        await town.channel.changed(card, "資料1")

        await happens(town, banso, at(12, 2, 11))
        assert "出席の予定です" in (await letters(town.asker))[-1]
        await happens(town, banso, at(12, 3, 14, 51))
        assert "まもなく始まります" in (await letters(town.asker))[-1]
        assert len(await letters(town.asker)) == 2
        assert await letters(town.neighbour) == []
        await happens(town, banso, at(12, 4, 11))
        await town.channel.changed(card, "終わりました")
        assert (await town.ws.counters())["duplicates"] == []
        assert (await banso.health()).ok


async def keeps_what_it_said(who: Person) -> None:
    """「FAQに残す」 begins with what the session said; then comes what they had answered."""
    await who.clicks("FAQに残す", on=await who.sees("FAQに残しませんか"))
    begun = (await who.view(title="FAQに残す")).entered["faq_answer"]
    assert next(iter(begun.values()))["value"].startswith("まず有線、次に帯域です\n\n有線で")
    await who.closes()


async def test_what_came_of_a_session_goes_back_into_the_threads(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says("Web会議の音が途切れます。どうすればいいですか", town.channel)
        await town.channel.shows("受け付けました", thread=asked)
        await town.talent.says("有線でつないでみてください", town.channel, thread=asked)
        await settled(town, banso)
        (question,) = await all_questions(banso)
        await registers(town, town.coordinator, **FIRST, チャンネル=town.channel.id)
        await happens(town, banso, at(11, 26, 8, 31))
        card = await town.channel.shows("勉強会のお知らせです。第1回")
        await town.neighbour.clicks("録画で見る", on=card)
        await town.channel.changed(card, "録画で見る *1人*")
        await happens(town, banso, at(12, 4, 10))
        card = await town.channel.changed(card, "まとめを書く")

        refused = await town.neighbour.clicks("まとめを書く", on=card, may_fail=True)
        assert refused.acked
        assert not await town.neighbour.has_view()
        await town.coordinator.clicks("まとめを書く", on=card)
        await town.coordinator.view(title="まとめを書く")
        minutes = {"まとめ": "あ" * 3001, "録画のアドレス": "録画フォルダ"}
        assert await town.coordinator.submits(minutes)
        minutes = {"まとめ": "途切れるときの順番を確かめました", "録画のアドレス": "https://v.example.jp/1"}
        discussed = {"話に出た相談": [f"No.{question.number} Web会議の音が途切れます。どうすればいいですか"]}
        assert await town.coordinator.submits({**minutes, **discussed}) is None
        await town.coordinator.view(title="話に出た相談")
        said = {
            f"No.{question.number} Web会議の音が途切れます。どうすればいいですか": "まず有線、次に帯域です"
        }
        assert await town.coordinator.submits(said) is None
        await town.coordinator.view(title="勉強会")
        await banso.scheduler.run_due()
        await settled(town, banso)
        thread = [each.words for each in await town.channel.thread(asked)]
        assert sum("まず有線、次に帯域です" in each for each in thread) == 1
        await town.channel.changed(card, "途切れるときの順番を確かめました")

        await happens(town, banso, at(12, 7, 11))
        (recap,) = [each for each in await letters(town.neighbour) if "まとめをお届けします" in each]
        assert "第1回" in recap
        assert sum("FAQに残しませんか" in each for each in await letters(town.talent)) == 1
        await keeps_what_it_said(town.talent)
        await happens(town, banso, at(12, 8, 11))
        assert len([each for each in await letters(town.neighbour) if "まとめ" in each]) == 1


async def test_moved_and_cancelled_after_people_said_they_come(town: Town) -> None:
    async with town.bot() as banso:
        card = await announces(town, banso)
        await town.move_to(at(11, 26, 10))
        await town.asker.clicks("出席", on=card)
        await town.neighbour.clicks("欠席", on=card)
        await town.channel.changed(card, "出席 *1人*|欠席 *1人*")
        await sees(town, town.coordinator)
        await town.coordinator.clicks("この回だけ変える")
        await town.coordinator.view(title="この回だけ変える")
        moved = {"どうしますか": "日時を移す", "移す日": "2026-12-04", "始まり": "10:00"}
        assert await town.coordinator.submits(moved) is None
        await town.coordinator.closes(everything=True)
        await town.channel.changed(card, "12月4日(金) 10:00〜11:30(日時が変わりました。もとは 12月3日(木))")
        letter = await (await town.asker.dm()).shows("日時が変わりました")
        await town.asker.clicks("予定のファイルをもらう", on=letter)
        await happens(town, banso, at(12, 3, 11))
        first, second = await files(town.asker)
        ((was,), (now,)) = (await events_in(town, first), await events_in(town, second))
        assert (was.uid, now.sequence > was.sequence) == (now.uid, True)
        assert "出席の予定です:第1回 アドバイザー勉強会 12月4日(金)" in (await letters(town.asker))[-1]

        await sees(town, town.coordinator)
        await town.coordinator.clicks("この回だけ変える")
        await town.coordinator.view(title="この回だけ変える")
        assert await town.coordinator.submits({"どうしますか": "中止する"}) is None
        await town.channel.changed(card, "*中止*")
        letter = await (await town.asker.dm()).shows("中止になりました")
        await town.asker.clicks("予定のファイルをもらう", on=letter)
        await happens(town, banso, at(12, 4, 18))
        gone = (await events_in(town, (await files(town.asker))[-1]))[0]
        assert (gone.uid, gone.status.value) == (was.uid, "CANCELLED")
        assert len(await letters(town.asker)) == 3
        assert await letters(town.neighbour) == []
        assert [each for each in await letters(town.coordinator) if "おつかれさま" in each] == []
        late = await town.neighbour.clicks_stale("出席", on=card, may_fail=True)
        assert late.acked
        assert (await banso.database.read(replies.count, (await past(banso)).id))[0] == 1


async def past(banso: Banso) -> Meeting:
    """The meeting that was first."""
    return await banso.database.read(meetings.need, 1)


async def test_a_replica_that_dies_while_it_announces_announces_once(town: Town) -> None:
    """The first one's post reaches Slack and its answer does not; two others find the row under its lease."""
    async with town.bot() as banso:
        await registers(town, town.coordinator, **FIRST, チャンネル=town.channel.id)
        await happens(town, banso, at(11, 25, 18))
    await town.ws.faults("drop_after", method="chat.postMessage", count=1)
    dying = town.bot()
    banso = await dying.__aenter__()
    await town.move_to(at(11, 26, 8, 31))

    async def posted() -> bool:
        return bool(await cards(town))

    await until(posted)
    for task in list(banso.delivery._flying):
        task.cancel()
    await dying.__aexit__(None, None, None)
    async with town.bot() as one, town.bot() as two:
        await asyncio.gather(*(each.scheduler.run_due() for each in (one, two)))
        await settled(town, two)
        (card,) = await cards(town)
        await town.asker.clicks("出席", on=card)
        await town.channel.changed(card, "出席 *1人*")
        await town.move_to(at(12, 2, 11))
        await asyncio.gather(*(each.scheduler.run_due() for each in (one, two)))
        await town.later(seconds=6)
        await asyncio.gather(*(each.scheduler.run_due() for each in (one, two)))
        await settled(town, one)
        assert len([each for each in await letters(town.asker) if "出席の予定です" in each]) == 1
        assert len(await cards(town)) == 1
        assert (await town.ws.counters())["duplicates"] == []


CROWD, AT_ONCE = 500, 8


@pytest.mark.screens
async def test_five_hundred_people_answer_within_slack_s_limits(town: Town) -> None:
    crowd = await town.ws.crowd(
        [{"real_name": f"職員 {number}", "channels": [town.channel.id]} for number in range(CROWD)]
    )
    async with town.bot() as banso:
        card = await announces(town, banso)
        before, began = len(await town.ws.calls("chat.update")), time.monotonic()
        waiting = asyncio.Semaphore(AT_ONCE)

        async def answers(person: Person, number: int) -> None:
            async with waiting:
                answer = ("欠席", "録画で見る")[number % 2] if number % 25 else "出席"
                assert (await person.clicks(answer, on=card)).acked

        await asyncio.gather(*(answers(person, number) for number, person in enumerate(crowd)))
        counted = "出席 *20人*|欠席 *240人*|録画で見る *240人*"
        await town.channel.changed(card, counted, within=60)
        took = time.monotonic() - began
        calls = (await town.ws.calls("chat.update"))[before:]
        assert len(calls) <= took / outbox.CROWD.total_seconds() + 2, (
            "what changes meanwhile goes with the next"
        )
        assert [each for each in calls if each.get("error")] == []
        assert await banso.database.read(due.failing) == 0

        async def have_their_file() -> bool:
            return all([len(await files(each)) == 1 for each in crowd[::25]])

        await until(have_their_file, within=60)
