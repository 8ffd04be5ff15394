"""What a series of study sessions is about, who may know of it, and what may be entered for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from bot.domain.business_time import BusinessCalendar
from bot.domain.permissions import Deed, Role, allowed

LONGEST_TITLE, LONGEST_PLACE, LONGEST_LINK = 60, 100, 500
"""Characters. Links of meetings with their keys in them are long."""
MOST_TIMES = 200
MOST_SERIES = 30
"""So many series with sessions to come are kept at most: a dialog holds a hundred blocks."""
_ENDS_A_LINK = frozenset(' <>|"`\u3000')
FARTHEST = timedelta(days=3 * 366)
"""How far ahead a series may begin."""


class Audience(StrEnum):
    """Who may know of a series: everybody, those in a channel, or those who arrange."""

    EVERYBODY = "everybody"
    CHANNEL = "channel"
    TALENTS = "talents"


@dataclass(frozen=True, slots=True)
class About:
    """What a series is about. `place` is where people meet, `link` where they meet on the net; `channel` is the one whose
    members may know of it, if they alone may."""

    title: str
    audience: Audience = Audience.EVERYBODY
    channel: str | None = None
    place: str | None = None
    link: str | None = None


def may_know(about: About, role: Role, *, inside: bool) -> bool:
    """Whether somebody may know of a series; `inside`: they are in its channel. Coordinators and administrators know of
    all, or nobody could mend what a channel left behind."""
    if not allowed(Deed.SEE_STUDY, role):
        return False
    if about.audience is Audience.EVERYBODY or role in {Role.COORDINATOR, Role.ADMIN}:
        return True
    return inside if about.audience is Audience.CHANNEL else allowed(Deed.ARRANGE_STUDY, role)


def is_link(text: str) -> bool:
    """Whether a text can be shown as a link: an address of http or https with a host, and nothing in it that would end the
    link before its end."""
    if len(text) > LONGEST_LINK or any(each in _ENDS_A_LINK or not each.isprintable() for each in text):
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc


# --- around a session ---------------------------------------------------------------------------------------------


ANNOUNCED, SOON = timedelta(days=7), timedelta(minutes=10)
"""So long before a session people hear of it; and, if they want to, once more."""
LONGEST_MINUTES, LONGEST_NOTE = 3000, 500
"""Characters of what came of a session, and of what is said to its materials: a field of Slack's holds 3,000."""
MOST_MATERIALS, MOST_OUTCOMES = 5, 10
"""So many addresses of materials; so many questions of which a session says what came of them."""
_ONE_DAY = timedelta(days=1)
_SEARCHED = 31


def announced_on(day: date, office: BusinessCalendar) -> date:
    """The day on which a session on `day` is announced: a week before, or the last open day by then."""
    return _open_by(day - ANNOUNCED, office)


def reminded_on(day: date, office: BusinessCalendar) -> date:
    """The last open day before a session on `day`: who comes is reminded then."""
    return _open_by(day - _ONE_DAY, office)


def materials_on(day: date, office: BusinessCalendar) -> date:
    """Two open days before: who presents is asked for materials that are not there yet."""
    return _open_by(reminded_on(day, office) - _ONE_DAY, office)


def _open_by(day: date, office: BusinessCalendar) -> date:
    near = (day - n * _ONE_DAY for n in range(_SEARCHED))
    return next((each for each in near if office.is_business_day(each)), day)


def materials(text: str) -> tuple[list[str], list[str]]:
    """What was typed as addresses, one a line: those that are links, and those that are none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    links = [line for line in lines if is_link(line)]
    return links, [line for line in lines if line not in links]
