"""A small workspace whose Slack misbehaves: refusals, lost answers, lost acknowledgements, a history that lags."""

from __future__ import annotations

import contextlib
import random
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.candidates import Mode
from benchmarks.machine import ROOT, Child, free_port, start
from benchmarks.nursery import Nursery
from bot.clock import MovableClock
from bot.manifest import EVENTS_PATH
from handlers.members.form import parse
from handlers.members.loading import load
from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from storage.database import Database
from storage.workspace import save_workspace

TUESDAY_TEN = 1795482000.0
"""2026-11-24 10:00 in Tokyo, a working day."""

HISTORY_LAGS = 0.7
UNSURE_WAIT = 0.6
LEASE = 1.5
"""Seconds. The first look after an unsure outcome comes too early for the lagging history, the second does not; after a
kill the lease alone lasts longer than the lag."""

ACK_SECONDS = 1.5
SCHEDULES: tuple[list[float], ...] = ([0.1, 1.5, 6.0], [0.1, 1.5], [])
"""When events are sent again, in seconds: Slack's own schedule shortened, one that ends early, and never, so that only
the catch-up can help."""

BODY = {
    "code": "993433",
    "prefecture": "あさぎ県",
    "name": "波待島村",
    "kana": "なみまちじまむら",
    "kind": "村",
}


@dataclass(frozen=True, slots=True)
class Place:
    """The workspace and how to start the bot in it. In `channels[1]` neither talent nor desk is a member."""

    sandbox: Sandbox
    ws: Workspace
    channels: list[Channel]
    askers: list[Person]
    talents: list[Person]
    mode: Mode
    database_url: str
    directory: Path
    port: int
    began: float
    nursery: Nursery | None

    @property
    def log(self) -> Path:
        """What all the bot's processes wrote."""
        return self.directory / "bot.log"

    async def start(self, hook: str | None = None, at: int = 1, *, later: float = 0.0) -> Child:
        """Start the bot, with a hook that kills it or plainly. `later`: how many seconds the workspace's clock was
        moved since the beginning."""
        given = {
            "SLACK_BOT_TOKEN": self.sandbox.bot_token,
            "SLACK_SIGNING_SECRET": self.sandbox.signing_secret,
            "SLACK_API_URL": self.sandbox.api_url,
            "DATABASE_URL": self.database_url,
            "PORT": str(self.port),
            "CLOCK_OFFSET_SECONDS": str(TUESDAY_TEN - self.began + later),
            "LEASE_SECONDS": str(LEASE),
            "UNSURE_WAIT_SECONDS": str(UNSURE_WAIT),
            "CATCH_UP_MINUTES": "0.1",
        }
        if self.mode == "socket":
            given["SLACK_APP_TOKEN"] = self.sandbox.app_token
        if hook is None:
            return await start(["bot", "run"], given, self.log, nursery=self.nursery)
        killing = {**given, "CRASH_HOOK": hook, "CRASH_AT": str(at)}
        return await start(["benchmarks.crash.seams"], killing, self.log, nursery=self.nursery)

    def is_up(self) -> bool:
        """Whether the bot takes events now."""
        if self.mode == "socket":
            return self.sandbox.sockets.connections > 0
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def database(self, later: float = 0.0) -> Database:
        """The bot's database, at the workspace's time."""
        clock = MovableClock(timedelta(seconds=TUESDAY_TEN - self.began + later))
        return Database(self.database_url, clock, self.sandbox.team_id)


@contextlib.asynccontextmanager
async def place(
    database_url: str, mode: Mode, directory: Path, nursery: Nursery | None = None
) -> AsyncIterator[Place]:
    """A workspace with its set-up loaded; the bot is not running yet. Without a nursery it is started from nothing."""
    port = free_port()
    async with (
        Sandbox(manifest=ROOT / "app.yaml") as sandbox,
        Workspace(sandbox.control_url) as ws,
    ):
        began = time.time()
        await ws.set_clock(TUESDAY_TEN)
        channels = [
            await ws.channel("相談-端末"),
            await ws.channel("相談-窓口"),
            await ws.channel("相談-監査", private=True),
        ]
        ids = [channel.id for channel in channels]
        askers = await ws.crowd([{"real_name": f"職員 {n:03}", "channels": ids} for n in range(200)])
        inside = [channels[0], channels[2]]
        talents = [await ws.person(name, channels=inside) for name in ("森脇 一葉", "有馬 駿介")]
        coordinator = await ws.person("県 太郎", channels=inside)
        if mode == "http":
            sandbox.set_request_url(f"http://127.0.0.1:{port}{EVENTS_PATH}")
        found = Place(
            sandbox, ws, channels, askers, talents, mode, database_url, directory, port, began, nursery
        )
        async with found.database() as database:
            await database.write(
                lambda tx: save_workspace(tx, name="あさぎ県", url="https://asagi.slack.com/")
            )
            await database.write(load, parse(_file(found, coordinator)))
        yield found


def _file(found: Place, coordinator: Person) -> dict[str, Any]:
    return {
        "intake": "direct",
        "municipalities": [BODY],
        "channels": [{"id": channel.id, "name": channel.name} for channel in found.channels],
        "members": [
            *({"id": one.id, "name": one.name, "municipality": BODY["code"]} for one in found.askers[:20]),
            {"id": coordinator.id, "name": "県 太郎", "permission": "coordinator"},
        ],
        "talents": [
            {
                "id": one.id,
                "name": one.name,
                "role": "engineer",
                "fields": ["device"],
                "hours": "月・火・水・木・金 9:00-17:00",
            }
            for one in found.talents
        ],
    }


async def misbehave(found: Place) -> None:
    """Let Slack refuse, lose and lag from here on."""
    ws = found.ws
    await ws.limits({"off": ["apps.connections.open"]})  # a day's worth of starts and refreshes in a minute
    await ws.delivery(ack_seconds=ACK_SECONDS)
    await ws.faults("history_delay", seconds=HISTORY_LAGS)
    await ws.faults("429", method="chat.postMessage", probability=0.1)
    await ws.faults("drop_after", method="chat.postMessage", probability=0.15)
    await ws.faults("drop_before", method="chat.postMessage", probability=0.05)
    await ws.faults("503", method="chat.update", probability=0.1)
    await ws.faults("429", method="conversations.replies", probability=0.1)
    await ws.faults("drop_before", method="conversations.history", probability=0.05)
    await ws.faults("lose_ack", probability=0.1)
    for sent in ("message", "block_actions", "view_submission"):
        await ws.faults("duplicate", method=sent, probability=0.1)


async def reschedule(found: Place, chance: random.Random) -> None:
    """Choose how often events are sent again from here on."""
    await found.ws.delivery(retry_delays=chance.choice(SCHEDULES))
