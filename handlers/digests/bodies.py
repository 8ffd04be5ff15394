"""Bodies that do not use the desk: whom a coordinator may speak to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain import words
from bot.domain.bodies import Body
from handlers.questions.base.routing import DESK, calendar_of
from storage import members, overview, reference, workspace
from storage.database import Transaction

QUIET = timedelta(days=60)
_PREFECTURE = "000"
"""The digits of the municipality in the code of a prefecture, which speaks to itself."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """The bodies that asked nothing and found nothing for two months, in the order of their codes. Not `long`: it is not
    open for so long, and all that is known is that they have not begun."""

    long: bool
    bodies: Sequence[Body]


def quiet(tx: Transaction, user: str) -> Quiet:
    """Those of the prefecture, and those of which there are people here. That a body asked privately is known to the desk:
    to others it seems not to have asked."""
    key = f"quiet bodies {user}"
    if key not in tx.memo:
        tx.memo[key] = _quiet(tx, user)
    found: Quiet = tx.memo[key]
    return found


def _quiet(tx: Transaction, user: str) -> Quiet:
    space, since = workspace.workspace(tx), tx.now - QUIET
    people, prefecture = overview.people_of(tx), members.own_prefecture(tx)
    used = overview.in_use(tx, since, private=_is_desk(tx, user))
    ours = [
        body
        for body in reference.directory(tx).bodies
        if (body.prefecture == prefecture or body.code in people)
        and body.code not in used
        and body.code[2:5] != _PREFECTURE
    ]
    return Quiet(space.opened_at is not None and space.opened_at <= since, ours)


def _is_desk(tx: Transaction, user: str) -> bool:
    member = members.member(tx, user)
    return member is not None and member.permission in DESK


def notes(tx: Transaction, user: str, bodies: Sequence[Body]) -> list[str]:
    """What somebody may know of each of these: how many people are here, and when they asked last."""
    people, calendar = overview.people_of(tx), calendar_of(workspace.workspace(tx))
    last = overview.last_asked(tx, [body.code for body in bodies], private=_is_desk(tx, user))
    found = []
    for body in bodies:
        here = f"メンバー {people[body.code]}人" if body.code in people else "メンバーはまだいません"
        day = calendar.day_of(last[body.code]) if body.code in last else None
        asked = f"最後の相談 {day.year}年{words.day(day)}" if day else "相談はまだありません"
        found.append(f"{here}|{asked}")
    return found
