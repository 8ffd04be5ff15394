"""People write My Numbers in every way there is. Afterwards no digit is in the database, the log, or what the bot said."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from bot import logs
from bot.app import Banso
from bot.domain.my_number import MASK
from handlers.questions.catching import taking
from handlers.questions.intake import capture
from sandbox.client.things import Message
from storage import failures, kept
from storage.database import Transaction
from storage.tables import kept_words
from tests.digits import NUMBER, OTHER, THIRD, columns, where
from tests.scenarios.conftest import Town
from tests.scenarios.story import all_questions, books, rung, settled, until

HYPHENS, WIDE = "1234-5678-9018", "１２３４　５６７８　９０１８"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that is logged, from DEBUG on."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("DEBUG", "json", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.configure(**before)


STAMPS = re.compile(r"\b(?:\d{10}\.\d{6}|p\d{16}|[A-Zb]\d{6,})\b")
"""Slack's own timestamps and ids: side by side, one in eleven looks like a number."""


async def said_by_bot(town: Town) -> list[tuple[str, str]]:
    """All that the bot wrote: in channels and threads, to people alone, and what only one of them was shown."""
    people = (town.asker, town.neighbour, town.talent, town.second, town.pm, town.coordinator)
    places = [town.channel, town.other, *[await person.dm() for person in people]]
    found = [each for place in places for each in await place.messages() if each.by_bot]
    found += [each for person in people for each in await person.ephemerals()]
    return [(each.author, STAMPS.sub("", json.dumps(each.data, ensure_ascii=False))) for each in found]


async def assert_nowhere(town: Town, banso: Banso, written: io.StringIO) -> None:
    stored = await banso.database.read(lambda tx: list(columns(tx.connection)))
    assert where(stored, NUMBER, OTHER, THIRD) == []
    assert where([("log", line) for line in written.getvalue().splitlines()], NUMBER, OTHER, THIRD) == []
    said = await said_by_bot(town)
    assert any("編集ではなく、削除" in text for _, text in said)
    assert where(said, NUMBER, OTHER, THIRD) == []


async def test_in_all_ways_and_nowhere_afterwards(town: Town, written: io.StringIO) -> None:
    await town.ws.delivery(retry_delays=[])
    async with town.bot(socket_connections=1) as banso:
        asked = await town.asker.says(
            f"住民の番号 {HYPHENS} の画面が開きません。どうすればいいですか", town.channel
        )
        await town.channel.shows("受け付けました", thread=asked)
        await town.talent.says(f"{NUMBER} の方ですね", town.channel, thread=asked)
        await town.asker.edits(
            asked, f"住民の番号 {HYPHENS} と *9876* `54321093` の画面が開きません。急ぎです"
        )
        await town.later(minutes=3)
        files = [{"name": f"{OTHER}.png", "content": "x"}]
        picture = await town.neighbour.says(
            "画面が真っ暗です。どうすればいいですか", town.channel, files=files
        )
        await town.channel.shows("受け付けました", thread=picture)
        called = await town.neighbour.mentions_bot(f"{WIDE} の電子申請ができません", town.other)
        await town.other.shows("受け付けました", thread=called)
        await town.neighbour.says(f"雑談です {NUMBER}", town.other)
        await town.later(minutes=3)
        lines = [
            await town.neighbour.says(text, town.channel)
            for text in ("番号が通りません。1234", "5678", "9018")
        ]
        await town.channel.shows("受け付けました", thread=lines[0])
        await settled(town, banso)
        await assert_nowhere(town, banso, written)
        assert any(MASK in text for _, text in await said_by_bot(town)), "whoever answers reads the rest"
    await town.later(minutes=20)
    late = await town.asker.says(f"プリンターで印刷できません。{THIRD}", town.channel)
    await town.asker.edits(asked, f"住民の番号 {THIRD} の画面が開きません。{OTHER} {NUMBER}")
    await town.later(minutes=20)
    async with town.bot(socket_connections=1) as banso:
        await town.channel.shows("受け付けました", thread=late)
        await settled(town, banso)
        await assert_nowhere(town, banso, written)
        before = (await town.ws.counters())["posts"], len(await rung(town.coordinator))
        assert await banso.catch_up.run() == 0, "a masked text is no change"
        await settled(town, banso)
        assert before == ((await town.ws.counters())["posts"], len(await rung(town.coordinator)))
        assert (await books(banso)).received == 5


async def test_the_author_reads_at_once_how_to_delete_and_the_coordinator_where_it_is(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(f"住民の {NUMBER} が開けません。どうすればいいですか", town.channel)
        shown = await town.asker.sees("編集ではなく、削除", town.channel)
        assert shown.ephemeral
        ring = await town.coordinator.is_rung("浜野 凪さんの書き込み")
        assert ring["kind"] == "direct"
        told = await (await town.coordinator.dm()).shows("相談-端末")
        assert asked.ts.replace(".", "") in str(told.data)
        await town.asker.edits(asked, f"住民の {NUMBER} が開けません。どうすればいいですか。急ぎです")
        await settled(town, banso)
        assert len(await town.asker.ephemerals(town.channel)) == 1
        assert len(await rung(town.coordinator)) == 1
        await town.asker.edits(asked, f"住民の {NUMBER} と {OTHER} が開けません")
        await settled(town, banso)
        assert len(await town.asker.ephemerals(town.channel)) == 2
        assert len(await rung(town.coordinator)) == 2
        assert await town.neighbour.ephemerals() == []
        await town.asker.deletes(asked)
        await settled(town, banso)
        assert (await books(banso)).closed == {"withdrawn": 1}


async def test_what_is_typed_stops_with_an_explanation_and_nothing_typed_is_lost(
    town: Town, written: io.StringIO
) -> None:
    async with town.bot() as banso:
        await town.asker.runs("/banso", f"相談 {NUMBER} が開けません", channel=town.channel)
        await town.asker.sees("まだ何も保存していません", town.channel)
        assert not await town.asker.has_view()
        await town.asker.runs("/banso", "相談 画面が開けません", channel=town.channel)
        await town.asker.view(title="相談する")
        entered = {
            "相談したいこと": f"住民の {HYPHENS} の画面が開けません",
            "だれに聞きますか": "県内のみんなに",
        }
        errors = await town.asker.submits(entered)
        assert "番号を消して、もう一度" in str(errors)
        assert await all_questions(banso) == []
        await town.asker.submits({**entered, "相談したいこと": "住民の A さんの画面が開けません"})
        await town.asker.view(title="受け付けました")
        await town.later(minutes=3)
        said = await town.neighbour.says(f"{WIDE} の電子申請ができません", town.other)
        await town.neighbour.sees("編集ではなく、削除", town.other)
        await town.coordinator.shortcut("question_register_message", said)
        await town.coordinator.sees("相談 No.2 として登録しました", town.other)
        await town.other.shows("受け付けました", thread=said)
        await settled(town, banso)
        assert len(await town.neighbour.ephemerals(town.other)) == 1, "told when it was written"
        elsewhere = await town.ws.channel("総務課だけ", bot=False, members=[town.asker])
        alone = await town.asker.says(f"控え {NUMBER}", elsewhere)
        await town.asker.shortcut("question_register_message", alone)
        view = await town.asker.view(title="相談する")
        assert view.entered["text"]["text"]["value"] == f"控え {MASK}"
        await settled(town, banso)
        await assert_nowhere(town, banso, written)


async def test_a_direct_message_is_not_taken_in_and_its_author_hears_why_once(
    town: Town, written: io.StringIO
) -> None:
    async with town.bot() as banso:
        await town.asker.direct(f"住民の {HYPHENS} の画面が開けません。どうすればいいですか")
        await town.asker.sees("まだ何も保存していません")
        await settled(town, banso)
        assert await all_questions(banso) == []
        assert await rung(town.coordinator) == []
        assert await banso.catch_up.run() == 0
        await settled(town, banso)
        assert len([ring for ring in await rung(town.asker) if "まだ何も保存" in ring["text"]]) == 1
        await assert_nowhere(town, banso, written)


def _failed(tx: Transaction) -> list[Mapping[str, Any]]:
    """The bodies of events that failed, or of words that could not be taken in."""
    events = [event.body["event"] for event in failures.to_replay(tx)]
    return events or ([word.body for word in _words(tx)] if kept.backlog(tx).failing else [])


def _words(tx: Transaction) -> list[kept.Word]:
    columns = [kept_words.c[name] for name in ("id", "kind", "body", "reference", "attempts")]
    return [kept.Word(*row) for row in tx.connection.execute(select(*columns))]


@pytest.mark.parametrize("broken_at", ["keeping", "taking in"])
async def test_what_failed_is_kept_without_it_and_tells_when_it_is_replayed(
    town: Town, written: io.StringIO, monkeypatch: pytest.MonkeyPatch, broken_at: str
) -> None:
    await town.ws.delivery(retry_delays=[])

    def bug(*_: object) -> None:
        raise ValueError(f"cannot take {HYPHENS}")

    async with town.bot() as banso:
        with monkeypatch.context() as broken:
            where = (taking, "written") if broken_at == "keeping" else (capture, "capture")
            broken.setattr(*where, bug)
            asked: Message = await town.asker.says(
                f"番号 {NUMBER} の画面が開きません。どうすればいいですか", town.channel
            )

            async def found() -> list[Mapping[str, Any]]:
                return await banso.database.read(_failed)

            (body,) = await until(found)
            assert MASK in body["text"]
        (tick,) = [tick for tick in banso.scheduler._ticks if tick.name == "replay"]
        await tick.run()
        await town.channel.shows("受け付けました", thread=asked)
        await town.asker.sees("編集ではなく、削除", town.channel)
        await town.coordinator.is_rung("浜野 凪さんの書き込み")
        await settled(town, banso)
        await assert_nowhere(town, banso, written)
    assert "cannot take" in written.getvalue()
