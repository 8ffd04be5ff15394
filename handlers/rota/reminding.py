"""A person is reminded a week and a day before they are on duty, in their own working time as far as that can be.

A row of turns with less than four days between two of them is one duty: only its first turn is announced.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.business_time import WorkingHours
from bot.domain.deadline import begins
from bot.feature import DueWork, Message, Outgoing
from handlers.common.blocks import actions, button, section
from handlers.common.telling import tell
from handlers.rota.asking import turn
from handlers.rota.office import calendar, filled, serves
from handlers.rota.planning import member_of
from handlers.rota.views import MINE
from storage import absences, due, duties, talents
from storage.database import Transaction
from storage.duties import Shift

WEEK, DAY = "rota.reminder_week", "rota.reminder_day"
"""Due, and told: a week and a day before."""
AHEAD, ONE_DUTY = timedelta(days=23), timedelta(days=4)
_BEFORE = {WEEK: timedelta(days=7), DAY: timedelta(days=1)}
_SEARCHED = 21
"""Who works on Mondays alone has none between 27 December 2027 and 17 January 2028."""


def plan(tx: Transaction) -> None:
    """Put today's reminders on the due rows; those of a day on which we were away come late, as long as they help."""
    today = calendar(tx).day_of(tx.now)
    for shift in _first_turns(tx):
        for kind in (DAY, WEEK):
            at = moment(tx, shift, _BEFORE[kind])
            if calendar(tx).day_of(at) > today:
                continue
            if shift.given_at is None or shift.given_at < at:
                due.schedule(tx, f"{kind}:{shift.id}", kind, shift.id, max(at, tx.now))
            break  # the day before says it all


def _first_turns(tx: Transaction) -> list[Shift]:
    since, until = tx.now - ONE_DUTY * 2, tx.now + AHEAD
    found, latest = [], dict[tuple[str, int], datetime]()
    for shift in (each for rota in filled(tx) for each in duties.in_span(tx, rota.id, since, until)):
        if shift.deputy:
            continue
        key = (shift.user_id, shift.rota_id)
        before = latest.get(key)
        latest[key] = max(shift.ends, before or shift.ends)
        continues = before is not None and shift.starts - before < ONE_DUTY
        if not continues and tx.now < shift.starts <= tx.now + AHEAD:
            found.append(shift)
    return found


def moment(tx: Transaction, shift: Shift, before: timedelta) -> datetime:
    """When somebody is told so long before: at the beginning of the last day by then on which they work and are there."""
    office, talent = calendar(tx), talents.talent(tx, shift.user_id)
    hours = member_of(talent).hours if talent is not None else {}
    last = office.day_of(shift.starts) - before
    days = [last - timedelta(days=n) for n in range(_SEARCHED)]
    open_days = [day for day in days if office.is_business_day(day)] or [last]
    works = [day for day in open_days if not hours or day.weekday() in hours] or open_days
    begin = [datetime.combine(day, _begins(hours, day, office.opens), ZoneInfo(office.zone)) for day in works]
    return next((at for at in begin if shift.user_id not in absences.away(tx, at)), begin[0])


def _begins(hours: WorkingHours, day: date, opens: time) -> time:
    span = hours.get(day.weekday())
    return max(span[0], opens) if span else opens


def remind(tx: Transaction, work: DueWork) -> None:
    """Tell somebody of a turn that is still theirs and has not begun; once."""
    shift = duties.need(tx, work.record_id)
    if shift.cancelled_at is not None or shift.starts <= tx.now:
        return
    if serves(tx, shift.user_id, calendar(tx).day_of(shift.starts)) and shift.user_id not in absences.away(
        tx, shift.starts
    ):
        # of that morning, not of the next one: that may be the one on which it begins
        office, key = calendar(tx), f"{shift.id}:{shift.starts.isoformat()}"
        that_day = begins(office.day_of(work.due_at), office)
        tell(tx, shift.user_id, work.kind, shift.id, key=key, day=that_day)


def reminder(tx: Transaction, outgoing: Outgoing) -> Message | None:
    """What they read; nothing when it is not theirs any more."""
    shift = duties.need(tx, outgoing.record_id)
    if shift.cancelled_at is not None or shift.ends <= tx.now:
        return None
    text = f"当番が近づきました:{turn(tx, shift)}。むずかしいときは、早めに「お休み・交代」を押してください。"
    if outgoing.renderer == WEEK:
        text = f"これからの当番です:{turn(tx, shift)}。むずかしいときは「お休み・交代」を押してください。"
    return Message(text, [section(text), actions(button("お休み・交代", MINE, "-"))])
