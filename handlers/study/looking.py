"""Which sessions are to come, and who may know of them: read in one transaction, computed by the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice, takewhile

from bot.domain.permissions import Deed, Role, allowed
from bot.domain.series import Every, Session
from bot.domain.study import MOST_SERIES, may_know
from bot.errors import NotPossibleNow, NotYours
from bot.feature import Blocks
from handlers.common.blocks import Block
from handlers.common.doors import Visitor, role
from handlers.study import views
from handlers.study.card import Answering
from handlers.study.coming import MOST, to_come
from handlers.study.views import Held, Kept
from storage import channels, meetings, replies, study, workspace
from storage.database import Transaction
from storage.study import Series

MOST_AHEAD = 120
"""So many sessions of a series are taken into calendars: two years of weeks."""
CHANGED = "この勉強会は、ほかの方が先に変えました。何も変わっていません。画面を開き直して、確かめてください。"
NOT_YOURS = (
    "この勉強会を変えられるのは、そのチャンネルのアドバイザーの方と、県の担当です。記録は変わっていません。"
)


def known_to(tx: Transaction, found: Series, user: str, as_what: Role) -> bool:
    """Whether somebody may know of a series."""
    channel = found.about.channel
    inside = channel is not None and channels.is_in_channel(tx, channel, user)
    return may_know(found.about, as_what, inside=inside)


def theirs(tx: Transaction, series_id: int, visitor: Visitor, otherwise: str = NOT_YOURS) -> Series:
    """A living series that somebody may know of; whoever may not reads `otherwise`.

    Raises:
        NoSuchSeries, NotYours: there is none, or it is not theirs to know.
    """
    found = study.need(tx, series_id)
    if not known_to(tx, found, visitor.user, role(tx, visitor)):
        raise NotYours(otherwise)
    if found.ended_at is not None:
        raise study.NoSuchSeries("この勉強会は、もう終わりになっています。記録は変わっていません。")
    return found


def as_seen(tx: Transaction, series_id: int, visitor: Visitor, seen: int) -> Series:
    """The same as somebody has seen it.

    Raises:
        NoSuchSeries, NotYours, NotPossibleNow: with the sentence that says why.
    """
    found = theirs(tx, series_id, visitor)
    if found.revision != seen:
        raise NotPossibleNow(CHANGED)
    return found


def _held(tx: Transaction, known: Sequence[Series], *, changes: bool) -> list[Held]:
    """The sessions to come of these series, the next first."""
    ids = [each.id for each in known]
    changed, under_way = study.changes(tx, ids), study.under_way(tx, ids)
    found: list[Held] = []
    for each in known:
        coming = (session for session in to_come(tx, each, changed[each.id]) if session.ends > tx.now)
        for session in (*under_way[each.id], *islice(coming, MOST)):
            now = session.starts <= tx.now
            once = each.plan.every is Every.ONCE and each.plan.first_number == 1
            found.append(Held(each.id, each.about, session, once, now, changes and not now))
    return sorted(found, key=lambda held: (held.session.starts, held.series_id))


def _known(tx: Transaction, visitor: Visitor, as_what: Role) -> list[Series]:
    return [each for each in study.living(tx) if known_to(tx, each, visitor.user, as_what)]


def listed(tx: Transaction, visitor: Visitor, notice: str = "") -> Block:
    """The list, as somebody may see it; `notice`: what came of a press in it."""
    as_what, zone = role(tx, visitor), workspace.workspace(tx).zone
    known, arranges = _known(tx, visitor, as_what), allowed(Deed.ARRANGE_STUDY, as_what)
    held = _held(tx, known, changes=arranges)
    shown = _asking(tx, held[:MOST], visitor.user)
    if not arranges:
        return views.listed(shown, None, zone, notice)
    living = {each.series_id for each in held}
    kept = [Kept(each.id, each.about, each.plan, each.id not in living) for each in known]
    kept.sort(key=lambda each: each.over)
    return views.listed(shown, kept[:MOST_SERIES], zone, notice)


def _asking(tx: Transaction, held: Sequence[Held], user: str) -> list[Held]:
    """These sessions where they meet themselves; those that were announced with what somebody may answer, and has."""
    found = []
    for each in held:
        meeting = meetings.find(tx, each.series_id, each.session.on)
        if meeting is not None and meeting.link is not None:
            each = replace(each, about=replace(each.about, link=meeting.link))
        if meeting is not None and meeting.is_open(tx.now) and not each.session.cancelled:
            reply = replies.of(tx, meeting.id, user)
            said = reply.answer if reply is not None else ""
            asks = Answering(meeting.id, replies.count(tx, meeting.id), said)
            each = replace(each, answering=asks)
        found.append(each)
    return found


def to_take_along(
    tx: Transaction, visitor: Visitor, *, since: timedelta, until: timedelta
) -> list[tuple[Series, Session]]:
    """The sessions somebody may know of that are not over for so long, up to those that begin so far ahead: by series,
    in the order of their dates. For calendars."""
    known = _known(tx, visitor, role(tx, visitor))
    ids = [each.id for each in known]
    changed, begun = study.changes(tx, ids), study.under_way(tx, ids, since)
    found: list[tuple[Series, Session]] = []
    for each in known:
        coming = takewhile(
            lambda session: session.starts <= tx.now + until, to_come(tx, each, changed[each.id])
        )
        found += [(each, session) for session in (*begun[each.id], *islice(coming, MOST_AHEAD))]
    return found


def home_line(tx: Transaction, visitor: Visitor) -> Blocks:
    """The line of Home: the next session somebody may know of that is not cancelled, or one that goes on now. Who arranges
    has a way in though there is none."""
    as_what = role(tx, visitor)
    if not allowed(Deed.SEE_STUDY, as_what):
        return []
    held = _held(tx, _known(tx, visitor, as_what), changes=False)
    following = next((each for each in held if not each.session.cancelled), None)
    if following is None:
        return views.home_none() if allowed(Deed.ARRANGE_STUDY, as_what) else []
    return views.home_line(following, workspace.workspace(tx).zone)
