"""Channels the bot knows and who is in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Update, bindparam, case, delete, or_, select, update

from storage.cache import cached, set_up_changed
from storage.database import Transaction
from storage.tables import channel_members, channels
from storage.upsert import Upsert


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel the bot knows. `purpose`: consultation, practice, desk, other, or direct: somebody's direct message with the
    bot, whose name is their id. `caught_up_at`: everything written
    before is known; `members_read_at`: when it was last read who is in it (both in people's time). `is_private`: as Slack
    says; None while that is not known."""

    channel: str
    name: str
    purpose: str
    bot_is_member: bool
    archived: bool
    caught_up_at: datetime | None
    members_read_at: datetime | None
    is_private: bool | None


_DIRECT = "direct"
_MET = Upsert(channels, ["workspace", "channel"])
_JOINED = Upsert(channel_members, ["workspace", "channel", "user_id"])
_CHANNELS = select(*[channels.c[name] for name in Channel.__dataclass_fields__]).where(
    channels.c.workspace == bindparam("w")
)
_CHANNEL = _CHANNELS.where(channels.c.channel == bindparam("c"))
_DIRECTS = _CHANNELS.where(channels.c.purpose == _DIRECT).order_by(channels.c.channel)
_PLACES = _CHANNELS.where(channels.c.purpose != _DIRECT).order_by(channels.c.channel)
_IN = select(channel_members.c.user_id).where(
    channel_members.c.workspace == bindparam("w"), channel_members.c.channel == bindparam("c")
)
_INSIDE = _IN.where(channel_members.c.user_id == bindparam("u"))


@lru_cache(maxsize=16)
def _saving(columns: tuple[str, ...]) -> Upsert:
    return Upsert(channels, ["workspace", "channel"], columns)


def save_channel(tx: Transaction, channel: str, **values: Any) -> None:
    """Insert or change a channel: name, purpose, bot_is_member, archived, is_private."""
    _saving(tuple(values)).run(tx, {"channel": channel, "name": channel, **values})
    set_up_changed(tx)


def caught_up(tx: Transaction, channel_id: str, at: datetime) -> None:
    """Everything written in the channel before `at` (business clock) is known."""
    tx.connection.execute(_here(tx, channel_id).values(caught_up_at=at))


def begins(tx: Transaction, channel_id: str, at: datetime, *, at_most: timedelta) -> None:
    """From `at` on nothing in the channel may be missed. In one the bot comes back to, what it missed is read again, but
    at most that far back."""
    c = channels.c
    long_ago = or_(c.caught_up_at.is_(None), c.caught_up_at < at - at_most)
    back = case((c.caught_up_at.is_(None), at), else_=at - at_most)
    tx.connection.execute(_here(tx, channel_id).where(long_ago).values(caught_up_at=back))


def _here(tx: Transaction, channel_id: str) -> Update:
    return update(channels).where(channels.c.workspace == tx.workspace, channels.c.channel == channel_id)


def channel(tx: Transaction, channel_id: str) -> Channel | None:
    """One channel, None when it is not known."""
    row = tx.connection.execute(_CHANNEL, {"w": tx.workspace, "c": channel_id}).one_or_none()
    return None if row is None else Channel(*row)


def is_shut(tx: Transaction, channel_id: str) -> bool:
    """Whether nobody can write in a channel any more: it was archived or deleted."""
    found = channel(tx, channel_id)
    return found is not None and found.archived


def purpose(tx: Transaction, channel_id: str) -> str:
    """What a channel is for; "other" for one we do not know."""
    return cached(tx, "purposes", _purposes).get(channel_id, "other")


def is_everybodys(tx: Transaction, channel_id: str) -> bool:
    """Whether what is asked in a channel is asked before everybody: where the prefecture lets people ask, and in what
    Slack says is public. One that we do not know may be private."""
    return cached(tx, "everybodys", _everybodys).get(channel_id, False)


def _everybodys(tx: Transaction) -> Mapping[str, bool]:
    return {
        found.channel: found.purpose in {"consultation", "practice"} or found.is_private is False
        for found in all_channels(tx)
    }


def with_purpose(tx: Transaction, wanted: str) -> list[str]:
    """The channels of a purpose in which the bot can write, by id."""
    return [
        found.channel
        for found in cached(tx, "places", lambda tx: tuple(all_channels(tx)))
        if found.purpose == wanted and found.bot_is_member and not found.archived
    ]


def _purposes(tx: Transaction) -> Mapping[str, str]:
    return {found.channel: found.purpose for found in all_channels(tx)}


def all_channels(tx: Transaction) -> list[Channel]:
    """All known channels by id; people's direct messages are none."""
    return [Channel(*row) for row in tx.connection.execute(_PLACES, {"w": tx.workspace})]


def directs(tx: Transaction) -> list[Channel]:
    """The direct messages of people with the bot that we know of, by id."""
    return [Channel(*row) for row in tx.connection.execute(_DIRECTS, {"w": tx.workspace})]


def met_directly(tx: Transaction, channel_id: str, user_id: str) -> None:
    """Remember somebody's direct message with the bot: what is written there while we are away is read."""
    _MET.run(tx, {"channel": channel_id, "name": user_id, "purpose": _DIRECT, "bot_is_member": True})


def members_of(tx: Transaction, channel_id: str) -> frozenset[str]:
    """Who is in a channel, as far as we know."""
    return frozenset(tx.connection.execute(_IN, {"w": tx.workspace, "c": channel_id}).scalars())


def set_channel_members(
    tx: Transaction,
    channel_id: str,
    users: Collection[str],
    *,
    before: frozenset[str] | None = None,
    read_at: datetime | None = None,
) -> None:
    """Remember who is in a channel: only they are rung by a mention there.

    `users` was read from Slack, which began at `read_at`, when we thought that those of `before` were in it: whoever came
    or left by our own books since then did so later than what was read, and a reading that began after this one wins.
    """
    there, at = members_of(tx, channel_id), read_at or tx.now
    known = channel(tx, channel_id)
    if known is not None and known.members_read_at is not None and known.members_read_at > at:
        return
    known_before = there if before is None else before
    inside = (set(users) | (there - known_before)) - (known_before - there)
    _JOINED.run(tx, [{"channel": channel_id, "user_id": user} for user in sorted(inside - there)])
    for user in sorted(there - inside):
        left(tx, channel_id, user)
    tx.connection.execute(_here(tx, channel_id).values(members_read_at=at))


def forget_members(tx: Transaction, channel_id: str) -> None:
    """We no longer hear who comes and goes in a channel."""
    m = channel_members.c
    tx.connection.execute(delete(channel_members).where(m.workspace == tx.workspace, m.channel == channel_id))
    tx.connection.execute(_here(tx, channel_id).values(members_read_at=None))


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


def members_known(tx: Transaction) -> bool:
    """Whether it was read who is in each channel the bot is in; false as well when it is in none."""
    ours = [place for place in all_channels(tx) if place.bot_is_member and not place.archived]
    return bool(ours) and all(place.members_read_at is not None for place in ours)
