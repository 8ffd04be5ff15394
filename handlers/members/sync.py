"""Reading members and channels from Slack; between two readings events keep them in step."""

from __future__ import annotations

import structlog

from bot.reading import Reader
from handlers.common.services import Services
from handlers.members import actions
from storage import channels

log = structlog.get_logger("members")


async def sync_channels(services: Services, reader: Reader, *, only_new: bool = False) -> None:
    """Read which channels the bot is in and who is in them (`only_new`: in those where we do not know it yet): whom a
    mention there would ring.

    A channel that Slack does not name is one we are not in (never invited, removed, or the id is wrong).
    """
    client, database = services.client, services.database
    ours: set[str] = set()
    before = await database.read(channels.all_channels)
    known_inside = await database.read(channels.with_known_members)
    pages = reader.pages(
        client.users_conversations, "channels", types="public_channel,private_channel", exclude_archived=True
    )
    async for places in pages:
        for place in places:
            ours.add(place["id"])
            users: list[str] | None = None
            if not only_new or place["id"] not in known_inside:
                members = reader.pages(client.conversations_members, "members", channel=place["id"])
                users = [user async for page in members for user in page]
            await database.write(actions.save_place, place, users)
    for known in before:
        if known.bot_is_member and not known.archived and known.channel not in ours:
            log.warning("not in a channel we should read", channel=known.channel)
            await database.write(actions.lost, known.channel, "removed")


async def sync_people(services: Services, reader: Reader) -> None:
    """Read everybody in the workspace, a page at a time; 12,500 people are 63 pages, about three minutes."""
    async for people in reader.pages(services.client.users_list, "members"):
        await services.database.write(actions.save_users, people)
    log.info("members read from slack")
