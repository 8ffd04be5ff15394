"""What can be done to series and their sessions; each in one transaction."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice

from bot.domain import words
from bot.domain.series import (
    Change,
    OnClosed,
    Session,
    begun,
    in_order,
    neighbours,
)
from bot.domain.study import MOST_SERIES
from bot.errors import NotPossibleNow
from bot.feature import DueWork
from handlers.study import views
from handlers.study.coming import MOST, calendar, changes_of, how_many_live, to_come
from handlers.study.draft import Entered
from handlers.study.preparing import Prepared
from storage import due, failures, study, topics
from storage.database import Transaction
from storage.study import Series

BEGUN = "study.begun"
"""Due when the next session of a series begins: it has its number for good."""
CHANGED = "study.changed"
"""Due at once when a session has begun, or a series or one of its sessions was changed: what hangs on it follows."""
GONE = (
    "この回は、もう始まったか、予定が変わりました。何も変わっていません。画面を開き直して、確かめてください。"
)
FULL = f"登録できる勉強会は{MOST_SERIES}までです。終わったものを「終わりにする」と、登録できます。"


def settle(tx: Transaction, found: Series) -> Series:
    """Give what has begun its number for good; returns the series as it is then."""
    started = begun(to_come(tx, found), tx.now)
    study.give_numbers(tx, found.id, started)
    topics.held(tx, found.id, [each.on for each in started if not each.cancelled])
    return study.need(tx, found.id) if started else found


def has_begun(tx: Transaction, work: DueWork) -> None:
    """The next session of a series begins."""
    found = study.need(tx, work.record_id)
    if found.ended_at is None:
        _schedule(tx, settle(tx, found))


def _schedule(tx: Transaction, found: Series) -> None:
    due.schedule(tx, f"{CHANGED}:{found.id}", CHANGED, found.id, tx.now)
    following = next(to_come(tx, found), None)
    key = f"{BEGUN}:{found.id}"
    if following is None or found.ended_at is not None:
        due.cancel(tx, key)
    else:
        due.schedule(tx, key, BEGUN, found.id, following.starts)


# --- a series -------------------------------------------------------------------------------------------------------


def register(tx: Transaction, entered: Entered, prepared: Prepared, user: str) -> None:
    """Keep a new series.

    Raises:
        NotPossibleNow: there are too many.
    """
    if how_many_live(tx) >= MOST_SERIES:
        raise NotPossibleNow(FULL)
    found = study.add(tx, entered.about, prepared.plan, actor=user)
    _schedule(tx, found)
    failures.note(tx, "study series registered", actor=user, series=found.id)


def revise(tx: Transaction, entered: Entered, prepared: Prepared, user: str) -> None:
    """Keep what was changed of a series, from its next session on."""
    present = prepared.present
    if present is None:
        return
    study.forget(tx, present.id, prepared.outlook.lost)
    study.change(tx, present.id, entered.about, prepared.plan)
    _schedule(tx, study.need(tx, present.id))
    failures.note(tx, "study series changed", actor=user, series=present.id)


def end(tx: Transaction, found: Series, user: str) -> None:
    """A series has no session any more that has not begun. It has been settled."""
    study.end(tx, found.id)
    _schedule(tx, study.need(tx, found.id))
    failures.note(tx, "study series ended", actor=user, series=found.id)


# --- one session ----------------------------------------------------------------------------------------------------


def need_session(tx: Transaction, found: Series, on: date) -> Session:
    """A session that has not begun, by the date it is planned for.

    Raises:
        NotPossibleNow: there is none.
    """
    for session in islice(to_come(tx, found), MOST):
        if session.on == on and session.starts > tx.now:
            return session
    raise NotPossibleNow(GONE)


def change_session(
    tx: Transaction, found: Series, on: date, what: str, starts: datetime | None, user: str
) -> dict[str, str]:
    """Move one session to `starts` (aware UTC), cancel it, or let it be as planned again; returns sentences by block when
    that is not possible.

    Raises:
        NotPossibleNow: there is no such session any more.
    """
    session = need_session(tx, found, on)
    if what == views.CANCEL:
        starts, ends = (session.starts, session.ends) if session.moved else (None, None)
        change: Change | None = Change(on, starts, ends, cancelled=True)
    elif what == views.MOVE and starts == session.starts:
        return {views.DAY: "いまと同じ日時です。ほかの日時にしてください。"}
    elif what == views.MOVE and starts is not None:
        change = Change(on, starts, starts + (session.ends - session.starts))
    else:
        change = None
    if what != views.CANCEL and (problem := _misplaced(tx, found, on, change)):
        return {views.DAY if what == views.MOVE else views.WHAT: problem}
    if change is None:
        study.restore_one(tx, found.id, on)
    else:
        study.change_one(tx, found.id, change, actor=user)
    _schedule(tx, study.need(tx, found.id))
    failures.note(tx, "study session changed", actor=user, series=found.id, on=str(on), how=what)
    return {}


def _misplaced(tx: Transaction, found: Series, on: date, change: Change | None) -> str | None:
    """Why a session cannot be where it would be."""
    office, changed = calendar(tx), changes_of(tx, found)
    after = [each for each in changed if each.on != on] + ([change] if change else [])
    coming = list(islice(to_come(tx, found, after), MOST + 1))
    index = next((index for index, each in enumerate(coming) if each.on == on), None)
    if index is None:
        return "もとの日は、いまは閉庁日です。"
    session = coming[index]
    if session.starts <= tx.now:
        return "過ぎた日時です。これからの日時にしてください。"
    if not in_order(coming, index):
        return _between(tx, *neighbours(coming, index))
    held = found.plan.on_closed is OnClosed.HOLD
    if change is not None and not held and not office.is_business_day(office.day_of(session.starts)):
        return "その日は閉庁日です。ほかの日にしてください。"
    return None


def _between(tx: Transaction, before: Session | None, after: Session | None) -> str:
    zone = calendar(tx).zone
    parts = [
        f"前の回({words.short(before.starts, zone)})より後" if before else "",
        f"次の回({words.short(after.starts, zone)})より前" if after else "",
    ]
    return f"{'、'.join(filter(None, parts))}の日時にしてください。"
