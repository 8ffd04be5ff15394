"""The stage: the stand-in workspace, あさぎ県 in it, and the bot against it, set up as an operator would."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import Banso, running
from bot.clock import MovableClock
from bot.demo.cast import Asker, Cast, Coordinator, Room, Talent, workspace_file
from bot.demo.duty import settle
from bot.demo.process import sandbox_process
from bot.errors import OperatorError
from bot.settings import Settings
from handlers.common.quiet import AT_ONCE
from handlers.members.form import parse
from handlers.members.loading import load
from handlers.questions.screens import asking_form, phone_form
from sandbox.client import Channel, Person, Workspace
from sandbox.client.link import Link
from storage import due, kept, ledger, members, outbox
from storage.database import Database
from storage.migrate import upgrade
from storage.workspace import only_workspace, save_workspace

LEASE_SECONDS, UNSURE_SECONDS = 5.0, 0.7
"""Shorter than in earnest, so that a broken line costs the spectators a second, not ten."""

SETTLES_WITHIN = 90.0
"""Seconds: a second for each card of a busy channel, or the wait for the budget of edits."""

LOOK_EVERY = 0.05

STEP_WITHIN, MOST_STEPS = 2.0, 1000
"""Seconds that the bot's clock waits at most for what one moment brings, and how many moments it stops at on its way."""


@dataclass(slots=True)
class Stage:
    """Everything that is running. `stopped` counts what was asked and must not be taken in."""

    cast: Cast
    ws: Workspace
    banso: Banso
    clock: MovableClock
    channels: dict[str, Channel]
    people: dict[str, Person]
    control: Link
    control_url: str
    browser_url: str
    stopped: int = 0

    async def move_to(self, moment: datetime) -> None:
        """Let both clocks, the workspace's and the bot's, show `moment`, and let happen what is due then."""
        await self.ws.set_clock(moment.timestamp())
        self.clock.move_to(moment)
        await self.banso.scheduler.run_due()

    async def follow(self, moment: datetime) -> None:
        """Let the bot's clock come to `moment` as time does: by each moment at which something is due, in turn. After one
        leap the bot would tell people that it had stopped meanwhile, and rightly by its own clock."""
        begun, at, banso = time.monotonic(), self.clock.business_now(), self.banso
        await _until(self._all_taken_in, STEP_WITHIN)
        for _ in range(MOST_STEPS):
            found = await banso.database.read(due.next_after, at)
            if found is None or found >= moment:
                break
            at = found
            self.clock.move_to(at)
            if await banso.scheduler.run_due():
                await _until(self._all_shown, STEP_WITHIN)
        self.clock.move_to(moment + timedelta(seconds=time.monotonic() - begun))
        await banso.scheduler.run_due()

    async def tell_at_once(self, people: Iterable[str]) -> None:
        """Whoever of these keeps no mornings hears at once of what can wait."""
        for user in people:
            if user not in self.cast.mornings:
                await self.banso.database.write(members.set_letters, user, AT_ONCE)

    async def settled(self, *, within: float = SETTLES_WITHIN) -> bool:
        """Wait until the bot has taken in everything that was written and everybody sees what follows from it
        (reactions apart); False when that takes longer than `within` seconds."""

        async def shown() -> bool:
            return await self._all_heard() and await self._all_shown()

        return await _until(shown, within)

    async def heard(self, *, within: float = SETTLES_WITHIN) -> bool:
        """Wait until the bot has taken in everything that was written; False when that takes too long."""
        return await _until(self._all_heard, within)

    async def _all_heard(self) -> bool:
        counters = await self.ws.counters()
        pending = counters["pending"]
        if pending["in_flight"] or pending["waiting"]:
            return False
        if not await self._all_taken_in():
            return False
        books = await self.banso.database.read(ledger.ledger)
        return books.received + books.set_aside >= self.asked(counters)

    def asked(self, counters: Mapping[str, Any]) -> int:
        """How much was asked, as the sandbox counted it: in writing and by accepted dialogs, without what was stopped."""
        by_dialog: int = sum(
            counters["submitted"].get(each, 0) for each in (asking_form.CALLBACK, phone_form.CALLBACK)
        )
        return int(counters["asked"]) + by_dialog - self.stopped

    async def _all_taken_in(self) -> bool:
        return (await self.banso.database.read(kept.backlog)).waiting == 0

    async def _all_shown(self) -> bool:
        return (await self.banso.database.read(outbox.backlog)).waiting == 0


async def _until(so: Callable[[], Awaitable[bool]], within: float) -> bool:
    deadline = time.monotonic() + within
    while not await so():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(LOOK_EVERY)
    return True


@contextlib.asynccontextmanager
async def opened(
    cast: Cast,
    start: datetime,
    *,
    rooms: Sequence[Room] = (),
    askers: Sequence[Asker] = (),
    database_url: str | None = None,
) -> AsyncIterator[Stage]:
    """Set everything up; `rooms` and `askers` replace the cast's. Without a database one is made and thrown away.

    Raises:
        OperatorError: the given database is in use already.
    """
    rooms, askers = rooms or (*cast.rooms, *cast.side_rooms), askers or cast.askers
    async with contextlib.AsyncExitStack() as stack:
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="banso-"))
        url = database_url or f"sqlite:///{Path(place) / 'banso.sqlite3'}"
        await _made(url)
        where = await stack.enter_async_context(sandbox_process())
        ws = await stack.enter_async_context(Workspace(where["control_url"]))
        await ws.set_clock(start.timestamp())
        clock = MovableClock()
        clock.move_to(start)
        channels, people = await _settle_in(ws, cast, rooms, askers)
        purposes = {room.name: (channels[room.name].id, room.purpose) for room in rooms}
        file = workspace_file(cast, purposes, askers)
        async with Database(url, clock, where["team_id"]) as database:
            if await database.read(only_workspace):
                raise OperatorError(
                    "このデータベースには記録があります。空のデータベースを指定してください。"
                )
            await database.write(save_workspace, name=cast.prefecture, url="")
            await database.write(load, parse(file))
            await database.write(settle, cast, {name: each.id for name, each in channels.items()})
        banso = await stack.enter_async_context(running(_settings(where, url), clock))
        control = Link(where["control_url"])
        stack.push_async_callback(control.close)
        addresses = (where["control_url"], where["browser_url"])
        yield Stage(cast, ws, banso, clock, channels, people, control, *addresses)


async def _made(url: str) -> None:
    """Make the database, and be done with it also when cancelled: a thread cannot be stopped, and left to itself it would
    make the directory anew after that was cleared away."""
    making = asyncio.ensure_future(asyncio.to_thread(upgrade, url))
    try:
        await asyncio.shield(making)
    except asyncio.CancelledError:
        await asyncio.gather(making, return_exceptions=True)
        raise


async def _settle_in(
    ws: Workspace, cast: Cast, rooms: Sequence[Room], askers: Sequence[Asker]
) -> tuple[dict[str, Channel], dict[str, Person]]:
    """Make the channels and bring everybody in, before the app is there to be told."""
    await ws.faults("drop_events", on=True)
    channels = {
        room.name: await ws.channel(room.name, topic=room.about, private=room.purpose == "desk")
        for room in rooms
    }
    helpers = {each.id for each in cast.helpers}
    everybody: list[Talent | Coordinator | Asker] = [*cast.helpers, *askers]
    made = await ws.crowd(
        [
            {
                "id": person.id,
                "real_name": person.name,
                "name": person.name,
                "title": _title(cast, person),
                "channels": [
                    channels[room.name].id
                    for room in rooms
                    if person.id not in room.without and (room.purpose != "desk" or person.id in helpers)
                ],
            }
            for person in everybody
        ]
    )
    await ws.faults("drop_events", on=False)
    return channels, {person.id: person for person in made}


def _title(cast: Cast, person: Talent | Coordinator | Asker) -> str:
    """What somebody does, as their profile says it: "what they are here|where or what exactly"."""
    if isinstance(person, Asker):
        return f"市町村の職員|{cast.body(person.municipality)} {person.section}"
    if isinstance(person, Talent):
        return f"アドバイザー|{person.title}"
    return f"県の担当|あさぎ県 デジタル推進課{'・管理者' if person.permission == 'admin' else ''}"


def _settings(where: dict[str, str], database_url: str) -> Settings:
    """Everything is said here, so that no variable of the user's shell changes the play."""
    values: dict[str, object] = {
        "slack_bot_token": where["bot_token"],
        "slack_app_token": where["app_token"],
        "slack_signing_secret": where["signing_secret"],
        "slack_api_url": where["api_url"],
        "slack_ca_file": None,
        "slack_proxy": None,
        "database_url": database_url,
        "host": "127.0.0.1",
        "port": 0,
        "public_url": "http://127.0.0.1:0",
        "socket_connections": 2,
        "catch_up_minutes": 10,
        "lease_seconds": LEASE_SECONDS,
        "unsure_wait_seconds": UNSURE_SECONDS,
        "clock_offset_seconds": 0,
        "embed_url": None,
        "embed_model_dir": None,
    }
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]
