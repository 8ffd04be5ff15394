"""Two business days before a session: who arranges hears, once and in the morning, what it still lacks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.domain.deadline import begins
from bot.domain.series import Session
from bot.domain.topics import Request, settled_by
from bot.feature import DueWork, Message, Outgoing
from handlers.common.telling import tell
from handlers.study import presenting, topic_forms
from handlers.study.coming import calendar, following, session_on
from handlers.study.gathering import chairs, on_agenda, presenters, session_name
from storage import due, study
from storage.database import Transaction
from storage.study import Series

READY, NOT_READY = "study.ready", "study.not_ready"
_DAY, _ON_TIME = timedelta(days=1), timedelta(hours=1)
"""A look that comes so long after its midnight was not planned for this day."""


def changed(tx: Transaction, work: DueWork) -> None:
    """Sessions are at other times, or none any more: who presents, and when they should be ready, follow."""
    found = study.need(tx, work.record_id)
    presenting.follow(tx, found)
    plan(tx, found)


def plan(tx: Transaction, found: Series) -> None:
    """Look at the next session when it should be ready; at once if that is past."""
    coming = following(tx, found)
    if coming:
        _look_at(tx, found, max(_morning(tx, coming[0]), tx.now))
    else:
        due.cancel(tx, f"{READY}:{found.id}")


def look(tx: Transaction, work: DueWork) -> None:
    """Sessions should be ready by now: around holidays more than one at once. One that is ready is looked at again each
    midnight until it begins: whoever presents may leave, a topic goes with its question. The look after this one is always
    later, or it would never end."""
    found, ready = study.need(tx, work.record_id), False
    for session in following(tx, found):
        morning = _morning(tx, session)
        if morning > tx.now:
            _look_at(tx, found, min(morning, _midnight(tx, 1)) if ready else morning)
            return
        if _missing(tx, found, session) is None:
            ready = True
        else:
            _tell(tx, found, session, morning)
    if ready:
        _look_at(tx, found, _midnight(tx, 1))


def _tell(tx: Transaction, found: Series, session: Session, morning: datetime) -> None:
    today = _midnight(tx)
    if tx.now - today >= _ON_TIME:
        today = morning
    day = today if tx.now - today < _DAY else None
    for person in chairs(tx, found):
        key, said = f"{found.id}:{session.on}:{person}", {"on": str(session.on)}
        tell(tx, person, NOT_READY, found.id, key=key, values=said, day=day, until=session.starts)


def _midnight(tx: Transaction, days: int = 0) -> datetime:
    """When today began, or one of the days after it will."""
    office = calendar(tx)
    return begins(office.day_of(tx.now) + timedelta(days=days), office)


def _look_at(tx: Transaction, found: Series, at: datetime) -> None:
    due.schedule(tx, f"{READY}:{found.id}", READY, found.id, at)


def _morning(tx: Transaction, session: Session) -> datetime:
    """When a session should be ready."""
    office = calendar(tx)
    return begins(settled_by(office.day_of(session.starts), office), office)


def _missing(tx: Transaction, found: Series, session: Session) -> list[str] | None:
    """The topics nobody has agreed to present; none where there is no topic at all. None: it is ready."""
    there = on_agenda(tx, found, session.on)
    known = presenters(tx, found, [each.id for each in there])
    agreed = {topic for topic, asked in known.items() if asked.state is Request.ACCEPTED}
    missing = [each.title for each in there if each.id not in agreed]
    return missing if missing or not there else None


def told(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """What a session lacks; nothing when it has all, or is none any more."""
    found = study.need(tx, outgoing.record_id)
    on = date.fromisoformat(str(outgoing.values["on"]))
    session = session_on(tx, found, on)
    if session is None or session.cancelled or session.starts <= tx.now:
        return None
    missing = _missing(tx, found, session)
    if missing is None:
        return None
    return topic_forms.not_ready(session_name(tx, found, session), missing, f"{found.id}:{on}")
