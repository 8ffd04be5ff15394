"""Reading members and channels from Slack at the start; afterwards events keep them in step."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from handlers.common.services import Services
from handlers.members import actions
from storage import channels

log = structlog.get_logger("members")

PAGE = 200
WATCHED = frozenset({"consultation", "practice", "desk"})


async def sync(services: Services) -> None:
    """Read everybody, and the members of each channel that matters. A page a call, as paced as the client's answers."""
    async for everybody in _pages(services.client.users_list, "members"):
        await services.database.write(actions.save_users, everybody)
    known = {place.channel: place for place in await services.database.read(channels.all_channels)}
    async for places in _pages(
        services.client.conversations_list, "channels", types="public_channel,private_channel"
    ):
        for place in places:
            mine = place["id"] in known and known[place["id"]].purpose in WATCHED and place.get("is_member")
            users = await _members(services.client, place["id"]) if mine else None
            await services.database.write(actions.save_place, place, users)
    log.info("members and channels read from slack")


async def _members(client: AsyncWebClient, channel: str) -> list[str]:
    return [
        user
        async for page in _pages(client.conversations_members, "members", channel=channel)
        for user in page
    ]


async def _pages(
    method: Callable[..., Awaitable[Any]], key: str, **arguments: Any
) -> AsyncIterator[list[Any]]:
    cursor: str | None = None
    while True:
        page = await method(limit=PAGE, cursor=cursor, **arguments)
        yield page[key]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
