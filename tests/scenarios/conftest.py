"""A whole small prefecture: the sandbox, the bot against it, and people who speak in words."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.app import Banso, running
from bot.clock import MovableClock
from bot.domain.digests import USUAL, Plans
from bot.settings import Settings
from handlers.common.quiet import AT_ONCE
from handlers.members.form import parse
from handlers.members.loading import load
from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from storage import digests
from storage.database import Database
from storage.tables import members
from storage.workspace import save_workspace
from tests.kept import keep, put_back
from tests.pace import unhurried

ROOT = Path(__file__).parents[2]
TUESDAY_TEN = 1795482000.0
"""2026-11-24 10:00 in Tokyo, a working day."""

BODY = {
    "code": "993433",
    "prefecture": "あさぎ県",
    "name": "波待島村",
    "kana": "なみまちじまむら",
    "kind": "村",
}


@dataclass
class Town:
    """Everything a story needs."""

    sandbox: Sandbox
    ws: Workspace
    channel: Channel
    other: Channel
    asker: Person
    neighbour: Person
    talent: Person
    second: Person
    pm: Person
    coordinator: Person
    database_url: str
    clock: MovableClock
    directory: Path

    def settings(self, **more: Any) -> Settings:
        values: dict[str, Any] = {
            "slack_bot_token": self.sandbox.bot_token,
            "slack_app_token": self.sandbox.app_token,
            "slack_signing_secret": self.sandbox.signing_secret,
            "slack_api_url": self.sandbox.api_url,
            "database_url": self.database_url,
            "search_dir": self.directory,
            "port": 0,
            "lease_seconds": 2,
            "unsure_wait_seconds": 0.4,
            **more,
        }
        return Settings(_env_file=None, **values)

    @contextlib.asynccontextmanager
    async def bot(self, *, caught_up: bool = True, **more: Any) -> AsyncIterator[Banso]:
        """Start the bot in this process, and wait until it knows what was written before: due work waits for that."""
        async with running(self.settings(**more), self.clock) as banso:
            deadline = time.monotonic() + 20
            while caught_up and banso.services.hearing.unread(self.clock.real_now()):
                assert time.monotonic() < deadline, "the catch-up did not end"
                await asyncio.sleep(0.02)
            yield banso

    async def move_to(self, unix: float) -> None:
        """Move the workspace's and the bot's clock together."""
        await self.ws.set_clock(unix)
        self.clock.move_to(self.clock.real_now().fromtimestamp(unix, tz=self.clock.real_now().tzinfo))

    async def later(self, **delta: float) -> None:
        """Let people's time go on."""
        from datetime import timedelta

        step = timedelta(**delta)
        await self.ws.advance(step.total_seconds())
        self.clock.advance(step)


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    async with opened(database_url) as found:
        yield found


@contextlib.asynccontextmanager
async def directory_of_its_own() -> AsyncIterator[Path]:
    """For what a bot keeps beside its database."""
    with tempfile.TemporaryDirectory(prefix="banso-town-") as found:
        yield Path(found)


@contextlib.asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[Town]:
    """A small prefecture on a Tuesday at ten; the bot is not there yet."""
    async with (
        Sandbox(manifest=ROOT / "app.yaml") as sandbox,
        Workspace(sandbox.control_url) as ws,
        directory_of_its_own() as directory,
    ):
        await ws.set_clock(TUESDAY_TEN)
        await unhurried(ws)
        await ws.faults("drop_events", on=True)  # or Slack would try to tell a bot that comes a second later
        channel = await ws.channel("相談-端末", bot=True)
        other = await ws.channel("雑談", bot=True)
        both = [channel, other]
        found = Town(
            sandbox=sandbox,
            ws=ws,
            channel=channel,
            other=other,
            asker=await ws.person("浜野 凪", channels=both),
            neighbour=await ws.person("峰岸 樹", channels=both),
            talent=await ws.person("森脇 一葉", channels=both),
            second=await ws.person("有馬 駿介", channels=[]),
            pm=await ws.person("戸叶 梨紗", channels=both),
            coordinator=await ws.person("県 太郎", channels=both),
            database_url=database_url,
            clock=MovableClock(),
            directory=directory,
        )
        await ws.faults("drop_events", on=False)
        await found.move_to(TUESDAY_TEN)
        town = f"a town {workspace_file(found)}"
        if not put_back(database_url, town):
            await set_up(found)
            await without_digests(found)
            keep(database_url, town)
        yield found


def workspace_file(town: Town) -> dict[str, Any]:
    """The set-up of this small prefecture, as `banso load` reads it."""
    hours = "月・火・水・木・金 9:00-17:00"
    return {
        "intake": "direct",
        "municipalities": [BODY],
        "channels": [{"id": town.channel.id, "name": "相談-端末"}],
        "members": [
            {"id": town.asker.id, "name": "浜野 凪", "municipality": BODY["code"], "section": "総務課"},
            {"id": town.coordinator.id, "name": "県 太郎", "permission": "coordinator"},
        ],
        "talents": [
            {
                "id": town.talent.id,
                "name": "森脇 一葉",
                "role": "engineer",
                "fields": ["device"],
                "hours": hours,
            },
            {
                "id": town.second.id,
                "name": "有馬 駿介",
                "role": "engineer",
                "fields": ["net"],
                "hours": hours,
            },
            {"id": town.pm.id, "name": "戸叶 梨紗", "role": "pm", "fields": ["procure"], "hours": hours},
        ],
    }


async def without_digests(town: Town) -> None:
    """No digest of the week comes: for stories of other things, that count who is rung."""
    off = Plans({digest: replace(plan, on=False) for digest, plan in USUAL.items()})
    async with Database(town.database_url, town.clock, town.sandbox.team_id) as database:
        await database.write(digests.keep, off)


async def with_digests(town: Town) -> None:
    """The digests of the week come as usual."""
    async with Database(town.database_url, town.clock, town.sandbox.team_id) as database:
        await database.write(digests.keep, Plans())


async def hear_at_once(town: Town) -> None:
    """Everybody has chosen to hear at once of what can wait: for stories of what is said, not of when."""
    async with Database(town.database_url, town.clock, town.sandbox.team_id) as database:
        await database.write(lambda tx: void(tx.connection.execute(update(members).values(letters=AT_ONCE))))


def void(_: object) -> None:
    """Nothing."""


async def set_up(town: Town, change: Callable[[dict[str, Any]], None] | None = None) -> None:
    """Load the workspace file into the bot's database, as an operator would before the first start."""
    raw = workspace_file(town)
    if change is not None:
        change(raw)
    async with Database(town.database_url, town.clock, town.sandbox.team_id) as database:
        await database.write(lambda tx: save_workspace(tx, name="あさぎ県", url="https://asagi.slack.com/"))
        await database.write(load, parse(raw))
