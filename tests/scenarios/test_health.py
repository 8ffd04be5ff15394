"""/healthz is green only while the books balance and everything has its next step; /metrics shows the numbers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import delete, update

from benchmarks.databases import Databases
from bot.app import Banso
from storage import failures, outbox
from storage.database import Transaction
from storage.outbox import Kind
from storage.tables import due_work, events, questions
from storage.tables import outbox as outbox_table
from tests.scenarios.conftest import Town
from tests.scenarios.story import settled, until

BROKEN = "パソコンの画面が真っ暗です。どうすればいいですか"


async def get(banso: Banso, path: str) -> tuple[int, str]:
    url = f"http://127.0.0.1:{banso.port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


def _unreceived(tx: Transaction) -> None:
    tx.connection.execute(delete(events).where(events.c.verb == "receive"))


def _aimless(tx: Transaction) -> None:
    tx.connection.execute(update(questions).values(next_at=None))


def _nobodys(tx: Transaction) -> None:
    tx.connection.execute(update(questions).values(responsible=None))


def _dead(tx: Transaction) -> None:
    tx.connection.execute(update(outbox_table).values(dead_at=tx.real_now))


def _failed(tx: Transaction) -> None:
    failures.keep_failed(tx, reference="AAAA-AA", kind="message", body={}, error="ValueError")


def _failing(tx: Transaction) -> None:
    tx.connection.execute(update(due_work).values(attempts=1, retry_at=tx.real_now))


TROUBLE: dict[str, Callable[[Transaction], None]] = {
    "台帳が合いません": _unreceived,
    "担当または次の予定がない相談があります:No.1": _aimless,
    "次の予定がない相談": _nobodys,
    "届けられないお知らせが": _dead,
    "処理に失敗した書き込みが 1 件": _failed,
    # The step of the question, the day of the rota, and the look at the week's digests.
    "失敗して待っている定例処理が 3 件": _failing,
}


@pytest.fixture
def database_url(databases: Databases) -> str:
    """What health says does not depend on the engine; the counting is tested on both in tests/storage."""
    return databases.fresh("sqlite")


async def test_each_trouble_turns_it_red_with_its_sentence(town: Town) -> None:
    async with town.bot() as banso:
        assert (await get(banso, "/healthz"))[0] == 200
        await town.asker.says(BROKEN, town.channel)
        await town.channel.shows("受け付けました")
        await settled(town, banso)
        status, words = await get(banso, "/healthz")
        assert status == 200
        assert '"received": 1' in words
        assert '"waiting": 1' in words

    url = town.database_url
    for number, (sentence, harm) in enumerate(TROUBLE.items()):
        copy = f"{url}.{number}"
        _copy(url, copy)
        town.database_url = copy
        async with town.bot() as banso:
            assert (await get(banso, "/healthz"))[0] == 200
            await banso.database.write(harm)
            status, words = await get(banso, "/healthz")
            assert status == 503
            assert sentence in words


def _copy(url: str, copy: str) -> None:
    shutil.copy(url.removeprefix("sqlite:///"), copy.removeprefix("sqlite:///"))


async def test_a_lost_connection_and_a_late_notice_are_said(town: Town) -> None:
    async with town.bot() as banso:
        await town.ws.faults("500", method="apps.connections.open")
        await town.ws.disconnects("link_disabled")

        async def said() -> bool:
            return "Slack との接続が切れています。" in (await banso.health()).findings

        await until(said)
        await town.ws.clear_faults()
        await town.ws.connected(2)

        async def green() -> bool:
            return (await banso.health()).ok

        await until(green)

        def forgotten(tx: Transaction) -> None:
            outbox.send(tx, Kind.NOTICE, "x", "question.nudge", 1, channel=town.channel.id)
            tx.connection.execute(
                update(outbox_table).values(
                    created_at=tx.real_now.replace(year=2020), leased_until=tx.real_now.replace(year=2099)
                )
            )

        await banso.database.write(forgotten)
        assert "10分以上届いていないお知らせがあります。" in (await banso.health()).findings


async def test_a_catch_up_that_does_not_end_is_said(town: Town) -> None:
    async with town.bot() as banso:
        await town.ws.faults("error", method="conversations.history", error="internal_error")
        hearing, now = banso.services.hearing, town.clock.real_now()
        assert not hearing.behind(now)
        hearing.refused(now)
        assert hearing.behind(now - timedelta(minutes=6))
        assert "留守中の書き込みを読み終えていません" in (await get(banso, "/healthz"))[1]


async def test_the_figures_count_what_happened(town: Town) -> None:
    async with town.bot() as banso:
        asked = await town.asker.says(BROKEN, town.channel)
        card = await town.channel.shows("受け付けました", thread=asked)
        await town.neighbour.says("ありがとうございます", town.channel)
        await town.talent.clicks("対応します", on=card)
        await town.channel.changed(card, "対応中")
        await settled(town, banso)
        await get(banso, "/healthz")
        status, page = await get(banso, "/metrics")
        assert status == 200
        figures = dict(line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))
        wanted = {"captured": 1, "set_aside": 1, "posts": 2, "updates": 1, "open_questions": 1, "sockets": 2}
        for name, value in wanted.items():
            (found,) = [
                each
                for key, each in figures.items()
                if name in key and "created" not in key and "{" not in key
            ]
            assert (name, float(found)) == (name, value)
