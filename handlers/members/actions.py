"""Keeping members and channels in step with Slack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storage import channels, members, outbox
from storage.database import Transaction


def joined(tx: Transaction, channel: str, user: str, *, is_bot: bool) -> None:
    """Somebody, perhaps the bot itself, came into a channel; what could not be delivered there is due again."""
    if is_bot:
        channels.save_channel(tx, channel, bot_is_member=True)
        outbox.revive(tx, channel)
    else:
        channels.joined(tx, channel, user)


def left(tx: Transaction, channel: str, user: str, *, is_bot: bool) -> None:
    """Somebody, perhaps the bot itself, left a channel."""
    if is_bot:
        channels.save_channel(tx, channel, bot_is_member=False)
    else:
        channels.left(tx, channel, user)


def archived(tx: Transaction, channel: str, gone: bool) -> None:
    """A channel was archived or deleted, or came back; then what could not be delivered is due again."""
    channels.save_channel(tx, channel, archived=gone)
    if not gone:
        outbox.revive(tx, channel)


def renamed(tx: Transaction, channel: str, name: str) -> None:
    """A channel has a new name."""
    channels.save_channel(tx, channel, name=name)


def save_users(tx: Transaction, users: Sequence[Mapping[str, Any]]) -> None:
    """Remember people as Slack describes them (`users.list`, team_join, user_change); bots are left out."""
    rows = [
        {"user_id": user["id"], "name": _name(user), "deactivated": bool(user.get("deleted"))}
        for user in users
        if not user.get("is_bot") and user.get("id") != "USLACKBOT"
    ]
    members.save_members(tx, rows, overwrite=("name", "deactivated"))


def _name(user: Mapping[str, Any]) -> str:
    """The full name: people are addressed by the family name, which a display name need not hold."""
    profile = user.get("profile") or {}
    return str(
        profile.get("real_name")
        or profile.get("display_name")
        or user.get("real_name")
        or user.get("name", "")
    )


def save_place(tx: Transaction, channel: Mapping[str, Any], users: Sequence[str] | None) -> None:
    """Remember a channel as Slack describes it, and who is in it (None: not asked, the bot is not there)."""
    channels.save_channel(
        tx,
        channel["id"],
        name=str(channel.get("name", channel["id"])),
        bot_is_member=bool(channel.get("is_member")),
        archived=bool(channel.get("is_archived")),
    )
    if users is not None:
        channels.set_channel_members(tx, channel["id"], users)
