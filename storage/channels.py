"""Channels the bot knows and who is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.tables import channel_members, channels
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel the bot knows. `purpose`: consultation, practice, desk or other."""

    channel: str
    name: str
    purpose: str
    bot_is_member: bool
    archived: bool
    caught_up_at: datetime | None


_JOINED = Upsert(channel_members, ["workspace", "channel", "user_id"])
_CHANNELS = select(*[channels.c[name] for name in Channel.__dataclass_fields__]).where(
    channels.c.workspace == bindparam("w")
)
_CHANNEL = _CHANNELS.where(channels.c.channel == bindparam("c"))
_INSIDE = select(channel_members.c.user_id).where(
    channel_members.c.workspace == bindparam("w"),
    channel_members.c.channel == bindparam("c"),
    channel_members.c.user_id == bindparam("u"),
)


@lru_cache(maxsize=16)
def _saving(columns: tuple[str, ...]) -> Upsert:
    return Upsert(channels, ["workspace", "channel"], columns)


def save_channel(tx: Transaction, channel: str, **values: Any) -> None:
    """Insert or change a channel: name, purpose, bot_is_member, archived."""
    _saving(tuple(values)).run(tx, {"channel": channel, "name": channel, **values})
    set_up_changed(tx)


def caught_up(tx: Transaction, channel_id: str, at: datetime) -> None:
    """Everything written in the channel before `at` (business clock) is known."""
    tx.connection.execute(
        update(channels)
        .where(channels.c.workspace == tx.workspace, channels.c.channel == channel_id)
        .values(caught_up_at=at)
    )


def channel(tx: Transaction, channel_id: str) -> Channel | None:
    """One channel, None when it is not known."""
    row = tx.connection.execute(_CHANNEL, {"w": tx.workspace, "c": channel_id}).one_or_none()
    return None if row is None else Channel(*row)


def purpose(tx: Transaction, channel_id: str) -> str:
    """What a channel is for; "other" for one we do not know."""
    return cached(tx, "purposes", _purposes).get(channel_id, "other")


def _purposes(tx: Transaction) -> Mapping[str, str]:
    return {found.channel: found.purpose for found in all_channels(tx)}


def all_channels(tx: Transaction) -> list[Channel]:
    """All known channels by id."""
    rows = tx.connection.execute(_CHANNELS.order_by(channels.c.channel), {"w": tx.workspace})
    return [Channel(*row) for row in rows]


def set_channel_members(tx: Transaction, channel_id: str, users: Sequence[str]) -> None:
    """Remember who is in a channel: only they are rung by a mention there."""
    m = channel_members.c
    tx.connection.execute(delete(channel_members).where(m.workspace == tx.workspace, m.channel == channel_id))
    _JOINED.run(tx, [{"channel": channel_id, "user_id": user} for user in users])


def joined(tx: Transaction, channel_id: str, user_id: str) -> None:
    """A member came into a channel."""
    _JOINED.run(tx, {"channel": channel_id, "user_id": user_id})


def left(tx: Transaction, channel_id: str, user_id: str) -> None:
    """A member left a channel."""
    m = channel_members.c
    tx.connection.execute(
        delete(channel_members).where(
            m.workspace == tx.workspace, m.channel == channel_id, m.user_id == user_id
        )
    )


def is_in_channel(tx: Transaction, channel_id: str, user_id: str) -> bool:
    """Whether a mention in this channel would ring the user."""
    found = tx.connection.execute(_INSIDE, {"w": tx.workspace, "c": channel_id, "u": user_id})
    return found.first() is not None


def with_known_members(tx: Transaction) -> set[str]:
    """The channels of which we know who is in them."""
    m = channel_members.c
    return set(
        tx.connection.execute(select(m.channel).where(m.workspace == tx.workspace).distinct()).scalars()
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
