"""Channels the bot knows and who is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from storage.database import Transaction
from storage.tables import (
    channel_members,
    channels,
)
from storage.upsert import EXCLUDED, insert_or


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel the bot knows. `purpose`: consultation, practice, desk or other."""

    channel: str
    name: str
    purpose: str
    bot_is_member: bool
    archived: bool
    caught_up_at: datetime | None


def save_channel(tx: Transaction, channel: str, **values: Any) -> None:
    """Insert or change a channel: name, purpose, bot_is_member, archived, caught_up_at."""
    insert_or(
        tx,
        channels,
        {"workspace": tx.workspace, "channel": channel, "name": channel, **values},
        unique=["workspace", "channel"],
        update={column: EXCLUDED for column in values},
    )


def caught_up(tx: Transaction, channel_id: str, at: datetime) -> None:
    """Everything written in the channel before `at` (business clock) is known."""
    save_channel(tx, channel_id, caught_up_at=at)


def _channel(row: Mapping[str, Any]) -> Channel:
    return Channel(
        row["channel"],
        row["name"],
        row["purpose"],
        row["bot_is_member"],
        row["archived"],
        row["caught_up_at"],
    )


def channel(tx: Transaction, channel_id: str) -> Channel | None:
    """One channel, None when it is not known."""
    row = (
        tx.connection.execute(
            select(channels).where(channels.c.workspace == tx.workspace, channels.c.channel == channel_id)
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else _channel(dict(row))


def all_channels(tx: Transaction) -> list[Channel]:
    """All known channels by id."""
    rows = tx.connection.execute(
        select(channels).where(channels.c.workspace == tx.workspace).order_by(channels.c.channel)
    ).mappings()
    return [_channel(dict(row)) for row in rows]


def set_channel_members(tx: Transaction, channel_id: str, users: Sequence[str]) -> None:
    """Remember who is in a channel: only they are rung by a mention there."""
    tx.connection.execute(
        delete(channel_members).where(
            channel_members.c.workspace == tx.workspace, channel_members.c.channel == channel_id
        )
    )
    if users:
        tx.connection.execute(
            channel_members.insert(),
            [{"workspace": tx.workspace, "channel": channel_id, "user_id": user} for user in users],
        )


def joined(tx: Transaction, channel_id: str, user_id: str) -> None:
    """A member came into a channel."""
    insert_or(
        tx,
        channel_members,
        {"workspace": tx.workspace, "channel": channel_id, "user_id": user_id},
        unique=["workspace", "channel", "user_id"],
    )


def left(tx: Transaction, channel_id: str, user_id: str) -> None:
    """A member left a channel."""
    c = channel_members.c
    tx.connection.execute(
        delete(channel_members).where(
            c.workspace == tx.workspace, c.channel == channel_id, c.user_id == user_id
        )
    )


def is_in_channel(tx: Transaction, channel_id: str, user_id: str) -> bool:
    """Whether a mention in this channel would ring the user."""
    c = channel_members.c
    return (
        tx.connection.execute(
            select(c.user_id).where(
                c.workspace == tx.workspace, c.channel == channel_id, c.user_id == user_id
            )
        ).first()
        is not None
    )


def members_known(tx: Transaction) -> bool:
    """Whether it was read who is in each channel the bot is in; false as well when it is in none."""
    c, m = channels.c, channel_members.c
    ours = select(c.channel).where(
        c.workspace == tx.workspace, c.bot_is_member.is_(True), c.archived.is_(False)
    )
    read = select(m.channel).where(m.workspace == tx.workspace)
    unread = tx.connection.execute(ours.where(c.channel.not_in(read)).limit(1)).first()
    return unread is None and tx.connection.execute(ours.limit(1)).first() is not None
