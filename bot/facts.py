"""What the database knows about the set-up, for `banso check`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeVar

from bot.check import SchemaState
from bot.check_slack import PURPOSES, Place
from bot.clock import Clock
from bot.errors import DatabaseUnavailable
from bot.settings import Settings
from storage import channels, duties, members
from storage.database import Database, Transaction
from storage.migrate import schema_state
from storage.refusals import in_words
from storage.workspace import only_workspace, try_to_write

R = TypeVar("R")


class StoredFacts:
    """Answers `bot.check.SetupFacts` from the database; each answer opens it for itself, since it may be broken."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._url, self._clock = settings.database_url, clock

    async def schema_state(self) -> tuple[SchemaState, str]:
        """How the database stands; a write that changes nothing tells whether it can be written."""
        state, detail = schema_state(self._url)
        if state != "ok":
            return state, detail
        try:
            async with Database(self._url, self._clock) as database:
                await database.write(try_to_write)
        except DatabaseUnavailable as error:
            return "read_only", in_words(error.__cause__)
        return "ok", detail

    async def channels(self) -> Sequence[Place]:
        """The channels that were given a purpose."""
        found = await self._read(channels.all_channels)
        return [
            Place(each.channel, each.name, each.purpose)
            for purpose in PURPOSES
            for each in found
            if each.purpose == purpose
        ]

    async def talents_on_duty(self, days: int) -> int:
        """How many talents have a shift within `days` days."""
        return len(await self._read(lambda tx: duties.on_duty(tx, tx.now, tx.now + timedelta(days=days))))

    async def coordinators(self) -> int:
        """How many active coordinators there are."""
        return len(await self._read(lambda tx: members.with_permission(tx, "coordinator")))

    async def admins(self) -> tuple[int, int]:
        """How many administrators have an active account, and how many a deactivated one."""
        return await self._read(members.admins)

    async def dead_letter_recipients(self) -> int:
        """How many people are told about a dead letter."""
        return len(await self._read(lambda tx: members.with_permission(tx, "admin", "coordinator")))

    async def _read(self, query: Callable[[Transaction], R]) -> R:
        async with self._open() as database:
            return await database.read(query)

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[Database]:
        async with Database(self._url, self._clock) as database:
            database.workspace = await database.read(only_workspace)
            yield database
