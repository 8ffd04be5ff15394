"""Keeping members and channels in step with Slack."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.mail import domain_of
from bot.feature import DeadLetter
from handlers.common.telling import tell
from handlers.members.conflicts import tell_of_barred
from handlers.members.lowering import permission_changed
from handlers.members.notices import CHANNEL_LOST, DEAD_LETTER, DESK_PUBLIC, RENDERERS
from handlers.members.visitors import meet
from storage import channels, dead_letters, due, members, questions
from storage.channels import Channel
from storage.database import Transaction
from storage.members import ASKER, GUEST, VISITOR

SHUT = "question.shut"
"""Due for each open question of a channel in which nobody can write any more."""
PLACES = "places"
"""Woken when an event says that a channel can be seen again: who is in it, and what was written there meanwhile?"""
MISSED = "missed"
"""Woken when a reading finds that a channel can be seen again; who is in it was read with it."""
_LOST = {
    "not_in_channel": "removed",
    "channel_not_found": "missing",
    "is_archived": "archived",
    "is_inactive": "archived",  # of an edit (chat.update, "Errors")
}
_NOW = {
    "archived": {"archived": True},
    "deleted": {"archived": True, "bot_is_member": False},
    "removed": {"bot_is_member": False},
    "missing": {"bot_is_member": False},
}
_WATCHED = frozenset({"consultation", "practice"})

COMES_BACK = timedelta(days=7)
"""How much of what the bot missed in a channel it was taken out of is read when it comes back."""

SURELY = timedelta(minutes=1)
"""What happened this long before a reading began is in what was read, however late its event comes."""


def joined(
    tx: Transaction, channel: str, user: str, *, is_bot: bool, at: datetime | None = None, team: str = ""
) -> None:
    """Somebody of a Slack team ("" = not said), perhaps the bot itself, came into a channel at `at`."""
    if is_bot:
        seen_again(tx, channel, PLACES, bot_is_member=True)
        channels.begins(tx, channel, tx.now, at_most=COMES_BACK)
    elif not _outdated(tx, channel, at):
        meet(tx, user, team)
        channels.joined(tx, channel, user)
        _look_for_barred(tx, channel)


def _look_for_barred(tx: Transaction, channel: str) -> None:
    if channels.purpose(tx, channel) == "desk":
        tell_of_barred(tx)


def left(tx: Transaction, channel: str, user: str, *, at: datetime | None = None) -> None:
    """Somebody left a channel at `at`."""
    if not _outdated(tx, channel, at):
        channels.left(tx, channel, user)


def _outdated(tx: Transaction, channel: str, at: datetime | None) -> bool:
    """Whether we have read who is in the channel since: Slack sends an event again for minutes."""
    known = channels.channel(tx, channel)
    read_at = known.members_read_at if known is not None else None
    return at is not None and read_at is not None and at < read_at - SURELY


def seen_again(tx: Transaction, channel: str, wakes: str, **known: Any) -> None:
    """The bot came into a channel, or the channel back from the archive: what could not be delivered there is due
    again, and what was missed is read (`wakes`: `PLACES` or `MISSED`)."""
    channels.save_channel(tx, channel, **known)
    dead_letters.revive(tx, channel)
    tx.wakes.add(wakes)


def unarchived(tx: Transaction, channel: str) -> None:
    """A channel came back. Slack tells of every public one. Those who were in a public channel are not put back into
    it (slack.com/help, "Archive or delete a channel"), the bot neither: whether it is there is asked."""
    if channels.channel(tx, channel) is not None:
        seen_again(tx, channel, PLACES, archived=False)


def lost(tx: Transaction, channel: str, why: str) -> None:
    """A channel is no longer seen (`why`: archived, deleted, removed, missing). Coordinators hear of it, once, if people
    ask there; however often and by whichever way we learn of it."""
    before = channels.channel(tx, channel)
    if before is None:
        return
    channels.save_channel(tx, channel, **_NOW[why])
    if _NOW[why].get("archived") and not before.archived:
        for question_id in questions.open_in(tx, channel):
            due.schedule(tx, f"{SHUT}:{question_id}", SHUT, question_id, tx.now)
    if before.archived or not before.bot_is_member:
        return
    channels.forget_members(tx, channel)  # from now on we do not hear who comes and goes
    if before.purpose in _WATCHED | {"desk"}:
        for person in _people(tx, "coordinator", "admin"):
            key = f"{channel}:{tx.real_now.isoformat()}:{person}"
            tell(tx, person, CHANNEL_LOST, 0, key=key, values={"channel": channel, "why": why})


def desk_is_public(tx: Transaction, channel: str) -> None:
    """What is asked before the prefecture alone must not be shown there; coordinators hear of it,
    and the administrator, who may be setting up alone."""
    if channels.purpose(tx, channel) != "desk":
        return
    channels.save_channel(tx, channel, purpose="other")
    for person in (found.user_id for found in members.with_permission(tx, "coordinator", "admin")):
        key = f"{channel}:{tx.real_now.isoformat()}:{person}"
        tell(tx, person, DESK_PUBLIC, 0, key=key, values={"channel": channel})


def on_dead_letter(tx: Transaction, letter: DeadLetter) -> None:
    """Whoever can help is told: once for each place and cause, and not of what they were told already."""
    if letter.renderer in RENDERERS:
        return  # a notice about a notice is never sent
    if letter.channel and letter.error in _LOST:
        lost(tx, letter.channel, _LOST[letter.error])
        if channels.purpose(tx, letter.channel) in _WATCHED:
            return
    if dead_letters.dead_like(tx, letter.channel, letter.user_id, letter.error) > 1:
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


def privacy(tx: Transaction, channel: str, *, is_private: bool) -> None:
    """Slack says whether a channel is private: who may read of what is asked there follows it."""
    channels.save_channel(tx, channel, is_private=is_private)


def save_users(tx: Transaction, users: Sequence[Mapping[str, Any]]) -> None:
    """Remember people as Slack describes them (`users.list`, team_join, user_change); bots are left out. Of a mail address
    only the domain is looked at."""
    rows = [
        {
            "user_id": user["id"],
            "name": _name(user),
            "deactivated": bool(user.get("deleted")),
            "permission": _permission(tx, user),
            "mail_domain": None if _is_elsewhere(tx, user) else _mail_domain(user),
        }
        for user in users
        if not user.get("is_bot") and user.get("id") != "USLACKBOT"
    ]
    members.save_described(tx, rows)
    gone = [row["user_id"] for row in rows if row["deactivated"]]
    permission_changed(tx, members.who_answered(tx, gone) if gone else ())


def _mail_domain(user: Mapping[str, Any]) -> str | None:
    profile = user.get("profile")
    return domain_of(profile.get("email")) if isinstance(profile, Mapping) else None


def _permission(tx: Transaction, user: Mapping[str, Any]) -> str:
    """What Slack says somebody is; guests have one channel or several (page user-object)."""
    if _is_elsewhere(tx, user):
        return VISITOR
    return GUEST if user.get("is_restricted") or user.get("is_ultra_restricted") else ASKER


def _is_elsewhere(tx: Transaction, user: Mapping[str, Any]) -> bool:
    """Whether a user object is of another organisation: in one of several workspaces, people have one of them as theirs."""
    home, teams = user.get("team_id"), (user.get("enterprise_user") or {}).get("teams") or ()
    return home not in {None, "", tx.workspace} and tx.workspace not in teams


def _name(user: Mapping[str, Any]) -> str:
    """The full name: people are addressed by the family name, which a display name need not hold."""
    profile = user.get("profile") or {}
    return str(
        profile.get("real_name")
        or profile.get("display_name")
        or user.get("real_name")
        or user.get("name", "")
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What we thought of a channel when Slack began to be asked at `at` (people's time): the row, who is in it."""

    at: datetime
    place: Channel | None
    inside: frozenset[str]


def known(tx: Transaction, channel: str) -> Known:
    """What we think of a channel; to be read before Slack is asked."""
    return Known(tx.now, channels.channel(tx, channel), channels.members_of(tx, channel))


def save_place(
    tx: Transaction, channel: Mapping[str, Any], users: Collection[str] | None, before: Known
) -> None:
    """Remember a channel the bot is in as Slack describes it, and who is in it (None: that could not be read). What an
    event changed since Slack began to be asked is newer than the answer, and stays."""
    name = str(channel.get("name", channel["id"]))
    said = {"name": name, "bot_is_member": True, "archived": bool(channel.get("is_archived"))}
    said |= {key: channel[key] for key in ("is_private",) if isinstance(channel.get(key), bool)}
    now = channels.channel(tx, channel["id"])
    if now is not None:
        unmoved = {key for key in said if getattr(now, key) == getattr(before.place, key, None)}
        said = {key: said[key] for key in unmoved if said[key] != getattr(now, key)}
    if now is None or said.get("bot_is_member") or said.get("archived") is False:
        seen_again(tx, channel["id"], MISSED, **said)
    elif said:
        channels.save_channel(tx, channel["id"], **said)
    if users is not None:
        channels.set_channel_members(tx, channel["id"], users, before=before.inside, read_at=before.at)
        _look_for_barred(tx, channel["id"])


def not_there(tx: Transaction, channel: str, before: Known) -> None:
    """Slack says that the bot is not in a channel; unless an event has said something since."""
    now = channels.channel(tx, channel)
    if now is not None and now == before.place and now.bot_is_member:
        lost(tx, channel, "removed")
