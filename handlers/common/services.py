"""What the app hands to every feature's listeners."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.finding import Hit
from bot.domain.slips import Slip
from bot.metrics import Metrics
from bot.slack import Token
from handlers.common.hearing import Hearing
from storage.database import Database


class Finds(Protocol):
    """What looks for entries. Not `ready`: there may be some that are not found yet."""

    @property
    def ready(self) -> bool:
        """Whether what is found is all there is."""
        ...

    async def find(
        self,
        text: str,
        *,
        field_id: str | None = None,
        kind: str | None = None,
        most: int = 50,
        sent: str = "",
    ) -> list[Hit]:
        """The published entries that fit a text, best first; of one field or kind, if given. `sent`: the text without
        names, if it was typed to be looked for, and so may be sent to an embedder. What somebody asks is never sent."""
        ...

    async def meant(self, text: str) -> Slip | None:
        """What somebody meant by a word that nothing is found by, if that can be told."""
        ...


class FindsNothing:
    """For commands that look for nothing."""

    ready = True

    async def find(
        self,
        text: str,
        *,
        field_id: str | None = None,
        kind: str | None = None,
        most: int = 50,
        sent: str = "",
    ) -> list[Hit]:
        """Nothing."""
        return []

    async def meant(self, text: str) -> Slip | None:
        """Nothing."""
        return None


@dataclass(frozen=True, slots=True)
class Look:
    """What the auditor saw: when (people's time), how many connections to Slack are up (None in HTTP mode), and what is
    wrong, in sentences."""

    at: datetime
    sockets: int | None
    findings: tuple[str, ...]


@dataclass(slots=True)
class Watch:
    """What this process knows of itself: the auditor's latest look, None before the first; `audit` takes another one."""

    last: Look | None = None
    audit: Callable[[], Awaitable[object]] | None = None

    async def look(self) -> Look | None:
        """Look now."""
        if self.audit is not None:
            await self.audit()
        return self.last


@dataclass(frozen=True, slots=True)
class Services:
    """The open database, the Slack client and what it thinks of our token, who we are in this workspace, the metrics, what
    we heard, what looks for entries and what for past questions, and how we fare. `public_url` says where we can be reached
    from outside, if we can. `process` tells this process from another replica and from the one before a restart."""

    database: Database
    client: AsyncWebClient
    bot_user_id: str
    metrics: Metrics
    hearing: Hearing = field(default_factory=Hearing)
    token: Token = field(default_factory=Token)
    search: Finds = field(default_factory=FindsNothing)
    past: Finds = field(default_factory=FindsNothing)
    watch: Watch = field(default_factory=Watch)
    public_url: Callable[[], str | None] = lambda: None
    process: str = field(default_factory=partial(secrets.token_hex, 6))
