"""A session is announced a week before, and what was told of it follows what becomes of it.

Each living series has one row that is due whenever the offices open (`MORNING`): what is near then is announced, and what
has changed since is told, also by a closure that somebody added. After a deed the same happens at once.
"""

from __future__ import annotations

from itertools import islice

from bot.domain.deadline import begins
from bot.domain.series import Session
from bot.domain.study import SOON as TEN_MINUTES
from bot.domain.study import About, announced_on, materials_on, reminded_on
from bot.feature import DueWork
from handlers.common.telling import tell, told
from handlers.study.coming import FAR, calendar, session_on, to_come
from handlers.study.gathering import chairs
from handlers.study.meeting import CARD, LEFT, concerned, presenters, where_of
from storage import due, meetings, members, outbox, replacing, replies, study, workspace
from storage.database import Transaction
from storage.meetings import Meeting
from storage.study import Series

MORNING, SOON, OVER = "study.morning", "study.soon_due", "study.over"
"""Due of a series whenever the offices open; of a meeting ten minutes before it, and when it ends."""
TELL_ALL, TELL_CHANGE, TELL_DAY = "study.tell_all", "study.tell_change", "study.tell_day"
TELL_WHERE = "study.tell_where"
"""Due of a meeting while many are still to be told: so many in one transaction."""
ANNOUNCED, MATERIALS, TO_RECORD = "study.announced", "study.materials_wanted", "study.to_record"
AT_ONCE = 25


def follow(tx: Transaction, found: Series, *, again: bool = False) -> None:
    """Let what was told of a series follow what has become of it, and announce what is near; `again`: cards may say
    something else, though no time has changed."""
    for meeting in meetings.living(tx, found.id):
        _follow(tx, found, meeting, again=again)
    if found.ended_at is None and workspace.workspace(tx).is_open:
        for session in islice(to_come(tx, found), FAR):
            if session.starts > tx.now and not session.cancelled and not _announce(tx, found, session):
                break
    key = f"{MORNING}:{found.id}"
    if found.ended_at is None or meetings.living(tx, found.id):
        due.schedule(tx, key, MORNING, found.id, calendar(tx).next_opening(tx.now))
    else:
        due.cancel(tx, key)


def changed(tx: Transaction, work: DueWork) -> None:
    """A series has changed."""
    follow(tx, study.need(tx, work.record_id), again=True)


def morning(tx: Transaction, work: DueWork) -> None:
    """The offices open."""
    found = study.need(tx, work.record_id)
    follow(tx, found)
    office = calendar(tx)
    today = office.day_of(tx.now)
    for meeting in meetings.living(tx, found.id):
        if meeting.told_at is None or meeting.cancelled or meeting.starts <= tx.now:
            continue
        day = office.day_of(meeting.starts)
        if today >= reminded_on(day, office):
            due.schedule(tx, f"{TELL_DAY}:{meeting.id}", TELL_DAY, meeting.id, tx.now)
        if today >= materials_on(day, office) and not meeting.materials:
            for user in presenters(tx, found, meeting.on):
                key = f"{meeting.id}:{user}"
                tell(
                    tx,
                    user,
                    MATERIALS,
                    meeting.id,
                    key=key,
                    day=begins(today, office),
                    until=meeting.starts,
                )


# --- announcing -----------------------------------------------------------------------------------------------------


def _announce(tx: Transaction, found: Series, session: Session) -> bool:
    """Announce a session once it is near; whether it is announced."""
    office = calendar(tx)
    opens = office.next_open(tx.now)
    if office.day_of(opens) < announced_on(office.day_of(session.starts), office):
        return False
    if tx.now < opens < session.starts:  # the row of the morning does it, when people work
        return False
    meeting = ensure(tx, found, session)
    if meeting.told_at is None:
        meetings.note(tx, meeting.id, told_at=tx.now, channel=found.about.channel or "")
        show(tx, meetings.need(tx, meeting.id))
        if found.about.channel is None:
            due.schedule(tx, f"{TELL_ALL}:{meeting.id}", TELL_ALL, meeting.id, tx.now)
    return True


def ensure(tx: Transaction, found: Series, session: Session) -> Meeting:
    """The meeting of a session, announced or not: somebody presents in it, or has given materials."""
    before = meetings.find(tx, found.id, session.on)
    meeting = before or meetings.ensure(tx, found.id, session)
    if before is None:
        _plan(tx, meeting)
    return meeting


def _plan(tx: Transaction, meeting: Meeting) -> None:
    """Ten minutes before it, and its end."""
    key, at = f"{SOON}:{meeting.id}", meeting.starts - TEN_MINUTES
    if meeting.cancelled or at <= tx.now:
        due.cancel(tx, key)
    else:
        due.schedule(tx, key, SOON, meeting.id, at)
    due.schedule(tx, f"{OVER}:{meeting.id}", OVER, meeting.id, max(meeting.ends, tx.now))


def show(tx: Transaction, meeting: Meeting, *, crowd: bool = False) -> None:
    """Let the card of a meeting say how it stands; `crowd`: many change it at the same time."""
    if meeting.told_at is not None and meeting.channel:
        row = outbox.card(CARD, meeting.id, meeting.channel, None, about=f"{meeting.series_id}:{meeting.on}")
        outbox.want(tx, row, wait=outbox.CROWD if crowd else outbox.NO_WAIT)


def tell_all(tx: Transaction, work: DueWork) -> None:
    """Tell those concerned, where there is no channel."""
    meeting = meetings.need(tx, work.record_id)
    if meeting.cancelled or meeting.starts <= tx.now:
        return
    found = study.need(tx, meeting.series_id)
    keys = {user: f"{meeting.id}:{user}" for user in concerned(tx, found)}
    left = [user for user, key in keys.items() if not told(tx, ANNOUNCED, key)]
    for user in left[:AT_ONCE]:
        tell(tx, user, ANNOUNCED, meeting.id, key=keys[user])
        member = members.member(tx, user)
        replies.told(tx, meeting, user, body=member.municipality_code if member is not None else None)
    if len(left) > AT_ONCE:
        due.schedule(tx, f"{TELL_ALL}:{meeting.id}", TELL_ALL, meeting.id, tx.now)


# --- what becomes of it ---------------------------------------------------------------------------------------------


def _follow(tx: Transaction, found: Series, meeting: Meeting, *, again: bool) -> None:
    session = session_on(tx, found, meeting.on)
    if session is not None and not session.cancelled:
        _move_card(tx, found, meeting)
    if session is None:  # its date is planned no more
        session = Session(meeting.on, meeting.number or 0, meeting.starts, meeting.ends, cancelled=True)
    was = (meeting.starts, meeting.ends, meeting.cancelled)
    now = (session.starts, session.ends, session.cancelled)
    if was != now and meeting.ends > tx.now:
        if not again:
            # the offices closed it: nobody changed the series, by which calendars know the newer one
            study.touched(tx, found.id)
        values = {"starts_at": session.starts, "ends_at": session.ends, "cancelled": session.cancelled}
        meetings.note(tx, meeting.id, **values, version=meeting.version + 1, number=session.number)
        _plan(tx, meetings.need(tx, meeting.id))
        due.schedule(tx, f"{TELL_CHANGE}:{meeting.id}", TELL_CHANGE, meeting.id, tx.now)
    elif session.number != meeting.number:
        meetings.note(tx, meeting.id, number=session.number)
    elif not again:
        return
    show(tx, meetings.need(tx, meeting.id))


def met_elsewhere(tx: Transaction, found: Series, before: About) -> None:
    """Sessions of a series meet elsewhere than `before`. What begins at another time as well is told with that."""
    for meeting in meetings.living(tx, found.id):
        session = session_on(tx, found, meeting.on)
        same = session is not None and session.starts == meeting.starts and not session.cancelled
        if same and where_of(found.about, meeting.link) != where_of(before, meeting.link):
            meets_elsewhere(tx, meeting)


def meets_elsewhere(tx: Transaction, meeting: Meeting) -> None:
    """Somebody who was reminded of a meeting, and would be reminded no more, hears where it is now."""
    if meeting.is_open(tx.now) and meeting.starts > tx.now and is_reminded(tx, meeting):
        due.schedule(tx, f"{TELL_WHERE}:{meeting.id}", TELL_WHERE, meeting.id, tx.now)


def _move_card(tx: Transaction, found: Series, meeting: Meeting) -> None:
    """The card of a meeting that has not begun stands in the channel of its series; where it stood it says no more."""
    to = found.about.channel or ""
    if meeting.told_at is None or meeting.channel == to or meeting.starts <= tx.now:
        return
    if meeting.channel:
        card = outbox.card(CARD, meeting.id, meeting.channel, None)["key"]
        replacing.replace(tx, {CARD: LEFT}, card=card, channel=meeting.channel, thread_ts="")
    meetings.note(tx, meeting.id, channel=to)


def over(tx: Transaction, work: DueWork) -> None:
    """A meeting has ended: its card says so, and who sees to it is asked what came of it."""
    meeting = meetings.need(tx, work.record_id)
    if meeting.closed_at is not None:
        return
    if meeting.ends > tx.now:
        _plan(tx, meeting)
        return
    meetings.note(tx, meeting.id, closed_at=tx.now)
    if not meeting.cancelled and meeting.told_at is not None:
        show(tx, meeting)
        for user in chairs(tx, study.need(tx, meeting.series_id)):
            tell(tx, user, TO_RECORD, meeting.id, key=f"{meeting.id}:{user}")


def is_reminded(tx: Transaction, meeting: Meeting) -> bool:
    """Whether the day is over, or has come, on which who comes is reminded: whoever hears of a meeting now knows."""
    office = calendar(tx)
    return office.day_of(tx.now) >= reminded_on(office.day_of(meeting.starts), office)
