"""Who may do what: the one table that every command, button, modal, shortcut and route asks.

What somebody may do to one question depends on their part in it as well (`bot.domain.question.MAY`).
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is in the workspace. The first five are permissions a coordinator or admin gives (権限)."""

    ASKER = "asker"
    TALENT = "talent"
    COORDINATOR = "coordinator"
    STAFF = "staff"
    ADMIN = "admin"
    GUEST = "guest"
    EXTERNAL = "visitor"
    UNKNOWN = "unknown"
    DEACTIVATED = "deactivated"


class Deed(StrEnum):
    """What is asked permission for.

    `PRESS` is a button or a dialog of a question, where the part in it decides further; `WEIGH` reads why
    who was asked, with what speaks against a person; `VOUCH` registers somebody else's
    words or a telephone call; `SWAP_DUTY` says that one is away and asks others to step in, `ARRANGE_DUTY` plans rotas;
    `INTRODUCE` says which body and section one belongs to; `WRITE_FAQ` keeps an answer and cares for one's own entries,
    `EDIT_FAQ` for all of them; `ARRANGE_STUDY` registers and changes study sessions; `REPORT` takes the figures of a
    period away as a file; `OVERSEE` sees the prefecture's numbers and what is behind them, `OPERATE` how the bot itself
    fares.
    """

    HELP = "help"
    ASK = "ask"
    PRESS = "press"
    WEIGH = "weigh"
    INTRODUCE = "introduce"
    SEE_ROTA = "see_rota"
    SWAP_DUTY = "swap_duty"
    ARRANGE_DUTY = "arrange_duty"
    SEE_STUDY = "see_study"
    SEARCH = "search"
    VOUCH = "vouch"
    WRITE_FAQ = "write_faq"
    EDIT_FAQ = "edit_faq"
    ARRANGE_STUDY = "arrange_study"
    REPORT = "report"
    SET_UP = "set_up"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_ADMINS = "manage_admins"
    OVERSEE = "oversee"
    OPERATE = "operate"


_EVERYBODY = frozenset(Role) - {Role.DEACTIVATED}
_OUR_PEOPLE = _EVERYBODY - {Role.EXTERNAL}
_COLLEAGUES = _OUR_PEOPLE - {Role.GUEST}
_ANSWER = frozenset({Role.TALENT, Role.COORDINATOR, Role.STAFF, Role.ADMIN})
_DESK = frozenset({Role.COORDINATOR, Role.ADMIN})
_PREFECTURE = _DESK | {Role.STAFF}

ALLOWED: MappingProxyType[Deed, frozenset[Role]] = MappingProxyType(
    {
        Deed.HELP: _OUR_PEOPLE,
        Deed.ASK: _OUR_PEOPLE,
        Deed.PRESS: _EVERYBODY,
        Deed.WEIGH: _DESK,
        Deed.INTRODUCE: _OUR_PEOPLE,
        Deed.SEE_ROTA: _COLLEAGUES,
        Deed.SWAP_DUTY: _DESK | {Role.TALENT},
        Deed.ARRANGE_DUTY: _DESK,
        Deed.SEE_STUDY: _COLLEAGUES,
        Deed.SEARCH: _COLLEAGUES,
        Deed.VOUCH: _ANSWER,
        Deed.WRITE_FAQ: _ANSWER,
        Deed.EDIT_FAQ: _DESK,
        Deed.ARRANGE_STUDY: _DESK | {Role.TALENT},
        Deed.REPORT: _DESK,
        Deed.SET_UP: _DESK,
        Deed.MANAGE_PEOPLE: _DESK,
        Deed.MANAGE_ADMINS: frozenset({Role.ADMIN}),
        Deed.OVERSEE: _PREFECTURE,
        Deed.OPERATE: frozenset({Role.ADMIN}),
    }
)
"""A guest of the workspace asks like everybody; the rota and shared practices are for colleagues. Somebody of another
organisation may press what is theirs in a shared channel, and no more (docs/decisions/0015)."""


def allowed(deed: Deed, role: Role) -> bool:
    """Whether somebody in this role may do the deed."""
    return role in ALLOWED[deed]


def role_of(permission: str | None, *, deactivated: bool, elsewhere: bool) -> Role:
    """The role of a member with a stored permission (None: nobody we know). `elsewhere`: Slack says that they come from
    another workspace, which counts only for people the prefecture has not registered."""
    if deactivated:
        return Role.DEACTIVATED
    if permission is None:
        return Role.EXTERNAL if elsewhere else Role.UNKNOWN
    role = Role(permission)
    return Role.EXTERNAL if elsewhere and role in {Role.ASKER, Role.GUEST} else role
