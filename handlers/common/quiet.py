"""What may ring when: the one table of it (docs/decisions/0031-quiet-mornings.md).

Letters that are named here by their renderer ring at any hour, or wait for the reader's next morning; every other is a new
question for them or a reply to them, and rings at once while they work, else when they begin.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from handlers.common.working import calendar_of, is_away, next_morning, reachable
from storage import members, workspace
from storage.database import Transaction


class When(Enum):
    """When a letter rings: at any hour, when its reader works, with their next morning's letter."""

    ANY_HOUR = "any hour"
    AT_WORK = "at work"
    MORNING = "morning"


AT_ANY_HOUR = frozenset(
    {
        "calendars.not_delivered",  # somebody waits for the file
        "emergency.again",
        "emergency.flared",
        "emergency.added",
        "emergency.file_lost",
        "members.introduction",  # asks something of who has just asked
        "members.desk_public",  # private questions could be read
        "number.author",  # a number was seen where it must not be
        "number.desk",
        "number.stopped",
        "reports.not_delivered",  # and for this one
        "study.begins",  # in ten minutes, to who wanted it
        "study.file_lost",
    }
)
IN_THE_MORNING = frozenset(
    {
        "question.remind",
        "question.remind_desk",
        "question.resume",
        "question.deadline",
        "question.nudge",
        "faq.offer",
        "faq.consent",
        "faq.to_review",
        "faq.published",
        "faq.returned",
        "faq.refused",
        "faq.review",
        "faq.thanks",
        "rota.absence_at_desk",
        "rota.absence_for_you",
        "rota.absence_held",
        "rota.group_refused",
        "rota.left_at_desk",
        "rota.moved",
        "rota.reminder_day",
        "rota.reminder_week",
        "study.accepted",
        "study.announced",
        "study.changed_quietly",  # to who was told by letter and did not say that they come
        "study.materials_wanted",
        "study.not_pinned",
        "study.not_ready",
        "study.recap",
        "study.to_keep",
        "study.to_record",
        "study.tomorrow",
    }
)
GATHER = timedelta(seconds=5)
"""What comes late comes with all else that comes late: so long the letter waits for the last of it."""
MORNINGS, AT_ONCE = "", "at_once"
"""What somebody chose for what can wait: the morning's letter, or at once while they work."""


def class_of(tx: Transaction, user: str, renderer: str) -> When:
    """When a letter rings for somebody, who may have chosen to hear at once of what can wait."""
    if renderer in AT_ANY_HOUR:
        return When.ANY_HOUR
    if renderer in IN_THE_MORNING and members.letters(tx, user) != AT_ONCE:
        return When.MORNING
    return When.AT_WORK


def told_at(
    tx: Transaction,
    user: str,
    renderer: str,
    *,
    late: bool = False,
    day: datetime | None = None,
    before: datetime | None = None,
    until: datetime | None = None,
) -> datetime:
    """When somebody is told, if it is wanted now; `late`: it was due long ago, and surely not alone; `day`: it belongs to
    the morning of the day that began then, and when that is over, to any moment of theirs; `before`: what begins then
    cannot wait for a morning that would come no earlier; `until`: they are there then, and would be there for nothing if
    they had not been told: whoever works no earlier is told while the offices are open, or at once if that is too late."""
    at = _by_class(tx, user, renderer, late=late, day=day, before=before)
    if until is None or not tx.now < until <= at or is_away(tx, user, until):
        return at
    opens = calendar_of(workspace.workspace(tx)).next_open(tx.now)
    return opens if opens < until else tx.now


def _by_class(
    tx: Transaction,
    user: str,
    renderer: str,
    *,
    late: bool,
    day: datetime | None,
    before: datetime | None,
) -> datetime:
    when = class_of(tx, user, renderer)
    if when is When.MORNING:
        at = next_morning(tx, user, day or tx.now)
        if before is not None and before <= at:
            return reachable(tx, user, tx.now)
        return at if at > tx.now else max(reachable(tx, user, tx.now), tx.now + GATHER)
    at = tx.now if when is When.ANY_HOUR else reachable(tx, user, tx.now)
    return max(at, tx.now + GATHER) if late else at
