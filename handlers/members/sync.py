"""Reading members and channels from Slack; between two readings events keep them in step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.reading import Reader
from bot.slack import outcome
from handlers.common.services import Services
from handlers.members import actions
from storage import channels
from storage.channels import Channel

log = structlog.get_logger("members")

MEMBERS_PAGE = 1000
_NOT_THERE = frozenset({"channel_not_found", "not_in_channel"})


async def sync_channels(services: Services, reader: Reader, *, only_unknown: bool = False) -> frozenset[str]:
    """Read which channels the bot is in and who is in them: whom a mention there would ring. `only_unknown` leaves out
    those we have read before. Returns the channels of which it was read who is in them.

    A desk that Slack says is public is none any more.
    A channel that Slack does not name is one we are not in (never invited, removed, or the id is wrong).
    """
    client, database = services.client, services.database
    before = {place.channel: place for place in await database.read(channels.all_channels)}
    read_before = {
        place.channel for place in before.values() if place.bot_is_member and place.members_read_at
    }
    ours: set[str] = set()
    read: set[str] = set()
    pages = reader.pages(
        client.users_conversations, "channels", types="public_channel,private_channel", exclude_archived=True
    )
    async for found in pages:
        for place in found:
            ours.add(place["id"])
            known = before.get(place["id"])
            if known is not None and known.purpose == "desk" and place.get("is_private") is False:
                await database.write_later(actions.desk_is_public, place["id"])
            private = place.get("is_private")
            if known is not None and isinstance(private, bool) and known.is_private is not private:
                await database.write_later(actions.privacy, place["id"], is_private=private)
            if only_unknown and place["id"] in read_before:
                continue
            if await _read_channel(services, reader, place, before.get(place["id"])):
                read.add(place["id"])
    for row in before.values():
        if row.bot_is_member and not row.archived and row.channel not in ours:
            await _look_for(services, reader, row.channel)
    return frozenset(read)


async def _read_channel(
    services: Services, reader: Reader, place: Mapping[str, Any], row: Channel | None
) -> bool:
    """Read who is in a channel; returns whether that was possible: one that cannot be read holds up no other. `row` is what
    we thought of it before Slack described it as `place`."""
    before = replace(await services.database.read(actions.known, place["id"]), place=row)
    asked = services.client.conversations_members
    users: list[str] | None = None
    try:
        pages = reader.pages(asked, "members", channel=place["id"], limit=MEMBERS_PAGE)
        users = [user async for page in pages for user in page]
    except Exception as error:
        log.warning("cannot read who is in a channel", channel=place["id"], error=outcome(error)[1])
    await services.database.write_later(actions.save_place, place, users, before)
    return users is not None


async def _look_for(services: Services, reader: Reader, channel: str) -> None:
    """Slack did not name a channel we think we are in; perhaps we came into it while it was answering."""
    before = await services.database.read(actions.known, channel)
    try:
        answer = await reader.call(services.client.conversations_info, channel=channel)
    except SlackApiError as error:
        if error.response.get("error") not in _NOT_THERE:
            raise
        answer = {"channel": {}}
    if answer["channel"].get("is_archived"):
        await services.database.write_later(actions.lost, channel, "archived")
    elif not answer["channel"].get("is_member"):
        log.warning("not in a channel we should read", channel=channel)
        await services.database.write_later(actions.not_there, channel, before)


async def sync_people(services: Services, reader: Reader) -> None:
    """Read everybody in the workspace, a page at a time; 12,500 people are 63 pages, about three minutes."""
    async for people in reader.pages(services.client.users_list, "members"):
        await services.database.write_later(actions.save_users, people)
    log.info("members read from slack")
