"""The verdict finds a press and a dialog that were acknowledged before they were committed, and then were not."""

from __future__ import annotations

import random

import pytest

from benchmarks.crash.asking import Asking
from benchmarks.crash.deeds import CLAIM
from benchmarks.crash.place import Place
from benchmarks.crash.talk import Talk
from benchmarks.crash.trial import settled
from benchmarks.crash.verdict import Verdict, judge
from benchmarks.machine import stopping, until


@pytest.mark.screens
async def test_what_was_acknowledged_and_not_committed_is_lost(here: Place) -> None:
    talk, channel, (asker, other, third, *_) = Talk(here, random.Random()), here.channels[0], here.askers
    async with stopping(await here.start("hasty")) as child:
        first = await asker.says("パソコンの画面が真っ暗です。どうすればいいですか", channel)
        talk.askings.append(Asking(asker, channel, first))
        card = await channel.shows("受け付けました", thread=first)
        press = await talk.deeds.presses_on(card, CLAIM, here.talents[1])
        await child.process.wait()
    async with stopping(await here.start("hasty")) as child:
        await until("it is up", here.is_up, 20, child)
        dialog = await talk.deeds.asks(other, channel)
        await child.process.wait()
    assert press.acknowledged
    assert dialog.acknowledged
    async with stopping(await here.start()) as child, here.database() as database:
        await until("it is up", here.is_up, 20, child)
        assert (await talk.deeds.asks(third, channel)).acknowledged
        judge(here, talk, await settled(database, talk, child), verdict := Verdict())
    assert (verdict.presses, verdict.dialogs) == (1, 2)
    assert verdict.lost == [
        "dialog 0 was acknowledged and is no question",
        f"press (1, 'claim', '{here.talents[1].id}') was acknowledged and is not done",
    ]
    assert [*verdict.captured_twice, *verdict.posted_twice, *verdict.books] == []
