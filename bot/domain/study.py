"""What a series of study sessions is about, who may know of it, and what may be entered for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

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
