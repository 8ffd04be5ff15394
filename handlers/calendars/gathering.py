"""Rows → the calendar of one person, or that of the whole rota. Nothing of any question is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from bot.domain.business_time import BusinessCalendar
from bot.domain.calendars import KEPT, Calendar, Event, as_turn
from bot.domain.permissions import Deed, Role, allowed
from handlers.common.doors import Visitor, role
from handlers.questions.base.routing import calendar_of
from handlers.study.events import as_event, uid
from handlers.study.looking import to_take_along
from storage import calendars, meetings, talents, workspace
from storage.calendars import Turn
from storage.database import Transaction

AHEAD = timedelta(days=366)
"""So far ahead sessions are taken along of a series that has no end."""
_TURN = "開庁時間の間、新しい相談を受けます。お休みや交代は、Banso の「ホーム」から。"
_STANDS_BY = "当番の方が休みのときに、代わりに受けます。"


class Kind(StrEnum):
    """Which calendar: one's own turns of duty and sessions, or everybody's turns of duty."""

    MINE = "mine"
    ROTA = "rota"


NAMES: Mapping[Kind, str] = {Kind.MINE: "Banso の予定", Kind.ROTA: "全員の当番"}
NEEDS: Mapping[Kind, Deed] = {Kind.MINE: Deed.SEE_STUDY, Kind.ROTA: Deed.ARRANGE_DUTY}
"""What somebody must be allowed to have it."""


def gather(tx: Transaction, user: str, kind: Kind) -> Calendar:
    """The calendar as it is for somebody now, with what is over or cancelled for a month."""
    found = _GATHER[kind](tx, user)
    space = workspace.workspace(tx)
    return Calendar(f"{NAMES[kind]}({space.name or 'Banso'})", space.zone, tuple(found))


def _mine(tx: Transaction, user: str) -> list[Event]:
    visitor = Visitor(user, "")
    found = _turns(tx, user) if takes_duty(role(tx, visitor)) else []
    sessions = to_take_along(tx, visitor, since=KEPT, until=AHEAD)
    links = meetings.own_links(tx, sorted({series.id for series, _ in sessions}))
    for series, session in sessions:
        found.append(as_event(tx, series, session, own_link=links.get((series.id, session.on))))
    return found


def takes_duty(as_what: Role) -> bool:
    """Whether somebody's turns of duty are theirs to take along."""
    return allowed(Deed.VOUCH, as_what)


def _turns(tx: Transaction, user: str | None) -> list[Event]:
    office, active = calendar_of(workspace.workspace(tx)), talents.active(tx)
    found: list[Event] = []
    for turn in calendars.turns(tx, KEPT, user):
        if user is not None:
            found += _shown(_turn(tx, turn, "duty", _title(turn)), office)
        elif turn.user_id in active:
            name = (active[turn.user_id].name.split() or [turn.user_id])[0]
            found += _shown(_turn(tx, turn, "rota", f"{name}さん|{_title(turn)}"), office)
    return found


@lru_cache(maxsize=4096)
def _shown(event: Event, office: BusinessCalendar) -> tuple[Event, ...]:
    """The rule again only for what changed: a feed is read often."""
    return tuple(as_turn(event, office))


def _title(turn: Turn) -> str:
    name = turn.rota if "当番" in turn.rota else f"当番:{turn.rota}"
    return f"{name}(控え)" if turn.deputy else name


def _turn(tx: Transaction, turn: Turn, what: str, title: str) -> Event:
    return Event(
        uid=uid(tx, f"{what}-{turn.id}"),
        sequence=turn.revision - 1,
        changed_at=turn.changed_at,
        starts=turn.starts,
        ends=turn.ends,
        title=title,
        description=_STANDS_BY if turn.deputy else _TURN,
        cancelled=turn.cancelled,
    )


_GATHER: Mapping[Kind, Callable[[Transaction, str], list[Event]]] = {
    Kind.MINE: _mine,
    Kind.ROTA: lambda tx, _: _turns(tx, None),
}
