"""How something is asked, beyond its words: by which way, before whom, how soon it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.business_time import BusinessCalendar
from bot.domain.question import Targets


class Way(StrEnum):
    """How a question came in."""

    MESSAGE = "message"
    DIRECT = "direct"
    FORM = "form"
    PHONE = "phone"
    VISIT = "visit"


class Audience(StrEnum):
    """Before whom something is asked: 県内みんな, 団体名だけ (the person is hidden from colleagues, not from the
    prefecture), 県と担当だけ; `UNDECIDED` until the asker has said it, which shows it to nobody."""

    OPEN = "open"
    BODY = "body"
    PRIVATE = "private"
    UNDECIDED = "undecided"


class Urgency(StrEnum):
    """今日中, 今週中, 急がない."""

    TODAY = "today"
    WEEK = "week"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Details:
    """What a form knows of an asking.

    `needed_on` is a day on the wall, `needed_for` why then (議会, 予算, …); `phone` an office number on which the asker
    would like to be called; `entered_by` who entered it for them, after `minutes` of talking; `field_id` the field that
    was chosen rather than guessed; `received_at` when it was received, if not now (aware UTC); `municipality_code` and
    `section` where the asker belongs, if not where we think.
    """

    way: Way = Way.MESSAGE
    audience: Audience = Audience.OPEN
    urgency: Urgency = Urgency.WEEK
    needed_on: date | None = None
    needed_for: str | None = None
    phone: str | None = None
    entered_by: str | None = None
    minutes: int | None = None
    field_id: str | None = None
    received_at: datetime | None = None
    municipality_code: str | None = None
    section: str | None = None


WRITTEN = Details()
"""Of what was simply written in a channel."""

NEAR = timedelta(days=30)
"""A day further away than this shortens nothing: half of what is left is longer than anything that may be taken."""
AT_LEAST = timedelta(minutes=30)
"""However near a deadline is, whoever answers gets this long (business time)."""


def first_response_due(
    asked_at: datetime, urgency: Urgency, needed_on: date | None, targets: Targets, calendar: BusinessCalendar
) -> datetime:
    """When the first response is due: the clock starts at the next opening and counts business time. The earlier of what
    the urgency allows (`targets`) and half the business time left until the day it is needed ends;
    a day that is over says nothing."""
    spans = {Urgency.TODAY: targets.today, Urgency.WEEK: targets.week, Urgency.NONE: targets.none}
    within = spans[urgency].length(calendar)
    today = calendar.day_of(asked_at)
    if needed_on is not None and today <= needed_on <= today + NEAR:
        left = calendar.elapsed(asked_at, calendar.closing(needed_on))
        within = min(within, max(left / 2, AT_LEAST))
    return calendar.add(asked_at, within)
