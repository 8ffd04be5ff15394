"""Rows → what the digests tell, read in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice, takewhile

from bot.domain.digests import days_told, open_days
from bot.domain.report import Asked, waits
from bot.domain.series import Every
from bot.domain.study import Audience
from bot.domain.vain import MOST, Vain, subjects
from handlers.common.doors import Visitor, role
from handlers.common.working import calendar_of
from handlers.digests import bodies
from handlers.digests.values import Coming, Figures, Hoping, Needed, Office, Summary, Week
from handlers.questions.base.naming import body_of, called, helpers_link, link_for
from handlers.questions.base.parts import parts_of
from handlers.questions.base.routing import field_named
from handlers.rota.office import filled, is_coordinator
from handlers.rota.planning import begins
from handlers.rota.weekly import duty
from handlers.study.coming import to_come
from handlers.study.looking import known_to
from handlers.study.views import Held, named
from storage import digests, faq_searches, outbox, overview, reference, reports, study, workspace
from storage.database import Transaction
from storage.questions import Question
from storage.study import Series

FEW, SHOWN = 3, 10
"""So many lines of a part: before everybody, and before those whose work it is."""
_LATE = 500
_WEEK = timedelta(days=7)
_MORE_THAN_A_WEEK = timedelta(days=9)
"""A day is lost or won where an offices' closure moves a digest."""
Knows = Callable[[Series], bool]


# --- this week ------------------------------------------------------------------------------------------------------


def week(tx: Transaction, monday: date, user: str | None, *, late: bool) -> Week:
    """What is to come, for the place of those who answer (`user` None) or for somebody: what is needed of them, and for a
    coordinator of everybody. Who has no part in planned duty need not hear that all have their own hours."""
    space, calendar = workspace.workspace(tx), calendar_of(workspace.workspace(tx))
    days = open_days(calendar, monday) or [monday]
    until = monday + timedelta(days=6)
    sessions = coming(tx, begins(tx, monday), begins(tx, monday + _WEEK), _knows(tx, user))
    needed = [
        each for each in overview.page(tx, overview.needed(until), most=_LATE) if _theirs(tx, each, user)
    ]
    return Week(
        first=days[0],
        last=days[-1],
        today=calendar.day_of(tx.now),
        zone=space.zone,
        duty=duty(tx, monday) if user is None or filled(tx) else [],
        sessions=[each for each in sessions if each.starts > tx.now],
        needed=[_needed(tx, each, user) for each in needed[:SHOWN]],
        more=max(0, len(needed) - SHOWN),
        late=late,
    )


def _knows(tx: Transaction, user: str | None) -> Knows:
    """Which series may be spoken of: in the place of those who answer, what all of them may know."""
    if user is None:
        return lambda series: series.about.audience is not Audience.CHANNEL
    as_what = role(tx, Visitor(user, ""))
    return lambda series: known_to(tx, series, user, as_what)


def _theirs(tx: Transaction, question: Question, user: str | None) -> bool:
    if user is None or is_coordinator(tx, user):
        return True
    return question.responsible == user and bool(parts_of(tx, question, user))


def _needed(tx: Transaction, question: Question, user: str | None) -> Needed:
    space, who = workspace.workspace(tx), question.responsible
    link = helpers_link(space, question) if user is None else link_for(tx, space, question, user)
    on = question.needed_on or question.received_at.date()
    return Needed(question.number, on, called(tx, who) if who is not None else "", link)


def coming(tx: Transaction, first: datetime, last: datetime, knows: Knows) -> list[Coming]:
    """The sessions that begin from one moment until before another, the next first; cancelled ones left out."""
    known = [each for each in study.living(tx) if knows(each)]
    ids = [each.id for each in known]
    changed, begun = study.changes(tx, ids), study.under_way(tx, ids)
    found = []
    for each in known:
        ahead = takewhile(lambda one: one.starts < last, to_come(tx, each, changed[each.id]))
        for session in (*begun[each.id], *islice(ahead, SHOWN)):
            once = each.plan.every is Every.ONCE and each.plan.first_number == 1
            if first <= session.starts < last and not session.cancelled:
                found.append(Coming(session.starts, named(Held(each.id, each.about, session, once))))
    return sorted(found, key=lambda each: (each.starts, each.name))


# --- the week that was ----------------------------------------------------------------------------------------------


def summary(tx: Transaction, since: datetime, until: datetime, *, late: bool, chart: bool) -> Summary:
    """The week for everybody: nothing counts but what was asked before everybody (docs/decisions/0023-the-report.md)."""
    space, calendar = workspace.workspace(tx), calendar_of(workspace.workspace(tx))
    first, last = days_told(calendar, since, until)
    figures = counted(tx, [each for each in reports.asked(tx, since, until) if each.listed])
    ahead = begins(tx, last - timedelta(days=last.weekday()) + 2 * _WEEK)
    sessions = coming(tx, until, ahead, lambda series: series.about.audience is Audience.EVERYBODY)
    return Summary(
        first=first,
        last=last,
        zone=space.zone,
        figures=figures,
        helpful=[words for _, words in digests.helpful(tx, begins(tx, first), until, most=FEW)],
        hoping=_hoping(tx),
        new=[words for _, words in digests.new_entries(tx, since, until)],
        sessions=sessions[:FEW],
        long=until - since > _MORE_THAN_A_WEEK,
        late=late,
        chart=chart and figures.received > 0,
    )


def counted(tx: Transaction, asked: Iterable[Asked]) -> Figures:
    """What became of these, and how long the first response took."""
    these = list(asked)
    stands = Counter("closed" if each.close_reason is not None else each.stand for each in these)
    median = waits(these, calendar_of(workspace.workspace(tx))).median
    return Figures(stands["waiting"], stands["answered"], stands["closed"], median)


def _hoping(tx: Transaction) -> list[Hoping]:
    space, found = workspace.workspace(tx), []
    for each in overview.page(tx, overview.hoping(), most=FEW):
        field, link = field_named(tx, each.field_id), helpers_link(space, each)
        if link is not None:
            found.append(Hoping(each.number, field.short if field is not None else "", link))
    return found


def office(tx: Transaction, since: datetime, until: datetime, user: str, *, late: bool) -> Office:
    """The week for a coordinator, who may know of every question."""
    first, last = days_told(calendar_of(workspace.workspace(tx)), since, until)
    asked = [each for each in reports.asked(tx, since, until) if each.is_question]
    known = reference.directory(tx).by_code
    names = [known[code].name if (code := each.municipality_code or "") in known else "" for each in asked]
    overdue = overview.page(tx, overview.late(tx.now), most=_LATE)
    quiet = bodies.quiet(tx, user)
    return Office(
        first=first,
        last=last,
        figures=counted(tx, asked),
        late_by_body=_by_name([each.municipality or body_of(tx, each) for each in overdue]),
        by_body=_by_name(name or "所属を確かめていない方" for name in names),
        quiet=[each.name for each in quiet.bodies],
        quiet_long=quiet.long,
        dead=outbox.backlog(tx).dead,
        to_write=_to_write(tx, since, until),
        long=until - since > _MORE_THAN_A_WEEK,
        late=late,
    )


def _by_name(names: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(names).items(), key=lambda each: (-each[1], each[0]))


def _to_write(tx: Transaction, since: datetime, until: datetime) -> Sequence[tuple[str, int]]:
    """What was looked for in vain and nobody has dealt with, and how often, as Home gathers it: most often first."""
    day_of = calendar_of(workspace.workspace(tx)).day_of
    found = faq_searches.found_nothing(tx, since, most=MOST)
    vain = [Vain(each.id, each.words, day_of(each.at)) for each in found if each.at < until]
    return [(" ".join(each.words.split()), each.count) for each in subjects(vain) if each.words.strip()]
