"""Two business days before a session: who arranges hears, once and in the morning, what it still lacks."""

from __future__ import annotations

from datetime import date, timedelta

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
_DAY = timedelta(days=1)


def changed(tx: Transaction, work: DueWork) -> None:
    """Sessions are at other times, or none any more: who presents, and when they should be ready, follow."""
    found = study.need(tx, work.record_id)
    presenting.follow(tx, found)
    plan(tx, found)


def plan(tx: Transaction, found: Series, after: Session | None = None) -> None:
    """Look at the next session (the next one `after` another) when it should be ready; at once if that is past."""
    coming = [each for each in following(tx, found) if after is None or each.starts > after.starts]
    key = f"{READY}:{found.id}"
    if not coming:
        due.cancel(tx, key)
        return
    office = calendar(tx)
    morning = begins(settled_by(office.day_of(coming[0].starts), office), office)
    due.schedule(tx, key, READY, found.id, max(morning, tx.now))


def look(tx: Transaction, work: DueWork) -> None:
    """A session should be ready by now."""
    found = study.need(tx, work.record_id)
    coming = following(tx, found)
    if not coming:
        return
    session, office = coming[0], calendar(tx)
    morning = begins(settled_by(office.day_of(session.starts), office), office)
    if morning > tx.now:  # it was moved
        plan(tx, found)
        return
    if _missing(tx, found, session) is not None:
        day = morning if tx.now - morning < _DAY else None
        for person in chairs(tx, found):
            key, said = f"{found.id}:{session.on}:{person}", {"on": str(session.on)}
            tell(tx, person, NOT_READY, found.id, key=key, values=said, day=day)
    plan(tx, found, session)


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
