"""Changes of members and channels that Slack tells us about."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp

from handlers.common.payloads import maybe_stamp, need, part
from handlers.common.services import Services
from handlers.members import actions, presses

log = structlog.get_logger("members")

Event = dict[str, Any]
_LOST = {
    # Slack does not say member_left_channel when it is the bot that was removed
    # (slackapi/bolt-js issue 1847, slackapi/node-slack-sdk issue 931): channel_left and group_left do.
    "channel_left": "removed",
    "group_left": "removed",
    "channel_archive": "archived",
    "group_archive": "archived",
    "channel_deleted": "deleted",
    "group_deleted": "deleted",
}
_REVOKED = {"tokens_revoked": "token_revoked", "app_uninstalled": "account_inactive"}
"""The event, and what Slack answers from then on."""
_BACK = ("channel_unarchive", "group_unarchive")


def register(app: AsyncApp, services: Services) -> None:
    """Put the feature's listeners on the app."""
    database, bot = services.database, services.bot_user_id

    @app.event("member_joined_channel")
    async def joined(event: Event) -> None:
        who, team, channel = need(event, "user"), str(event.get("team") or ""), need(event, "channel")
        await database.write(actions.joined, channel, who, is_bot=who == bot, at=_at(event), team=team)

    @app.event("member_left_channel")
    async def left(event: Event) -> None:
        await database.write(actions.left, need(event, "channel"), need(event, "user"), at=_at(event))

    async def lost(event: Event) -> None:
        await database.write(actions.lost, need(event, "channel"), _LOST[event["type"]])

    async def back(event: Event) -> None:
        await database.write(actions.unarchived, need(event, "channel"))

    for name in _LOST:
        app.event(name)(lost)
    for name in _BACK:
        app.event(name)(back)

    async def renamed(event: Event) -> None:
        await database.write(actions.renamed, need(event, "channel", "id"), need(event, "channel", "name"))

    app.event("channel_rename")(renamed)
    app.event("group_rename")(renamed)

    async def person(event: Event) -> None:
        need(event, "user", "id")
        await database.write(actions.save_users, [part(event, "user")])

    app.event("team_join")(person)
    app.event("user_change")(person)

    async def revoked(event: Event) -> None:
        tokens = event.get("tokens")
        bots = tokens.get("bot") if isinstance(tokens, dict) else None
        ours = event["type"] != "tokens_revoked" or bots
        if ours:  # a person's own token may be revoked as well
            services.token.refused = _REVOKED[event["type"]]
            log.error("slack took our permission away", event_type=event["type"])

    for name in _REVOKED:
        app.event(name)(revoked)
    presses.register(app, services)


def _at(event: Event) -> datetime | None:
    """When it happened, as far as Slack says."""
    at = maybe_stamp(event, "event_ts")
    return datetime.fromtimestamp(float(at), UTC) if at else None


def register_rest(app: AsyncApp) -> None:
    """Acknowledge events nobody listens to: unanswered, Slack would send them again. Must be registered last."""

    @app.event(re.compile(".*"))
    async def rest(event: Event) -> None:
        log.debug("event without a listener", event_type=event.get("type"))
