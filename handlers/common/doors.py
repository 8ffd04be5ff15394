"""The door before every listener of a command, button, dialog or shortcut: who comes, and may they?

`bot.domain.permissions` holds the table; a test walks over all listeners and fails on one without a door.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog

from bot.domain.permissions import Deed, Role, allowed, role_of
from bot.errors import NotAllowed
from handlers.common.payloads import need, part
from handlers.common.services import Services
from storage import members
from storage.database import Transaction

log = structlog.get_logger("doors")

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who acts: Slack user, the team Slack names ("" if it does not)."""

    user: str
    team: str


def who(body: Body) -> Visitor:
    """Who sent a payload. Of a button or dialog it is `user`, whose `team_id` is theirs: `team` is where the app is
    (docs/slack.md, "Slack Connect"). A command has flat fields and comes from our own people only.

    Raises:
        Malformed: it does not say so.
    """
    if "user" in body:
        user = part(body, "user")
        return Visitor(need(user, "id"), str(user.get("team_id") or ""))
    return Visitor(need(body, "user_id"), str(body.get("team_id") or ""))


def role(tx: Transaction, visitor: Visitor) -> Role:
    """What somebody is, by what is stored and by what Slack says of their team."""
    known = members.member(tx, visitor.user)
    elsewhere = visitor.team not in {"", tx.workspace}
    if known is None:
        return role_of(None, deactivated=False, elsewhere=elsewhere)
    return role_of(known.permission, deactivated=known.deactivated, elsewhere=elsewhere)


class Door:
    """Bolt middleware that lets those pass who may do `deed`; the others read why not."""

    def __init__(self, services: Services, deed: Deed) -> None:
        self._database, self.deed = services.database, deed

    async def __call__(self, body: Body, next_: Callable[[], Awaitable[None]]) -> None:
        """Pass or refuse.

        Raises:
            NotAllowed: nothing was done.
        """
        await self.check(body)
        await next_()

    async def check(self, body: Body) -> None:
        """Only look whether they may.

        Raises:
            NotAllowed: they may not.
        """
        visitor = who(body)
        found = await self._database.read(role, visitor)
        if not allowed(self.deed, found):
            log.warning("not allowed", deed=self.deed.value, role=found.value, user=visitor.user)
            raise NotAllowed()
