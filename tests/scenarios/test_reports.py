"""A coordinator asks for the figures of a month and opens the file that comes."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from openpyxl import Workbook, load_workbook

from bot.app import Banso
from handlers.reports import actions
from sandbox.client import Shown
from storage import delivered, outbox, sending
from storage.database import Database, Transaction
from tests.scenarios.conftest import BODY, Town
from tests.scenarios.story import settled, until
from tests.scenarios.test_home import home
from tests.scenarios.test_private import SECRET, asks, desk_channel

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"
DECEMBER = datetime(2026, 12, 1, 1, 0, tzinfo=UTC).timestamp()
ENTERED = {"period": "this_month", "form": "xlsx"}
LAST_MONTH = {"期間": "先月:令和8年11月"}


async def files(town: Town) -> list[Shown]:
    """The messages of the bot in the coordinator's direct message that hold a file."""
    place = await town.coordinator.dm()
    shown = [each for each in await place.messages() if each.by_bot]
    return [each for each in shown if any(file.get("mode") != "tombstone" for file in each.get("files", ()))]


async def arrived(town: Town, banso: Banso, count: int) -> tuple[Shown, bytes]:
    """The newest file, once there are so many and nothing is on its way any more."""

    async def there() -> bool:
        return len(await files(town)) >= count

    await until(there, within=60)
    await settled(town, banso)
    found = await files(town)
    assert len(found) == count
    (file,) = found[-1]["files"]
    bearer = {"Authorization": f"Bearer {town.sandbox.bot_token}"}
    async with aiohttp.ClientSession() as session, session.get(file["url_private"], headers=bearer) as answer:
        return found[-1], await answer.read()


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def rows(book: Workbook, name: str) -> list[tuple[Any, ...]]:
    return [row for row in book[name].values if any(cell is not None for cell in row)]


async def wants(town: Town, **entered: Any) -> dict[str, str] | None:
    """Type the command, fill the dialog in and send it."""
    await town.coordinator.runs("/banso", "集計", channel=town.channel)
    await town.coordinator.view(title="集計")
    return await town.coordinator.submits(entered, may_fail=True)


async def test_a_month_as_a_file_and_the_same_again_after_more_has_happened(town: Town) -> None:
    desk = await desk_channel(town, town.talent)
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await asks(town, banso, town.asker)
        await desk.shows("相談 No.2")
        await town.later(minutes=40)
        await town.talent.says("電源を長押ししてください", town.channel, thread=asked)
        await town.channel.shows("対応しています", thread=asked)
        await settled(town, banso)

        await town.move_to(DECEMBER)
        await town.coordinator.opens_home()
        await town.coordinator.clicks("集計をExcelで", on="home")
        shown = await town.coordinator.view(title="集計")
        assert "今年度:令和8年度(2026年度)" in str(dict(shown))
        assert await town.coordinator.submits(LAST_MONTH) is None
        assert "令和8年11月 相談実績.xlsx" in (await town.coordinator.view(title="つくっています")).words
        message, content = await arrived(town, banso, 1)
        assert "「令和8年11月 相談実績.xlsx」です(令和8年11月30日 24時現在)" in message.text
        assert message["files"][0]["name"] == "令和8年11月 相談実績.xlsx"
        await town.coordinator.is_rung("お待たせしました")
        book = opened(content)
        line = [
            BODY["code"],
            "波待島村",
            "端末・アカウント・ツールの使い方",
            "チャンネル",
            "今週中",
            "未回答",
            40,
        ]
        assert list(rows(book, "一覧")[4][1:8]) == line
        assert (BODY["code"], "波待島村", 1) in rows(book, "団体別")
        assert [row[:3] for row in rows(book, "概要") if row[0] == "受付"] == [
            ("受付", 1, "「県内みんな」の相談だけです")
        ]
        for name in book.sheetnames:
            assert "終わった年度の集計だけで数えます" in str(rows(book, name)[:6])
        assert SECRET[:6] not in str([rows(book, name) for name in book.sheetnames])

        await town.asker.clicks("解決した", on=card)
        await town.asker.says("プリンターの印刷がずれます。なぜですか", town.channel)
        await town.channel.shows("受け付けました")
        await settled(town, banso)
        assert await wants(town, **LAST_MONTH) is None
        _, again = await arrived(town, banso, 2)
        after = opened(again)
        assert {name: rows(book, name) for name in book.sheetnames} == {
            name: rows(after, name) for name in after.sheetnames
        }


@pytest.mark.screens
async def test_it_is_for_coordinators_and_days_that_make_no_period_are_said(town: Town) -> None:
    async with town.bot() as banso:
        await town.asker.runs("/banso", "集計", channel=town.channel)
        await town.asker.sees("いまの権限ではできません", town.channel)
        assert "集計をExcelで" not in (await home(town, town.asker)).buttons
        assert "集計をExcelで" not in (await home(town, town.talent)).buttons

        chosen = {"期間": "期間を選ぶ(下の2つの日)"}
        errors = await wants(town, **chosen)
        assert errors is not None
        assert set(errors) == {"first", "last"}
        errors = await town.coordinator.submits(
            {**chosen, "first": "2026-11-24", "last": "2026-11-23"}, may_fail=True
        )
        assert errors == {"last": "はじめの日と同じか、それよりあとの日を選んでください。"}
        errors = await town.coordinator.submits(
            {**chosen, "first": "2026-11-25", "last": "2026-11-30"}, may_fail=True
        )
        assert errors == {"first": "今日までの日を選んでください。"}
        days = {
            **chosen,
            "first": "2026-11-01",
            "last": "2026-11-24",
            "ファイルの形": "CSV(表ごとのファイルを1つの .zip に)",
        }
        assert await town.coordinator.submits(days) is None
        message, content = await arrived(town, banso, 1)
        assert message["files"][0]["name"].endswith("令和8年11月24日 相談実績.zip")
        assert content.startswith(b"PK")


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("drop_after", "files.completeUploadExternal"),
        ("drop_before", "files.completeUploadExternal"),
        ("500", "files.getUploadURLExternal"),
        ("drop_after", "files.info"),
        ("429", "conversations.open"),
    ],
)
async def test_however_it_breaks_one_file_comes(town: Town, kind: str, method: str) -> None:
    async with town.bot() as banso:
        await town.ws.faults(kind, method=method, count=1)
        await wants(town, **{"期間": "今月:令和8年11月"})
        await arrived(town, banso, 1)
        assert (await banso.database.read(outbox.backlog)).dead == 0


@pytest.mark.parametrize("uploaded", [None, "F0GONE"])
async def test_a_process_that_died_while_it_made_one_leaves_it_to_the_next(
    town: Town, uploaded: str | None
) -> None:
    """Nobody who asked has to ask again: before anything was uploaded, and before it was shared."""

    def dies(tx: Transaction) -> None:
        entered = {block: {block: {"selected_option": {"value": value}}} for block, value in ENTERED.items()}
        view = {"state": {"values": entered}}
        shown, _ = actions.submit(tx, town.coordinator.id, view, source="view:V1")
        assert shown is not None
        (row,) = sending.lease(tx, [each.id for each in sending.ready(tx, limit=1)], timedelta(seconds=0.1))
        assert uploaded is None or delivered.uploaded(tx, row, uploaded)

    async with Database(town.database_url, town.clock, town.sandbox.team_id) as database:
        await database.write(dies)
    async with town.bot() as banso:
        await arrived(town, banso, 1)
