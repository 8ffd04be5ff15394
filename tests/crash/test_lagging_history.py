"""Slack's history is not said to show at once what was written: what it does not show yet is not deleted."""

from __future__ import annotations

from benchmarks.crash.place import Place
from benchmarks.machine import stopping, until
from storage.ledger import ledger


async def test_a_question_that_the_history_does_not_show_yet_is_not_withdrawn(here: Place) -> None:
    channel = here.channels[0]
    async with stopping(await here.start()):
        asked = await here.askers[0].says("パソコンの画面が真っ暗です。どうすればいいですか", channel)
        await channel.shows("受け付けました", thread=asked)

    async def not_found() -> bool:
        return bool(await here.ws.calls("conversations.replies", "thread_not_found"))

    await here.ws.faults("history_delay", seconds=60)
    async with stopping(await here.start()) as child:
        await until("the thread is looked for", not_found, 20, child)
        later = await here.askers[1].says("プリンターから紙が出ません", channel)
        await channel.shows("受け付けました", thread=later)
    async with here.database() as database:
        books = await database.read(ledger)
    assert (books.received, books.closed) == (2, {})
