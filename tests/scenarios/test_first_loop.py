"""The first loop: asked, captured, routed, claimed, answered, resolved."""

from __future__ import annotations

from storage.ledger import ledger
from tests.scenarios.conftest import Town


async def test_a_question_is_asked_claimed_answered_and_resolved(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says("パソコンの画面が真っ暗です。どうすればいいですか", town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        assert "波待島村 総務課" in card.words
        assert "返信の目安 11/24(火)" in card.words
        await town.talent.is_rung()

        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "森脇さんが対応しています")
        await town.talent.says("電源ボタンを10秒長押ししてみてください", town.channel, thread=asked)
        await town.talent.clicks("回答した", on=card)
        await town.channel.changed(card, "回答があります")
        await town.asker.clicks("解決した", on=card)
        await town.channel.changed(card, "終わりました(解決・11/24)")

        books = await banso.database.read(ledger)
        assert (books.received, books.closed) == (1, {"resolved": 1})
        assert (await banso.health()).ok
        counters = await town.ws.counters()
        assert counters["asked"] == 1
        assert counters["posts"] == 1
