"""The bot is gone for an hour while people go on writing; afterwards everything is there, once."""

from __future__ import annotations

import random
import signal

from benchmarks.crash.asking import Asking
from benchmarks.crash.place import Place
from benchmarks.crash.talk import Talk
from benchmarks.crash.trial import settled
from benchmarks.crash.verdict import Verdict, judge
from benchmarks.machine import stopping
from sandbox.client import Channel
from storage import messages
from storage.ledger import ledger

HOUR = 3600.0
SCREEN, PRINTER, LOGIN, CABLE = (
    "パソコンの画面が真っ暗です。どうすればいいですか",
    "プリンターから紙が出ません",
    "ログインできません",
    "LANケーブルが抜けません",
)


async def test_what_was_written_in_an_hour_away_is_all_there_once(here: Place) -> None:
    talk, (device, window, private) = Talk(here, random.Random()), here.channels
    people = iter(here.askers)

    async def asks(text: str, channel: Channel) -> Asking:
        asker = next(people)
        asking = Asking(asker, channel, await asker.says(text, channel))
        talk.askings.append(asking)
        return asking

    async with stopping(await here.start()) as child, here.database() as database:
        before = [await asks(SCREEN, channel) for channel in here.channels]
        regretted = await asks(PRINTER, device)
        assert not (await settled(database, talk, child)).waiting
        await child.stop(signal.SIGKILL)

    await here.ws.delivery(retry_delays=[])
    await here.ws.advance(HOUR / 3)
    first, second, third = before
    first.replies.append(await here.talents[0].says("電源ボタンを10秒長押し", device, thread=first.first))
    second.added.append(await second.asker.says("ランプは青です", window, thread=second.first))
    await third.asker.edits(third.first, "パソコンの画面が真っ青です。どうすればいいですか")
    await regretted.asker.deletes(regretted.first)
    while_away = [await asks(LOGIN, channel) for channel in here.channels]
    while_away[0].added.append(await while_away[0].asker.says("機種はA型です", device))
    talk.thanks.append(await next(people).says("ありがとうございました", private))
    hasty = next(people)
    await hasty.deletes(await hasty.says(CABLE, device))
    await here.ws.advance(HOUR / 3)
    answered = while_away[2]
    answered.replies.append(
        await here.talents[1].says("合言葉を決め直しましょう", private, thread=answered.first)
    )
    await here.ws.advance(HOUR / 3)

    verdict = Verdict()
    async with stopping(await here.start(later=HOUR)) as child, here.database(HOUR) as database:
        recorded = await settled(database, talk, child)
        judge(here, talk, recorded, verdict)
        assert verdict.clean, verdict
        books = await database.read(ledger)
        row = await database.read(messages.find, third.first.channel, third.first.ts)
    await window.changed((await window.thread(while_away[1].first))[1], "受付が遅れて申し訳ありません")
    assert (books.received, books.closed, books.set_aside) == (7, {"withdrawn": 1}, 1)
    assert row is not None
    assert "真っ青" in row.body
