"""Who comes is told the day before, and ten minutes before if they want to: so many in one transaction, each once. The
letters are rendered afresh; what is no longer true is not said."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.deadline import begins
from bot.domain.permissions import Deed, allowed
from bot.domain.study import About, may_know
from bot.feature import DueWork, Message, Outgoing
from handlers.common.doors import Visitor, role
from handlers.common.telling import tell, told_of
from handlers.study import card
from handlers.study.announcing import (
    ANNOUNCED,
    AT_ONCE,
    MATERIALS,
    SOON,
    TELL_DAY,
    TELL_WHERE,
    TO_RECORD,
)
from handlers.study.card import CardValues
from handlers.study.coming import calendar
from handlers.study.meeting import values_of
from storage import due, meetings, replies, study
from storage.database import Transaction
from storage.meetings import Meeting
from storage.replies import YES, Reply

TOMORROW, BEGINS, RECAP = "study.tomorrow", "study.begins", "study.recap"
WHERE, TELL_RECAP = "study.elsewhere", "study.tell_recap"


def more(tx: Transaction, kind: str, meeting: Meeting, found: list[Reply]) -> None:
    """The next portion is told in a transaction of its own."""
    if len(found) == AT_ONCE:
        due.schedule(tx, f"{kind}:{meeting.id}", kind, meeting.id, tx.now)


def version_of(meeting: Meeting) -> dict[str, int]:
    """What a letter remembers of a meeting, so that it says nothing once that has changed."""
    return {"version": meeting.version}


def key_of(meeting: Meeting, user: str, version: int | None = None) -> str:
    """The key of what somebody is told of a meeting in its present version, or another."""
    return f"{meeting.id}:{version or meeting.version}:{user}"


def tell_day(tx: Transaction, work: DueWork) -> None:
    """Remind who comes, in the morning of the day before."""
    meeting = meetings.need(tx, work.record_id)
    if meeting.cancelled or meeting.starts <= tx.now:
        return
    found = replies.untold(tx, meeting, "told_day", AT_ONCE)
    office = calendar(tx)
    that_day = begins(office.day_of(tx.now), office)
    for reply in found:
        key, values = key_of(meeting, reply.user_id), version_of(meeting)
        tell(
            tx,
            reply.user_id,
            TOMORROW,
            meeting.id,
            key=key,
            values=values,
            day=that_day,
            until=meeting.starts,
        )
        replies.note(tx, meeting.id, reply.user_id, told_day=meeting.version)
    more(tx, TELL_DAY, meeting, found)


def tell_soon(tx: Transaction, work: DueWork) -> None:
    """It begins in ten minutes."""
    meeting = meetings.need(tx, work.record_id)
    if meeting.cancelled or meeting.starts <= tx.now:
        return
    found = replies.untold(tx, meeting, "told_soon", AT_ONCE)
    for reply in found:
        key = key_of(meeting, reply.user_id)
        tell(tx, reply.user_id, BEGINS, meeting.id, key=key, values=version_of(meeting))
        replies.note(tx, meeting.id, reply.user_id, told_soon=meeting.version)
    more(tx, SOON, meeting, found)


def tell_where(tx: Transaction, work: DueWork) -> None:
    """Tell who comes, and was reminded already, where they meet now."""
    meeting = meetings.need(tx, work.record_id)
    if meeting.cancelled or meeting.starts <= tx.now:
        return
    values, found = values_of(tx, meeting), study.need(tx, meeting.series_id)
    keys = {user: f"{meeting.id}:{found.revision}:{user}" for user in replies.coming(tx, meeting.id)}
    known = told_of(tx, WHERE, list(keys.values()))
    left = [user for user, key in keys.items() if key not in known]
    for user in left[:AT_ONCE]:
        said = {"where": values.where}
        tell(tx, user, WHERE, meeting.id, key=keys[user], values=said, until=meeting.starts)
    if len(left) > AT_ONCE:
        due.schedule(tx, f"{TELL_WHERE}:{meeting.id}", TELL_WHERE, meeting.id, tx.now)


def tell_recap(tx: Transaction, work: DueWork) -> None:
    """Tell who was not there what came of it."""
    meeting = meetings.need(tx, work.record_id)
    if not meeting.minutes:
        return
    found = replies.without_recap(tx, meeting.id, AT_ONCE)
    for reply in found:
        tell(tx, reply.user_id, RECAP, meeting.id, key=f"{meeting.id}:{reply.user_id}")
        replies.note(tx, meeting.id, reply.user_id, told_recap=True)
    more(tx, TELL_RECAP, meeting, found)


# --- letters --------------------------------------------------------------------------------------------------------


def still(tx: Transaction, outgoing: Outgoing) -> tuple[Meeting, Reply] | None:
    """The meeting and what its reader said, as long as they come and it stands as it did when the letter was wanted."""
    meeting = meetings.need(tx, outgoing.record_id)
    reply = replies.of(tx, meeting.id, str(outgoing.values["user"]))
    comes = reply is not None and reply.answer == YES
    if (
        reply is None
        or not comes
        or meeting.version != outgoing.values["version"]
        or meeting.starts <= tx.now
        or not _may_know(tx, meeting, reply.user_id)
    ):
        return None
    return meeting, reply


def may_hear(tx: Transaction, about: About, user: str, *, cancelled: bool) -> bool:
    """Whether somebody may know of a meeting by what they are: they may have left since they answered, or it is for
    advisers alone now. That it is cancelled whoever is there may know."""
    as_what = role(tx, Visitor(user, ""))
    return allowed(Deed.SEE_STUDY, as_what) if cancelled else may_know(about, as_what, inside=True)


def _may_know(tx: Transaction, meeting: Meeting, user: str) -> bool:
    return may_hear(tx, study.need(tx, meeting.series_id).about, user, cancelled=meeting.cancelled)


def elsewhere(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """Where they meet now; nothing when it is another place again."""
    meeting = meetings.need(tx, outgoing.record_id)
    reply, values = replies.of(tx, meeting.id, str(outgoing.values["user"])), values_of(tx, meeting)
    comes = reply is not None and reply.answer == YES and _may_know(tx, meeting, reply.user_id)
    still = values.where == outgoing.values["where"] and not values.begun and not values.cancelled
    return card.elsewhere(values) if comes and still else None


def tomorrow(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The reminder of the day before; nothing when they do not come any more, or it is cancelled."""
    found = still(tx, outgoing)
    if found is None or found[0].cancelled:
        return None
    return card.tomorrow(values_of(tx, found[0]), soon=found[1].soon)


def begins_soon(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """Ten minutes before; nothing when it has begun, or they do not want it any more."""
    found = still(tx, outgoing)
    if found is None or found[0].cancelled or not found[1].soon:
        return None
    return card.soon_begins(values_of(tx, found[0]))


def _of_meeting(
    view: Callable[[CardValues], Message], holds: Callable[[Transaction, Meeting], bool]
) -> Callable[[Transaction, Outgoing], Message | None]:
    """A letter that is told as long as something holds of its meeting."""

    def render(tx: Transaction, outgoing: Outgoing) -> Message | None:
        meeting = meetings.need(tx, outgoing.record_id)
        told = holds(tx, meeting) and not meeting.cancelled
        told = told and _may_know(tx, meeting, str(outgoing.values["user"]))
        return view(values_of(tx, meeting)) if told else None

    return render


RENDERERS = {
    WHERE: elsewhere,
    TOMORROW: tomorrow,
    BEGINS: begins_soon,
    ANNOUNCED: _of_meeting(card.announced, lambda tx, meeting: meeting.starts > tx.now),
    MATERIALS: _of_meeting(
        card.materials_wanted, lambda tx, meeting: not meeting.materials and meeting.starts > tx.now
    ),
    TO_RECORD: _of_meeting(card.to_record, lambda tx, meeting: not meeting.minutes),
    RECAP: _of_meeting(card.recap, lambda tx, meeting: bool(meeting.minutes)),
}
