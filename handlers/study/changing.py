"""A session begins at another time than people know, or is cancelled: who comes hears of it when they work, who was told
of it by letter and did not say no with the next morning's. So many in one transaction; once, and not what they know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.series import Session
from bot.feature import DueWork, Message, Outgoing
from handlers.common.doors import Visitor, role
from handlers.common.telling import reached_of, tell
from handlers.study import card
from handlers.study.announcing import ANNOUNCED, AT_ONCE, TELL_CHANGE, is_reminded
from handlers.study.looking import known_to
from handlers.study.meeting import values_of
from handlers.study.reminding import key_of, may_hear, more, still, version_of
from storage import meetings, replies, study, topics
from storage.database import Transaction
from storage.meetings import Meeting
from storage.replies import YES, Reply
from storage.study import Series

CHANGED, QUIETLY = "study.changed", "study.changed_quietly"
"""To who comes; to who was told by letter, which stands there and is true no more."""


def tell_change(tx: Transaction, work: DueWork) -> None:
    """Tell people that the time has changed, or that it is cancelled; not who knows it so."""
    meeting = meetings.need(tx, work.record_id)
    found = replies.untold_change(tx, meeting, AT_ONCE) if meeting.starts > tx.now else []
    stands = None if meeting.cancelled else meeting.starts
    knows, invited = _known(tx, meeting, found), _invited(tx, meeting, found)
    for reply in found:
        user = reply.user_id
        hears = reply.answer == YES or user in invited
        known = knows[user] if hears else stands  # what they are still to be told will say how it stands
        if known != stands:
            said = {**version_of(meeting), "was": known.isoformat() if known else None}
            renderer, until = CHANGED if reply.answer == YES else QUIETLY, _first(tx, meeting, known)
            tell(tx, user, renderer, meeting.id, key=key_of(meeting, user), values=said, until=until)
        now_known = {"known_at": known, "said_at": stands, "told_change": meeting.version}
        day = {"told_day": meeting.version} if is_reminded(tx, meeting) else {}
        replies.note(tx, meeting.id, user, **now_known, **day)
    more(tx, TELL_CHANGE, meeting, found)


def _known(tx: Transaction, meeting: Meeting, found: Sequence[Reply]) -> Mapping[str, datetime | None]:
    """When it begins as far as each of these people knows; None: that it is cancelled."""
    unsure = {
        key_of(meeting, each.user_id, each.told_change): each
        for each in found
        if each.told_change and each.known_at != each.said_at
    }
    had = {key for kind in (CHANGED, QUIETLY) for key in reached_of(tx, kind, list(unsure))}
    said = {each.user_id: each.said_at for key, each in unsure.items() if key in had}
    return {each.user_id: said.get(each.user_id, each.known_at) for each in found}


def _invited(tx: Transaction, meeting: Meeting, found: Sequence[Reply]) -> set[str]:
    """Which of those who have not said that they come have the letter that announced it."""
    keys = {f"{meeting.id}:{each.user_id}": each.user_id for each in found if each.answer != YES}
    return {keys[each] for each in reached_of(tx, ANNOUNCED, list(keys))}


def _first(tx: Transaction, meeting: Meeting, known: datetime | None) -> datetime:
    """When somebody would come who knows no better, or should: whichever is first."""
    return min(meeting.starts, known) if known is not None and known > tx.now else meeting.starts


def that_it_is_cancelled(tx: Transaction, meeting: Meeting, user: str) -> str | None:
    """The key of the letter by which somebody who comes will hear that a meeting is cancelled; None: there is none to
    come."""
    reply = replies.of(tx, meeting.id, user)
    if reply is None or reply.answer != YES or reply.told_change >= meeting.version:
        return None
    hears = meeting.cancelled and meeting.starts > tx.now and _known(tx, meeting, [reply])[user] is not None
    return key_of(meeting, user) if hears else None


def how_many_hear(tx: Transaction, found: Series, after: Sequence[Session]) -> int:
    """How many people will be told by letter, if the next sessions of a series are these and it is as `found` says."""
    planned, who = {each.on: each for each in after}, set[str]()
    for meeting in meetings.living(tx, found.id):
        if meeting.starts <= tx.now or not after or meeting.on > after[-1].on:
            continue
        session = planned.get(meeting.on)
        stands = session.starts if session is not None and not session.cancelled else None
        same = session is not None and (session.starts, session.ends) == (meeting.starts, meeting.ends)
        if not same or (stands is None) != meeting.cancelled:
            who |= _hear(tx, found, meeting, stands)
    return len(who)


def _hear(tx: Transaction, found: Series, meeting: Meeting, stands: datetime | None) -> set[str]:
    there = replies.not_no(tx, meeting.id)
    knows = _known(tx, meeting, there)
    unaware = [each for each in there if knows[each.user_id] != stands]
    invited = {each for each in _invited(tx, meeting, unaware) if _is_theirs(tx, found, each)}
    come = {each.user_id for each in unaware if each.answer == YES}
    return invited | {each for each in come if may_hear(tx, found.about, each, cancelled=stands is None)}


# --- letters --------------------------------------------------------------------------------------------------------


def _was(outgoing: Outgoing) -> datetime | None:
    was = outgoing.values.get("was")
    return datetime.fromisoformat(was) if was else None


def changed(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """It begins at another time, or is cancelled; nothing when it has changed again since."""
    found, was = still(tx, outgoing), _was(outgoing)
    if found is None:
        return None
    alone = was is None and not found[0].cancelled and _presents_no_more(tx, *found)
    return card.changed(values_of(tx, found[0]), was, presents_no_more=alone)


def _presents_no_more(tx: Transaction, meeting: Meeting, reply: Reply) -> bool:
    """Whether somebody was to present in a meeting that is held after all, and has not been asked again."""
    ids = [each.id for each in topics.on(tx, meeting.series_id, meeting.on)]
    again = any(each.user_id == reply.user_id for each in topics.presenters(tx, ids).values())
    return not again and topics.was_withdrawn(tx, ids, reply.user_id)


def changed_quietly(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """The same to who was told by letter; nothing when they have answered since, for by that they know."""
    meeting, user = meetings.need(tx, outgoing.record_id), str(outgoing.values["user"])
    reply = replies.of(tx, meeting.id, user)
    waits = (
        reply is not None
        and reply.answer in {replies.NONE, replies.VIDEO}
        and reply.known_at != reply.said_at
    )
    holds = meeting.version == outgoing.values["version"] and meeting.starts > tx.now
    if not waits or not holds or not _is_theirs(tx, study.need(tx, meeting.series_id), user):
        return None
    return card.changed_quietly(values_of(tx, meeting), _was(outgoing))


def _is_theirs(tx: Transaction, found: Series, user: str) -> bool:
    return known_to(tx, found, user, role(tx, Visitor(user, "")))


RENDERERS = {CHANGED: changed, QUIETLY: changed_quietly}
