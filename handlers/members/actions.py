"""Keeping members and channels in step with Slack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.feature import DeadLetter
from handlers.common.telling import tell
from handlers.members.notices import CHANNEL_LOST, DEAD_LETTER, RENDERERS
from storage import channels, members, outbox
from storage.database import Transaction

PLACES = "places"
"""Woken when a channel can be seen again: who is in it, and what was written there meanwhile?"""
_LOST = {"not_in_channel": "removed", "is_archived": "archived", "channel_not_found": "missing"}
_WATCHED = frozenset({"consultation", "practice"})


def joined(tx: Transaction, channel: str, user: str, *, is_bot: bool) -> None:
    """Somebody, perhaps the bot itself, came into a channel."""
    if is_bot:
        seen_again(tx, channel, bot_is_member=True)
    else:
        channels.joined(tx, channel, user)


def left(tx: Transaction, channel: str, user: str) -> None:
    """Somebody left a channel."""
    channels.left(tx, channel, user)


def seen_again(tx: Transaction, channel: str, **known: Any) -> None:
    """The bot came into a channel, or the channel back from the archive: what could not be delivered there is due
    again, and what was missed is read (`PLACES`)."""
    channels.save_channel(tx, channel, **known)
    outbox.revive(tx, channel)
    tx.wakes.add(PLACES)


def unarchived(tx: Transaction, channel: str) -> None:
    """A channel came back. Slack tells of every public one. Those who were in a public channel are not put back into
    it (slack.com/help, "Archive or delete a channel"), the bot neither: whether it is there is asked."""
    if channels.channel(tx, channel) is not None:
        seen_again(tx, channel, archived=False)


def lost(tx: Transaction, channel: str, why: str) -> None:
    """A channel is no longer seen (`why`: archived, removed, missing). Coordinators hear of it, once, if people ask there;
    however often and by whichever way we learn of it."""
    before = channels.channel(tx, channel)
    if before is None:
        return
    known = {"archived": True} if why == "archived" else {"bot_is_member": False}
    channels.save_channel(tx, channel, **known)
    if before.archived or not before.bot_is_member:
        return
    channels.set_channel_members(tx, channel, [])  # from now on we do not hear who comes and goes
    if before.purpose in _WATCHED:
        for person in _people(tx, "coordinator", "admin"):
            key = f"{channel}:{tx.real_now.isoformat()}:{person}"
            tell(tx, person, CHANNEL_LOST, 0, key=key, values={"channel": channel, "why": why})


def on_dead_letter(tx: Transaction, letter: DeadLetter) -> None:
    """Whoever can help is told: once for each place and cause, and not of what they were told already."""
    if letter.renderer in RENDERERS:
        return  # a notice about a notice is never sent
    if letter.channel and letter.error in _LOST:
        lost(tx, letter.channel, _LOST[letter.error])
        if channels.purpose(tx, letter.channel) in _WATCHED:
            return
    if outbox.dead_like(tx, letter.channel, letter.user_id, letter.error) > 1:
        return
    for person in _people(tx, "admin", "coordinator"):
        key = f"{letter.uid}:{letter.sent}:{letter.error}:{person}"
        values = {"channel": letter.channel, "to": letter.user_id, "error": letter.error}
        tell(tx, person, DEAD_LETTER, letter.record_id, key=key, values=values)


def _people(tx: Transaction, first: str, second: str) -> list[str]:
    """Those with the first permission; when there are none, those with the second."""
    found = members.with_permission(tx, first) or members.with_permission(tx, second)
    return [person.user_id for person in found]


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
    """Remember a channel the bot is in as Slack describes it, and who is in it (None: not asked)."""
    before = channels.channel(tx, channel["id"])
    name = str(channel.get("name", channel["id"]))
    if before is not None and before.bot_is_member and not before.archived:
        channels.save_channel(tx, channel["id"], name=name)
    else:
        seen_again(tx, channel["id"], name=name, bot_is_member=True, archived=False)
    if users is not None:
        channels.set_channel_members(tx, channel["id"], users)
