"""A prefecture to measure in: 40 consultation channels, 397 askers of 40 towns, ten talents and the desk of two.

Everybody is in every channel. It is a Tuesday, ten o'clock, for the workspace and for the bot.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from benchmarks.machine import ROOT
from bot.clock import MovableClock
from handlers.members.form import parse
from handlers.members.loading import load
from sandbox import Sandbox
from sandbox.client import Channel, Person, Workspace
from storage import channels, reference
from storage.database import Database, Transaction
from storage.workspace import save_workspace

CHANNELS = 40
ASKERS = 397
"""Shares no factor with 40: asking turn by turn, no asker comes back to the same channel within 15,880 messages, so
that no two messages are one asking."""

TEXT = "パソコンの画面が真っ暗です。どうすればいいですか({n})"
TUESDAY_TEN = 1795482000.0
"""2026-11-24 10:00 in Tokyo, a working day."""

_ROLES = ("engineer", "pm", "producer", "service_designer")


@dataclass(frozen=True, slots=True)
class Town:
    """The workspace, in words (`ws`) and from inside (`sandbox`); `began` is the real time (Unix seconds) at its ten
    o'clock."""

    sandbox: Sandbox
    ws: Workspace
    channels: list[Channel]
    askers: list[Person]
    helpers: list[Person]
    began: float

    async def flood(self, first: int, number: int, per_second: float) -> dict[str, Any]:
        """Let people ask at a rate, each message a new question; `first` counts on from what was asked before.

        Returns what the sandbox's flood says: sent, acked, retried, ms, …
        """
        channels = [*self.channels[first % CHANNELS :], *self.channels[: first % CHANNELS]]
        people = [*self.askers[first % ASKERS :], *self.askers[: first % ASKERS]]
        return await self.ws.flood(number, per_second, channels, people, text=TEXT)

    def environment(self, *, mode: str, port: int, database_url: str | None = None) -> dict[str, str]:
        """What an app needs to connect, as environment variables."""
        given = {
            "SLACK_BOT_TOKEN": self.sandbox.bot_token,
            "SLACK_SIGNING_SECRET": self.sandbox.signing_secret,
            "SLACK_API_URL": self.sandbox.api_url,
            "PORT": str(port),
            "CLOCK_OFFSET_SECONDS": str(TUESDAY_TEN - self.began),
        }
        if mode == "socket":
            given["SLACK_APP_TOKEN"] = self.sandbox.app_token
        return given | ({"DATABASE_URL": database_url} if database_url else {})


@contextlib.asynccontextmanager
async def town() -> AsyncIterator[Town]:
    """An empty workspace with its people; the sandbox's rate limits are on."""
    async with (
        Sandbox(manifest=ROOT / "app.yaml") as sandbox,
        Workspace(sandbox.control_url) as ws,
    ):
        began = time.time()
        await ws.set_clock(TUESDAY_TEN)
        places = [await ws.channel(f"相談-{number:02}") for number in range(CHANNELS)]
        everywhere = [place.id for place in places]
        askers = await ws.crowd(
            [{"real_name": f"職員 {number:03}", "channels": everywhere} for number in range(ASKERS)]
        )
        helpers = await ws.crowd(
            [{"real_name": f"支援者 {number:02}", "channels": everywhere} for number in range(12)]
        )
        yield Town(sandbox, ws, places, askers, helpers, began)


async def set_up(place: Town, database_url: str) -> None:
    """Load the workspace file, and who is in which channel, as after the first day."""
    everybody = [*(one.id for one in (*place.askers, *place.helpers)), place.sandbox.bot_user_id]

    def known(tx: Transaction) -> None:
        save_workspace(tx, name="あさぎ県", url="https://asagi.slack.com/")
        load(tx, parse(_file(place)))
        for channel in place.channels:
            channels.set_channel_members(tx, channel.id, everybody)

    clock = MovableClock(timedelta(seconds=TUESDAY_TEN - place.began))
    async with Database(database_url, clock, place.sandbox.team_id) as database:
        await database.write(known)


def _file(place: Town) -> dict[str, Any]:
    """The workspace file, as `banso load` reads it."""
    fields = [field["id"] for field in reference.default_fields()]
    desk, talents = place.helpers[:2], place.helpers[2:]
    towns = [f"99{number:04}" for number in range(1, 41)]
    return {
        "intake": "direct",
        "municipalities": [
            {"code": code, "prefecture": "あさぎ県", "name": f"{code[-2:]}町", "kana": "まち", "kind": "町"}
            for code in towns
        ],
        "channels": [{"id": each.id, "name": each.name} for each in place.channels],
        "members": [
            *({"id": each.id, "name": each.name, "permission": "coordinator"} for each in desk),
            *(
                {"id": each.id, "name": each.name, "municipality": towns[number % 40], "section": "総務課"}
                for number, each in enumerate(place.askers)
            ),
        ],
        "talents": [
            {
                "id": each.id,
                "name": each.name,
                "role": _ROLES[number % len(_ROLES)],
                "fields": [fields[number % len(fields)], "device"],
                "hours": "月・火・水・木・金 9:00-17:00",
            }
            for number, each in enumerate(talents)
        ],
    }
