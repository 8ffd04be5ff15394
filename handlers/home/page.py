"""What Home has for somebody: read in one transaction, plain values for the view."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from bot.domain import words
from bot.domain.permissions import Deed, Role, allowed
from handlers.common.doors import Visitor, role
from handlers.common.services import Look
from handlers.digests import bodies
from handlers.emergency.values import numbers_for
from handlers.home import rota
from handlers.home.list_views import Line, Word
from handlers.home.lists import LISTS, year_began
from handlers.home.office_views import Bot, Office, Searches
from handlers.home.steps import known, present_step
from handlers.home.views import Adviser, Group, Own, Page, People, Setup
from handlers.questions.base.routing import calendar_of
from handlers.study import looking as study
from storage import members, overview, talents, workspace
from storage.database import Transaction

MOST, FEW = 5, 3
"""So many of what waits for them, and of what waits for others, are on Home itself; early messages as the first."""


def page_for(tx: Transaction, visitor: Visitor, look: Look | None = None) -> Page:
    """Home as this person sees it; `look` is what the auditor saw last."""
    space, found, user = workspace.workspace(tx), role(tx, visitor), visitor.user
    head = space.name or "Banso"
    if found in {Role.EXTERNAL, Role.DEACTIVATED}:
        return Page(head=head, welcome=False)
    member = members.member(tx, user)
    place = [member.municipality, member.section] if member is not None else []
    may = {deed for deed in Deed if allowed(deed, found)}
    sessions = study.home_line(tx, visitor) if space.is_open else []
    now = may if space.is_open else may & {Deed.SET_UP, Deed.MANAGE_PEOPLE, Deed.OPERATE}
    return Page(
        head=head,
        is_open=space.is_open,
        setup=_setup(tx, user) if Deed.SET_UP in may and not space.is_open else None,
        place=" ".join(part for part in place if part),
        asks=Deed.ASK in now,
        searches=Deed.SEARCH in now,
        answers=Deed.VOUCH in now,
        settles=Deed.SET_UP in now and space.is_open,
        phone=_called_first(tx, user) if Deed.ASK in now else None,
        own=_own(tx, user),
        adviser=_adviser(tx, user) if Deed.VOUCH in may else None,
        office=_office(tx, user, reviews=Deed.EDIT_FAQ in now) if Deed.OVERSEE in now else None,
        people=_people(tx, user) if Deed.MANAGE_PEOPLE in now else None,
        bot=how_it_fares(tx, user, look) if Deed.OPERATE in now else None,
        reports=Deed.REPORT in now,
        takes_dates=Deed.SEE_STUDY in now and (Deed.VOUCH in now or bool(sessions)),
        study=sessions,
    )


def _called_first(tx: Transaction, user: str) -> str | None:
    """The numbers for an emergency in a line, one's own body's first; None where none is known."""
    found = replace(numbers_for(tx, user), hours="")
    if found.own_line:
        return found.both if found.day else found.own_line
    return found.line if found.day else None


def _setup(tx: Transaction, user: str) -> Setup:
    """How far the set-up is, and what people wrote meanwhile; what was written to the bot alone is not shown."""
    found, rows = known(tx), LISTS["early"].rows(tx, user, MOST, 0)
    lines = [row for row in rows if isinstance(row, Word)]
    return Setup(done=found.done, step=present_step(found), early=found.early, lines=lines)


def _people(tx: Transaction, user: str) -> People:
    return People(LISTS["people"].count(tx, user), LISTS["nowhere"].count(tx, user))


def _group(tx: Transaction, name: str, user: str, most: int) -> Group:
    """A number with the first of its list."""
    rows = LISTS[name].rows(tx, user, most, 0)
    count = len(rows) if len(rows) < most else LISTS[name].count(tx, user)
    return Group(name, count, [row for row in rows if isinstance(row, Line)])


def _own(tx: Transaction, user: str) -> Own:
    return Own(
        mine=_group(tx, "asked_mine", user, MOST),
        others=_group(tx, "asked_others", user, FEW),
        of_body=LISTS["of_body"].count(tx, user),
    )


def _adviser(tx: Transaction, user: str) -> Adviser:
    talent, duties = talents.talent(tx, user), rota.duties_of(tx, user)
    hours = talent.contract_hours if talent is not None else None
    return Adviser(
        today=rota.hours_today(tx, talent) if talent is not None else "",
        contract=f"{hours}時間" if hours else "",
        mine=_group(tx, "given_mine", user, MOST),
        others=_group(tx, "given_others", user, FEW),
        drafts=LISTS["drafts"].count(tx, user),
        next_duty=rota.span(tx, duties[0]) if duties else "",
        duties=len(duties),
        swaps=talent is not None,
        on_duty=bool(duties) and duties[0].starts <= tx.now,
    )


def _office(tx: Transaction, user: str, *, reviews: bool) -> Office:
    space, began = workspace.workspace(tx), year_began(tx)
    year, quiet = overview.year(tx, began), bodies.quiet(tx, user)
    return Office(
        year=words.fiscal_year(calendar_of(space).day_of(began), space.years),
        received=year.received,
        waiting=year.waiting,
        answered=year.answered,
        closed=year.closed,
        nobodys=LISTS["nobodys"].count(tx, user),
        late=LISTS["late"].count(tx, user),
        emergencies=LISTS["emergencies"].count(tx, user),
        reviews=LISTS["reviews"].count(tx, user) if reviews else None,
        old=LISTS["old"].count(tx, user) if reviews else 0,
        drafts=LISTS["all_drafts"].count(tx, user) if reviews else 0,
        searches=_searches(tx, user) if reviews else None,
        gaps=[words.day(day) for day in rota.gaps(tx)],
        quiet=len(quiet.bodies),
        quiet_long=quiet.long,
        arranges=reviews,
    )


def _searches(tx: Transaction, user: str) -> Searches:
    names = ("searches", "searches_solved", "searches_vain", "searches_unread", "to_write", "never_found")
    return Searches(*(LISTS[name].count(tx, user) for name in names))


def how_it_fares(tx: Transaction, user: str, look: Look | None) -> Bot:
    """The bot as an administrator sees it."""
    zone, heard = workspace.workspace(tx).zone, overview.last_heard(tx)
    return Bot(
        looked=words.short(look.at, zone) if look is not None else None,
        sockets=look.sockets if look is not None else None,
        findings=look.findings if look is not None else (),
        heard=words.short(heard, zone) if heard is not None else None,
        undelivered=LISTS["undelivered"].count(tx, user),
        version=_version(),
    )


@cache
def _version() -> str:
    try:
        return version("banso")
    except PackageNotFoundError:  # run from its sources, never installed
        return "?"
