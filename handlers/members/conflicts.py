"""Who has a conflict of interest and sits in the private desk channel reads every card there: the coordinators are told."""

from __future__ import annotations

from bot.domain.text import escape
from bot.feature import Message, Outgoing
from handlers.common.blocks import section
from handlers.common.telling import tell
from storage import channels, members, talents
from storage.database import Transaction

BARRED_AT_DESK = "members.barred_at_desk"
_DESK = ("coordinator", "admin")


def tell_of_barred(tx: Transaction) -> None:
    """Say of everybody with a registered conflict who is in the desk channel that they are; once for the same conflicts."""
    for channel in channels.with_purpose(tx, "desk"):
        for user in sorted(channels.members_of(tx, channel) & talents.active(tx).keys()):
            talent = talents.talent(tx, user)
            if talent is not None and talent.conflicts:
                key = f"{channel}:{user}:{','.join(sorted(talent.conflicts))}"
                tell_the_desk(tx, BARRED_AT_DESK, 0, key=key, about=[user], channel=channel)


def tell_the_desk(
    tx: Transaction, renderer: str, record_id: int, *, key: str, about: list[str], channel: str
) -> None:
    """Tell the coordinators (without one, the administrators) something of people in a channel; those themselves do not
    hear it, and who is at the desk is not spoken of."""
    desk = {person.user_id for person in members.with_permission(tx, *_DESK)}
    if not set(about) - desk:
        return
    people = members.with_permission(tx, _DESK[0]) or members.with_permission(tx, _DESK[1])
    for person in people:
        if person.user_id not in about:
            values = {"about": about, "channel": channel}
            tell(tx, person.user_id, renderer, record_id, key=f"{key}:{person.user_id}", values=values)


def barred_at_desk(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """Of one person; nothing when they are not there any more, or not barred from anything."""
    channel, (user, *_) = str(outgoing.values["channel"]), outgoing.values["about"]
    talent, place = talents.talent(tx, user), channels.channel(tx, channel)
    gone = place is None or place.purpose != "desk" or not channels.is_in_channel(tx, channel, user)
    if place is None or gone or talent is None or not talent.conflicts:
        return None
    who = escape(members.name_of(tx, user).split(" ")[0] or talent.name)
    words = (
        f"利害関係の登録がある{who}さんが、対応場所「{escape(place.name)}」に入っています。担当にはなりませんが、"
        "そこに出る「県と担当だけに」の相談は、どれも読めます。"
        f"読ませたくないときは、{who}さんをこのチャンネルから外してください。"
    )
    return Message(text=words, blocks=[section(words)])
