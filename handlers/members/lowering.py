"""Somebody's permission was lowered, or their account deactivated: what they were given goes to others."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.text import escape
from bot.feature import Message, Outgoing
from handlers.common.blocks import section
from handlers.members.conflicts import tell_the_desk
from storage import channels, due, ledger, members
from storage.database import Transaction
from storage.members import ASKER, GUEST

LOWERED = "question.lowered"
"""Due for each living question of somebody who may not answer any more."""
LOWERED_AT_DESK = "members.lowered_at_desk"


def permission_changed(tx: Transaction, people: Sequence[str]) -> None:
    """These people's permission is another than before, perhaps a lower one. Who sits in the desk channel and became an
    asker goes on reading there; the coordinators hear of that."""
    if not people:
        return
    for question_id in ledger.held_by(tx, people):
        due.schedule(tx, f"{LOWERED}:{question_id}", LOWERED, question_id, tx.now)
    for channel in channels.with_purpose(tx, "desk"):
        for user in sorted(channels.members_of(tx, channel) & set(people)):
            if _reads_on(tx, channel, user):
                key = f"{channel}:{user}:{tx.now.isoformat()}"
                tell_the_desk(tx, LOWERED_AT_DESK, 0, key=key, about=[user], channel=channel)


def _reads_on(tx: Transaction, channel: str, user: str) -> bool:
    member = members.member(tx, user)
    asks = member is not None and member.permission in {ASKER, GUEST} and not member.deactivated
    return asks and channels.is_in_channel(tx, channel, user)


def lowered_at_desk(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """Of one person; nothing when they are not there any more."""
    channel, (user, *_) = str(outgoing.values["channel"]), outgoing.values["about"]
    place = channels.channel(tx, channel)
    if place is None or not _reads_on(tx, channel, user):
        return None
    who = escape(members.name_of(tx, user).split(" ")[0])
    words = (
        f"{who}さんの権限は、相談者になりました。担当していた相談は、ほかの方へ回しています。{who}さんは対応場所"
        f"「{escape(place.name)}」に入ったままです。読ませたくないときは、このチャンネルから外してください。"
    )
    return Message(text=words, blocks=[section(words)])
